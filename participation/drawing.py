"""Variants drawn: by the server in one frame, so that pictures compare; as GeoJSON for the map's script."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from geoportal.kernel.geometry import as_geojson
from geoportal.kernel.multilingual import text_in
from participation import wording_alternatives as wording
from participation.models import Alternative
from reports.planning import picture
from reports.planning.result import Result

WIDTH = 240
"""Units, so few that letters of 11 of them can be read where the picture is a phone's width or a column's."""
MARGIN, LEAST = 0.12, 0.003
"""Beside what is drawn, as a share of it; degrees from south to north that are seen at least, some 330 m."""
BROAD = 1.5
"""Width of a frame to its height, at least: broad pictures stand under each other on a phone without filling it."""


def geometry_of(variant: Alternative) -> dict[str, Any]:
    """All of its shapes as one GeoJSON geometry."""
    found = [as_geojson(shape) for shape in variant.shapes]
    return found[0] if len(found) == 1 else {"type": "GeometryCollection", "geometries": found}


def frame_of(variants: Sequence[Alternative]) -> picture.Box | None:
    """West, south, east, north around all of them, with a margin; None for none."""
    extents = [shape.extent for each in variants for shape in each.shapes]
    if not extents:
        return None
    west, south = (min(extent[at] for extent in extents) for at in (0, 1))
    east, north = (max(extent[at] for extent in extents) for at in (2, 3))
    shrink = math.cos(math.radians((south + north) / 2))
    high = max((north - south) * (1 + 2 * MARGIN), LEAST)
    wide = max((east - west) * (1 + 2 * MARGIN), high * BROAD / shrink)
    x, y = (west + east) / 2, (south + north) / 2
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def view_of(variants: Sequence[Alternative]) -> str:
    """„lon,lat,zoom“ of a map that shows all of them, as `at` in an address has it; "" for none."""
    box = frame_of(variants)
    if box is None:
        return ""
    west, south, east, north = box
    zoom = max(10, min(17, round(math.log2(360 / (east - west)))))
    return f"{(west + east) / 2:.5f},{(south + north) / 2:.5f},{zoom}"


def svg(variant: Alternative, box: picture.Box | None = None) -> SafeString:
    """The variant over the outline of the municipality, without any tile."""
    sign = wording.letter(variant)
    row = {"geometry": geometry_of(variant), "weight": 0.4, "sign": sign}
    words = _("Map: %(name)s, %(title)s") % {"name": wording.name(variant), "title": text_in(variant.title)}
    return picture.svg(
        Result("alternatives", words, "", "", 1, rows=[row]), words=words, box=box or frame_of([variant]), width=WIDTH
    )


def data(variants: Sequence[Alternative]) -> dict[str, Any]:
    """For the script of the maps: a FeatureCollection, one feature for each kind of shape of a variant, with `ref` and `letter`."""
    features = [
        {
            "type": "Feature", "geometry": as_geojson(shape),
            "properties": {"ref": each.subject.reference, "letter": wording.letter(each)},
        }
        for each in variants for shape in each.shapes
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}
