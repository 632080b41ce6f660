"""What the parameters of an address ask for. An empty one counts as not said; unknown, doubled and wrong ones are refused by name."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from api.open311.answers import bad
from geoportal.kernel import geometry
from geoportal.kernel.references import parse
from geoportal.kernel.text import clean
from reports import workflow
from reports.filters import midnight
from reports.models import Category
from reports.parameters import BadParameter
from reports.querysets import BBox

COMMON = ("jurisdiction_id", "api_key", "locale")
"""Taken everywhere: one municipality answers here, so the first says nothing; a key is asked for by POST alone."""
PLACE = ("bbox", "lat", "long", "radius")
LISTED = (
    "service_request_id", "service_code", "start_date", "end_date", "status", "page", "page_size", "per_page",
    "updated_after", "updated_before", *PLACE, "q", "extensions",
)  # fmt: skip
SPAN = datetime.timedelta(days=90)
MOST = 1000
MOST_EXTENDED = 100
"""Rows of a page whose history is told too."""
LONGEST_LIST = 500
RADIUS, LARGEST_RADIUS = 500.0, 50_000.0
LAST_PAGE = LAST_ROW = 100_000
"""What lies behind so many rows is reached by other dates: the database would go over all of them for each page."""
STATUSES = ("open", "closed")
YEARS = (1990, 2199)
_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ](?P<clock>\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(?P<zone>Z|[+ -]\d\d:?\d\d))?", re.ASCII
)
_METRES = re.compile(r"\d{1,5}(?:\.\d{1,6})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)
_MICROSECOND = datetime.timedelta(microseconds=1)
Between = tuple[datetime.datetime | None, datetime.datetime | None]


@dataclass(frozen=True)
class Wanted:
    """Which reports: rows' keys instead of codes. `created` and `updated` include both ends. `paged`: pages were asked for."""

    references: tuple[str, ...] | None = None
    categories: tuple[int, ...] = ()
    states: tuple[str, ...] = ()
    created: Between = (None, None)
    updated: Between = (None, None)
    bbox: BBox | None = None
    around: tuple[Point, float] | None = None
    words: str = ""
    page: int = 1
    size: int = MOST
    paged: bool = False
    extended: bool = False
    given: dict[str, str] = field(default_factory=dict)


def parameters(request: HttpRequest, known: Iterable[str]) -> dict[str, str]:
    """{name: cleaned text} of what is said in the address. Raises Problem for names that are unknown or stand there twice."""
    return texts(request.GET, [*known, *COMMON])


def texts(query: QueryDict, known: list[str]) -> dict[str, str]:
    """The same of any query."""
    found = {}
    for name, values in query.lists():
        if name not in known:
            raise bad(name, _("Unknown parameter. Known: %(names)s.") % {"names": ", ".join(known)})
        if len(values) > 1:
            raise bad(name, BadParameter.ONCE)
        try:
            text = clean(str(values[0]))
        except ValidationError as refused:
            raise bad(name, refused.messages[0]) from refused
        if text:
            found[name] = text
    return found


def wanted(request: HttpRequest) -> Wanted:
    """What the list is asked for. Named requests override everything else, so then nothing else is read."""
    given = parameters(request, LISTED)
    extended = _one_of(given, "extensions", {"true": True, "false": False}, False)
    if (references := numbers_of(given, MOST_EXTENDED if extended else LONGEST_LIST)) is not None:
        return Wanted(references=references, extended=extended, given=given)
    page, size, paged = page_of(given, MOST_EXTENDED if extended else MOST)
    return Wanted(
        categories=_categories(given), states=_states(given), created=window(given), updated=_updated(given),
        bbox=_bbox(given), around=_around(given), words=given.get("q", "")[:200],
        page=page, size=size, paged=paged, extended=extended, given=given,
    )  # fmt: skip


def window(given: dict[str, str]) -> Between:
    """When the request was made: 90 days at most, the last ones where nothing is said; without a bound where one asks for changes."""
    first, last = moment(given, "start_date"), moment(given, "end_date", last=True)
    if first and last:
        if first > last:
            raise bad("end_date", _("The last day lies before the first."))
        if last - first > SPAN:
            raise bad("end_date", _("At most 90 days fit between start_date and end_date."))
        return first, last
    if "updated_after" in given or "updated_before" in given:
        return first, last
    if first:
        return first, first + SPAN
    if last:
        return last - SPAN, last
    return timezone.now() - SPAN, None


