"""`manage.py load_municipality DIR [--dry-run]`: who and where we are, from a folder of data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from layers import ground_file
from reports.loading.municipality import Refused, load_municipality


class Command(BaseCommand):
    help = "Loads a municipality from a folder; docs/municipality.md describes its files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check and count, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            load = load_municipality(options["folder"], dry_run=options["dry_run"])
        except Refused as refused:
            raise CommandError(f"{refused}\n{_('Nothing was changed.')}") from None
        for label, counter in load.counts.items():
            name = label.rsplit(".", 1)[1]
            self.stdout.write(f"{name:<16}" + " · ".join(f"{counter[what]} {what}" for what in ("new", "changed", "same")))
        if options["dry_run"]:
            self.stdout.write(_("A dry run: nothing was changed."))
        elif ground_file.is_due():
            ground_file.make()
