"""Moments, days and intervals as RFC 3339 writes them."""

from __future__ import annotations

import datetime
import re

from django.utils import timezone
from django.utils.translation import gettext as _

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})?", re.ASCII)
_OPEN = ("..", "", "0000-01-01T00:00:00Z")
"""An open side; QGIS before 3.32 writes the year 0 for it."""
Moment = datetime.datetime | None


class BadTime(ValueError):
    """No time that we can read; the message says what one looks like."""


def instant(text: str) -> datetime.date | datetime.datetime:
    """A day, or a moment in UTC; without a zone, as QGIS also sends it, where the installation is. Raises BadTime."""
    try:
        if _DAY.fullmatch(text):
            return datetime.date.fromisoformat(text)
        if _MOMENT.fullmatch(text):
            found = datetime.datetime.fromisoformat(text.upper())
            return (found if found.tzinfo else timezone.make_aware(found)).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        pass
    raise BadTime(_("Write a time as 2026-11-25T08:00:00Z or a day as 2026-11-25."))


def begin(value: datetime.date | datetime.datetime) -> datetime.datetime:
    """The first moment of a day where the installation is; a moment itself. Raises BadTime at the end of time."""
    return _aware(value, datetime.time.min)


def end(value: datetime.date | datetime.datetime) -> datetime.datetime:
    """The last microsecond of a day; a moment itself."""
    return _aware(value, datetime.time.max)


def _aware(value: datetime.date | datetime.datetime, time: datetime.time) -> datetime.datetime:
    if isinstance(value, datetime.datetime):
        return value
    try:
        return timezone.make_aware(datetime.datetime.combine(value, time)).astimezone(datetime.UTC)
    except OverflowError as error:
        raise BadTime(_("Write a time as 2026-11-25T08:00:00Z or a day as 2026-11-25.")) from error


def interval(text: str) -> tuple[Moment, Moment]:
    """First and last moment of `a`, `a/b`, `../b`, `a/..`; None is an open side. Raises BadTime."""
    first, slash, last = text.partition("/")
    if not slash:
        found = instant(first)
        return begin(found), end(found)
    low = None if first in _OPEN else begin(instant(first))
    high = None if last in _OPEN else end(instant(last))
    if low and high and low > high:
        raise BadTime(_("The interval ends before it begins."))
    return low, high
