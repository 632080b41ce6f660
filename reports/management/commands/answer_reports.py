"""`manage.py answer_reports LIST.csv --as MAIL [--dry-run] [--whole] [--report FILE]`: answers of a list of the desk that comes back."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import User
from geoportal.kernel.text import cell
from reports.actions.answer_rows import Told, answer
from reports.answer_rows import read
from reports.taking_over import table


class Command(BaseCommand):
    help = "Does what the last columns of a list of the desk say, by the rights of one person."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the list as CSV, with its last columns filled in")
        parser.add_argument("--as", dest="by", required=True, metavar="MAIL", help="whose rights count, and who acts")
        parser.add_argument("--dry-run", action="store_true", help="say what each row would do, do nothing")
        parser.add_argument("--whole", action="store_true", help="all rows or none")
        parser.add_argument("--report", type=Path, metavar="FILE", help="what became of each row, as CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.filter(email__iexact=options["by"], is_active=True).first()
        if by is None or not by.works_here:
            raise CommandError(_("Nobody with this address works here."))
        try:
            rows = read(table.read(options["file"]))
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        told = answer(rows, by=by, whole=options["whole"], rehearse=options["dry_run"])
        if options["report"]:
            _write(options["report"], told)
        for one in told:
            if one.outcome == "refused":
                self.stdout.write(f"{one.row}: {one.number} {one.words}")
        counts = Counter(one.outcome for one in told)
        self.stdout.write(
            ", ".join(f"{name}: {counts[code]}" for code, name in _outcomes().items() if counts[code] or code != "held")
        )
        if options["dry_run"]:
            self.stdout.write(_("A dry run: nothing was changed."))


def _outcomes() -> dict[str, str]:
    return {"done": _("Rows done"), "same": _("done before"), "held": _("held back"), "refused": _("refused")}


def _write(path: Path, told: list[Told]) -> None:
    """As CSV that no spreadsheet takes for formulas."""
    names = _outcomes()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([_("Row"), _("Number"), _("Outcome"), _("What")])
        for one in told:
            rows.writerow([cell(word) for word in (one.row, one.number, names[one.outcome], one.words)])
