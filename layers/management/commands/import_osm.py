"""`manage.py import_osm FILE.pbf|.osm|.osm.gz [--bbox west,south,east,north]`: the gazetteer from an extract of OpenStreetMap."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from geoportal.kernel.postgis import BBox
from layers import actions
from layers.gazetteer import KIND_NAMES


class Command(BaseCommand):
    help = "Reads streets, house numbers, landmarks and quarters of an OpenStreetMap extract into the gazetteer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--bbox", help="west,south,east,north in degrees; else the municipality's own frame")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        if not path.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": path})
        begun = time.monotonic()
        try:
            taken = actions.import_osm(path, _box(options["bbox"]))
        except ValidationError as refused:
            raise CommandError(f"{refused.messages[0]} {_('Nothing was changed.')}") from None
        seconds = round(time.monotonic() - begun, 1)
        self.stdout.write(
            _("%(count)s things read in %(seconds)s s, %(outside)s of them outside the municipality.")
            % {"count": sum(taken.read.values()), "seconds": seconds, "outside": taken.outside}
        )
        words = ((taken.new, _("New")), (taken.changed, _("Changed")), (taken.gone, _("Gone")))
        self.stdout.write(", ".join(f"{word}: {count}" for count, word in words))
        self.stdout.write(", ".join(f"{KIND_NAMES[kind]}: {taken.kept[kind]}" for kind in KIND_NAMES if kind in taken.kept))
        self.stdout.write("© OpenStreetMap contributors, ODbL 1.0 · https://www.openstreetmap.org/copyright")


def _box(text: str | None) -> BBox | None:
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise CommandError(_("--bbox has four numbers with commas between: west,south,east,north.")) from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise CommandError(_("--bbox has four numbers with commas between: west,south,east,north."))
    return west, south, east, north
