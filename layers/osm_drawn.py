"""What of an extract of OpenStreetMap a base map draws, and from which zoom on. Without Django: the process that reads uses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ROADS = {
    "motorway": ("main", 8), "trunk": ("main", 8), "primary": ("main", 8), "secondary": ("secondary", 10), "tertiary": ("secondary", 11),
    "unclassified": ("street", 12), "residential": ("street", 13), "living_street": ("street", 13), "pedestrian": ("street", 13),
    "road": ("street", 13), "service": ("service", 14), "track": ("path", 13), "path": ("path", 14), "footway": ("path", 14),
    "cycleway": ("path", 14), "steps": ("path", 14), "bridleway": ("path", 14),
}  # fmt: skip
"""{highway: (kind, first zoom)}; slip roads (`…_link`) are as their roads; everything else is no road that one could take."""
WATERWAYS = {
    "river": ("river", 8),
    "canal": ("river", 11),
    "stream": ("stream", 13),
    "ditch": ("stream", 15),
    "drain": ("stream", 15),
}
RAILWAYS = frozenset({"rail", "narrow_gauge", "light_rail", "tram", "subway", "funicular"})
LAND = {
    "landuse": {
        "forest": ("wood", 8), "residential": ("built", 10), "industrial": ("works", 11), "commercial": ("works", 12), "retail": ("works", 12),
        "cemetery": ("green", 13), "grass": ("green", 14), "meadow": ("green", 12), "orchard": ("green", 12), "vineyard": ("green", 12),
        "allotments": ("green", 12), "recreation_ground": ("green", 12), "village_green": ("green", 12),
        "reservoir": ("water", 8), "basin": ("water", 12),
    },
    "natural": {"wood": ("wood", 8), "water": ("water", 8), "scrub": ("green", 12), "grassland": ("green", 12), "heath": ("green", 12)},
    "leisure": {"park": ("green", 11), "garden": ("green", 14), "pitch": ("green", 14), "nature_reserve": ("wood", 10)},
    "waterway": {"riverbank": ("water", 8), "dock": ("water", 12)},
}  # fmt: skip
"""{tag: {its value: (kind, first zoom)}}; `water` is a layer of its own."""
PLACES = {
    "city": 8, "town": 9, "village": 10, "hamlet": 12, "suburb": 12, "quarter": 13, "neighbourhood": 14, "isolated_dwelling": 14,
    "locality": 14,
}  # fmt: skip
LEVELS = {"2": 8, "4": 8, "6": 9, "8": 11}
"""{admin_level: first zoom} of boundaries."""
BUILDINGS_FROM = 14

WANTED = {
    "lines": "highway IS NOT NULL OR railway IS NOT NULL OR waterway IS NOT NULL",
    "points": "place IS NOT NULL",
    "multipolygons": 'building IS NOT NULL OR landuse IS NOT NULL OR "natural" IS NOT NULL OR leisure IS NOT NULL OR waterway IS NOT NULL'
    " OR boundary = 'administrative'",
}
"""{part of an extract: which of its things may be drawn}, in the driver's SQL."""
ATTRIBUTES = ("waterway", "building", "landuse", "natural", "boundary", "admin_level")
"""Tags that only the base map asks for."""

Drawn = tuple[str, str, int]
"""(layer of the tiles, kind, first zoom)."""


def drawn(tags: Mapping[str, Any], part: str) -> Drawn | None:
    """How a thing of the extract's `part` is drawn; None for what a map of a town does not show."""
    if part == "lines":
        return _line(tags)
    if part == "points":
        place = str(tags.get("place", ""))
        return ("places", place, PLACES[place]) if place in PLACES and tags.get("name") else None
    return _polygon(tags)


def _line(tags: Mapping[str, Any]) -> Drawn | None:
    if road := ROADS.get(str(tags.get("highway", "")).removesuffix("_link")):
        return ("roads", *road)
    if tags.get("railway") in RAILWAYS:
        return ("roads", "rail", 10)
    if water := WATERWAYS.get(str(tags.get("waterway", ""))):
        return ("waterways", *water)
    return None


def _polygon(tags: Mapping[str, Any]) -> Drawn | None:
    if tags.get("building") not in (None, "no"):
        return ("buildings", "building", BUILDINGS_FROM)
    for tag, kinds in LAND.items():
        if found := kinds.get(str(tags.get(tag, ""))):
            return ("water" if found[0] == "water" else "land", *found)
    if tags.get("boundary") == "administrative" and (first := LEVELS.get(str(tags.get("admin_level", "")))):
        return ("boundaries", str(tags["admin_level"]), first)
    return None
