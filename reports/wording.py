"""States and dates of a report in words: the same sentence on card, page, desk and map."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, npgettext, pgettext, pgettext_lazy

from discussion.sentences import STATUS
from reports import workflow
from reports.beside import counted

STATE_NAMES: dict[str, dict[str, Promise]] = STATUS  # type: ignore[assignment]
"""State → its name, by kind: Bulgarian needs the gender of сигнал and идея. One table with the timeline and the mails."""

KIND_NAMES: dict[str, Promise] = {
    "problem": pgettext_lazy("one", "problem"),
    "idea": pgettext_lazy("one", "idea"),
    "project": pgettext_lazy("one", "planned project"),
}


CHANNEL_NAMES: dict[str, Promise] = {
    "web": pgettext_lazy("came", "on the site"),
    "api": pgettext_lazy("came", "from a program"),
    "phone": pgettext_lazy("came", "by telephone"),
    "desk": pgettext_lazy("came", "at the counter"),
    "paper": pgettext_lazy("came", "on paper"),
    "open311": pgettext_lazy("came", "from another system"),
    "import": pgettext_lazy("came", "in the system used before"),
}


def place_in_words(place: str, area: str) -> str:
    """„ул. Рила 4, с. Дъбрава“; the settlement is said once, also where the words already name it."""
    if area.casefold() in place.casefold():
        return place
    return f"{place}, {area}" if place else area


def state_name(kind: str, status: str) -> str:
    """„В работа“: the state of a problem or an idea, in its gender."""
    return str(STATE_NAMES[kind][status])


def mark(status: str, due_on: datetime.date | None, today: datetime.date) -> str:
    """The sign of a state: new, active, waiting, done, refused, or late when the date in force has passed."""
    if due_on is not None and due_on < today:
        return "late"
    phase = workflow.STATES[status].phase
    return "waiting" if phase is workflow.Phase.DRAFT else phase.value


def day(date: datetime.date) -> str:
    """14.12.2026"""
    return date_format(date, "d.m.Y")


def late_by(due_on: datetime.date, today: datetime.date) -> str:
    """„5 дни“."""
    days = (today - due_on).days
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def status_sentence(
    kind: str,
    status: str,
    due_on: datetime.date | None,
    today: datetime.date,
    *,
    expected: bool = False,
    support: int = 0,
    threshold: int = 0,
) -> str:
    """„В работа · отговор до 14.12.2026“, „Просрочен с 3 дни“, „Набира подкрепа · 128 от 150“.

    `due_on`: the date in force; `expected`: it is a promise to be done, not an answer owed.
    """
    name = state_name(kind, status)
    if due_on is not None and due_on < today:
        days = (today - due_on).days
        if kind == "idea":
            return npgettext("idea", "%(days)d day late", "%(days)d days late", days) % {"days": days}
        return npgettext("problem", "%(days)d day late", "%(days)d days late", days) % {"days": days}
    if due_on is not None:
        words = pgettext("due", "expected by %(date)s") if expected else pgettext("due", "answer by %(date)s")
        return f"{name} · {words % {'date': day(due_on)}}"
    if (
        kind == "idea"
        and threshold
        and not workflow.STATES[status].ends
        and workflow.STATES[status].phase is workflow.Phase.NEW
    ):
        return f"{name} · {gettext('%(support)d of %(threshold)d') % {'support': support, 'threshold': threshold}}"
    return name


def support_words(kind: str, support: int) -> str:
    """„засяга 18“, „подкрепят 37“; empty for nobody."""
    if not support:
        return ""
    if kind == "idea":
        return ngettext("%(n)d supports", "%(n)d support", support) % {"n": support}
    return ngettext("affects %(n)d", "affects %(n)d", support) % {"n": support}


def group_name(reports: int, projects: int, late: int, *, beside: Sequence[dict[str, Any]] = (), more: bool = False) -> str:
    """„42 сигнала и идеи, 2 планирани проекта, 1 събитие, 5 просрочени“: what a group of signs is called, on the map and over its
    list. `beside`: cards of further kinds. `more`: there are more reports than that, written with a plus."""
    parts, plus = [], "+" if more else ""
    if reports:
        parts.append(
            ngettext("%(n)s report or idea", "%(n)s reports and ideas", reports) % {"n": f"{number_format(reports)}{plus}"}
        )
    if projects:
        parts.append(ngettext("%(n)s planned project", "%(n)s planned projects", projects) % {"n": number_format(projects)})
    parts += counted(list(beside))
    if late:
        parts.append(ngettext("%(n)s late", "%(n)s late", late) % {"n": number_format(late)})
    # What is read aloud begins with the number that is seen (WCAG 2.5.3, label in name).
    several = bool(reports) + bool(projects) + bool(beside) > 1
    seen = f"{number_format(reports + projects + len(beside))}{plus}: " if several else ""
    return seen + ", ".join(parts)
