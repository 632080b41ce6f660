"""Changing a comparison or a variant by its form loses nothing that was there: shapes, border, department, name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.exceptions import ValidationError
from django.test import Client

from municipality.models import Area
from participation.forms.alternative import MOST_SHAPES, ShapesField
from participation.models import Alternative, Comparison
from tests import factories
from tests.participation.compared import LAT, LINE, LON, SPOT, SQUARE, again, opened, own, prepared, sent, variant
from tests.participation.test_event_pages import signed_in

pytestmark = pytest.mark.usefixtures("town")


def given(client: Client, page: str) -> dict[str, Any]:
    """What a browser without scripts sends of an untouched form."""
    form = client.get(page).context["form"]
    return {each.html_name: each.value() for each in form if each.value() not in (None, False)}


def shapes_of(made: Alternative) -> list[tuple[str, int]]:
    return [(shape.geom_type, len(shape)) for shape in Alternative.objects.get(pk=made.pk).shapes]


def test_a_comma_corrected_by_its_author_leaves_all_shapes_and_something_new_replaces_them() -> None:
    resident = factories.resident()
    made = sent(opened(), resident, shapes=(LINE, SQUARE, SPOT))
    client, page = signed_in(resident), f"/variants/{made.subject.reference}/change/"
    before = shapes_of(made)
    assert client.post(page, given(client, page) | {"title": "Мостче, ново"}).status_code == 302
    assert (Alternative.objects.get(pk=made.pk).title, shapes_of(made)) == ({"bg": "Мостче, ново"}, before)
    written = {"places": f"{LAT}, {LON}\n{LAT}, {LON + 0.01}", "joined": "line"}
    assert client.post(page, given(client, page) | written).status_code == 302
    assert shapes_of(made) == [("MultiLineString", 1)]
    assert json.loads(client.get(page).context["form"]["shape"].value())["type"] == "LineString"
    # Without scripts the line that was drawn comes back with the form: what is written replaces it all the same.
    area = {"places": f"{LAT}, {LON}\n{LAT}, {LON + 0.001}\n{LAT + 0.001}, {LON}", "joined": "area"}
    assert client.post(page, given(client, page) | area).status_code == 302
    assert shapes_of(made) == [("MultiPolygon", 1)]


def test_all_shapes_of_the_department_come_back_one_by_one_and_are_limited_together() -> None:
    by = factories.official()
    made = prepared(by, variant(SQUARE, SPOT, LINE, LINE), variant())
    shown = signed_in(by).get(f"/variants/{own(made)[0].subject.reference}/change/").context["form"]["geojson"].value()
    kinds = [each["type"] for each in json.loads(shown)["geometries"]]
    assert kinds == ["Polygon", "LineString", "LineString", "Point"]
    many = {"type": "MultiPoint", "coordinates": [[LON, LAT]] * (MOST_SHAPES + 1)}
    line = {"type": "LineString", "coordinates": [[LON + each / 100_000, LAT] for each in range(2600)]}
    field = ShapesField(required=False)
    for wrong in (many, {"type": "GeometryCollection", "geometries": [line, line]}):
        with pytest.raises(ValidationError):
            field.clean(json.dumps(wrong))
    assert len(field.clean(json.dumps(line))) == 1


def test_a_border_of_several_parts_and_another_department_stay_when_words_are_changed() -> None:
    by = factories.person("planner", name="Нели Ганева")
    first, second = SQUARE, Polygon.from_bbox((LON + 0.004, LAT, LON + 0.006, LAT + 0.002))
    second.srid = 4326
    border = MultiPolygon(first, second, srid=4326)
    made = prepared(by, variant(SQUARE), border=border)
    moderator = factories.person("moderator", organisation="parks", name="Стоян Илиев")
    client, page = signed_in(moderator), f"/alternatives/{made.subject.reference}/change/"
    assert client.post(page, given(client, page) | {"title": "Друго"}).status_code == 302
    kept = Comparison.objects.get(pk=made.pk)
    assert (kept.border, kept.organisation.slug, kept.title) == (border, "roads", {"bg": "Друго"})
    square = MultiPolygon(Polygon.from_bbox(Area.objects.get(slug="levka").polygon.extent), srid=4326)
    Comparison.objects.filter(pk=made.pk).update(border=square)
    assert client.get(page).context["form"]["border"].value() == "levka"
    west, south, east, north = square.extent  # another outline in the same box
    triangle = MultiPolygon(Polygon(((west, south), (east, south), (west, north), (west, south))), srid=4326)
    Comparison.objects.filter(pk=made.pk).update(border=triangle)
    assert client.get(page).context["form"]["border"].value() is None
    assert again(made).border == triangle
