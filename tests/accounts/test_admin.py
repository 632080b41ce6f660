"""The administration: administrators only, set-up data only, nobody overwrites another, geometry through the gate."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.contrib import admin
from django.test import Client

from layers.ground import base_maps
from layers.models import BaseMap
from municipality.models import Area, Installation, Organisation, Sector
from participation.models import Figure, Indicator
from reports.models import Category, Report
from tests import factories


def client_of(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def client(town):
    return client_of(factories.administrator())


def form_of(page) -> dict[str, str]:
    """What a browser would send back unchanged."""
    form = page.context["adminform"].form
    data = {}
    for bound in form:
        value = bound.value()
        if hasattr(bound.field, "languages"):
            for (code, _name), text in zip(bound.field.languages, bound.field.widget.decompress(value), strict=True):
                data[f"{bound.name}_{code}"] = text
        elif isinstance(value, bool):
            data |= {bound.name: "on"} if value else {}
        elif isinstance(value, list):
            data[bound.name] = ",".join(value)
        elif isinstance(value, dict):
            data[bound.name] = bound.field.prepare_value(value)
        else:
            data[bound.name] = "" if value is None else str(value)
    return data


def test_reports_and_people_are_not_in_the_administration():
    names = {model._meta.label for model in admin.site._registry}
    assert names & {"reports.Report", "accounts.User", "accounts.Membership", "account.EmailAddress"} == set()
    assert {"reports.Category", "reports.RoutingRule", "reports.Reason", "municipality.Page", "layers.BaseMap"} <= names
    assert Report not in admin.site._registry


@pytest.mark.parametrize(("who", "status"), [("resident", 302), ("official", 302), ("dispatcher", 302), ("administrator", 200)])
def test_administrators_only(town, who, status):
    assert client_of(getattr(factories, who)()).get("/admin/").status_code == status
    assert Client().get("/admin/").status_code == 302


def test_every_list_and_form_opens_without_inline_code(client):
    for model in admin.site._registry:
        row = model._default_manager.first()
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for address in [base, *([f"{base}{row.pk}/change/"] if row else [])]:
            page = client.get(address)
            assert page.status_code == 200, address
            text = page.content.decode()
            assert re.findall(r"<script(?![^>]*(?:src=|application/json))|<style| on(?:click|change|submit)=", text) == [], (
                address
            )


def test_a_change_by_language_is_saved_and_pages_are_told(client):
    row = Category.objects.get(slug="pothole")
    edition, version = Installation.objects.get().edition, row.version
    address = f"/admin/reports/category/{row.pk}/change/"
    data = form_of(client.get(address))
    answer = client.post(address, {**data, "name_bg": "Дупка на пътя", "name_en": "", "term": "7"})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row.refresh_from_db()
    assert (row.name, row.term, row.version) == ({"bg": "Дупка на пътя"}, 7, version + 1)
    assert Installation.objects.get().edition == edition + 1


def test_a_base_map_of_a_host_that_pages_may_not_ask_is_refused(client, settings):
    settings.TILE_HOSTS = ["https://tile.example"]
    address = "/admin/layers/basemap/add/"
    page = client.get(address)
    assert "снимка от въздуха" in page.text
    typed = {**form_of(page), "slug": "streets", "name_bg": "Улици", "attribution": "©", "active": "on"}
    for url, word in (("https://evil.example/{z}/{x}/{y}.png", "TILE_HOSTS"), ("https://tile.example/map.png", "{z}")):
        refused = client.post(address, {**typed, "url": url}).context["adminform"].form.errors
        assert list(refused) == ["url"] and word in refused["url"][0]
    assert not BaseMap.objects.filter(slug="streets").exists()
    assert client.post(address, {**typed, "url": "https://tile.example/{z}/{x}/{y}.png"}).status_code == 302
    settings.TILE_HOSTS = []
    row = BaseMap.objects.get(slug="streets")
    address = f"/admin/layers/basemap/{row.pk}/change/"
    data = form_of(client.get(address))
    assert "TILE_HOSTS" in client.post(address, data).context["adminform"].form.errors["url"][0]
    data.pop("active")
    assert client.post(address, data).status_code == 302
    assert [row["slug"] for row in base_maps()] == []


def test_figures_are_entered_with_their_series_and_of_a_year_once(client):
    address = "/admin/participation/indicator/add/"
    page = client.get(address)
    assert "кой е обявил числата" in page.text
    series = {
        **form_of(page), "slug": "trees", "sector": Sector.objects.first().pk, "name_bg": "Дървета", "digits": "1",
        "source_name_bg": "Отдел „Озеленяване“", "yearly": "on", "order": "1", "figures-TOTAL_FORMS": "2", "figures-INITIAL_FORMS": "0",
        "figures-0-on": "31.12.2024", "figures-0-value": "12,5", "figures-1-on": "30.06.2025", "figures-1-value": "40",
    }  # fmt: skip
    refused = client.post(address, series)
    assert refused.context["inline_admin_formsets"][0].formset.forms[1].errors == {
        "on": ["Напишете последния ден на годината: 31.12.2025."]
    }
    assert not Indicator.objects.filter(slug="trees").exists()
    edition = Installation.objects.get().edition
    assert client.post(address, {**series, "figures-1-on": "31.12.2025"}).status_code == 302
    assert list(Figure.objects.values_list("on__year", "value")) == [(2024, Decimal("12.5")), (2025, Decimal(40))]
    assert Installation.objects.get().edition == edition + 1
    told = client.get("/indicators/")
    assert "Дървета" in told.text
    assert "Въведете числа" in told.text
    assert "Въведете числа" not in Client().get("/indicators/").text


def test_a_stale_form_is_refused_and_keeps_the_words(client):
    row = Category.objects.get(slug="pothole")
    address = f"/admin/reports/category/{row.pk}/change/"
    first, second = form_of(client.get(address)), form_of(client.get(address))
    assert client.post(address, {**first, "term": "7"}).status_code == 302
    page = client.post(address, {**second, "term": "30", "name_bg": "Моята дума"})
    assert page.status_code == 200
    assert "Моята дума" in page.content.decode()
    assert [error.code for error in page.context["adminform"].form.non_field_errors().as_data()] == ["stale"]
    row.refresh_from_db()
    assert (row.term, row.name["bg"]) == (7, "Дупка")


def test_a_form_without_its_mark_is_stale(client):
    row = Organisation.objects.get(slug="roads")
    address = f"/admin/municipality/organisation/{row.pk}/change/"
    data = form_of(client.get(address))
    del data["seen"]
    assert client.post(address, data).status_code == 200


@pytest.mark.parametrize(
    "sent", ["SRID=3857;POINT(1e300 2)", '{"type":"Point","coordinates":[NaN,1]}', "0101000000", "[1e140,2]"]
)
def test_geometry_goes_through_the_gate(client, sent):
    row = Area.objects.get(slug="levka")
    address = f"/admin/municipality/area/{row.pk}/change/"
    page = client.post(address, {**form_of(client.get(address)), "point": sent})
    assert page.status_code == 200
    assert "point" in page.context["adminform"].form.errors


def test_the_tree_and_the_installation_are_neither_added_nor_removed(client):
    row = Area.objects.get(slug="levka")
    assert client.get("/admin/municipality/area/add/").status_code == 403
    assert client.post(f"/admin/municipality/area/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/municipality/installation/add/").status_code == 403


@pytest.mark.parametrize(
    ("model", "field", "value"),
    [
        ("reports.category", "term", "-1"), ("reports.category", "department", ""), ("reports.category", "slug", "lamp"),
        ("municipality.sector", "icon", "nothing"), ("reports.category", "icon", "nothing"),
        ("reports.reason", "serves", "refusal"), ("reports.messagetemplate", "serves", "resolve,"),
        *(("municipality.installation", "premoderation", value) for value in ("-1", "[1]", '{"guests": 1}', '{"x": true}')),
        *(("municipality.installation", "contact", value) for value in ("[1]", '{"phone": 5}', "{")),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_at_its_field(client, model, field, value):
    app, name = model.split(".")
    row = next(found for found in admin.site._registry if found._meta.label_lower == model)._default_manager.first()
    address = f"/admin/{app}/{name}/{row.pk}/change/"
    answer = client.post(address, {**form_of(client.get(address)), field: value})
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]


def test_nothing_to_be_read_first_may_be_left_empty(client):
    address = "/admin/municipality/installation/1/change/"
    assert client.post(address, {**form_of(client.get(address)), "premoderation": ""}).status_code == 302
    assert Installation.objects.get().premoderation == {}
