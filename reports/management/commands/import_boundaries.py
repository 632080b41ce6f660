"""`manage.py import_boundaries FILE --key ekatte [--dry-run]`: surveyed boundaries instead of schematic ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from reports.loading.boundaries import BoundariesRefused, import_boundaries


class Command(BaseCommand):
    help = "Replaces areas' polygons with those of a GeoJSON file and gives every report the area that contains it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--key", required=True, help="the property that holds the area's official code")
        parser.add_argument("--dry-run", action="store_true", help="check and count, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = import_boundaries(options["file"], options["key"], dry_run=options["dry_run"])
        except BoundariesRefused as refused:
            raise CommandError(f"{refused} {_('Nothing was changed.')}") from None
        lists = (
            (_("Replaced"), done.replaced),
            (_("Unchanged"), done.unchanged),
            (_("No area has these codes"), done.unknown),
            (_("The label stands outside the new boundary"), done.away_from_label),
        )
        for name, slugs in lists:
            if slugs:
                self.stdout.write(f"{name}: {len(slugs)} ({', '.join(slugs[:20])}{'…' if len(slugs) > 20 else ''})")
        self.stdout.write(_("Reports in another area now: %(count)s") % {"count": done.moved})
        if done.outside:
            self.stdout.write(_("Reports outside every area, left where they were: %(count)s") % {"count": done.outside})
        if options["dry_run"]:
            self.stdout.write(_("A dry run: nothing was changed."))
