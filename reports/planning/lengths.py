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
PIECES = 50
"""A line is cut in pieces of at most so small a part of a hexagon's width; each counts where its middle lies."""


def measured_layers() -> list[tuple[str, str]]:
    """(value in the address, label) of each published layer that has lines; one query."""
    found = Layer.objects.filter(published=True, features__line__isnull=False).distinct()
    return [(f"{PREFIX}{layer.slug}", _("Length: %(layer)s") % {"layer": text_in(layer.name)}) for layer in found]


def lengths(value: str, key: Ints, box: BBox, local: Local, width: float) -> Floats:
    """Metres of the layer's lines in each of the hexagons `key` (rising, each once); one query."""
    wkb = Func("line", function="ST_AsBinary", output_field=BinaryField())
    lines = Feature.objects.filter(layer__slug=value.removeprefix(PREFIX), line__bboverlaps=box_of(box))
    found = np.zeros(len(key))
    for shape in lines.values_list(wkb, flat=True):
        for part in shapely.get_parts(in_metres(shapely.from_wkb(bytes(shape)), local)):
            at = shapely.get_coordinates(shapely.segmentize(part, width / PIECES))
            middle, step = (at[1:] + at[:-1]) / 2, np.hypot(*np.diff(at, axis=0).T)
            held = keys_at(middle[:, 0], middle[:, 1], width)
            place = np.minimum(np.searchsorted(key, held), len(key) - 1)
            known = key[place] == held
            np.add.at(found, place[known], step[known])
    return found
