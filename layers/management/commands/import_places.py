"""`manage.py import_places FILE --kind street|house|landmark|square|quarter --name column …`: a file of names into the gazetteer."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from layers import actions
from layers.import_wording import FORMATS
from layers.importing import Mapping
from layers.place_rows import KINDS, Columns, Row, told

SHOWN = 20


class Command(BaseCommand):
    help = "Reads streets, houses, landmarks, squares or quarters from GeoPackage, Shapefile ZIP, GeoJSON, KML, CSV, XLSX … into the gazetteer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=[str(kind) for kind in KINDS])
        parser.add_argument("--name", default="", help="field with the name; of houses perhaps the whole address")
        parser.add_argument("--name-en", default="", help="field with the name in the second language")
        parser.add_argument("--street", default="", help="field with the street of a house")
        parser.add_argument("--number", default="", help="field with the number of a house")
        parser.add_argument("--table", default="", help="the layer inside the file, where it holds several")
        parser.add_argument(
            "--srid", "--crs", type=int, default=0, help="EPSG number, where the file does not say it or says it wrongly"
        )
        parser.add_argument("--swapped", action="store_true", help="the file has north before east")
        parser.add_argument("--encoding", default="", help="UTF-8 or CP1251, where the file does not say it")
        parser.add_argument("--x", default="", help="column of the longitude or easting of a table")
        parser.add_argument("--y", default="", help="column of the latitude or northing of a table")
        parser.add_argument("--force", action="store_true", help="also when more than half of the places of earlier files go")
        parser.add_argument("--dry-run", action="store_true", help="check and count, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        if not path.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": path})
        same = ("srid", "swapped", "encoding", "x", "y", "name", "name_en")
        mapping = Mapping(layer=options["table"], **{name: options[name] for name in same})
        columns = Columns(options["street"], options["number"])
        begun = time.monotonic()
        try:
            force, dry_run = options["force"], options["dry_run"]
            taken = actions.import_places(path, options["kind"], mapping, columns, force=force, dry_run=dry_run)
        except ValidationError as refused:
            self._rows(getattr(refused, "report", []))
            raise CommandError(f"{refused.messages[0]} {_('Nothing was changed.')}") from None
        self._told(taken, time.monotonic() - begun)
        if options["dry_run"]:
            self.stdout.write(_("A dry run: nothing was changed."))
        else:
            self.stdout.write(_("Now run `manage.py fill_near --all`: it renews what stands near the reports of before."))

    def _told(self, taken: actions.PlacesTaken, seconds: float) -> None:
        head = taken.head
        self.stdout.write(
            _("%(format)s, %(crs)s%(guessed)s: %(rows)s rows read in %(seconds)s s.")
            % {"format": FORMATS[head["format"]], "crs": head["crs"], "guessed": f" ({_('guessed')})" if head["guessed"] else "",
               "rows": taken.rows, "seconds": round(seconds, 1)}
        )  # fmt: skip
        words = (
            (taken.new, _("New")), (taken.changed, _("Changed")), (taken.gone, _("Gone")),
            (taken.held, _("Missing in the file, kept as houses stand on them")),
            (taken.gave_way, _("Of OpenStreetMap, replaced")), (taken.kept, _("Places of this kind from files now")),
        )  # fmt: skip
        self.stdout.write(", ".join(f"{word}: {count}" for count, word in words))
        self._rows(taken.report)

    def _rows(self, report: list[Row]) -> None:
        for number, code, about in report[:SHOWN]:
            what, mend = told(code)
            self.stdout.write(
                _("Row %(n)s: %(what)s") % {"n": number, "what": f"{what} ({about}). {mend}" if about else f"{what}. {mend}"}
            )
        if len(report) > SHOWN:
            by_code = Counter(code for _number, code, _about in report[SHOWN:])
            self.stdout.write("… " + ", ".join(f"{told(code)[0]}: {n}" for code, n in by_code.items()))
