"""The geometry gate: what it takes, what it refuses, and that nothing passes round it."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework import serializers

from geoportal.kernel.geometry import GeometryRefused, as_geojson, bbox, geojson, point
from geoportal.kernel.geometry_fields import GateGeometryField, GeometryField, LonLatForm
from tests.kernel.hostile import BOW_TIE, HOSTILE, SQUARE

ALL = frozenset({"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"})
GOOD: list[dict[str, Any]] = [
    {"type": "Point", "coordinates": [23.7942, 42.9061]},
    {"type": "Point", "coordinates": [-180, -90]},
    {"type": "Point", "coordinates": [180, 90], "name": "a foreign member"},
    {"type": "MultiPoint", "coordinates": [[23, 42], [23.1, 42.1]]},
    {"type": "LineString", "coordinates": [[23, 42], [23.1, 42.1]]},
    {"type": "MultiLineString", "coordinates": [[[23, 42], [23.1, 42.1]], [[24, 42], [24.1, 42.1]]]},
    {"type": "Polygon", "coordinates": [SQUARE]},
    {"type": "Polygon", "coordinates": [SQUARE, [[23.02, 42.02], [23.04, 42.02], [23.04, 42.04], [23.02, 42.02]]]},
    {"type": "MultiPolygon", "coordinates": [[SQUARE], [[[25, 42], [25.1, 42], [25.1, 42.1], [25, 42]]]]},
]
hostile = pytest.mark.parametrize("sent", [sent for _name, sent in HOSTILE], ids=[name for name, _sent in HOSTILE])


def as_text(sent: str | dict[str, Any]) -> str:
    return sent if isinstance(sent, str) else json.dumps(sent)


def test_the_table_is_long_enough_and_its_names_are_unique() -> None:
    names = [name for name, _sent in HOSTILE]
    assert len(names) >= 60
    assert len(set(names)) == len(names)


@hostile
def test_gate_refuses(sent: str | dict[str, Any]) -> None:
    with pytest.raises(GeometryRefused) as refused:
        geojson(sent, kinds=ALL)
    assert refused.value.code
    for secret in ("1e+300", "e300", "SRID", "alert", "DROP"):
        assert secret not in str(refused.value.messages)


@hostile
def test_form_field_refuses_and_keeps_what_was_typed(sent: str | dict[str, Any]) -> None:
    from django import forms

    class PlaceForm(forms.Form):
        place = GeometryField(kinds=ALL)

    text = as_text(sent)
    form = PlaceForm({"place": text})
    assert not form.is_valid()
    assert list(form.errors) == ["place"]
    assert form["place"].value() == text
    assert form.fields["place"].has_changed(None, text) is True
    form.as_p()


@hostile
def test_serializer_field_refuses(sent: str | dict[str, Any]) -> None:
    class PlaceSerializer(serializers.Serializer):  # type: ignore[type-arg]
        place = GateGeometryField(kinds=ALL)

    serializer = PlaceSerializer(data={"place": sent})
    assert not serializer.is_valid()
    assert list(serializer.errors) == ["place"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ('{"type":"Point","coordinates":[1e300,2]}', "range"),
        ('{"type":"Point","coordinates":[1e400,2]}', "not_finite"),
        ('{"type":"Point","coordinates":[NaN,2]}', "not_finite"),
        ("SRID=3857;POINT(1 2)", "crs"),
        ('{"type":"Point","coordinates":[1,2],"crs":{}}', "crs"),
        ("[" * 100_000, "depth"),
        ({"type": "Point", "coordinates": [[[[[[[[[[[[1]]]]]]]]]]]]}, "depth"),
        (" " * 256_001, "too_large"),
        ("я" * 128_001, "too_large"),
        ({"type": "Line", "coordinates": []}, "kind"),
        ({"type": "MultiPoint", "coordinates": [[1, 1]] * 10_001}, "vertices"),
        ({"type": "Point", "coordinates": [1, 2, 3]}, "dimensions"),
        ({"type": "Polygon", "coordinates": [SQUARE[:-1]]}, "ring"),
        ({"type": "Polygon", "coordinates": [BOW_TIE]}, "invalid"),
        (b"\xff\xfe", "invalid"),
    ],
)
def test_refusal_says_why(sent: Any, code: str) -> None:
    with pytest.raises(GeometryRefused) as refused:
        geojson(sent, kinds=ALL)
    assert refused.value.code == code


def test_positions_are_counted_before_they_are_looked_at() -> None:
    """10,001 far positions are refused for their number: nobody looks at them one by one."""
    with pytest.raises(GeometryRefused) as refused:
        geojson({"type": "MultiPoint", "coordinates": [[1e300, 1]] * 10_001}, kinds=ALL)
    assert refused.value.code == "vertices"


@pytest.mark.parametrize("sent", GOOD, ids=lambda sent: sent["type"])
def test_good_ones_pass_every_way(sent: dict[str, Any]) -> None:
    kinds = frozenset({sent["type"]})
    for built in (
        geojson(sent, kinds=kinds),
        geojson(json.dumps(sent), kinds=kinds),
        geojson(json.dumps(sent).encode(), kinds=kinds),
        GeometryField(kinds=kinds).clean(json.dumps(sent)),
        GateGeometryField(kinds=kinds).run_validation(sent),
    ):
        assert isinstance(built, GEOSGeometry)
        assert built.srid == 4326
        assert built.valid
        assert as_geojson(built) == {"type": sent["type"], "coordinates": json.loads(json.dumps(sent["coordinates"]))}


def test_other_kind_is_refused() -> None:
    for sent in GOOD:
        with pytest.raises(GeometryRefused) as refused:
            geojson(sent, kinds=ALL - {sent["type"]})
        assert refused.value.code == "kind"


def test_planner_may_send_more_vertices() -> None:
    corners = [
        [23 + 0.1 * math.cos(2 * math.pi * step / 30_000), 42 + 0.1 * math.sin(2 * math.pi * step / 30_000)]
        for step in range(30_000)
    ]
    sent = json.dumps({"type": "Polygon", "coordinates": [[*corners, corners[0]]]})
    assert geojson(sent, kinds=ALL, max_vertices=100_000).num_coords == 30_001
    with pytest.raises(GeometryRefused):
        geojson(sent, kinds=ALL)


def test_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """GEOS would log the place of a crossing; the gate asks in a way that does not."""
    with pytest.raises(GeometryRefused):
        geojson({"type": "Polygon", "coordinates": [BOW_TIE]}, kinds=ALL)
    assert caplog.records == []


def test_point_takes_numbers_and_their_text() -> None:
    for lon, lat in ((23.79, 42.9), ("23.79", "42.9"), (" 23,79 ", "42,9"), ("2.379e1", "+42.9")):
        assert point(lon, lat).coords == (23.79, 42.9)
    assert point(0, 0).srid == 4326


@pytest.mark.parametrize(
    "lon",
    [
        math.nan,
        math.inf,
        1e300,
        181,
        "1e300",
        "nan",
        "inf",
        "",
        "x",
        "0x10",
        "1_0",
        "٢٣",
        "23;42",
        "2" * 500,
        True,
        None,
        "23.7\x00",
    ],
)
def test_point_refuses(lon: Any) -> None:
    with pytest.raises(GeometryRefused):
        point(lon, 42)


def test_point_outside_the_given_box_is_refused() -> None:
    box = (23.0, 42.0, 24.0, 43.0)
    assert point(23.0, 43.0, within=box).coords == (23.0, 43.0)
    with pytest.raises(GeometryRefused) as refused:
        point(22.99, 42.5, within=box)
    assert refused.value.code == "range"


def test_bbox() -> None:
    assert bbox("23.5,42.7,24.1,43") == (23.5, 42.7, 24.1, 43.0)
    assert bbox(" -180, -90 ,180,90") == (-180.0, -90.0, 180.0, 90.0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,2,3",
        "1,2,3,4,5",
        "24,42,23,43",
        "23,43,24,42",
        "23,42,23,43",
        "nan,1,2,3",
        "1e300,1,2,3",
        "1,2,3,91",
        "a,b,c,d",
        "1," * 200,
    ],
)
def test_bbox_refuses(text: str) -> None:
    with pytest.raises(GeometryRefused):
        bbox(text)


def test_lon_lat_form() -> None:
    assert LonLatForm({"lon": "23,5", "lat": "42"}).is_valid()
    empty = LonLatForm({})
    assert empty.is_valid()
    assert empty.cleaned_data["point"] is None
    wrong = LonLatForm({"lon": "1e300", "lat": "42"})
    assert list(wrong.errors) == ["lon"]


def test_form_field_shows_stored_geometry_as_geojson() -> None:
    field = GeometryField(kinds=ALL, required=False)
    stored = point(23.123456789, 42)
    assert json.loads(field.prepare_value(stored)) == {"type": "Point", "coordinates": [23.123457, 42.0]}
    assert field.has_changed(stored, '{"type":"Point","coordinates":[23.123457,42]}') is False
    assert field.has_changed(stored, '{"type":"Point","coordinates":[23.2,42]}') is True
    assert field.clean("") is None
    assert field.clean(stored) is stored
    with pytest.raises(ValidationError):
        GeometryField(kinds=ALL).clean("  ")


_numbers = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(),
    st.booleans(),
    st.none(),
    st.text(max_size=5),
    st.floats(-180, 180),
)
_json = st.recursive(
    _numbers, lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=6), inner, max_size=4), max_leaves=25
)
_shapes = st.fixed_dictionaries(
    {"type": st.sampled_from([*sorted(ALL), "GeometryCollection", "Feature"]), "coordinates": _json},
    optional={"crs": _json, "bbox": _json},
)


def _is_sound(built: GEOSGeometry) -> None:
    west, south, east, north = built.extent
    assert built.valid
    assert not built.empty
    assert built.srid == 4326
    assert built.hasz is False
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_shapes | _json)
def test_fuzz_objects(sent: Any) -> None:
    """Whatever comes, it is refused in the gate's own way or it is sound."""
    try:
        built = geojson(sent, kinds=ALL)
    except GeometryRefused:
        return
    _is_sound(built)


@settings(max_examples=600, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200) | _shapes.map(json.dumps))
def test_fuzz_text(sent: str | bytes) -> None:
    try:
        built = geojson(sent, kinds=ALL)
    except GeometryRefused:
        return
    _is_sound(built)


_positions = st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(list)


@settings(max_examples=300, deadline=None)
@given(st.lists(_positions, min_size=3, max_size=12))
def test_fuzz_rings(corners: list[list[float]]) -> None:
    try:
        built = geojson({"type": "Polygon", "coordinates": [[*corners, corners[0]]]}, kinds=ALL)
    except GeometryRefused as refused:
        assert refused.code in {"invalid", "ring"}
        return
    _is_sound(built)
