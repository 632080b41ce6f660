"""`manage.py import_reports FILE.csv --map MAP.json [--dry-run] [--limit N] [--photos]`: reports of another system.

`--open311 https://host/open311/v2 [--since DAY]` in place of the file; `--undo N` takes an import back.
"""

from __future__ import annotations

import csv
import datetime
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from geoportal.kernel.text import cell
from reports.actions import take_over
from reports.taking_over import mapping
from reports.taking_over.checking import Checked, sentence
from reports.taking_over.sources import Endpoint, File, Words
from reports.taking_over.taken import Said, Taken
from reports.taking_over.wording import OF_ROW

SHOWN = 50


class Command(BaseCommand):
    help = "Takes over reports of another system. Nobody is told of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="a CSV file")
        parser.add_argument("--open311", metavar="ADDRESS", help="an endpoint of GeoReport v2 instead of a file")
        parser.add_argument(
            "--since", type=datetime.date.fromisoformat, help="from this day on, as 2024-05-31 (two years back)"
        )
        parser.add_argument("--photos", action="store_true", help="fetch the photos, too")
        parser.add_argument("--map", type=Path, help="what columns and words mean; without it a map to fill in is printed")
        parser.add_argument("--dry-run", action="store_true", help="check and count, change nothing")
        parser.add_argument("--limit", type=int, default=None, help="the first so many rows alone")
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="all lines of the row report as CSV, not the first alone"
        )
        parser.add_argument("--undo", type=int, metavar="NUMBER", help="take back the import of this number")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["undo"] is not None:
                self._undo(options["undo"])
            else:
                self._import(options)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None

    def _undo(self, number: int) -> None:
        if not take_over.ReportImport.objects.filter(pk=number).exists():
            raise CommandError(_("There is no import %(number)s.") % {"number": number})
        self.stdout.write(_("Reports taken back: %(count)s.") % {"count": take_over.undo(number)})

    def _import(self, options: dict[str, Any]) -> None:
        if (options["file"] is None) == (options["open311"] is None):
            raise CommandError(_("Name a file, or an address with --open311."))
        if options["limit"] is not None and options["limit"] < 1:
            raise CommandError(_("The limit is a number from 1 on."))
        source = Endpoint(options["open311"], options["since"]) if options["open311"] else File(options["file"])
        if options["map"] is None:
            self._to_fill_in(source)
            return
        by = mapping.read(options["map"], source.known)
        if missing := [column for column in by.columns.values() if column not in source.columns]:
            raise CommandError(_("There is no column %(names)s.") % {"names": ", ".join(missing)})
        checked = Checked()
        rows = checked.rows(islice(source.rows(), options["limit"]), by)
        if options["dry_run"]:
            for _row in rows:
                pass
            self._told(checked, [], options["report"])
            self.stdout.write(_("A dry run: nothing was changed."))
            return
        self._carry_out(
            options["report"], take_over.begin(by.source, source.name), checked, rows, source if options["photos"] else None
        )

    def _carry_out(
        self,
        report: Path | None,
        run: take_over.ReportImport,
        checked: Checked,
        rows: Iterator[Taken],
        pictured: File | Endpoint | None,
    ) -> None:
        """Block by block; what was taken before something broke stays, and is known to the next run."""
        counts, said = Counter[str](), list[Said]()
        try:
            for done, more in take_over.carry(run.pk, rows, pictured.place if pictured else None):
                counts += done
                said += more
        finally:
            if take_over.finish(run.pk) is not None:
                self.stdout.write(_("Import %(number)s. To take it back: --undo %(number)s") % {"number": run.pk})
        self._told(checked, said, report)
        words = (("new", _("New")), ("changed", _("Changed")), ("same", _("Unchanged")), ("refused", _("Refused")))
        counts["refused"] += checked.refused
        self.stdout.write(", ".join(f"{word}: {counts[code]}" for code, word in words))

    def _told(self, checked: Checked, more: list[Said], report: Path | None) -> None:
        said = [*checked.said, *more]
        if report is not None:
            _write(report, said)
        for one in said[:SHOWN]:
            self.stdout.write(sentence(one))
        if len(said) > SHOWN:
            left = Counter(one.code for one in said[SHOWN:])
            self.stdout.write("… " + "; ".join(f"{OF_ROW[code][0]}: {count}" for code, count in sorted(left.items())))
        for (category, status), count in sorted(checked.counts.items()):
            self.stdout.write(f"{category} · {status}: {count}")
        self.stdout.write(
            _("Rows read: %(read)s, that can be taken over: %(good)s, left out: %(refused)s.")
            % {"read": checked.read, "good": checked.read - checked.refused, "refused": checked.refused}
        )

    def _to_fill_in(self, source: File | Endpoint) -> None:
        """A map to fill in; beside it, of columns with few different words, the words: one is the category, one the state."""
        found = Words(source.columns)
        for _row, cells in source.rows():
            found.add(cells)
        few = found.few()
        columns = source.known or mapping.guess(source.columns)
        words = {name: few.get(columns[name], []) for name in ("category", "status")}
        self.stdout.write(mapping.to_fill_in(source.columns, source.known, words))
        for column, some in few.items():
            self.stderr.write(f"{column}: {' | '.join(some)}")


def _write(path: Path, said: list[Said]) -> None:
    """The row report as CSV that no spreadsheet takes for formulas."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([_("Row"), _("Left out"), _("What"), _("Where"), _("To mend")])
        for one in said:
            what, mend = OF_ROW[one.code]
            rows.writerow([cell(word) for word in (one.row, _("yes") if one.refuses else _("no"), what, one.about, mend)])
