"""One way of pages for every list: `limit` rows, then the address in `next`, which begins behind the last row by its keys.

Nothing is counted, nothing is read twice or left out when something is added meanwhile. A list is in the order of its keys:
{column: how its text is read}, "-" before a column that falls; together they are one row's alone.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from api.v1.answers import absolute, answer, bad_parameter
from discussion.models import Subject
from reports import workflow
from reports.parameters import MOST, ORDERS

LIMIT = 100
PAGING = ("cursor", "limit")
Keys = Mapping[str, Callable[[str], Any]]
_KEY = re.compile(r"[\w.\-/]{1,200}")
_PATH = re.compile(r"(?:[0-9]{1,18}\.){1,20}")


def number(text: str) -> int:
    """A key that is a whole number. Raises ValueError."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ValueError(text)
    return int(text)


def path(text: str) -> str:
    """A key that is an area's path, numbers with a full stop after each. Raises ValueError."""
    if not _PATH.fullmatch(text):
        raise ValueError(text)
    return text


def word(text: str) -> str:
    """A key that is a slug or a path. Raises ValueError."""
    if not _KEY.fullmatch(text):
        raise ValueError(text)
    return text


def key(text: str) -> uuid.UUID:
    """A key that is a UUID. Raises ValueError."""
    return uuid.UUID(text[:40])


def page_of(request: Request, rows: Any, keys: Keys, *, usual: int = LIMIT) -> tuple[list[Any], str | None]:
    """(rows of the page that the address asks for, address of the next page or None). `rows`: instances, or dicts that hold the keys."""
    limit = whole(request, "limit", MOST) or usual
    if "cursor" in request.query_params:
        rows = rows.filter(_past(keys, _read(request.query_params["cursor"], keys)))
    found = list(rows.order_by(*keys)[: limit + 1])
    if len(found) <= limit:
        return found, None
    query = request.query_params.copy()
    query["limit"], query["cursor"] = str(limit), "~".join(_value(found[limit - 1], column) for column in keys)
    return found[:limit], absolute(f"{request.path}?{query.urlencode()}")


def listed(name: str, rows: Sequence[Any], following: str | None, **more: Any) -> HttpResponse:
    """What every list that is no GeoJSON answers: its rows under their name, and the address of the next page, as a header too."""
    headers = {"Link": f'<{following}>; rel="next"'} if following else None
    return answer({name: list(rows), **more, "next": following}, headers=headers)


def whole(request: Request, name: str, most: int) -> int | None:
    """A whole number from 1 to `most`; None where it is not asked for. Raises Problem 400."""
    text = request.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 20 and 0 < int(text) <= most):
        raise bad_parameter(name, _("Write a number from 1 to %(most)s.") % {"most": most})
    return int(text)


def _read(text: str, keys: Keys) -> list[Any]:
    parts = text.split("~")
    try:
        return [read(part) for read, part in zip(keys.values(), parts, strict=True)]
    except ValueError:
        raise bad_parameter("cursor", _("Follow the link to the next page; it cannot be written by hand.")) from None


def _past(keys: Keys, values: list[Any]) -> Q:
    """Rows behind the one with these values."""
    found, same = Q(), Q()
    for column, value in zip(keys, values, strict=True):
        name = column.removeprefix("-")
        found |= same & Q(**{f"{name}__{'lt' if column.startswith('-') else 'gt'}": value})
        same &= Q(**{name: value})
    return found


def _value(row: Any, column: str) -> str:
    """A key as it stands in `cursor`."""
    name = column.removeprefix("-")
    if isinstance(row, dict):
        return str(row[name])
    for step in name.split("__"):
        row = getattr(row, step)
    return str(row)


def _values(values: Sequence[str]) -> dict[str, Any]:
    """Several of these values with commas between them."""
    return {"type": "array", "items": {"type": "string", "enum": list(values)}, "minItems": 1, "uniqueItems": True}


_DAY: dict[str, Any] = {"type": "string", "format": "date"}
_SHAPES: dict[str, dict[str, Any]] = {
    "kind": _values(Subject.Kind.values),
    "status": _values(list(workflow.STATES)),
    "since": _DAY,
    "until": _DAY,
    "overdue": {"type": "string", "enum": ["1"]},
    "supported": {"type": "string", "enum": ["me"]},
    "order": {"type": "string", "enum": list(ORDERS)},
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST},
}
_MEANT = {
    "area": "slugs of areas, each with all below it, and polygons of published layers as <layer>.<feature>, with commas between them",
    "sector": "slugs of sectors, with commas between them",
    "category": "slugs of categories, with commas between them",
    "kind": "kinds of subjects, with commas between them",
    "status": "states, with commas between them",
    "bbox": "west,south,east,north",
    "since": "the first day, where the municipality is",
    "until": "the last day, where the municipality is",
    "q": "words, a number or a settlement",
    "overdue": "only late ones",
    "supported": "only what the asker supports",
    "order": "newest without it",
    "assigned": "a department's slug, none or me",
    "cursor": "from `next`",
    "limit": "rows on a page",
}


def parameters(*names: str, usual: int = LIMIT) -> list[OpenApiParameter]:
    """The parameters of the filter language, and of pages, as the schema describes them."""
    return [_parameter(name, usual) for name in names]


def _parameter(name: str, usual: int) -> OpenApiParameter:
    shape = _SHAPES.get(name, {"type": "string"}) | ({"default": usual} if name == "limit" else {})
    several = {"style": "form", "explode": False} if shape["type"] == "array" else {}
    return OpenApiParameter(name, shape, description=_MEANT[name], **several)


SET_UP = parameters(*PAGING, usual=MOST)
"""Of lists that are read whole, as far as anyone knows."""
PAGES = parameters(*PAGING)
