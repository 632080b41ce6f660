"""Small files of geodata, made as people's programs make them, and the way of one through check and carrying out."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from geoportal.kernel import child
from layers import actions, import_child, import_shapes
from layers.importing import Mapping
from layers.models import Feature, Import, Layer
from tests import factories

LON, LAT = factories.CENTRE
ENDINGS = {
    "GPKG": "gpkg",
    "GeoJSON": "geojson",
    "FlatGeobuf": "fgb",
    "KML": "kml",
    "GPX": "gpx",
    "DXF": "dxf",
    "ESRI Shapefile": "shp",
}


def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read by the same functions, but in this process: what they are bounded by is tested with one of their own."""
    for name, value in import_child.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(import_shapes, "only", lambda driver: None)
    monkeypatch.setattr(child, "lines", lambda _program, order, **_bounds: import_child.answered(json.loads(order)))


def layer(slug: str = "posts", **fields: Any) -> Layer:
    return Layer.objects.create(slug=slug, name=factories.texts("Стълбове", "Posts"), **fields)


def written(
    folder: Path,
    driver: str,
    shapes: list[Any],
    fields: dict[str, list[Any]] | None = None,
    crs: str | None = "EPSG:4326",
    **more: Any,
) -> bytes:
    """The bytes of a file of that driver; a shapefile packed as ZIP."""
    path = folder / f"made.{ENDINGS[driver]}"
    fields = fields if fields is not None else {"код": [f"{n}" for n in range(len(shapes))]}
    kinds = {shape.geom_type for shape in shapes if shape is not None}
    kind = more.pop("geometry_type", kinds.pop() if len(kinds) == 1 else "Unknown")
    pyogrio.raw.write(
        path, np.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], dtype=object),
        [np.array(values, dtype=object if isinstance(values[0], str | None) else None) for values in fields.values()],
        list(fields), driver=driver, geometry_type=kind, crs=crs, **more,
    )  # fmt: skip
    if driver != "ESRI Shapefile":
        return path.read_bytes()
    return packed({each.name: each.read_bytes() for each in folder.glob("made.*") if each.suffix != ".zip"})


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def geojson(*features: tuple[dict[str, Any] | None, dict[str, Any]], **more: Any) -> bytes:
    rows = [{"type": "Feature", "properties": properties, "geometry": geometry} for geometry, properties in features]
    return json.dumps({"type": "FeatureCollection", **more, "features": rows}, ensure_ascii=False).encode()


def point(lon: float = LON, lat: float = LAT) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def polygon(*corners: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(corner) for corner in (*corners, corners[0])]]}


def checked(into: Layer, data: bytes, **mapping: Any) -> Import:
    made = actions.begin(into, "файл", [data], by=None, mapping=Mapping(**mapping), job=False)
    actions.check(made.pk)
    made.refresh_from_db()
    return made


def taken(into: Layer, data: bytes, **mapping: Any) -> Import:
    """Checked and carried out."""
    made = checked(into, data, **mapping)
    assert made.state == Import.State.CHECKED, (made.refused, made.about)
    assert actions.carry_out(made.pk) == Import.State.DONE
    made.refresh_from_db()
    return made


def standing(into: Layer) -> list[tuple[Any, ...]]:
    """Everything of the layer's features but their numbers."""
    rows = Feature.objects.filter(layer=into).order_by("slug")
    return [(r.slug, r.key, r.name, r.icon, r.approximate, r.properties, r.point, r.line, r.polygon) for r in rows]


def refused(data: bytes, **mapping: Any) -> str:
    """Why a file is refused, read by the process that reads files."""
    into, _made = Layer.objects.get_or_create(slug="refused", defaults={"name": {}})
    found = checked(into, data, **mapping)
    assert found.state == Import.State.FAILED
    assert not found.rows.exists()
    return found.refused
