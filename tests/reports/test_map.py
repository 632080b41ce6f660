"""The map: pins, list, counts and legend come from one set of filters and agree."""

from __future__ import annotations

import html
import json
import random
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, Point
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from discussion.models import Subject
from layers.models import Project
from municipality.models import Area, Sector
from reports import mapping
from reports.freshness import data_version
from reports.parameters import LABELS
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()


def features(**query: Any) -> dict[str, Any]:
    answer = Client().get("/map.json", query)
    assert answer.status_code == 200, answer.content[:300]
    return json.loads(answer.content)


def project(slug: str, lon: float = 23.62, **fields: Any) -> Project:
    subject = Subject.objects.create(
        kind="project",
        title=slug,
        language="bg",
        sector=Sector.objects.get(slug="urban"),
        area=Area.objects.get(slug="levka"),
        is_public=True,
    )
    return Project.objects.create(
        subject=subject,
        slug=slug,
        title=factories.texts(f"Проект {slug}"),
        stage="under_way",
        point=Point(lon, 42.92, srid=4326),
        **fields,
    )


def test_one_report_is_a_pin_and_a_row() -> None:
    report = factories.report(title="Дупка до моста")
    found = features(zoom=15)
    reference = report.subject.reference
    assert [pin["ref"] for pin in found["pins"]] == [reference]
    assert found["pins"][0] | {"status": ""} == {
        "ref": reference, "url": f"/reports/{reference}/", "kind": "problem", "icon": "urban", "mark": "new",
        "title": "Дупка до моста", "status": "", "lon": 23.6, "lat": 42.9,
    }  # fmt: skip
    assert f'data-ref="{reference}"' in found["parts"]["map-list"]
    assert "Дупка до моста" in found["parts"]["map-list"]


def test_reports_at_one_place_are_a_cluster_that_counts_them_all() -> None:
    for _ in range(3):
        factories.report(at_point=(23.6, 42.9))
    factories.report(at_point=(23.9, 42.85))
    found = features(zoom=12)
    assert [group["count"] for group in found["clusters"]] == [3]
    assert found["clusters"][0]["sectors"] == [["urban", 3]]
    assert len(found["pins"]) == 1


@pytest.mark.parametrize("zoom", [9, 12, 15, 18])
def test_at_every_zoom_nothing_is_lost(zoom: int) -> None:
    for number in range(12):
        factories.report(at_point=(23.6 + number * 0.0007, 42.9 + number * 0.0003))
    project("bridge", 23.6005)
    found = features(zoom=zoom)
    assert len(found["pins"]) + sum(group["count"] for group in found["clusters"]) == 13


def test_box_and_kind_filter_pins_and_list_alike() -> None:
    inside = factories.report(at_point=(23.6, 42.9), title="Вътре")
    factories.report(at_point=(23.9, 42.85), title="Вън")
    factories.report(at_point=(23.61, 42.91), title="Пейки", category="park-idea")
    found = features(bbox="23.55,42.85,23.7,42.95", kind="problem", zoom=15)
    assert [pin["ref"] for pin in found["pins"]] == [inside.subject.reference]
    assert "Вън" not in found["parts"]["map-list"]
    assert "Пейки" not in found["parts"]["map-list"]
    assert "1 на екрана" in " ".join(found["parts"]["map-count"].split())


def test_projects_have_signs_and_shapes_and_vanish_under_filters_of_reports() -> None:
    made = project("path", line=MultiLineString(LineString((23.62, 42.92), (23.63, 42.93))))
    found = features(zoom=15)
    assert [pin["kind"] for pin in found["pins"]] == ["project"]
    assert [(shape["ref"], shape["approx"], shape["geometry"]["type"]) for shape in found["shapes"]] == [
        (made.subject.reference, True, "MultiLineString")
    ]
    assert features(zoom=15, kind="project")["pins"] == found["pins"]
    assert features(zoom=15, kind="problem")["pins"] == []
    assert features(zoom=15, overdue="1")["shapes"] == []


def test_hidden_reports_are_not_on_the_map() -> None:
    report = factories.report(title="Скрит")
    Subject.objects.filter(pk=report.pk).update(visibility="hidden", is_public=False)
    found = features(zoom=15)
    assert found["pins"] == found["clusters"] == []
    assert "Скрит" not in found["parts"]["map-list"]
    assert Client().get(f"/map/{report.subject.reference}/").status_code == 404


