"""Layers of other servers' pictures: what planners may write, who sees them, and that nothing that is made of features has them."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from api.ogc import catalogue
from api.open_data import datasets, writing
from layers import services
from layers.models import Layer
from layers.on_map import offered
from tests import factories

HOSTS = ["https://tile.example", "https://*.maps.example", "http://127.0.0.1:9000"]
FORM = {
    "name": "Ортофото", "name_en": "Aerial", "slug": "aerial", "published": "on", "url": "https://tile.example/{z}/{x}/{y}.png",
    "wms": "", "source": "© Геодезия", "licence": "CC BY", "licence_url": "https://creativecommons.org/licenses/by/4.0/",
    "opacity": "60", "legend_url": "https://tile.example/key.png", "group": "Други", "from_zoom": "12", "max_zoom": "18",
}  # fmt: skip


@pytest.fixture(autouse=True)
def town(db: Any, settings: Any) -> None:
    settings.TILE_HOSTS = HOSTS
    factories.town()


def made(**facts: Any) -> Layer:
    layer = Layer(
        **{
            "slug": "aerial",
            "name": factories.texts("Ортофото", "Aerial"),
            "url": "https://tile.example/{z}/{x}/{y}.png",
            **facts,
        }
    )
    layer.full_clean()
    layer.save()
    return layer


def test_addresses_are_read_as_people_paste_them() -> None:
    templates = {
        "https://tile.example/{z}/{x}/{y}.png": "https://tile.example/{z}/{x}/{y}.png",
        " https://tile.example/wmts/{TileMatrix}/{TileRow}/{TileCol}.jpg#a ": "https://tile.example/wmts/{z}/{y}/{x}.jpg",
        "https://{s}.maps.example/{z}/{x}/{-y}": "https://{s}.maps.example/{z}/{x}/{-y}",
    }
    assert {typed: services.read(typed, "") for typed in templates} == templates
    typed = "https://tile.example/wms?map=a%20b&SERVICE=WMS&Request=GetCapabilities&version=1.1.1&LAYERS=x"
    assert services.read(typed, "roads") == "https://tile.example/wms?map=a+b"
    assert services.read("https://tile.example/wms?service=WMS", "roads") == "https://tile.example/wms"
    wrong = {
        "": "address", "tile.example/{z}/{x}/{y}": "address", "javascript:alert(1)": "address", "https://a b/{z}/{x}/{y}": "address",
        "https://me:pw@tile.example/{z}/{x}/{y}": "address", 'https://tile.example/"{z}/{x}/{y}': "address", "https://[/": "address",
        "https://tile.example/{z}/{x}.png": "template", "https://tile.example/{TileMatrixSet}/{z}/{x}/{y}": "template",
    }  # fmt: skip
    found = {}
    for typed in wrong:
        with pytest.raises(ValidationError) as refused:
            services.read(typed, "")
        found[typed] = refused.value.code
    assert found == wrong
    with pytest.raises(ValidationError):
        services.read("https://tile.example/{z}", "roads")


def test_a_host_is_allowed_as_the_pages_policy_reads_the_settings() -> None:
    asked = {
        "https://tile.example/a": True, "https://TILE.example/a": True, "http://tile.example/a": False, "https://tile.example:8443/a": False,
        "https://a.b.maps.example/": True, "https://{s}.maps.example/": True, "https://maps.example/": False, "https://xmaps.example/": False,
        "http://a.maps.example/": False, "http://127.0.0.1:9000/{z}": True, "": False, "https://[": False,
    }  # fmt: skip
    assert {url: services.allowed(url) for url in asked} == asked


def test_a_planner_makes_one_sees_what_is_wrong_and_changes_it(planner: Client, settings: Any) -> None:
    page = planner.get("/planning/layers/new/service/").content.decode()
    assert page.count("<h1") == 1 and 'name="pickable"' not in page
    refused = planner.post(
        "/planning/layers/new/service/", {**FORM, "url": "https://evil.example/{z}/{x}/{y}", "legend_url": "x"}
    )
    assert refused.status_code == 400
    errors = refused.context["form"].errors
    assert set(errors) == {"url", "legend_url"}
    assert (
        "TILE_HOSTS" in errors["url"][0]
        and "https://evil.example" in errors["url"][0]
        and "https://tile.example" in errors["url"][0]
    )
    assert 'value="https://evil.example/{z}/{x}/{y}"' in refused.content.decode()
    for wrong in ({"opacity": "5"}, {"opacity": ""}, {"max_zoom": "30"}, {"source": ""}, {"wms": "roads"}):
        bad = planner.post("/planning/layers/new/service/", {**FORM, **wrong})
        assert (bad.status_code, bad.context["form"].errors.keys() <= {"url", *wrong}) == (400, True)
    assert planner.post("/planning/layers/new/service/", FORM)["Location"] == "/planning/layers/aerial/"
    layer = Layer.objects.get()
    assert (layer.url, layer.opacity, layer.max_zoom, layer.style, layer.legend_url) == (
        "https://tile.example/{z}/{x}/{y}.png", 60, 18, {"from_zoom": 12}, "https://tile.example/key.png",
    )  # fmt: skip
    page = planner.get("/planning/layers/aerial/").content.decode()
    assert "https://tile.example/{z}/{x}/{y}.png" in page and 'type="file"' not in page
    form = planner.get("/planning/layers/aerial/change/").context["form"]
    assert (form["url"].value(), form["opacity"].value(), form["from_zoom"].value()) == (layer.url, 60, 12)
    changed = {**FORM, "url": "https://tile.example/wms?service=WMS", "wms": "roads,signs", "seen": form["seen"].value()}
    planner.post("/planning/layers/aerial/change/", changed)
    layer.refresh_from_db()
    assert (layer.url, layer.wms) == ("https://tile.example/wms", "roads,signs")
    settings.TILE_HOSTS = []
    assert "TILE_HOSTS" in planner.get("/planning/layers/aerial/").content.decode()


def test_it_is_offered_on_maps_to_those_who_may_see_it_and_no_page_names_a_host_that_is_not_allowed(planner: Client) -> None:
    made(source="© Геодезия", licence_url="https://creativecommons.org/", opacity=60, style={"from_zoom": 12})
    made(slug="staff", published=False)
    made(slug="blocked", url="https://evil.example/{z}/{x}/{y}.png")
    [group] = offered()
    assert [row["slug"] for row in group["layers"]] == ["aerial"]
    drawn = group["layers"][0]["drawn"]
    assert drawn["pictures"] == {
        "url": "https://tile.example/{z}/{x}/{y}.png", "wms": "", "max_zoom": 19, "opacity": 0.6, "attribution": "© Геодезия",
        "attribution_url": "https://creativecommons.org/",
    }  # fmt: skip
    assert (drawn["from_zoom"], drawn["silent"].startswith("„Ортофото“")) == (12, True)
    assert [row["slug"] for group in offered(planners=True) for row in group["layers"]] == ["aerial", "staff"]
    fragment = Client().get("/map/layers/").content.decode()
    assert 'value="aerial"' in fragment and "evil" not in fragment and 'value="staff"' not in fragment
    assert (fragment.count("data-outside"), fragment.count("само за планирането")) == (1, 0)
    panel = planner.get("/planning/").content.decode()
    assert (panel.count("data-outside"), panel.count("(само за планирането)")) == (1, 1)


def test_nothing_that_is_made_of_features_has_it(planner: Client) -> None:
    layer = made()
    assert catalogue.find("aerial") is None
    assert "aerial" not in datasets.ids() and "aerial" not in writing._layers()
    client = Client()
    assert client.get("/tiles/aerial.json").status_code == client.get("/tiles/aerial/8/144/94.mvt").status_code == 404
    assert client.get("/api/v1/layers/").json() == {"layers": [], "next": None}
    assert client.get("/api/v1/layers/aerial/").status_code == 404
    assert planner.get("/planning/layers/aerial/8/144/94.mvt").status_code == 404
    assert planner.post("/planning/layers/aerial/import/", {}).status_code == 404
    with pytest.raises(CommandError):
        call_command("import_layer", __file__, layer="aerial", stdout=StringIO())
    for facts in ({"ground": True}, {"areas": True}, {"pickable": True}, {"opacity": 5}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Layer.objects.filter(pk=layer.pk).update(**facts)


def test_a_small_maps_page_asks_for_no_layers_before_somebody_opens_them(django_assert_num_queries: Any) -> None:
    report = factories.report()
    address = f"/reports/{report.subject.reference}/"
    before = Client().get(address).content.decode()
    assert '"layers_below": "/map/layers/"' in before
    made()
    assert "tile.example/{z}" not in Client().get(address).content.decode()
