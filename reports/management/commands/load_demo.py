"""`manage.py load_demo`: sample people, projects and reports; for demonstrations only, as everyone knows the password."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from layers import ground_file
from reports.loading.demo import load_demo
from reports.loading.municipality import Refused

FOLDERS = sorted((settings.BASE_DIR / "fixtures").glob("*/demo"))


class Command(BaseCommand):
    help = "Loads the demonstration that belongs to the municipality: people, projects, reports with histories."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?" if FOLDERS else None, default=FOLDERS[0] if FOLDERS else None)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(_("Set DEMO=1: the accounts of the demonstration have a password that everyone knows."))
        try:
            load = load_demo(options["folder"])
        except Refused as refused:
            raise CommandError(f"{refused}\n{_('Nothing was changed.')}") from None
        for label, counter in load.counts.items():
            name = label.rsplit(".", 1)[1]
            self.stdout.write(f"{name:<16}" + " · ".join(f"{counter[what]} {what}" for what in ("new", "same")))
        if ground_file.is_due():
            ground_file.make()
