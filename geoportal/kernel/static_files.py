"""Which of the packages' files are collected: what a browser loads, not what a bundler would."""

from __future__ import annotations

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """Django's own app, with more to be left out."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "*.map", "cjs", "esm"]
