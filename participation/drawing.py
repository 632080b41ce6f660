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

BROAD = 1.5
"""Width of a frame to its height, at least: broad pictures stand under each other on a phone without filling it."""


def geometry_of(variant: Alternative) -> dict[str, Any]:
    """All of its shapes as one GeoJSON geometry."""
    found = [as_geojson(shape) for shape in variant.shapes]
    return found[0] if len(found) == 1 else {"type": "GeometryCollection", "geometries": found}


def frame_of(variants: Sequence[Alternative]) -> picture.Box | None:
    """West, south, east, north around all of them, with a margin; None for none."""
    geometries = [geometry_of(each) for each in variants]
    if not geometries:
        return None
    west, south, east, north = picture.frame(geometries)
    shrink = math.cos(math.radians((south + north) / 2))
    more = max(0.0, (north - south) * BROAD / shrink - (east - west)) / 2
    return west - more, south, east + more, north


def svg(variant: Alternative, box: picture.Box | None = None) -> SafeString:
    """The variant over the outline of the municipality, without any tile."""
    sign = wording.letter(variant)
    row = {"geometry": geometry_of(variant), "weight": 0.4, "sign": sign}
    words = _("Map: %(name)s, %(title)s") % {"name": wording.name(variant), "title": text_in(variant.title)}
    return picture.svg(Result("alternatives", words, "", "", 1, rows=[row]), words=words, box=box or frame_of([variant]))


def data(variants: Sequence[Alternative], urls: dict[int, str]) -> dict[str, Any]:
    """For the script of the maps: a FeatureCollection with `bbox`; one feature for each kind of shape of a variant.

    Properties: ref, letter, title, url, own (the municipality's).
    """
    features = [
        {
            "type": "Feature", "geometry": as_geojson(shape),
            "properties": {
                "ref": each.subject.reference, "letter": wording.letter(each), "title": text_in(each.title), "url": urls[each.pk],
                "own": each.own,
            },
        }
        for each in variants for shape in each.shapes
    ]  # fmt: skip
    return {"type": "FeatureCollection", "bbox": frame_of(variants), "features": features}
