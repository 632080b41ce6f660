"""What stands near a point, in words: the nearest street with the number of the house there, and a landmark; for people who know the town."""

from __future__ import annotations

import math

import orjson
from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import connection
from django.utils.translation import gettext, override

from geoportal.kernel.multilingual import text_in

STREET_METRES, HOUSE_METRES, LANDMARK_METRES = 300, 40, 150
"""Farther off a street, house or landmark says nothing of the place."""
LONGEST = 200
Texts = dict[str, str]

_NEAR = """WITH at AS (SELECT ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326) AS g),
street AS (
  SELECT p.id, p.name, ST_Distance(p.line::geography, g::geography) AS metres FROM layers_place p, at
  WHERE p.line && ST_Expand(g, %(street_x)s, %(street_y)s) ORDER BY metres, p.id LIMIT 1),
house AS (
  SELECT h.number, s.name, ST_Distance(h.point::geography, g::geography) AS metres
  FROM at, layers_place h JOIN layers_place s ON s.id = h.street_id
  WHERE h.point && ST_Expand(g, %(house_x)s, %(house_y)s) AND h.kind = 'house'
    AND (h.street_id = (SELECT id FROM street WHERE metres <= %(street)s) OR NOT EXISTS (SELECT FROM street WHERE metres <= %(street)s))
  ORDER BY metres, h.id LIMIT 1),
landmark AS (
  SELECT p.name, ST_Distance(p.point::geography, g::geography) AS metres FROM layers_place p, at
  WHERE p.point && ST_Expand(g, %(landmark_x)s, %(landmark_y)s) AND p.kind IN ('landmark', 'square') AND NOT p.approximate
  ORDER BY metres, p.id LIMIT 1)
SELECT name::text, '', 'street' FROM street WHERE metres <= %(street)s
UNION ALL SELECT name::text, number, 'house' FROM house WHERE metres <= %(house)s
UNION ALL SELECT name::text, '', 'landmark' FROM landmark WHERE metres <= %(landmark)s"""


def near(point: Point | None) -> Texts:
    """„до ул. Гурко 12, при Читалище“ in every language of the site; {} where nothing is known there. One query."""
    if point is None:
        return {}
    asked: dict[str, float] = {"lon": point.x, "lat": point.y}
    for name, metres in (("street", STREET_METRES), ("house", HOUSE_METRES), ("landmark", LANDMARK_METRES)):
        asked |= {name: metres, **_degrees(name, metres, point.y)}
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, asked)
        found = {kind: (orjson.loads(name), number) for name, number, kind in cursor.fetchall()}
    return _words(found)


def _degrees(name: str, metres: int, latitude: float) -> dict[str, float]:
    """Half the sides of the box that holds everything so near."""
    up = metres / 110_000
    return {f"{name}_y": up, f"{name}_x": up / max(0.01, math.cos(math.radians(latitude)))}


def _words(found: dict[str, tuple[Texts, str]]) -> Texts:
    street, number = found.get("house") or found.get("street") or ({}, "")
    landmark, _none = found.get("landmark") or ({}, "")
    said = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            parts = []
            if street:
                parts.append(gettext("by %(street)s") % {"street": f"{text_in(street)} {number}".strip()})
            if landmark:
                parts.append(gettext("near %(landmark)s") % {"landmark": text_in(landmark)})
            said[code] = ", ".join(parts)[:LONGEST]
    return said if street or landmark else {}
