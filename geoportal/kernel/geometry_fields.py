"""The geometry gate as fields of forms and of APIs."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib.gis.db import models as gis
from django.contrib.gis.geos import GEOSGeometry, Point
from django.core.exceptions import ValidationError
from django.db.models import Field
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from geoportal.kernel.geometry import MOST_VERTICES, BBox, as_geojson, geojson, point

POINT = frozenset({"Point"})
LINE = frozenset({"LineString"})
POLYGON = frozenset({"Polygon"})
SHAPES = POINT | LINE | POLYGON


class GeometryField(forms.Field):
    """GeoJSON text in, geometry out (None when empty and not required); what was typed is shown again as typed."""

    widget = forms.HiddenInput

    def __init__(self, *, kinds: frozenset[str], max_vertices: int = MOST_VERTICES, **kwargs: Any) -> None:
        self.kinds = kinds
        self.max_vertices = max_vertices
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> GEOSGeometry | None:
        if isinstance(value, GEOSGeometry):  # an initial value of ours
            return value
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        return geojson(value, kinds=self.kinds, max_vertices=self.max_vertices)

    def prepare_value(self, value: Any) -> Any:
        return json.dumps(as_geojson(value)) if isinstance(value, GEOSGeometry) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as GeoJSON: no geometry is built from what was sent."""
        before = self.prepare_value(initial) if initial else ""
        try:
            after = self.prepare_value(self.to_python(data)) or ""
        except ValidationError:
            return True
        return bool(before != after)


class LonLatForm(forms.Form):
    """Two plain number fields, for places without a map; `cleaned_data["point"]` is the Point or None."""

    within: BBox | None = None
    lon = forms.CharField(required=False, max_length=40, label=_("Place on the map"), widget=forms.HiddenInput)
    lat = forms.CharField(required=False, max_length=40, label=_("Place on the map"), widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["point"] = self._point(cleaned.get("lon", ""), cleaned.get("lat", ""))
        return cleaned

    def _point(self, lon: str, lat: str) -> Point | None:
        if not (lon or lat):
            return None
        try:
            return point(lon, lat, within=self.within)
        except ValidationError as refused:
            self.add_error("lon", refused)
            return None


@extend_schema_field(
    {
        "type": "object",
        "description": "GeoJSON geometry (RFC 7946), WGS84",
        "required": ["type", "coordinates"],
        "properties": {"type": {"type": "string"}, "coordinates": {"type": "array", "items": {}}},
    }
)
class GateGeometryField(serializers.Field[GEOSGeometry, Any, dict[str, Any], Any]):
    """GeoJSON object in, geometry out; stored geometry back as GeoJSON with six decimals."""

    def __init__(self, *, kinds: frozenset[str], max_vertices: int = MOST_VERTICES, **kwargs: Any) -> None:
        self.kinds = kinds
        self.max_vertices = max_vertices
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> GEOSGeometry:
        try:
            return geojson(data, kinds=self.kinds, max_vertices=self.max_vertices)
        except ValidationError as refused:
            raise serializers.ValidationError(refused.messages, code=refused.code) from refused

    def to_representation(self, value: GEOSGeometry) -> dict[str, Any]:
        return as_geojson(value)


_KIND_OF_COLUMN = {
    "POINT": "Point",
    "LINESTRING": "LineString",
    "POLYGON": "Polygon",
    "MULTIPOINT": "MultiPoint",
    "MULTILINESTRING": "MultiLineString",
    "MULTIPOLYGON": "MultiPolygon",
}


def gate_formfield(column: Field[Any, Any], *, max_vertices: int = 100_000) -> forms.Field | None:
    """For an admin's `formfield_for_dbfield`: the gate as the form field of a geometry column, None for other columns."""
    if not isinstance(column, gis.GeometryField):
        return None
    kind = _KIND_OF_COLUMN[str(column.geom_type)]
    return GeometryField(
        kinds=frozenset({kind}),
        max_vertices=1 if kind == "Point" else max_vertices,
        required=not column.blank,
        label=column.verbose_name,
        help_text=column.help_text,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
    )
