"""A border within which a place must lie, as every form with a map shows it: drawn on the map itself, and said in words for all others."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _

from geoportal.kernel.geometry import as_geojson
from municipality.models import Area

MOST_NAMES = 6


@dataclass(frozen=True)
class Border:
    """`shape`: a GeoJSON geometry as text; `words`: that there is one, and on the land of which settlements."""

    shape: str
    words: str


def border_of(geometry: GEOSGeometry | None) -> Border | None:
    """What map/_place_picker.html draws as `within`; one query. None without a border."""
    if geometry is None:
        return None
    names = Area.objects.within(geometry)
    words = _("The place must lie within a border; the map shows it.")
    if names:
        listed = ", ".join(names[:MOST_NAMES]) + (" …" if len(names) > MOST_NAMES else "")
        words += " " + _("The border lies on the land of: %(names)s.") % {"names": listed}
    return Border(json.dumps(as_geojson(geometry)), words)