def moment(given: dict[str, str], name: str, *, last: bool = False) -> datetime.datetime | None:
    """A time with its offset, or a whole day where the installation is: its first moment, its last with `last`."""
    if name not in given:
        return None
    try:
        found = _MOMENT.fullmatch(given[name])
        if found is None or not YEARS[0] <= int(found["day"][:4]) <= YEARS[1]:
            raise ValueError
        if found["clock"]:  # a plus that was not encoded arrives as a blank
            return datetime.datetime.fromisoformat(f"{found['day']}T{found['clock']}{found['zone'].replace(' ', '+')}")
        day = datetime.date.fromisoformat(found["day"])
    except ValueError:
        raise bad(name, _("Write it as 2026-01-31T08:00:00Z, with the offset, or as 2026-01-31.")) from None
    return midnight(day + datetime.timedelta(days=1)) - _MICROSECOND if last else midnight(day)


def listed(given: dict[str, str], name: str, most: int = LONGEST_LIST) -> list[str]:
    """Values with commas between them."""
    values = [part.strip() for part in given.get(name, "").split(",")]
    found = [value for value in values if value]
    if (name in given and not found) or len(found) > most:
        raise bad(name, _("Write 1 to %(most)s values with commas between them.") % {"most": most})
    return found


def numbers_of(given: dict[str, str], most: int = LONGEST_LIST) -> tuple[str, ...] | None:
    """The requests that are named, None where none is; what is no number of a request is simply not found."""
    if "service_request_id" not in given:
        return None
    return tuple(number for value in listed(given, "service_request_id", most) if (number := parse(value)))


def _categories(given: dict[str, str]) -> tuple[int, ...]:
    codes = listed(given, "service_code")
    if not codes:
        return ()
    known = dict(Category.objects.filter(slug__in=codes).values_list("slug", "pk"))
    if unknown := [code for code in codes if code not in known]:
        raise bad("service_code", _("There is no service “%(code)s”.") % {"code": unknown[0][:60]}, status=404)
    return tuple(known.values())


def _states(given: dict[str, str]) -> tuple[str, ...]:
    asked = listed(given, "status")
    if set(asked) - set(STATUSES):
        raise bad("status", _("Known: %(names)s.") % {"names": ", ".join(STATUSES)})
    return tuple(code for code, state in workflow.STATES.items() if state.open311 in asked) if asked else ()


def _updated(given: dict[str, str]) -> Between:
    """Without a beginning: the 90 days before the end, as for the day on which it was sent."""
    first, last = moment(given, "updated_after"), moment(given, "updated_before", last=True)
    if first and last and first > last:
        raise bad("updated_before", _("The last day lies before the first."))
    if last and not first:
        first = last - SPAN
    return first, last


def _bbox(given: dict[str, str]) -> BBox | None:
    try:
        return geometry.bbox(given["bbox"]) if "bbox" in given else None
    except ValidationError as refused:
        raise bad("bbox", refused.messages[0]) from refused


def _around(given: dict[str, str]) -> tuple[Point, float] | None:
    """The place and metres around it."""
    named = [name for name in ("lat", "long", "radius") if name in given]
    if not named:
        return None
    if missing := [name for name in ("lat", "long") if name not in given]:
        raise bad(missing[0], _("Latitude and longitude belong together."))
    metres = RADIUS
    if "radius" in given:
        metres = float(given["radius"]) if _METRES.fullmatch(given["radius"]) else 0.0
        if not 0 < metres <= LARGEST_RADIUS:
            raise bad("radius", _("Write metres, more than 0 and at most %(most)d.") % {"most": LARGEST_RADIUS})
    return place(given), metres


def place(given: dict[str, str]) -> Point:
    """The point of `lat` and `long`, through the gate for geometry."""
    try:
        return geometry.point(given["long"], given["lat"])
    except ValidationError as refused:
        raise bad("lat, long", refused.messages[0]) from refused


def _number(given: dict[str, str], name: str, most: int) -> int | None:
    if name not in given:
        return None
    found = int(given[name]) if _WHOLE.fullmatch(given[name]) else 0
    if not 1 <= found <= most:
        raise bad(name, _("Write a whole number from 1 to %(most)s.") % {"most": most})
    return found


def page_of(given: dict[str, str], most: int) -> tuple[int, int, bool]:
    """(page from 1, its rows, whether pages were asked for). The size has two names; `most` is also the size when none is said."""
    sizes = {name: found for name in ("page_size", "per_page") if (found := _number(given, name, most))}
    if len(set(sizes.values())) > 1:
        raise bad("per_page", _("page_size and per_page say the same: write one of them."))
    page, size = _number(given, "page", LAST_PAGE), next(iter(sizes.values()), most)
    if (page or 1) * size > LAST_ROW:
        raise bad("page", _("Pages reach to row %(most)s: write other dates instead.") % {"most": LAST_ROW})
    return page or 1, size, bool(sizes or page)


def _one_of(given: dict[str, str], name: str, values: dict[str, Any], default: Any) -> Any:
    if name not in given:
        return default
    if given[name] not in values:
        raise bad(name, _("Known: %(names)s.") % {"names": ", ".join(values)})
    return values[given[name]]
