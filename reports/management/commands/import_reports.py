"""`manage.py import_reports FILE.csv --map MAP.json [--dry-run] [--limit N] [--photos]`: reports of another system; `--undo N`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from reports.actions import take_over
from reports.taking_over import mapping, table
from reports.taking_over.checking import Checked, sentence
from reports.taking_over.taken import Said, Taken

Raw = Iterable[tuple[str, dict[str, str] | None]]
SHOWN = 50
MOST_WORDS = 60
"""A column with more different words is neither category nor state."""


class Command(BaseCommand):
    help = "Takes over reports of another system. Nobody is told of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="a CSV file")
        parser.add_argument("--map", type=Path, help="what columns and words mean; without it a map to fill in is printed")
        parser.add_argument("--dry-run", action="store_true", help="check and count, change nothing")
        parser.add_argument("--limit", type=int, default=None, help="the first so many rows alone")
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
        if options["file"] is None:
            raise CommandError(_("Name a file."))
        if options["limit"] is not None and options["limit"] < 1:
            raise CommandError(_("The limit is a number from 1 on."))
        read = table.read(options["file"])
        raw = ((str(line), cells) for line, cells in read.rows())
        if options["map"] is None:
            self._to_fill_in(read.columns, raw)
            return
        by = mapping.read(options["map"])
        if missing := [column for column in by.columns.values() if column not in read.columns]:
            raise CommandError(_("The file has no column %(names)s.") % {"names": ", ".join(missing)})
        self._carry_out(by, options["file"].name, islice(raw, options["limit"]), options)

    def _carry_out(self, by: mapping.Map, name: str, raw: Raw, options: dict[str, Any]) -> None:
        checked = Checked()
        rows = checked.rows(raw, by)
        if options["dry_run"]:
            for _row in rows:
                pass
            self._told(checked, [])
            self.stdout.write(_("A dry run: nothing was changed."))
            return
        counts, said = self._taken(take_over.begin(by.source, name), rows)
        self._told(checked, said)
        words = (("new", _("New")), ("changed", _("Changed")), ("same", _("Unchanged")), ("refused", _("Refused")))
        counts["refused"] += checked.refused
        self.stdout.write(", ".join(f"{word}: {counts[code]}" for code, word in words))

    def _taken(self, run: take_over.ReportImport, rows: Iterator[Taken]) -> tuple[Counter[str], list[Said]]:
        """Block by block; what was taken before something broke stays, and is known to the next run."""
        counts, said = Counter[str](), list[Said]()
        try:
            while block := list(islice(rows, take_over.BLOCK)):
                done, refused = take_over.take(run.pk, block)
                counts += done
                said += refused
        finally:
            if take_over.finish(run.pk) is not None:
                self.stdout.write(_("Import %(number)s. To take it back: --undo %(number)s") % {"number": run.pk})
        return counts, said

    def _told(self, checked: Checked, more: list[Said]) -> None:
        said = [*checked.said, *more]
        for one in said[:SHOWN]:
            self.stdout.write(sentence(one))
        if len(said) > SHOWN:
            left = Counter(one.code for one in said[SHOWN:])
            self.stdout.write("… " + ", ".join(f"{code}: {count}" for code, count in sorted(left.items())))
        for (category, status), count in sorted(checked.counts.items()):
            self.stdout.write(f"{category} · {status}: {count}")
        self.stdout.write(
            _("Rows read: %(read)s, that can be taken over: %(good)s, left out: %(refused)s.")
            % {"read": checked.read, "good": checked.read - checked.refused, "refused": checked.refused}
        )

    def _to_fill_in(self, columns: list[str], raw: Raw) -> None:
        """A map to fill in; beside it, of columns with few different words, the words: one is the category, one the state."""
        found: dict[str, set[str]] = {column: set() for column in columns}
        for _row, cells in raw:
            for column, cell in (cells or {}).items():
                if len(found[column]) <= MOST_WORDS:
                    found[column].add(" ".join(cell.split())[:100])
        few = {column: sorted(words - {""}) for column, words in found.items() if len(words) <= MOST_WORDS}
        by_name = {mapping.fold(column): words for column, words in few.items()}
        self.stdout.write(mapping.to_fill_in(columns, None, {name: by_name.get(name, []) for name in ("category", "status")}))
        for column, words in few.items():
            self.stderr.write(f"{column}: {' | '.join(words)}")
