"""T-24: files enter through the sanitiser or not at all; a new field for files has to be registered here with its reason."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.urls import get_resolver
from rest_framework import serializers

OURS = ["municipality", "accounts", "discussion", "layers", "reports", "notifications", "api"]
SANITISED: set[str] = set()
"""Fields of models that hold files: none, photos are written by `geoportal.kernel.photos` under their row's random id."""


def test_t24_no_model_keeps_a_file_past_the_sanitiser() -> None:
    fields = (field for app in OURS for model in apps.get_app_config(app).get_models() for field in model._meta.get_fields())
    kept = {str(field) for field in fields if isinstance(field, models.FileField)}
    assert kept == SANITISED


def test_t24_no_serializer_takes_a_file_past_the_sanitiser() -> None:
    get_resolver().url_patterns  # noqa: B018  every view and its serializers are imported
    found, todo = set(), [serializers.BaseSerializer]
    while todo:
        for kind in todo.pop().__subclasses__():
            todo.append(kind)
            found.add(kind)
    ours = [kind for kind in found if kind.__module__.startswith("api.")]
    fields = [(kind, field) for kind in ours for field in getattr(kind, "_declared_fields", {}).values()]
    assert fields
    assert [kind.__name__ for kind, field in fields if isinstance(field, serializers.FileField)] == []
