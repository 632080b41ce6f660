"""How many metres of a layer's lines (streets, paths, pipes) lie in each hexagon: a count's denominator where people are not."""

from __future__ import annotations

import numpy as np
import shapely
from django.db.models import BinaryField, Func
from django.utils.translation import gettext as _

from geoportal.kernel.multilingual import text_in
from geoportal.kernel.postgis import box as box_of
from layers.models import Feature, Layer
from reports.planning.hexagons import Floats, Ints, keys_at
from reports.planning.local import Local
from reports.planning.region import in_metres
from reports.querysets import BBox

PREFIX = "length."
PIECES = 20
"""A line is cut in pieces of at most so small a part of a hexagon's width; each counts where its middle lies."""
METRES = 50_000
"""A degree of longitude has more as far as 63 degrees from the equator."""
TOGETHER = 500
"""Lines that are cut at once: one by one takes long, all of a country's at once much memory."""


def measured_layers() -> list[tuple[str, str]]:
    """(value in the address, label) of each published layer that has lines; one query."""
    found = Layer.objects.filter(published=True, features__line__isnull=False).distinct()
    return [(f"{PREFIX}{layer.slug}", _("Length: %(layer)s") % {"layer": text_in(layer.name)}) for layer in found]


def lengths(value: str, key: Ints, box: BBox, local: Local, width: float) -> Floats:
    """Metres of the layer's lines in each of the hexagons `key` (rising, each once); one query."""
    wkb = Func("line", function="ST_AsBinary", output_field=BinaryField())
    lines = Feature.objects.filter(layer__slug=value.removeprefix(PREFIX), line__bboverlaps=box_of(box))
    shapes = [shapely.from_wkb(bytes(shape)) for shape in lines.values_list(wkb, flat=True)]
    found = np.zeros(len(key))
    # Of a line that goes on outside, only what lies in the box and in the hexagons on its edge is cut in pieces.
    west, south, east, north = box
    edge = width / METRES
    near = shapely.clip_by_rect(shapes, west - edge, south - edge, east + edge, north + edge)
    parts = shapely.get_parts(in_metres(near, local))
    for start in range(0, len(parts), TOGETHER):
        at, line = shapely.get_coordinates(
            shapely.segmentize(parts[start : start + TOGETHER], width / PIECES), return_index=True
        )
        same = line[1:] == line[:-1]
        middle, step = ((at[1:] + at[:-1]) / 2)[same], np.hypot(*np.diff(at, axis=0).T)[same]
        held = keys_at(middle[:, 0], middle[:, 1], width)
        place = np.minimum(np.searchsorted(key, held), len(key) - 1)
        known = key[place] == held
        found += np.bincount(place[known], weights=step[known], minlength=len(key))
    return found
