"""The drawn area of a question: circle, polygon or a saved one; from the address's text to one WGS84 polygon."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from geoportal.kernel import geometry
from reports.parameters import BadParameter
from reports.planning.kept import LONGEST_QUERY, SavedArea

NAME = "within"
LEAST_METRES, MOST_METRES = 10, 100_000
MOST_CORNERS = 200
CIRCLE_CORNERS = 128
"""A circle as a polygon of so many corners is 0.04 % smaller than the circle."""
# WGS84: half the longer axis in metres and the square of the eccentricity.
_AXIS, _E2 = 6378137.0, 0.00669437999014


@dataclass(frozen=True)
class Drawn:
    """`text` as it stands in the address, `words` for the reader, `polygon` in WGS84."""

    text: str
    words: str
    polygon: GEOSGeometry


def read(text: str) -> Drawn:
    """The area of `circle:LON,LAT,METRES`, `polygon:LON LAT,LON LAT,…` or `saved:<id>`. Raises BadParameter."""
    shape, _colon, rest = text.strip().partition(":")
    try:
        if len(text) > LONGEST_QUERY:
            raise ValidationError(_("The drawn area has too many corners. At most %(most)s fit.") % {"most": MOST_CORNERS})
        if shape == "circle":
            return _circle(text.strip(), rest)
        if shape == "polygon":
            return _polygon(text.strip(), rest)
        if shape == "saved":
            return _saved(text.strip(), rest)
        raise ValidationError(_("Write circle:longitude,latitude,metres or polygon:longitude latitude,longitude latitude,…"))
    except ValidationError as refused:
        found = BadParameter(NAME, refused.messages[0])
        found.label = _("Drawn area")
        raise found from refused


def _circle(text: str, rest: str) -> Drawn:
    parts = rest.split(",")
    if len(parts) != 3:
        raise ValidationError(_("A circle has three numbers: longitude,latitude,metres."))
    centre = geometry.point(parts[0], parts[1])
    metres = _metres(parts[2])
    polygon = circle(centre.x, centre.y, metres)
    words = _("circle of %(metres)s m around %(lat)s, %(lon)s") % {
        "metres": number_format(metres, 0, force_grouping=True),
        "lat": f"{centre.y:.5f}",
        "lon": f"{centre.x:.5f}",
    }
    return Drawn(text, words, polygon)


def _metres(text: str) -> float:
    try:
        value = float(text) if len(text) <= 20 else math.nan
    except ValueError:
        value = math.nan
    if not LEAST_METRES <= value <= MOST_METRES:  # NaN is no number between them
        raise ValidationError(
            _("The radius is a number of metres from %(lowest)s to %(highest)s.")
            % {"lowest": LEAST_METRES, "highest": number_format(MOST_METRES, force_grouping=True)}
        )
    return value


def circle(lon: float, lat: float, metres: float) -> GEOSGeometry:
    """The circle on the ground around a point (degrees), as a WGS84 polygon of CIRCLE_CORNERS corners.

    Each corner lies on the sphere that fits the ellipsoid in its direction (Euler's radius); against the geodesic this
    errs by less than 0.03 % up to 100 km. Raises GeometryRefused where it would leave the globe.
    """
    phi = math.radians(lat)
    across = _AXIS / math.sqrt(1 - _E2 * math.sin(phi) ** 2)
    along = across * (1 - _E2) / (1 - _E2 * math.sin(phi) ** 2)
    ring = []
    for number in range(CIRCLE_CORNERS):
        bearing = 2 * math.pi * number / CIRCLE_CORNERS
        radius = along * across / (across * math.cos(bearing) ** 2 + along * math.sin(bearing) ** 2)
        angle = metres / radius
        north = math.asin(math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(bearing))
        east = math.atan2(
            math.sin(bearing) * math.sin(angle) * math.cos(phi), math.cos(angle) - math.sin(phi) * math.sin(north)
        )
        ring.append([lon + math.degrees(east), math.degrees(north)])
    return geometry.geojson({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}, kinds=frozenset({"Polygon"}))


def _polygon(text: str, rest: str) -> Drawn:
    corners = [corner.split() for corner in rest.split(",")]
    if any(len(corner) != 2 for corner in corners):
        raise ValidationError(_("Every corner has two numbers, longitude and latitude, with a space between them."))
    if not 3 <= len(corners) <= MOST_CORNERS + 1:
        raise ValidationError(_("A drawn area has 3 to %(most)s corners.") % {"most": MOST_CORNERS})
    ring = [list(geometry.point(lon, lat).coords) for lon, lat in corners]
    if ring[0] != ring[-1]:
        ring.append(ring[0])
    polygon = geometry.geojson({"type": "Polygon", "coordinates": [ring]}, kinds=frozenset({"Polygon"}))
    return Drawn(text, _("drawn area with %(corners)s corners") % {"corners": len(ring) - 1}, polygon)


def _saved(text: str, rest: str) -> Drawn:
    """Colleagues open saved analyses with it, so whoever knows its id and may plan reads it."""
    try:
        key = uuid.UUID(rest)
    except ValueError:
        key = None
    found = SavedArea.objects.filter(pk=key).only("name", "polygon").first() if key else None
    if found is None:
        raise ValidationError(_("This saved area no longer exists. Choose another or draw one."))
    return Drawn(text, _("area “%(name)s”") % {"name": found.name}, found.polygon)
