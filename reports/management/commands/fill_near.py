"""`manage.py fill_near [--all]`: what stands near each report, by the gazetteer; `--all` after `import_osm`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from reports.actions.nearness import fill_near


class Command(BaseCommand):
    help = "Writes to each report which street, house and landmark are near it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also those that were looked at already")

    def handle(self, *args: Any, **options: Any) -> None:
        after = 0 if options["all"] else None
        while (last := fill_near(after)) is not None:
            after = last if options["all"] else None
        self.stdout.write(_("What stands near the reports is written to them."))
