"""The place step without scripts: a place is looked up by its name, chosen from what was found, or named from the list."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from layers.folding import folded
from layers.models import Place
from municipality.models import Area
from reports.forms.submit import PlaceForm
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town():
    factories.town()
    home = Area.objects.get(slug="levka")
    street = {"name": factories.texts("ул. Гурко"), "folded": folded("ул. Гурко")}
    Place.objects.create(slug="ul-gurko", kind="street", area=home, **street)
    post = {"name": factories.texts("стълб 123"), "folded": folded("стълб 123"), "number": "123"}
    Place.objects.create(slug="post-123", kind="post", area=home, point=Point(23.62, 42.92), **post)


def asked(client: Client, find: str, **more: str):
    data = {"step": "place", "client_uuid": str(uuid.uuid4()), "find": find, "go": "search", **more}
    return client.post("/reports/new/", data, follow=True)


def test_search_without_scripts_lists_hits_to_choose_from_and_loses_nothing():
    page = asked(Client(), "gurko 5", place="до аптеката").content.decode()
    assert '<input type="radio" name="hit" value="ul-gurko:5"' in page
    assert "ул. Гурко 5" in page and 'value="до аптеката"' in page and 'value="gurko 5"' in page


def test_nothing_found_says_how_to_go_on():
    answer = asked(Client(), "xyzzy")
    assert answer.status_code == 200
    assert "Такова място не е намерено" in answer.content.decode()


def test_chosen_street_is_its_settlement_and_words():
    form = PlaceForm({"hit": "ul-gurko:5"})
    assert form.is_valid(), form.errors
    place = form.cleaned_data
    assert (place["settlement"].slug, place["place"], place["point"]) == ("levka", "ул. Гурко 5", None)


def test_chosen_lamp_post_is_its_own_point():
    form = PlaceForm({"hit": "post-123"})
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["point"].coords, form.cleaned_data["settlement"]) == ((23.62, 42.92), None)


def test_place_that_is_gone_is_refused_in_words():
    form = PlaceForm({"hit": "nowhere"})
    assert form.errors["hit"] == ["Това място вече не е в списъка. Потърсете го отново."]


def test_chosen_hit_goes_through_all_steps():
    client, draft = Client(), str(uuid.uuid4())
    at_what = client.post(
        "/reports/new/", {"step": "place", "client_uuid": draft, "hit": "post-123", "go": "next"}, follow=True
    )
    assert 'name="step" value="what"' in at_what.content.decode()
    assert 'name="hit" value="post-123"' in at_what.content.decode()


def test_photo_first_asks_for_the_place_after_the_photo():
    client = Client()
    photos = client.get("/reports/new/?first=photo", follow=True)
    page = photos.content.decode()
    assert 'name="step" value="photos"' in page
    draft = page.split('name="client_uuid" value="')[1][:36]
    after = client.post("/reports/new/", {"step": "photos", "client_uuid": draft, "go": "next"}, follow=True)
    assert 'name="step" value="place"' in after.content.decode()
