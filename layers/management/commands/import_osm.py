"""`manage.py import_osm FILE [--bbox west,south,east,north] [--dry-run] [--force]`: gazetteer and base map of an OpenStreetMap extract."""

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
from layers.osm_tiles import there


class Command(BaseCommand):
    help = "Reads streets, house numbers, landmarks and quarters of an OpenStreetMap extract into the gazetteer and writes the base map."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--bbox", help="west,south,east,north in degrees; else the municipality's own frame")
        parser.add_argument(
            "--dry-run", action="store_true", help="says what would be new, changed and gone, and writes nothing"
        )
        parser.add_argument(
            "--force", action="store_true", help="also when more than half of the streets of earlier extracts go"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path, dry = options["file"], options["dry_run"]
        if not path.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": path})
        begun = time.monotonic()
        try:
            taken = actions.import_osm(path, _box(options["bbox"]), self._tell, force=options["force"], dry=dry)
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
        if dry:
            self.stdout.write(_("This was a trial: nothing was written."))
            if taken.refused:
                self.stdout.write(taken.refused.messages[0])
            return
        self._say_map(taken)
        self.stdout.write("© OpenStreetMap contributors, ODbL 1.0 · https://www.openstreetmap.org/copyright")
        self.stdout.write(_("Now run `manage.py fill_near --all`: it renews what stands near the reports of before."))

    def _tell(self, what: str, count: int) -> None:
        self.stderr.write(f"{what}: {count}" if count else what)

    def _say_map(self, taken: actions.Taken) -> None:
        if taken.map is None:
            self.stdout.write(_("Nothing of it can be drawn: the base map stays as it was."))
            return
        self.stdout.write(
            _("Base map: %(things)s things, %(tiles)s tiles up to zoom %(zoom)s, %(size)s MB in %(path)s; gazetteer %(first)s s, map %(second)s s.")
            % {
                "things": taken.drawn, "tiles": taken.map.tiles, "zoom": taken.map.zoom, "size": round(taken.map.size / 1e6, 1),
                "path": there(taken.map.name), "first": round(taken.seconds[0], 1), "second": round(taken.seconds[1], 1),
            }
        )  # fmt: skip


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
