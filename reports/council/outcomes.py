"""All ideas filed with a body and what became of them: page, table for download and programs read them here."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, Q, Sum, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from discussion.words import euros
from reports import workflow
from reports.council.rows import Filing, FilingQuerySet, Outcome
from reports.parameters import MOST, BadParameter

ROWS = 50
DONE = workflow.TRANSITIONS[(workflow.Kind.IDEA, "carry_out")].target
OUTCOMES: dict[str, Promise] = {
    "waiting": gettext_lazy("Wait for a decision"),
    "accepted": gettext_lazy("Accepted"),
    "partly_accepted": gettext_lazy("Accepted in part"),
    "refused": gettext_lazy("Declined"),
    "done": gettext_lazy("Carried out"),
}
"""What can be asked for, in the order in which it is offered."""
DECIDED: dict[str, Promise] = {
    "": pgettext_lazy("idea", "Waits for a decision"),
    Outcome.ACCEPTED: pgettext_lazy("idea", "Accepted"),
    Outcome.PARTLY_ACCEPTED: pgettext_lazy("idea", "Accepted in part"),
    Outcome.REFUSED: pgettext_lazy("idea", "Declined"),
}
MARKS = {"": "waiting", Outcome.ACCEPTED: "done", Outcome.PARTLY_ACCEPTED: "done", Outcome.REFUSED: "refused"}
NAMES = ("outcome", "year", "body", "cursor", "limit")
_CURSOR = re.compile(r"(\d{4}-\d{2}-\d{2})~(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """The filters of the address; empty ones ask for everything."""

    outcome: str = ""
    year: int | None = None
    body: str = ""
    cursor: tuple[datetime.date, int] | None = None
    limit: int = ROWS

    def query(self, **other: object) -> str:
        """As part of an address, with `other` values in place of its own; never the cursor, unless it is given."""
        values = {"outcome": self.outcome, "year": self.year or "", "body": self.body} | other
        return urlencode({name: value for name, value in values.items() if value})


def asked(params: Mapping[str, str], *, rows: int = ROWS) -> Asked:
    """The filters, with so many `rows` on a page where the address says nothing of it; raises BadParameter with the name and the remedy."""
    outcome, year, body = (params.get(name, "").strip() for name in ("outcome", "year", "body"))
    if outcome and outcome not in OUTCOMES:
        raise BadParameter("outcome", _("Choose one of: %(names)s.") % {"names": ", ".join(OUTCOMES)})
    if year and not re.fullmatch(r"(?:19|20)\d\d", year, re.ASCII):
        raise BadParameter("year", _("Write the year as 2020."))
    if "\0" in body or len(body) > 120:
        raise BadParameter("body", _("Write the name of the body as it stands in the list."))
    return Asked(
        outcome, int(year) if year else None, body, _cursor(params.get("cursor", "")), _limit(params.get("limit", ""), rows)
    )


def _cursor(text: str) -> tuple[datetime.date, int] | None:
    if not text:
        return None
    found = _CURSOR.fullmatch(text)
    try:
        return (datetime.date.fromisoformat(found[1]), int(found[2])) if found else _no_cursor()
    except ValueError:
        return _no_cursor()


def _no_cursor() -> tuple[datetime.date, int]:
    raise BadParameter("cursor", _("This is no next page. Begin at the first one."))


def _limit(text: str, usual: int) -> int:
    if not text:
        return usual
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII) or not 1 <= int(text) <= MOST:
        raise BadParameter("limit", _("Write a number from 1 to %(most)s.") % {"most": MOST})
    return int(text)


def filings(asked: Asked) -> FilingQuerySet:
    """The filings that the filters let through, newest first."""
    found = Filing.objects.public()
    if asked.outcome == "waiting":
        found = found.filter(outcome="")
    elif asked.outcome == "done":
        found = found.filter(done_on__isnull=False)
    elif asked.outcome:
        found = found.filter(outcome=asked.outcome)
    if asked.year:
        found = found.filter(filed_on__year=asked.year)
    if asked.body:
        found = found.filter(body=asked.body)
    return found.order_by("-filed_on", "-pk")


def page(asked: Asked, **more: Any) -> tuple[list[Filing], str]:
    """(rows, cursor of the next page or ""); one query, nothing is counted. `more`: name → expression that each row carries too."""
    found = filings(asked).annotate(**more)
    if asked.cursor:
        day, key = asked.cursor
        found = found.filter(Q(filed_on__lt=day) | Q(filed_on=day, pk__lt=key))
    rows = list(with_facts(found)[: asked.limit + 1])
    if len(rows) <= asked.limit:
        return rows, ""
    last = rows[asked.limit - 1]
    return rows[: asked.limit], f"{last.filed_on.isoformat()}~{last.pk}"


def with_facts(found: FilingQuerySet) -> FilingQuerySet:
    """With everything that a row says, in one query."""
    return found.select_related("report__subject", "report__area", "document", "decision_document", "project")


def choices() -> tuple[list[int], list[str]]:
    """(years, newest first; bodies) of which there are filings."""
    known = Filing.objects.public().order_by()
    years = {day.year for day in known.dates("filed_on", "year")}
    return sorted(years, reverse=True), sorted(set(known.values_list("body", flat=True)))


def totals(found: FilingQuerySet) -> list[str]:
    """What became of them all, in sentences; one query."""
    is_done = Case(When(done_on__isnull=False, then=Value(1)))
    of = {name: Count("pk", filter=Q(outcome=name)) for name in ("", *Outcome.values)}
    counted: dict[str, Any] = found.order_by().aggregate(
        n=Count("pk"), waiting=of[""], accepted=of["accepted"], partly=of["partly_accepted"], refused=of["refused"],
        done=Count(is_done), amount=Sum("amount"),
    )  # fmt: skip
    if not counted["n"]:
        return []
    said = [ngettext("%(n)d idea was filed.", "%(n)d ideas were filed.", counted["n"]) % {"n": counted["n"]}]
    for name, one in _SAID.items():
        if counted[name]:
            said.append(one(counted[name]))
    if counted["amount"]:
        said.append(_("What was carried out took %(amount)s.") % {"amount": euros(Decimal(counted["amount"]))})
    return said


_SAID: dict[str, Any] = {
    "accepted": lambda n: ngettext("%(n)d was accepted.", "%(n)d were accepted.", n) % {"n": n},
    "partly": lambda n: ngettext("%(n)d was accepted in part.", "%(n)d were accepted in part.", n) % {"n": n},
    "refused": lambda n: ngettext("%(n)d was declined.", "%(n)d were declined.", n) % {"n": n},
    "waiting": lambda n: ngettext("%(n)d waits for a decision.", "%(n)d wait for a decision.", n) % {"n": n},
    "done": lambda n: ngettext("%(n)d has been carried out.", "%(n)d have been carried out.", n) % {"n": n},
}
