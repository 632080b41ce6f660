"""Drawn sample photos by kind; the same kind and seed give the same picture."""

from __future__ import annotations

from collections.abc import Callable

from reports.loading import scenes_place as place
from reports.loading import scenes_street as street

SCENES: dict[str, Callable[[str], bytes]] = {
    "bench": place.bench,
    "bike-path": street.bike_path,
    "bins": place.bins,
    "building": place.building,
    "bulky": place.bulky,
    "bus-stop": place.bus_stop,
    "dump": place.dump,
    "flood": street.flood,
    "fountain": place.fountain,
    "graffiti": place.graffiti,
    "lamp": street.lamp,
    "lamp-far": street.lamp_far,
    "mud": street.mud,
    "parking": street.parking,
    "patched": street.patched,
    "pavement": street.pavement,
    "playground": place.playground,
    "playground-fixed": place.playground_fixed,
    "pothole": street.pothole,
    "ramp": place.ramp,
    "river": place.river,
    "road": street.road,
    "smoke": place.smoke,
    "snow": street.snow,
    "trail": place.trail,
    "tree": place.tree,
    "wreck": street.wreck,
}


def draw(kind: str, seed: str = "") -> bytes:
    """A JPEG of 1200 × 900 pixels. KeyError for an unknown kind."""
    return SCENES[kind](f"{kind} {seed}")
