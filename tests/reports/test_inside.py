"""Polygons of layers are areas: one address for list, map, programs and tiles; shapes and cards for everyone."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from layers.models import Feature, Layer
from reports.models import Report
from tests import factories
from tests.api.test_tiles import read
from tests.reports.test_map import project

pytestmark = pytest.mark.django_db
WEST, EAST, AWAY = (23.6, 42.9), (23.7, 42.9), (23.9, 42.9)


@pytest.fixture(autouse=True)
def plan() -> Layer:
    factories.town()
    layer = Layer.objects.create(slug="plan", name=factories.texts("План", "Plan"), areas=True)
    for slug, name, frame in (("west", "Запад", (23.55, 42.85, 23.65, 42.95)), ("east", "Изток", (23.65, 42.85, 23.75, 42.95))):
        Feature.objects.create(layer=layer, slug=slug, name=factories.texts(name, slug), polygon=factories.box(*frame))
    Feature.objects.create(layer=layer, slug="well", name=factories.texts("Кладенец", "Well"), point=Point(*WEST, srid=4326))
    for number, place in enumerate((WEST, WEST, EAST, AWAY)):
        factories.report(title=f"Дупка {number}", at_point=place)
    factories.report(category="park-idea", at_point=WEST)
    factories.report(at_point=WEST, restricted=True)
    return layer


def listed(area: str) -> int:
    return len(set(re.findall(r'data-ref="(\d{10})"', Client().get("/reports/", {"area": area}).content.decode())))


@pytest.mark.parametrize(
    ("area", "n"), [("plan.west", 3), ("plan.east", 1), ("plan.west,plan.east", 4), ("plan.east,dabrava", 2), ("levka", 4)]
)
def test_list_map_tiles_and_programs_agree_about_an_area(area: str, n: int) -> None:
    assert listed(area) == n
    found = json.loads(Client().get("/map.json", {"area": area, "bbox": "23.5,42.8,24,43.1", "zoom": 11}).content)
    assert len(found["pins"]) + sum(group["count"] for group in found["clusters"]) == n
    assert len(json.loads(Client().get("/api/v1/reports", {"area": area}, follow=True).content)["features"]) == n
    tile = read(Client().get(f"/tiles/reports/8/144/94.mvt?area={area}").content)
    assert sum(each.get("n", 1) for rows in tile.values() for each in rows) == n


@pytest.mark.parametrize("area", ["plan.well", "plan.north", "other.west", "west", "plan.west,plan.nothing", ".", "plan."])
def test_what_is_no_area_is_refused_by_name(area: str) -> None:
    answer = Client().get("/map.json", {"area": area})
    assert answer.status_code == 400
    assert "квартал" in answer.content.decode().lower() or "area" in answer.content.decode()


@pytest.mark.parametrize("change", [{"published": False}, {"areas": False}])
def test_a_layer_that_is_not_published_or_no_area_cannot_be_asked_for(change: dict[str, bool]) -> None:
    assert Client().get("/map/areas/plan.json").status_code == 200
    Layer.objects.update(**change)
    assert Client().get("/reports/", {"area": "plan.west"}).status_code == 400
    page = Client().get("/").content.decode()
    assert 'name="zones" value="settlements."' in page
    assert 'name="zones" value="plan"' not in page
    assert 'value="plan.west"' not in Client().get("/reports/").content.decode()


def test_the_shapes_of_settlements_and_layers_have_names_and_addresses() -> None:
    shapes = json.loads(Client().get("/map/areas/plan.json").content)["shapes"]
    assert [(shape["area"], shape["name"]) for shape in shapes] == [("plan.west", "Запад"), ("plan.east", "Изток")]
    shapes = json.loads(Client().get("/map/areas/settlements..json").content)["shapes"]
    assert {shape["area"]: shape["name"] for shape in shapes} == {"levka": "гр. Левка", "dabrava": "с. Дъбрава"}
    assert Client().get("/map/areas/bushes.json").status_code == 404


def test_the_card_of_an_area_counts_what_the_list_shows() -> None:
    late = Report.objects.get(subject__title="Дупка 0")
    Report.objects.filter(pk=late.pk).update(answer_due="2020-01-01")
    card = " ".join(Client().get("/map/area/", {"area": "plan.west"}).content.decode().split())
    assert "Запад" in card
    assert "2 сигнала · 1 идея" in card
    assert "1 просрочен" in card
    assert "планиран" not in card
    assert 'href="/reports/?area=plan.west"' in card
    card = Client().get("/map/area/", {"area": "levka", "kind": "idea"}).content.decode()
    assert "0 сигнала" in card
    assert "От тези, които филтрите пропускат" in card
    for query in ({}, {"area": "levka,dabrava"}, {"area": "nowhere"}):
        assert Client().get("/map/area/", query).status_code == 400


def test_the_card_of_an_area_counts_the_planned_projects_that_its_link_shows() -> None:
    project("мост", 23.62)
    project("път", 23.71)
    card = " ".join(Client().get("/map/area/", {"area": "plan.west"}).content.decode().split())
    assert "2 сигнала · 1 идея · 1 планиран проект" in card
    found = json.loads(Client().get("/map.json", {"area": "plan.west", "bbox": "23.5,42.8,24,43.1", "zoom": 11}).content)
    assert "4 на екрана" in found["parts"]["map-count"]
    assert "планиран" not in Client().get("/map/area/", {"area": "plan.west", "kind": "problem"}).content.decode()


def test_without_scripts_the_list_offers_the_areas_and_names_the_chosen_one() -> None:
    page = Client().get("/reports/", {"area": "plan.west"}).content.decode()
    assert '<option value="plan.west" selected>План: Запад</option>' in page
    assert "Запад" in page[: page.index("<form")] or page.count("Запад") > 1


def test_the_place_of_the_filter_is_named_on_map_and_list_and_can_be_taken_away() -> None:
    asked = {"area": "plan.west,dabrava", "kind": "problem"}
    for address, left in (("/", "?kind=problem"), ("/reports/", "?kind=problem")):
        page = Client().get(address, asked).content.decode()
        [chip] = re.findall(r'<a class="chip"[^>]*>[^/]*</span> Район: [^<]*', page)
        assert chip.endswith("Район: с. Дъбрава, Запад")
        assert f'href="{left}"' in chip
    found = json.loads(Client().get("/map.json", asked).content)
    assert "Район: с. Дъбрава, Запад" in found["parts"]["map-filters"]