def test_legend_counts_what_a_click_would_show() -> None:
    factories.report()
    factories.report(category="park-idea")
    filters = mapping.Filters(kind=("problem",), given={"kind": "problem"})
    counts = mapping.facets(mapping.View.of(filters, mapping.Scope.public(None)))
    assert (counts["problem"], counts["idea"], counts["sectors"]) == (1, 1, {"urban": 1})


def test_legend_agrees_with_the_map_for_further_sectors_and_projects() -> None:
    health = Sector.objects.get(slug="health")
    factories.report().subject.further_sectors.add(health)
    factories.report(category="park-idea")
    project("one").subject.further_sectors.add(health)
    project("two", lon=23.7)
    for query in (
        {},
        {"kind": "problem"},
        {"kind": "project"},
        {"kind": "idea"},
        {"sector": "health"},
        {"sector": "health,urban"},
    ):
        filters = mapping.Filters.from_query(QueryDict(urlencode(query)), None, strict=True)
        sectors = mapping.facets(mapping.View.of(filters, mapping.Scope.public(None)))["sectors"]
        for slug in ("urban", "health"):
            page = Client().get("/", {**query, "sector": slug})
            assert sectors.get(slug, 0) == page.context["total"] == len(page.context["cards"]) + len(page.context["projects"])
    assert sectors == {"urban": 4, "health": 2}


def test_legend_counts_further_sectors_also_where_the_leading_one_stands_among_them() -> None:
    factories.report().subject.further_sectors.add(*Sector.objects.filter(slug__in=["urban", "health"]))
    counts = mapping.facets(mapping.View.of(mapping.Filters(), mapping.Scope.public(None)))
    assert counts["sectors"] == {"urban": 1, "health": 1}


def test_due_order_puts_reports_without_a_date_last() -> None:
    idea = factories.report(category="park-idea", title="Идея")
    problem = factories.report(title="Проблем")
    titles = [
        item["title"] for item in mapping.first_cards(mapping.View.of(mapping.Filters(order="due"), mapping.Scope.public(None)))
    ]
    assert (idea.due_on, problem.due_on is not None) == (None, True)
    assert titles == ["Проблем", "Идея"]


def test_the_page_needs_no_scripts_for_list_and_filters() -> None:
    factories.report(title="Дупка до моста")
    page = Client().get("/").content.decode()
    assert "Дупка до моста" in page
    assert 'data-key="sector-urban"' in page
    assert "csrfmiddlewaretoken" not in page


def test_unknown_parameters_are_ignored_and_bad_ones_named() -> None:
    assert Client().get("/", {"fbclid": "abc", "utm_source": "x"}).status_code == 200
    assert "abc" not in Client().get("/", {"fbclid": "abc"}).content.decode()
    for name, value in {"kind": "monster", "bbox": "1,2,3", "since": "вчера", "sector": "no-such", "order": "random"}.items():
        answer = Client().get("/map.json", {name: value})
        assert answer.status_code == 400, name
        assert f"{LABELS[name]} ({name}): " in answer.json()["detail"]
        assert answer.json()["parameter"] == name


def test_a_value_that_nobody_can_read_is_said_on_a_page_that_keeps_the_rest() -> None:
    answer = Client().get("/en/?q=%00&kind=idea")
    html = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "Words, number or settlement (q): The text holds characters" in html
    assert 'href="?kind=idea"' in html


@pytest.mark.parametrize("zoom", ["", "x", "-1", "99", "1e9", "٣"])
def test_a_strange_zoom_still_answers(zoom: str) -> None:
    factories.report()
    assert len(features(zoom=zoom)["pins"]) == 1


def test_a_reference_in_the_search_field_leads_to_the_report() -> None:
    reference = factories.report().subject.reference
    answer = Client().get("/", {"q": f"{reference[:3]} {reference[3:6]} {reference[6:]}"})
    assert (answer.status_code, answer["Location"]) == (302, f"/reports/{reference}/")


@pytest.mark.parametrize("number", [1, 3, 300])
def test_the_map_asks_the_database_a_fixed_number_of_times(number: int, django_assert_max_num_queries: Any) -> None:
    factories.reports(number)
    project("one")
    Client().get(reverse("map"))
    data_version.forget()
    with django_assert_max_num_queries(11):
        features(zoom=15)


