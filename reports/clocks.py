"""Deadlines: terms in working days, calendar days or months, with the country's public holidays. Dates are local dates."""

from __future__ import annotations

import datetime
from functools import lru_cache

import holidays
from django.utils import timezone

from municipality.site import installation
from reports.models import Category, Report, TermUnit


@lru_cache(maxsize=4)
def _calendar(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)


def is_working_day(day: datetime.date, country: str) -> bool:
    return day.weekday() < 5 and day not in _calendar(country)


def add_term(start: datetime.date, amount: int, unit: str, country: str) -> datetime.date:
    """The last day of a term that begins the day after `start`.

    A term in days or months that would end on a rest day ends on the next working day (as in АПК and ГПК).
    """
    if unit == TermUnit.WORKING_DAYS:
        day = start
        while amount:
            day += datetime.timedelta(days=1)
            amount -= is_working_day(day, country)
        return day
    day = start + datetime.timedelta(days=amount) if unit == TermUnit.CALENDAR_DAYS else add_months(start, amount)
    while not is_working_day(day, country):
        day += datetime.timedelta(days=1)
    return day


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.month - 1 + months, 12)
    first = datetime.date(day.year + year, month + 1, 1)
    next_first = (first + datetime.timedelta(days=32)).replace(day=1)
    return first + datetime.timedelta(days=min(day.day, (next_first - first).days) - 1)


def gathers_until(since: datetime.datetime) -> datetime.date:
    """The last day of an idea that gathers support from that moment: after it the idea is archived."""
    return add_months(timezone.localdate(since), installation().archive_months)


def answer_due(category: Category, *, official: bool, kind: str, since: datetime.date) -> datetime.date | None:
    """The day by which an answer is owed: by the legal regime when it applies, else by the category's term, else none.

    A regime applies to what was filed officially and to an idea under review.
    """
    country = installation().country
    regime = category.regime
    if regime is not None and regime.term and (official or kind == "idea"):
        return add_term(since, regime.term, regime.unit, country)
    if kind == "problem" and category.term:
        return add_term(since, category.term, category.unit, country)
    return None


def owes_answer(report: Report) -> bool:
    """A problem in force, an idea under review; an idea that gathers support is for discussion: no date is set."""
    return report.kind != "idea" or report.state.phase not in ("draft", "new")


def stops_on_question(report: Report) -> bool:
    """The legal clock stands still while the reporter is asked."""
    regime = report.category.regime
    return bool(report.official and regime is not None and regime.stops_on_question)


def more_than_two_years_ago(happened_on: datetime.date | None, today: datetime.date) -> bool:
    """No proceedings start on what happened over two years ago (АПК art. 111 (4))."""
    return happened_on is not None and add_months(happened_on, 24) < today
