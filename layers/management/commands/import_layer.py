"""`manage.py import_layer FILE --layer slug [--key field] [--name field] [--dry-run] …`: a file of geodata into a layer."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from layers import actions
from layers.import_wording import of_file, of_row
from layers.importing import Mapping
from layers.models import Import, Layer
from layers.progress import Told

PIECE = 1024 * 1024
GIVEN = {
    "layer": "table", "srid": "srid", "swapped": "swapped", "encoding": "encoding", "x": "x", "y": "y", "address": "address",
    "key": "key", "name": "name", "name_en": "name_en", "keeps": "keep",
}  # fmt: skip
"""Of layers.importing.Mapping: which option says it. What is not given is as for the layer's last file."""
QUIET_SECONDS = 2.0
"""A line of progress is written so often at most."""
SHOWN = 20


class Command(BaseCommand):
    help = "Reads GeoPackage, Shapefile ZIP, GeoJSON, KML, GPX, DXF, FlatGeobuf, CSV or XLSX into a layer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--layer", required=True, help="slug of the layer")
        parser.add_argument(
            "--create", metavar="NAME", help="make the layer under this name where there is none; staff alone see it"
        )
        parser.add_argument("--table", default="", help="the layer inside the file, where it holds several")
        parser.add_argument(
            "--srid", type=int, default=0, help="EPSG number, where the file does not say it or says it wrongly"
        )
        parser.add_argument("--swapped", action="store_true", help="the file has north before east")
        parser.add_argument("--encoding", default="", help="UTF-8 or CP1251, where the file does not say it")
        parser.add_argument("--x", default="", help="column of the longitude or easting of a table")
        parser.add_argument("--y", default="", help="column of the latitude or northing of a table")
        parser.add_argument("--address", default="", help="column with addresses of a table without coordinates")
        parser.add_argument("--key", default="", help="field by which a feature is found again")
        parser.add_argument("--name", default="", help="field with the name")
        parser.add_argument("--name-en", default="", help="field with the name in the second language")
        parser.add_argument("--keep", action="store_true", help="what the file lacks stays in the layer")
        parser.add_argument("--forget", action="store_true", help="what is not given here is not as for the layer's last file")
        parser.add_argument("--dry-run", action="store_true", help="check and count, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        if not path.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": path})
        layer = self._layer(options["layer"], options["create"])
        before = {} if options["forget"] else layer.mapping
        mapping = Mapping.of(before | {name: options[given] for name, given in GIVEN.items() if options[given]})
        begun = time.monotonic()
        try:
            made = actions.begin(layer, path.name, _pieces(path), by=None, mapping=mapping, job=False)
        except ValidationError as refused:
            raise CommandError(refused.messages[0]) from None
        if actions.check(made.pk, told=self._far(_("read"))) != Import.State.CHECKED:
            self._failed(made)
        made.refresh_from_db()
        self._told(made, time.monotonic() - begun)
        if options["dry_run"]:
            actions.drop(made.pk)
            self.stdout.write(_("A dry run: nothing was changed."))
            return
        begun = time.monotonic()
        if actions.carry_out(made.pk, told=self._far(_("written"))) != Import.State.DONE:
            self._failed(made)
        self.stdout.write(_("Carried out in %(seconds)s s.") % {"seconds": round(time.monotonic() - begun, 1)})

    def _far(self, what: str) -> Told:
        """Writes how far it is, now and then."""
        last = time.monotonic()

        def told(done: int, of: int) -> None:
            nonlocal last
            if time.monotonic() - last >= QUIET_SECONDS:
                last = time.monotonic()
                self.stdout.write(f"… {what}: {100 * done // max(of, 1)} %")
                self.stdout.flush()

        return told

    def _layer(self, slug: str, name: str | None) -> Layer:
        found = Layer.objects.held().filter(slug=slug).first()
        if found is None and name:
            facts = {"slug": slug, "name": {settings.LANGUAGE_CODE: name}, "published": False}
            try:
                found = actions.keep_layer(Layer(), facts)
            except ValidationError as refused:
                raise CommandError(" ".join(refused.messages)) from None
        if found is None:
            known = ", ".join(Layer.objects.held().values_list("slug", flat=True))
            raise CommandError(_("There is no layer %(slug)s. Layers: %(known)s.") % {"slug": slug, "known": known})
        return found

    def _failed(self, made: Import) -> None:
        made.refresh_from_db()
        sentence = of_file(made.refused, made.about)
        actions.drop(made.pk)
        raise CommandError(f"{sentence} {_('Nothing was changed.')}")

    def _told(self, made: Import, seconds: float) -> None:
        counts, head = made.counts, made.found
        self.stdout.write(
            _("%(format)s, %(crs)s%(guessed)s: %(rows)s rows read in %(seconds)s s.")
            % {"format": head["format"], "crs": head["crs"], "guessed": f" ({_('guessed')})" if head["guessed"] else "",
               "rows": counts["rows"], "seconds": round(seconds, 1)}
        )  # fmt: skip
        words = (
            ("new", _("New")), ("changed", _("Changed")), ("same", _("Unchanged")), ("gone", _("Gone")), ("refused", _("Refused")),
            ("mended", _("Mended")), ("outside", _("Outside the municipality")),
        )  # fmt: skip
        self.stdout.write(", ".join(f"{word}: {counts[name]}" for name, word in words))
        for number, code, about in made.report[:SHOWN]:
            self.stdout.write(_("Row %(n)s: %(what)s") % {"n": number, "what": f"{of_row(code)} {about}".strip()})
        if len(made.report) > SHOWN:
            by_code = Counter(code for _number, code, _about in made.report[SHOWN:])
            self.stdout.write("… " + ", ".join(f"{of_row(code)}: {n}" for code, n in by_code.items()))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
