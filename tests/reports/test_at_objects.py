"""A report about a thing of a layer: picked as a post, a street or a park; kept, shown, found, exported, left when it is moved."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, MultiPolygon, Point, Polygon
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from discussion.models import Subject
from discussion.search import query
from layers.models import Feature, Layer
from reports import actions, at_objects
from reports.forms.place import PlaceForm
from reports.freshness import data_version
from reports.models import PickedObject, Report
from reports.nearby import around
from tests import factories
from tests.api.client import Api
from tests.api.open311.asking import post, program, read, whole

pytestmark = pytest.mark.django_db
LON, LAT = factories.CENTRE
EAST, NORTH = 1 / 81_700, 1 / 111_000
"""Degrees of a metre there."""


def at(east: float, north: float) -> Point:
    return Point(LON + east * EAST, LAT + north * NORTH, srid=4326)


@pytest.fixture(autouse=True)
def town() -> None:
    """A post at the middle, a street 20 m north of it from 100 m west to 100 m east, a park from 30 m to 200 m south; and a
    layer of which nothing can be picked."""
    factories.town()

    def layer(slug: str, bg: str, en: str, **more: Any) -> Layer:
        return Layer.objects.create(slug=slug, name=factories.texts(bg, en), **{"pickable": True, **more})

    lamps = layer("lamps", "Осветление", "Lighting", popup=["Мощност"])
    Feature.objects.create(
        layer=lamps, slug="12", key="12", name=factories.texts("Лампа 12", "Lamp 12"), point=at(0, 0),
        properties={"Мощност": 70, "Договор": "А-1"},
    )  # fmt: skip
    street = MultiLineString(LineString((at(-100, 20).coords), (at(100, 20).coords)), srid=4326)
    Feature.objects.create(
        layer=layer("streets", "Улици", "Streets"), slug="rila", name=factories.texts("ул. Рила", "Rila"), line=street
    )
    corners = [at(-50, -200), at(50, -200), at(50, -30), at(-50, -30), at(-50, -200)]
    park = MultiPolygon(Polygon([each.coords for each in corners]), srid=4326)
    Feature.objects.create(
        layer=layer("parks", "Паркове", "Parks"), slug="p1", name=factories.texts("Парк", "Park"), polygon=park
    )
    Feature.objects.create(layer=layer("bins", "Кошове", "Bins", pickable=False), slug="b1", name={}, point=at(1, 1))


def thing(name: str) -> Feature:
    found = at_objects.chosen(name)
    assert found is not None
    return found


def test_what_is_near_by_distance_and_where_a_report_about_it_lies(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        found = at_objects.near(at(10, 0))
    assert [(row.called, round(row.metres), row.marked) for row in found] == [  # type: ignore[attr-defined]
        ("lamps.12", 10, False), ("streets.rila", 20, False), ("parks.p1", 30, False),
    ]  # fmt: skip
    assert [row.called for row in at_objects.near(at(0, -100))] == ["parks.p1"]
    places = {
        name: at_objects.place_at(thing(name), given)
        for name, given in (("lamps.12", at(10, 0)), ("streets.rila", at(10, 0)), ("parks.p1", at(10, -100)))
    }
    assert {name: (place.x, place.y) for name, place in places.items()} == {
        name: pytest.approx((place.x, place.y), abs=1e-9)
        for name, place in (("lamps.12", at(0, 0)), ("streets.rila", at(10, 20)), ("parks.p1", at(10, -100)))
    }
    alone = at_objects.place_at(thing("streets.rila"), None)
    assert thing("streets.rila").line.distance(alone) < 1e-9
    with pytest.raises(ValidationError) as far:
        at_objects.place_at(thing("lamps.12"), at(0, 60))
    assert list(far.value.message_dict) == ["object"]
    assert [at_objects.chosen(name) for name in ("bins.b1", "lamps.", "lamps", "", "x" * 300, "lamps.12.3")] == [None] * 6


def test_the_form_takes_it_and_says_what_is_wrong() -> None:
    def form(**data: Any) -> PlaceForm:
        where = {"lon": f"{at(10, 5).x:.6f}", "lat": f"{at(10, 5).y:.6f}"}
        return PlaceForm({**where, **data})

    right = form(object="streets.rila")
    assert right.is_valid() and right.cleaned_data["object"] == thing("streets.rila")
    assert right.cleaned_data["point"].y == pytest.approx(at(0, 20).y, abs=1e-7)
    none = form(object="")
    assert none.is_valid() and none.cleaned_data["object"] is None
    assert list(form(object="bins.b1").errors) == list(form(object="lamps.12", lat=f"{at(0, 300).y:.6f}").errors) == ["object"]
    alone = PlaceForm({"object": "parks.p1"})
    assert alone.is_valid() and thing("parks.p1").polygon.contains(alone.cleaned_data["point"])
    words = PlaceForm({"object": "lamps.12", "settlement": "levka", "place": "до аптеката"})
    assert words.is_valid() and (words.cleaned_data["object"], words.cleaned_data["point"]) == (None, None)


def listed(words: str) -> list[str]:
    return list(Subject.objects.filter(search=query(words)).values_list("title", flat=True))


def test_a_report_keeps_it_shows_it_and_is_found_by_it_even_when_it_is_gone() -> None:
    report = factories.report(title="Не свети", point=at(3, 0), object=thing("lamps.12"))
    assert (report.geom.x, report.geom.y, report.place) == (at(0, 0).x, at(0, 0).y, "Осветление Лампа 12")
    kept = PickedObject.objects.get()
    assert (kept.report_id, kept.feature, kept.address, kept.key) == (report.pk, thing("lamps.12"), "lamps.12", "12")
    assert listed("осветление") == listed("lamp 12") == ["Не свети"]
    address, page = reverse("report", args=[report.subject.reference]), "/objects/lamps/12/"
    html = Client().get(address).content.decode()
    assert f'<a href="{page}">Лампа 12</a>, слой „Осветление“' in " ".join(html.split())
    client = Client()
    client.force_login(factories.official())
    assert "слой „Осветление“" in client.get(reverse("desk_report", args=[report.subject.reference])).content.decode()
    sheet = csv.DictReader(io.StringIO(b"".join(client.get(reverse("desk_csv")).streaming_content).decode("utf-8-sig")))  # type: ignore[attr-defined]
    assert [row["Обект"] for row in sheet] == ["Лампа 12, слой „Осветление“"]
    told = Client().get(f"/api/v1/reports/{report.subject.reference}/").json()
    listed_there = Client().get("/api/v1/reports/").json()["features"][0]["properties"]
    assert (told["object"], listed_there["object"]) == ("lamps.12", "lamps.12")
    one = Client().get("/ogc/collections/reports/items?f=json").json()["features"][0]["properties"]
    assert [one[name] for name in ("object", "object_name_bg", "object_name_en")] == ["lamps.12", "Лампа 12", "Lamp 12"]
    Feature.objects.filter(slug="12")._raw_delete("default")
    data_version.forget()
    html = " ".join(Client().get(address).content.decode().split())
    assert (page in html, "Лампа 12, слой „Осветление“" in html) == (False, True)


def test_moved_a_little_it_is_still_about_it_moved_away_no_more() -> None:
    official = factories.official()
    report = factories.report(title="Не свети", object=thing("lamps.12"))
    actions.relocate(report.pk, point=at(0, 40), by=official)
    assert PickedObject.objects.get().feature == thing("lamps.12")
    actions.relocate(report.pk, point=at(0, 70), place="ул. Друга", by=official)
    assert (PickedObject.objects.count(), listed("осветление")) == (0, [])
    gone = factories.report(title="Друга", object=thing("streets.rila"))
    Feature.objects.filter(slug="rila")._raw_delete("default")
    actions.relocate(gone.pk, point=gone.geom, by=official)
    assert PickedObject.objects.get().report_id == gone.pk


def test_what_is_open_about_it_is_marked_stands_first_and_has_a_page() -> None:
    about = factories.report(title="Бордюрът", object=thing("streets.rila"), point=at(90, 10))
    factories.report(title="Тайна", object=thing("parks.p1"), restricted=True)
    factories.report(title="Съседна", point=at(-80, 25))
    rows = {row.called: row.marked for row in at_objects.near(at(0, 0))}  # type: ignore[attr-defined]
    assert rows == {"lamps.12": False, "streets.rila": True, "parks.p1": False}
    found = around(at(-80, 20), feature=thing("streets.rila").pk)["reports"]
    assert [(card["title"], card.get("same", False)) for card in found] == [("Бордюрът", True), ("Съседна", False)]

    def titles(path: str, who: Any = None) -> tuple[list[str], list[str]]:
        client = Client()
        if who:
            client.force_login(who)
        context = client.get(path).context
        return [card["title"] for card in context["cards"]], [name for name, _value in context["fields"]]

    planner = factories.planner()
    assert titles("/objects/streets/rila/") == (["Бордюрът"], [])
    assert (titles("/objects/parks/p1/"), titles("/objects/parks/p1/", planner)) == (([], []), (["Тайна"], []))
    assert (titles("/objects/lamps/12/"), titles("/objects/lamps/12/", planner)) == (
        ([], ["Мощност"]),
        ([], ["Договор", "Мощност"]),
    )
    assert Client().get("/objects/lamps/13/").status_code == 404
    there = at_objects.place_at(thing("lamps.12"), None)
    public = Client().get("/objects/lamps/12/").context["map_url"]
    assert public == f"/?at={there.x:.6f},{there.y:.6f},17&layers=lamps"
    Layer.objects.filter(slug="lamps").update(published=False, pickable=False)
    client = Client()
    client.force_login(planner)
    staff = client.get("/objects/lamps/12/").context["map_url"]
    assert staff == f"/planning/?layers=lamps#map={there.x:.5f},{there.y:.5f},17"
    Subject.objects.filter(pk=about.pk).update(is_public=False)


def test_the_step_of_the_place_lists_it_for_those_without_a_map() -> None:
    factories.report(title="Не свети", object=thing("lamps.12"))
    where = {"lon": f"{at(10, 0).x:.6f}", "lat": f"{at(10, 0).y:.6f}"}
    html = Client().get(reverse("report_objects"), where | {"object": "streets.rila"}).content.decode()
    radios = [line for line in html.splitlines() if 'type="radio"' in line]
    assert ["checked" in line for line in radios] == [False, True, False, False]
    assert ["вече има сигнал" in line for line in radios] == [True, False, False, False]
    begun = Client().get(reverse("report_new"), where | {"object": "lamps.12"}).content.decode()
    assert 'value="lamps.12" id="id_object_1"' in begun
    with override("bg"):
        other = Client().get(reverse("report_near"), where | {"object": "lamps.12"}).content.decode()
    assert "за същия обект" in other
    Layer.objects.update(pickable=False)
    assert at_objects.near(at(10, 0)) == []


def test_it_goes_through_all_steps_to_the_report() -> None:
    client = Client()
    client.force_login(factories.resident())
    place = {"lon": f"{at(10, 5).x:.6f}", "lat": f"{at(10, 5).y:.6f}", "object": "streets.rila", "step": "place"}
    step = client.post(reverse("report_new"), place)
    draft = step["Location"].partition("draft=")[2].partition("&")[0]
    what = {"client_uuid": draft, "step": "what", "kind": "problem", "category": "pothole", "title": "Дупка", "text": "Голяма"}
    assert client.post(reverse("report_new"), what).status_code == 302
    sent = client.post(reverse("report_new"), {
        "client_uuid": draft, "step": "send", "go": "send", "way": "", "public_name": "none", "agree": "on", "terms": "on",
    })  # fmt: skip
    assert sent.status_code == 302, sent.content.decode()[-3000:]
    report = Report.objects.get()
    assert (report.picked.address, report.geom.y) == ("streets.rila", pytest.approx(at(0, 20).y, abs=1e-7))


def test_programs_name_it_and_are_told_of_one_that_is_none() -> None:
    def sent(**more: Any) -> Any:
        body = {
            "kind": "problem", "category": "pothole", "title": "Не свети", "agree": True,
            "point": {"type": "Point", "coordinates": [at(10, 0).x, at(10, 0).y]},
        }  # fmt: skip
        return Api(factories.resident()).post("reports/", body | more)

    answer = sent(object="streets.rila")
    assert answer.status_code == 201, answer.content
    assert Report.objects.get().picked.address == "streets.rila"
    for wrong in ("streets.nothing", "bins.b1", "x" * 102, 7.5):
        refused = sent(object=wrong)
        assert (refused.status_code, list(refused.json()["errors"])) == (400, ["object"])
    far = sent(object="lamps.12", point={"type": "Point", "coordinates": [at(0, 90).x, at(0, 90).y]})
    assert (far.status_code, list(far.json()["errors"])) == (400, ["object"])
    key = program("send", "enter", account=factories.official())
    told = post(whole(key, address_id="lamps.12", lat=..., long=...)).tree[0]["service_request_id"]
    assert read(f"v2/requests/{told}").tree[0]["address_id"] == "lamps.12"
    assert post(whole(key, address_id="77")).status == 200
    assert [post(whole(key, **wrong)).status for wrong in (
        {"address_id": "bins.b1", "lat": ..., "long": ...}, {"address_id": "lamps.12", "lat": str(at(0, 90).y)},
    )] == [400, 400]  # fmt: skip
