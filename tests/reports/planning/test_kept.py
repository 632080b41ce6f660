"""What planners keep: areas and analyses under a name, for themselves and for colleagues."""

from __future__ import annotations

import json
import math
import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from reports import my_copy
from reports.actions import person as people
from reports.actions import planning as verbs
from reports.models import Run, SavedAnalysis, SavedArea
from tests import factories

pytestmark = pytest.mark.django_db
SQUARE = "polygon:23.55 42.85,23.65 42.85,23.65 42.95,23.55 42.95"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def mine():
    factories.town()
    return signed_in(factories.planner(email="mine@levka.test"))


@pytest.fixture
def colleague(mine):
    return signed_in(factories.planner(email="other@levka.test"))


def test_a_drawn_area_is_saved_and_the_question_goes_on_inside_it(mine):
    factories.reports(6)
    factories.reports(7, at_point=(23.9, 42.9), title="Далече")
    answer = mine.post("/planning/areas/", {"name": "Центърът", "within": SQUARE, "query": "analysis=areas&kind=problem"})
    made = SavedArea.objects.get()
    assert (made.name, made.owner.email, made.polygon.num_coords) == ("Центърът", "mine@levka.test", 5)
    assert answer["Location"] == f"/planning/?analysis=areas&kind=problem&within=saved:{made.pk}"
    page = mine.get(answer["Location"])
    assert (page.context["result"].n, page.context["result"].of) == (6, 13)
    assert 'aria-current="true">Центърът</a>' in page.content.decode()


def test_geojson_is_an_area_too(mine):
    ring = [[23.5, 42.8], [23.6, 42.8], [23.6, 42.9], [23.5, 42.8]]
    mine.post("/planning/areas/", {"name": "Зона", "within": json.dumps({"type": "Polygon", "coordinates": [ring]})})
    assert SavedArea.objects.get().polygon.coords[0][2] == (23.6, 42.9)


