"""What an address of `/items` asks for: every parameter known, once, not empty, of the right form – else a problem that names it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection as Names
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from api.ogc import cql
from api.ogc.collections import Collection
from api.ogc.conditions import condition
from api.ogc.times import BadTime, interval
from api.ogc.tokens import BadFilter
from api.v1.answers import bad_parameter, shown
from geoportal.kernel.geometry import GeometryRefused
from geoportal.kernel.systems import CRS84, SYSTEMS, System, number
from geoportal.kernel.text import clean
from reports.filters import Filters
from reports.parameters import BadParameter

LIMIT, MOST = 100, 10_000
FORMATS = ("json", "html")
ITEM = ("f", "crs")
ITEMS = ("f", "limit", "bbox", "bbox-crs", "datetime", "crs", "filter", "filter-lang", "filter-crs", "cursor")
LANGUAGE = "cql2-text"


@dataclass(frozen=True)
class Asked:
    """`after`: key of the last row of the page before. `given`: the address's parameters without `cursor`, as they were written."""

    collection: Collection
    system: System = CRS84
    limit: int = LIMIT
    after: int = 0
    where: Q = field(default_factory=Q)
    filters: Filters = field(default_factory=Filters)
    given: dict[str, str] = field(default_factory=dict)

    def following(self, last: int, **changes: str) -> str:
        """The query that leads on behind the row of this key."""
        return urlencode({**self.given, "cursor": _mark(self.collection, last), **changes})


def only(request: HttpRequest, known: Names[str]) -> dict[str, str]:
    """{name: text} of the address. Raises Problem 400 for a name that is not known, stands there twice, or has no value."""
    found: dict[str, str] = {}
    for name, values in request.GET.lists():
        if name not in known:
            raise bad_parameter(shown(name), _("Unknown parameter. Known: %(names)s.") % {"names": ", ".join(known)})
        if len(values) > 1:
            raise bad_parameter(name, str(BadParameter.ONCE))
        try:
            found[name] = clean(str(values[0]))
        except ValidationError as refused:
            raise bad_parameter(name, refused.messages[0]) from refused
        if not found[name]:
            raise bad_parameter(name, _("It has no value. Write one, or leave the parameter away."))
    return found


def items(request: HttpRequest, collection: Collection) -> Asked:
    """What one page of features shall hold."""
    given = only(request, (*ITEMS, *collection.language))
    where = Q()
    if "bbox" in given or "bbox-crs" in given:
        where &= _box(given, collection)
    if "datetime" in given:
        where &= _during(given["datetime"], collection)
    if "filter" in given or "filter-lang" in given or "filter-crs" in given:
        where &= _filter(given, collection)
    return Asked(
        collection,
        system(given, "crs"),
        _limit(given["limit"]) if "limit" in given else LIMIT,
        _after(given["cursor"], collection) if "cursor" in given else 0,
        where,
        _language(request, given, collection),
        {name: text for name, text in given.items() if name != "cursor"},
    )


def system(given: dict[str, str], name: str) -> System:
    """The coordinate system that the parameter names; CRS84 without it."""
    if name not in given:
        return CRS84
    if given[name] not in SYSTEMS:
        raise bad_parameter(name, _("This coordinate system is not offered. Known: %(names)s.") % {"names": ", ".join(SYSTEMS)})
    return SYSTEMS[given[name]]


def _limit(text: str) -> int:
    """More than we give at once is no error: it is as much as we give (Part 1, /req/core/fc-limit-response-1)."""
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and int(text) >= 1):
        raise bad_parameter("limit", _("Write a number from 1 to %(most)s.") % {"most": MOST})
    return min(int(text), MOST)


def _keyed(use: str, value: bytes) -> bytes:
    """Eight bytes that nobody makes without the site's secret."""
    return salted_hmac(f"api.ogc.{use}", value, algorithm="sha256").digest()[:8]


def _mark(collection: Collection, key: int) -> str:
    """A row's key as eight bytes that prove it and eight that hide it: keys of rows tell how many there are that nobody may see."""
    row = key.to_bytes(8)
    proof = _keyed("proof", collection.id.encode() + row)
    hidden = bytes(one ^ other for one, other in zip(row, _keyed("pad", proof), strict=True))
    return base64.urlsafe_b64encode(proof + hidden).decode().rstrip("=")


def _after(text: str, collection: Collection) -> int:
    """The key of a mark of this collection; whatever was not made by `_mark` is refused."""
    try:
        mark = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        key = int.from_bytes(one ^ other for one, other in zip(mark[8:], _keyed("pad", mark[:8]), strict=True))
        if constant_time_compare(_mark(collection, key), text):
            return key
    except (binascii.Error, ValueError):
        pass
    raise bad_parameter("cursor", _("Follow the link to the next page; it cannot be written by hand."))


def _box(given: dict[str, str], collection: Collection) -> Q:
    chosen = system(given, "bbox-crs")
    if "bbox" not in given:
        raise bad_parameter("bbox-crs", _("It says how bbox is written, and there is no bbox."))
    return collection.touching(_read_box(given["bbox"], chosen))


def _read_box(text: str, chosen: System) -> GEOSGeometry:
    parts = text.split(",") if len(text) <= 300 else []
    try:
        if len(parts) not in (4, 6):
            raise GeometryRefused("dimensions", _("A box has four numbers, or six with heights, with commas between them."))
        numbers = [number(part) for part in parts]
        corners = numbers if len(parts) == 4 else [*numbers[:2], *numbers[3:5]]  # what lies here has no height
        return chosen.box(corners)
    except GeometryRefused as refused:
        raise bad_parameter("bbox", refused.messages[0]) from refused


def _during(text: str, collection: Collection) -> Q:
    """Features whose time touches the interval; those of a collection without times all do (Part 1, /req/core/fc-time-response)."""
    try:
        first, last = interval(text)
    except BadTime as bad:
        raise bad_parameter("datetime", str(bad)) from bad
    if collection.time is None:
        return Q()
    begins, ends = collection.time
    found = Q()
    if first:
        found &= Q(**{f"{ends}__gte": first})
    if last:
        found &= Q(**{f"{begins}__lte": last})
    return found


def _filter(given: dict[str, str], collection: Collection) -> Q:
    if given.get("filter-lang", LANGUAGE) != LANGUAGE:
        raise bad_parameter("filter-lang", _("Known languages of filters: %(names)s.") % {"names": LANGUAGE})
    chosen = system(given, "filter-crs")
    if "filter" not in given:
        return Q()
    try:
        return condition(cql.parse(given["filter"]), collection, chosen)
    except BadFilter as bad:
        raise bad_parameter("filter", str(bad)) from bad


def _language(request: HttpRequest, given: dict[str, str], collection: Collection) -> Filters:
    """The site's own filter language, as far as the collection understands it."""
    query = QueryDict(mutable=True)
    query.update({name: given[name] for name in collection.language if name in given})
    try:
        return Filters.from_query(query, AnonymousUser(), strict=True)
    except BadParameter as bad:
        raise bad_parameter(shown(bad.name), bad.messages[0]) from bad


def known_formats(given: dict[str, Any]) -> str:
    """The format that `f` names, "" without it."""
    chosen = str(given.get("f", ""))
    if chosen and chosen not in FORMATS:
        raise bad_parameter("f", _("Known formats: %(names)s.") % {"names": ", ".join(FORMATS)})
    return chosen
