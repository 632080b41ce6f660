"""Requests of another system's Open311 GeoReport v2, read through the guarded door: 90 days at a time, page by page."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from geoportal.kernel import outside

WINDOW = datetime.timedelta(days=89)
"""The specification lets a server give 90 days; where the clocks are put back within them, they are an hour more there."""
MOST_BYTES = 16 * 1024 * 1024
MOST_PAGES = 1000
NAMES = (
    "service_request_id", "title", "description", "status", "status_notes", "service_name", "service_code", "requested_datetime",
    "updated_datetime", "address", "lat", "long", "media_url",
)  # fmt: skip


def place(endpoint: str) -> str:
    """`host:port` of the endpoint. Raises ValidationError for one that cannot be asked."""
    try:
        found = outside.place(endpoint)
    except outside.NotAllowed:
        raise ValidationError(_("This address is not asked: it must be public and begin with https.")) from None
    if urlsplit(endpoint).query or urlsplit(endpoint).fragment:
        raise ValidationError(_("Give the address of the endpoint alone, as https://host/open311/v2."))
    return found


def requests(endpoint: str, since: datetime.date) -> Iterator[tuple[str, dict[str, str]]]:
    """(number there, fields as words) of each request since that day, each once, the oldest window first.

    Raises ValidationError when the other system does not answer as the specification says.
    """
    seen: set[str] = set()
    begin, now = timezone.make_aware(datetime.datetime.combine(since, datetime.time())).astimezone(datetime.UTC), timezone.now()
    while begin < now:
        end = min(begin + WINDOW, now)
        yield from _window(endpoint.rstrip("/"), begin, end, seen)
        begin = end


def _window(
    endpoint: str, begin: datetime.datetime, end: datetime.datetime, seen: set[str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """A server that knows no pages answers every page alike: a page without anything new is the last."""
    for page in range(1, MOST_PAGES + 1):
        new = False
        for sent in _page(endpoint, begin, end, page):
            cells = _cells(sent)
            number = cells["service_request_id"]
            if number not in seen:
                new = new or bool(number)
                seen.add(number)
                yield number or "—", cells
        if not new:
            return


def _page(endpoint: str, begin: datetime.datetime, end: datetime.datetime, page: int) -> list[dict[str, Any]]:
    asked = {"start_date": _stamp(begin), "end_date": _stamp(end), "page": page}
    try:
        answer = outside.get(f"{endpoint}/requests.json?{urlencode(asked)}", most=MOST_BYTES, accept="application/json")
    except outside.TooLarge:
        raise ValidationError(_("The other system sends more at once than is read.")) from None
    except outside.NotAllowed:
        raise ValidationError(_("This address is not asked: it must be public and begin with https.")) from None
    except outside.Unreachable:
        raise ValidationError(_("The other system does not answer. Try again later: what was taken over stays.")) from None
    if answer.status == 404 and page > 1:
        return []
    if answer.status != 200:
        raise ValidationError(_("The other system answered with %(status)s.") % {"status": answer.status})
    try:
        found = orjson.loads(answer.body)
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ValidationError(_("The other system does not answer as Open311 GeoReport v2 says: a list was expected."))
    return found


def _stamp(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _cells(sent: dict[str, Any]) -> dict[str, str]:
    """Known fields as words; where there is no name of the service, its code."""
    cells = {name: _word(sent.get(name)) for name in NAMES}
    return {**cells, "service_name": cells["service_name"] or cells["service_code"]}


def _word(value: object) -> str:
    if isinstance(value, list):
        return " ".join(_word(one) for one in value if not isinstance(one, list))
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