@pytest.mark.parametrize("form", ["polygon", "geojson"])
def test_a_polygon_of_100_000_vertices_is_refused_at_its_field(mine, form):
    corners = [(23.5 + n / 1e6, 42.8 + n % 7 / 1e4) for n in range(100_000)]
    texts = {
        "polygon": "polygon:" + ",".join(f"{lon:.3f} {lat:.3f}" for lon, lat in corners),
        "geojson": '{"type":"Polygon","coordinates":[[' + ",".join(f"[{lon:.2f},{lat:.2f}]" for lon, lat in corners) + "]]}",
    }
    mine.get("/planning/areas/")
    answer = mine.post("/planning/areas/", f"name=x&within={texts[form]}", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["within"]


def test_the_form_sends_a_shape_of_any_size_so_that_its_field_can_refuse_it(mine):
    page = mine.get("/planning/areas/").content.decode()
    assert re.search(r'<form[^>]*action="/planning/areas/"[^>]*enctype="multipart/form-data"', page)
    ring = ",".join(f"{23.7 + n / 1e6:.6f} {42.9 + n / 1e6:.6f}" for n in range(100_000))
    answer = mine.post("/planning/areas/", {"name": "Зона", "within": f"polygon:{ring}"})
    assert answer.status_code == 400
    assert "Начертан район: Очертанието е твърде голямо" in answer.content.decode()


def test_one_person_has_no_two_areas_of_one_name(mine, colleague):
    for client, expected in ((mine, 302), (mine, 400), (colleague, 302)):
        assert client.post("/planning/areas/", {"name": "Център", "within": SQUARE}).status_code == expected


def test_an_area_is_renamed_and_deleted_by_its_owner_alone(mine, colleague):
    mine.post("/planning/areas/", {"name": "Център", "within": SQUARE})
    made = SavedArea.objects.get()
    address = f"/planning/areas/{made.pk}/"
    assert colleague.post(address, {"do": "delete"}).status_code == 404
    mine.post(address, {"name": "Старият център"})
    assert SavedArea.objects.get().name == "Старият център"
    mine.post("/planning/saved/", {"name": "В центъра", "query": f"analysis=areas&within=saved:{made.pk}"})
    assert mine.get(address).context["used"] == 1
    mine.post(address, {"do": "delete"})
    assert not SavedArea.objects.exists()
    assert mine.get(f"/planning/?within=saved:{made.pk}").status_code == 400


def test_colleagues_find_and_open_a_shared_analysis(mine, colleague):
    mine.post("/planning/saved/", {"name": "Дупки", "query": "kind=problem&analysis=areas", "shared": "on"})
    made = SavedAnalysis.objects.get()
    assert made.query == "analysis=areas&kind=problem"
    assert [item["row"] for item in colleague.get("/planning/saved/").context["others"]] == [made]
    assert colleague.get(f"/planning/saved/{made.pk}/")["Location"] == "/planning/?analysis=areas&kind=problem"


def test_an_unshared_analysis_is_in_nobodys_list_but_mine(mine, colleague):
    mine.post("/planning/saved/", {"name": "Дупки", "query": "analysis=areas"})
    assert colleague.get("/planning/saved/").context["others"] == []
    assert len(mine.get("/planning/saved/").context["mine"]) == 1


def test_a_question_that_cannot_be_asked_is_not_saved(mine):
    answer = mine.post("/planning/saved/", {"name": "Дупки", "query": "analysis=areas&since=yesterday"})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["query"]
    assert not SavedAnalysis.objects.exists()


def test_a_change_that_did_not_see_the_last_one_is_refused_with_what_was_typed(mine):
    mine.post("/planning/saved/", {"name": "Дупки", "query": "analysis=areas", "shared": "on"})
    address = f"/planning/saved/{SavedAnalysis.objects.get().pk}/change/"
    assert mine.post(address, {"name": "Ями", "shared": "on", "version": 1}).status_code == 302
    answer = mine.post(address, {"name": "Кратери", "version": 1})
    assert answer.status_code == 412
    assert 'value="Кратери"' in answer.content.decode()
    found = SavedAnalysis.objects.get()
    assert (found.name, found.shared, found.version) == ("Ями", True, 2)
    page = answer.content.decode()
    assert "<h1>Ями</h1>" in page
    seen = re.search(r'name="version" value="(\d+)"', page)
    assert mine.post(address, {"name": "Кратери", "version": seen[1]}).status_code == 302
    assert SavedAnalysis.objects.get().name == "Кратери"


def test_what_went_while_its_page_was_being_sent_is_not_found(mine, monkeypatch):
    mine.post("/planning/saved/", {"name": "Дупки", "query": "analysis=areas"})
    found = SavedAnalysis.objects.get()
    change = verbs.change_analysis

    def too_late(*given, **further):
        SavedAnalysis.objects.all().delete()
        return change(*given, **further)

    monkeypatch.setattr(verbs, "change_analysis", too_late)
    answer = mine.post(f"/planning/saved/{found.pk}/change/", {"name": "Ями", "version": 1})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("model", "address", "given"),
    [
        (SavedArea, "/planning/areas/", {"name": "Център", "within": SQUARE}),
        (SavedAnalysis, "/planning/saved/", {"name": "Дупки", "query": "analysis=areas"}),
    ],
)
def test_of_two_that_come_at_once_under_one_name_the_second_is_told(mine, monkeypatch, model, address, given):
    assert mine.post(address, given).status_code == 302
    check, checked = model.full_clean, []
    # The first look is as before the other one was committed.
    monkeypatch.setattr(model, "full_clean", lambda self: checked.append(self) if not checked else check(self))
    answer = mine.post(address, given)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["name"]
    assert model.objects.count() == 1


def test_what_can_be_asked_can_be_saved(mine):
    ring = [(23.6 + 0.05 * math.cos(n * math.pi / 100), 42.9 + 0.04 * math.sin(n * math.pi / 100)) for n in range(200)]
    corners = ",".join(f"{lon:.12f} {lat:.12f}" for lon, lat in ring)
    query = urlencode({"analysis": "areas", "within": f"polygon:{corners}"})
    assert 6000 < len(query) < 8000
    assert mine.get(f"/planning/?{query}").status_code == 200
    assert mine.post("/planning/saved/", {"name": "Кръгът", "query": query}).status_code == 302
    assert SavedAnalysis.objects.get().query == query
    assert mine.post("/planning/runs/", {"query": query}).status_code == 302
    assert Run.objects.get().query == query


def test_of_an_erased_person_only_what_colleagues_work_with_stays(mine):
    mine.post("/planning/areas/", {"name": "Общо", "within": SQUARE})
    used = SavedArea.objects.get()
    mine.post("/planning/areas/", {"name": "Свое", "within": SQUARE})
    mine.post("/planning/saved/", {"name": "Общ", "query": f"within=saved:{used.pk}", "shared": "on"})
    mine.post("/planning/saved/", {"name": "Свой", "query": "analysis=areas"})
    mine.post("/planning/runs/", {"query": "analysis=areas"})
    owner = used.owner
    assert {row["name"] for row in my_copy.copy_of(owner.correspondent)["areas"]} == {"Общо", "Свое"}
    owner.memberships.update(active=False)
    people.erase(owner.correspondent)
    assert list(owner.saved_areas.values_list("name", flat=True)) == ["Общо"]
    assert list(owner.saved_analyses.values_list("name", flat=True)) == ["Общ"]
    assert not owner.runs.exists()
