"""Days, amounts, names and the states of reports in words, as every page and letter writes them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from discussion import sentences
from geoportal.kernel.multilingual import text_in
from municipality.models import Organisation


def in_words(day: datetime.date) -> str:
    """14.12.2026"""
    return day.strftime("%d.%m.%Y")


def euros(amount: Decimal) -> str:
    """„1 431,62 €“: whole euros, cents where there are some, as the reader's language writes them."""
    text = f"{amount:,.{0 if amount == amount.to_integral_value() else 2}f}"
    whole, _point, cents = text.partition(".")
    text = whole.replace(",", get_format("THOUSAND_SEPARATOR")) + (f"{get_format('DECIMAL_SEPARATOR')}{cents}" if cents else "")
    return f"{text} €".replace(" ", "\u00a0")


def quoted(name: str) -> str:
    """In the quotation marks of the reader's language, unless the name carries some."""
    return name if any(mark in name for mark in '„“”«"') else pgettext("quotation marks", "“%s”") % name


def named(organisation: Organisation, *, begins: bool = False) -> str:
    """отдел „Чистота“: a name that quotes its own proper part begins small inside a sentence; any other is quoted whole."""
    name = text_in(organisation.name)
    if not any(mark in name for mark in "„“"):
        return quoted(name)
    small = not begins and name[1:2].islower()
    return name[0].lower() + name[1:] if small else name


def full_stop(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def days(count: int) -> str:
    """„1 ден“, „3 дни“"""
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def status_sentence(report: Any, language: str | None = None) -> str:
    """The state in words, with the grammatical gender of the kind: „В работа“, „Получена“."""
    with translation.override(language or translation.get_language()):
        return str(sentences.STATUS[report.kind][report.status])


def mark_of(report: Any, today: datetime.date) -> str:
    """The sign of the present state; late comes before all others."""
    if report.due_on is not None and report.due_on < today:
        return "late"
    phase = str(report.state.phase)
    return "waiting" if phase == "draft" else phase


def due_sentence(report: Any, today: datetime.date, language: str | None = None, *, short: bool = False) -> str:
    """„отговор до 14.12.2026, остават 19 дни“, „Просрочен с 3 дни“; "" where nothing is owed any more.

    `short`: without the days that remain. Says so where an open report has no due date.
    """
    with translation.override(language or translation.get_language()):
        if report.due_on is None:
            owes = not (report.state.ends or report.state.answered) and report.state.public
            return _("no due date is set") if owes else ""
        left = (report.due_on - today).days
        if left < 0:
            return late_by(report.kind, -left)
        date = {"date": in_words(report.due_on)}
        sentence = _("expected by %(date)s") % date if report.expected_on else _("answer due by %(date)s") % date
        if short:
            return sentence
        return f"{sentence}, {_remaining(left)}"


def late_by(kind: str, count: int) -> str:
    """„Просрочен с 3 дни“, „Просрочена с 1 ден“."""
    if kind == "idea":
        return pgettext("idea", "%(days)s late") % {"days": days(count)}
    return pgettext("problem", "%(days)s late") % {"days": days(count)}


def _remaining(left: int) -> str:
    if left == 0:
        return _("today is the last day")
    return ngettext("%(count)s day remains", "%(count)s days remain", left) % {"count": left}


def numbered(number: str) -> bool:
    """Whether a filing's number is one: where a source names none, words stand in its place."""
    return any(letter.isdigit() for letter in number)
