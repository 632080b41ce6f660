"""The filter of a webhook: the query of a list's address, read once when it is saved, kept as columns that one statement compares."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import Polygon
from django.http import QueryDict

from notifications.alerts import as_query
from reports.filters import LISTENS, Filters
from reports.parameters import NAMES, BadParameter

KNOWN = (*LISTENS, "status")
"""Parameters that mean the same for one thing as for a list. Days, order and persons say nothing of what has just happened."""


def query_of(text: str) -> str:
    """The query of what was pasted: a whole address, or what stands behind its question mark."""
    _page, mark, query = text.partition("#")[0].rpartition("?")
    return query if mark or not query.startswith(("http", "/")) else ""


def columns(text: str) -> dict[str, Any]:
    """{column of Webhook: value} of a query. Raises BadParameter for a bad value and for a name that is unknown or makes no sense."""
    asked = QueryDict(text)
    if twice := sorted(name for name, values in asked.lists() if len(values) > 1):
        raise BadParameter(twice[0], str(BadParameter.ONCE))
    refused = tuple(name for name in NAMES if name not in KNOWN)
    found = Filters.from_query(asked, AnonymousUser(), strict=True, refused=refused)
    return {
        "filter": found.as_query(),
        "kinds": list(found.kind),
        "statuses": list(found.status),
        "sectors": list(found.sector),
        "categories": list(found.category),
        "areas": list(found.area),
        "zones": list(found.zone),
        "box": Polygon.from_bbox(found.bbox) if found.bbox else None,
        "query": as_query(found.q),
    }