@pytest.mark.parametrize("most", [1, 8_000])
def test_words_are_looked_up_once_for_a_move_of_the_map(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.filters.MOST_HITS", most)
    for _n in range(3):
        factories.report(title="Дупка до моста")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE discussion_subject")  # three are expected, whatever the server knew before
    with CaptureQueriesContext(connection) as asked:
        found = features(q="дупка", bbox="23.55,42.85,23.7,42.95", zoom=14)
    assert sum(group["count"] for group in found["clusters"]) == 3
    assert len([query for query in asked if "EXPLAIN" in query["sql"]]) == 1
    # Words of which more are expected than are listed are not looked for by their index at all.
    assert len([query for query in asked if "WITH hit" in query["sql"]]) == (1 if most > 1 else 0)


def test_ground_tells_outline_cells_and_people() -> None:
    ground = json.loads(Client().get("/ground.json").content)
    assert ground["outline"]["type"] == "MultiPolygon"
    assert [(town["name"], town["people"]) for town in ground["settlements"]] == [("гр. Левка", 9000), ("с. Дъбрава", 800)]
    assert len(ground["cells"]) == 2


def test_english_map_speaks_english() -> None:
    factories.report()
    assert "1 on the screen" in " ".join(Client().get("/en/").content.decode().split())


def test_list_and_map_of_any_view_show_the_same_reports() -> None:
    """Random filters and boxes: signs, list, counts and the page of the whole list hold the same reports, one for one."""
    dice = random.Random(11)
    author = factories.resident()
    west, south, east, north = factories.BOX
    for number in range(36):
        place = (round(dice.uniform(west, east), 6), round(dice.uniform(south, north), 6))
        # Some of them on a border of the grid: 23.90625 degrees are one at every level from 10 on.
        factories.report(
            author=author, at_point=(23.90625, place[1]) if number % 6 == 0 else place,
            category=dice.choice(["pothole", "lamp", "park-idea"]),
        )  # fmt: skip
    choices = {"kind": ["", "problem", "idea"], "category": ["", "", "lamp"], "q": ["", "", "дупка"]}
    choices["status"] = ["", "open", "closed", "open,rejected"]
    choices["since"] = ["", f"{timezone.localdate():%Y-%m}-01"]
    for _round in range(25):
        a, b = sorted(dice.uniform(west, east) for _n in range(2))
        c, d = sorted(dice.uniform(south, north) for _n in range(2))
        # One border lies exactly on that of a cell.
        box = (a, c, 23.90625 if a < 23.90625 and _round % 3 == 0 else b + 0.01, d + 0.01)
        query = {"bbox": ",".join(f"{number:.6f}" for number in box), "zoom": str(dice.choice([8, 9.2, 10.5, 13, 16, 19]))}
        query |= {name: dice.choice(values) for name, values in choices.items()}
        found = features(**{name: value for name, value in query.items() if value})
        listed = set(re.findall(r'data-ref="(\d{10})"', found["parts"]["map-list"]))
        signs = {pin["ref"] for pin in found["pins"]}
        assert signs <= listed, query
        assert len(listed) == len(signs) + sum(group["count"] for group in found["clusters"]), query
        whole = re.search(r'data-more href="([^"]+)"', found["parts"]["map-list"])
        if listed:
            assert whole is not None
            assert (
                set(re.findall(r'href="/reports/(\d{10})/"', Client().get(html.unescape(whole[1])).content.decode())) == listed
            )


def test_a_filtered_map_says_of_how_many() -> None:
    factories.reports(3)
    factories.report(category="park-idea")
    count = " ".join(features(kind="idea", bbox="23.55,42.85,23.7,42.95", zoom=14)["parts"]["map-count"].split())
    assert "1 на екрана от 4" in count
    assert " от " not in features(bbox="23.55,42.85,23.7,42.95", zoom=14)["parts"]["map-count"].split("</h1>")[0]


@pytest.mark.parametrize(
    ("query", "said"),
    [({"kind": "project"}, "2 на екрана от 5"), ({"sector": "urban"}, "5 на екрана"), ({"overdue": "1"}, "0 на екрана от 5"),
     ({"q": "мост"}, "1 на екрана от 5"), ({"kind": "problem"}, "3 на екрана от 5")],
)  # fmt: skip
def test_what_a_filtered_map_is_part_of_holds_the_projects_too(query: dict[str, str], said: str) -> None:
    factories.reports(3)
    project("мост")
    project("път", 23.63)
    count = features(**query, bbox="23.55,42.85,23.7,42.95", zoom=14)["parts"]["map-count"]
    assert " ".join(re.sub("<[^>]+>", "", count.split("</h1>")[0]).split()).endswith(said)
