"""A place that was searched for by its coordinates or a plus code: what it is, and what is public close to it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import Point
from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext as _

from geoportal.kernel.multilingual import text_in
from layers import coordinates, gazetteer
from layers.models import Project
from layers.near import near
from participation.everything import NAMES
from reports import beside
from reports.cards import card, card_rows
from reports.filters import Filters
from reports.mapping import project_rows
from reports.models import Report

METRES = 200
MOST = 20
ZOOM = 17
DEGREE = 111_195
"""Metres between two parallels."""
Card = dict[str, Any]


@dataclass(frozen=True)
class Spot:
    """`name`: „42.906100, 23.791200, гр. Левка“; `near`: what stands there; `query`: of the map around it; `cards`: what lies within METRES,
    the nearest first. Outside the municipality only `name`."""

    name: str
    inside: bool
    near: str = ""
    query: str = ""
    cards: tuple[Card, ...] = ()


def spot(typed: str) -> Spot | None:
    """The place that these words name by numbers; None for any other words."""
    found = coordinates.read(typed)
    if found is None:
        return None
    words = f"{found[1]:.6f}, {found[0]:.6f}"
    hit = gazetteer.spot(words)  # a link may be longer than what is read there
    if hit is None or hit.point is None:
        return Spot(words, inside=False)
    box = _box(hit.point)
    query = f"bbox={box}&at={hit.point.x:.5f},{hit.point.y:.5f},{ZOOM}"
    return Spot(hit.name, True, text_in(near(hit.point)), query, tuple(_cards(hit.point, box)))


def _box(point: Point) -> str:
    west, south, east, north = point.buffer(METRES / 60_000, 2).extent
    return ",".join(f"{number:.5f}" for number in (west, south, east, north))


def _cards(point: Point, box: str) -> list[Card]:
    """Reports, projects and what apps show beside them: a query for each."""
    exact = Report.objects.public().filter(approximate=False)  # else the point is its settlement's
    reports = card_rows(exact.near(point, METRES), away=F("metres"))
    projects = Project.objects.visible_to(None).near(point, METRES)
    away = dict(projects.values_list("subject__reference", "metres")[:MOST])
    others = beside.cards(Filters.from_query(QueryDict(f"bbox={box}"), AnonymousUser(), strict=False))
    found = [(row.away, card(row)) for row in reports[:MOST]]
    if away:
        rows = project_rows(Project.objects.filter(subject__reference__in=away))
        found += [(away[item["ref"]], item) for item in rows]
    placed = [item for item in others if item["lon"] is not None]
    found += [(_metres(point, item), item) for item in placed]
    near_ones = sorted(((metres, item) for metres, item in found if metres <= METRES), key=lambda each: each[0])
    return [_told(item, metres) for metres, item in near_ones[:MOST]]


def _metres(point: Point, item: Card) -> float:
    """Right to a metre over so short a way."""
    across = (item["lon"] - point.x) * math.cos(math.radians(point.y))
    return DEGREE * math.hypot(across, item["lat"] - point.y)


def _told(item: Card, metres: float) -> Card:
    away = _("%(m)s m away") % {"m": round(metres)}
    return {**item, "kind_name": NAMES[item["kind"]][0], "place": " · ".join(part for part in (item["place"], away) if part)}
