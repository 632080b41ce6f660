"""The place step without scripts: a place is looked up by its name, chosen from what was found, or named from the list."""

from __future__ import annotations

import json
import re
import uuid

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layers.folding import folded
from layers.gazetteer import chosen, search
from layers.models import Feature, Layer, Place
from municipality.models import Area
from reports.forms.place import PlaceForm
from reports.models import Report
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


def test_a_street_says_whose_point_the_report_will_have():
    page = asked(Client(), "gurko 5").content.decode()
    assert "улица, точката ще е на населеното място" in page
    assert "мястото е приблизително" not in page


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


def test_street_of_the_list_stands_before_the_words():
    for words, place in (
        ("5", "ул. Гурко 5"),
        ("до аптеката", "ул. Гурко, до аптеката"),
        ("", "ул. Гурко"),
        ("на Гурко 7", "на Гурко 7"),
    ):
        form = PlaceForm({"settlement": "levka", "street": "ul-gurko", "place": words})
        assert form.is_valid(), form.errors
        assert (form.cleaned_data["place"], form.cleaned_data["settlement"].slug) == (place, "levka")


def test_street_of_another_settlement_is_refused_in_words_and_beside_a_point_let_go():
    form = PlaceForm({"settlement": "dabrava", "street": "ul-gurko", "place": "5"})
    assert form.errors == {"street": ["Тази улица е в друго населено място. Изберете отново или оставете без улица."]}
    form = PlaceForm({"lon": factories.CENTRE[0], "lat": factories.CENTRE[1], "street": "ul-gurko", "place": "5"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["place"] == "5"


def test_streets_come_in_the_order_of_their_names_without_their_kind():
    home = Area.objects.get(slug="levka")
    for slug, kind, name in (
        ("pl-asen", "square", "пл. Асен"),
        ("bul-yantra", "street", "бул. Янтра"),
        ("ul-zhelev", "street", "ул. Желев"),
    ):
        Place.objects.create(slug=slug, kind=kind, area=home, name=factories.texts(name), folded=folded(name))
    answer = Client().get("/places/streets/", {"settlement": "levka"})
    assert [street["name"] for street in json.loads(answer.content)["streets"]] == [
        "пл. Асен",
        "ул. Гурко",
        "ул. Желев",
        "бул. Янтра",
    ]
    assert answer["Cache-Control"] == "public, max-age=300"
    assert json.loads(Client().get("/places/streets/", {"settlement": "dabrava"}).content) == {"streets": []}


@pytest.mark.parametrize("settlement", ["", "nowhere", "levka-municipality"])
def test_streets_of_no_settlement_are_refused_in_words(settlement):
    answer = Client().get("/places/streets/", {"settlement": settlement})
    assert (answer.status_code, "settlement: изберете населено място от списъка." in answer.content.decode()) == (400, True)


def test_zero_byte_is_no_settlement_and_no_street():
    assert Client().get("/places/streets/", {"settlement": "\0"}).status_code == 400
    assert not PlaceForm({"settlement": "\0", "street": "\0", "place": "тук"}).is_valid()


def test_list_without_scripts_goes_from_settlement_to_street_to_words():
    client, draft = Client(), {"client_uuid": str(uuid.uuid4()), "step": "place"}
    page = client.get("/reports/new/").content.decode()
    assert 'value="ul-gurko"' not in page and 'name="go" value="streets"' in page
    page = client.post(
        "/reports/new/", {**draft, "settlement": "levka", "place": "5", "go": "streets"}, follow=True
    ).content.decode()
    assert '<option value="ul-gurko">ул. Гурко</option>' in page and 'value="5"' in page and 'class="error"' not in page
    given = {**draft, "settlement": "levka", "street": "ul-gurko", "place": "5"}
    page = client.post("/reports/new/", {**given, "go": "next"}, follow=True).content.decode()
    assert 'name="step" value="what"' in page
    assert 'name="place" value="ул. Гурко 5"' in page and 'name="street"' not in page
    back = client.post("/reports/new/", {**draft, "step": "what", "go": "back"}, follow=True).content.decode()
    assert '<option value="ul-gurko" selected>' in back and 'name="place" value="5"' in back


def test_settlement_without_streets_says_so_and_keeps_the_words():
    client, draft = Client(), {"client_uuid": str(uuid.uuid4()), "step": "place"}
    page = client.post(
        "/reports/new/", {**draft, "settlement": "dabrava", "place": "тук", "go": "streets"}, follow=True
    ).content.decode()
    assert "няма списък с улици" in page and 'value="тук"' in page


def test_report_with_a_street_of_the_list_has_it_in_its_place():
    client, draft = Client(), {"client_uuid": str(uuid.uuid4())}
    client.force_login(factories.resident(), backend="django.contrib.auth.backends.ModelBackend")
    client.post(
        "/reports/new/", {**draft, "step": "place", "settlement": "levka", "street": "ul-gurko", "place": "5", "go": "next"}
    )
    what = {"kind": "problem", "category": "pothole", "title": "Дупка"}
    client.post("/reports/new/", {**draft, "step": "what", **what, "go": "next"})
    assert client.post("/reports/new/", {**draft, "step": "send", "terms": "on", "go": "send"}).status_code == 302
    assert Report.objects.get().where == "ул. Гурко 5, гр. Левка"


@pytest.mark.parametrize(("letters", "fits"), [(189, True), (190, False)])
def test_street_and_words_together_are_as_long_as_can_be_kept(letters, fits):
    form = PlaceForm({"settlement": "levka", "street": "ul-gurko", "place": "я" * letters})
    assert form.is_valid() is fits, form.errors
    assert fits or "place" in form.errors


def test_a_place_found_by_name_stands_for_the_street_of_the_list():
    form = PlaceForm({"settlement": "levka", "street": "ul-gurko", "place": "", "hit": "post-123"})
    assert form.is_valid(), form.errors
    assert "Гурко" not in form.cleaned_data["place"]


def test_a_street_is_named_already_only_by_its_whole_name():
    said = {"settlement": "levka", "street": "ul-gurko"}
    form = PlaceForm({**said, "place": "до хотел Агурков"})
    assert form.is_valid() and form.cleaned_data["place"] == "ул. Гурко, до хотел Агурков"
    named = PlaceForm({**said, "place": "Гурко 5"})
    assert named.is_valid() and named.cleaned_data["place"] == "Гурко 5"


def test_what_stands_for_a_place_holds_no_hidden_signs():
    form = PlaceForm({"hit": "ul-gurko:5\n\u202eевил\x07"})
    assert not form.is_valid() or not set("\n\u202e\x07") & set(form.cleaned_data["place"])


def test_streets_are_read_where_they_are_asked_for():
    streets = "layers_place"
    with CaptureQueriesContext(connection) as asked_for:
        form = PlaceForm({"settlement": "levka", "place": "до аптеката"})
        assert form.is_valid(), form.errors
    assert not [query for query in asked_for if streets in query["sql"]]
    with CaptureQueriesContext(connection) as drawn:
        form = PlaceForm({"settlement": "levka", "street": "ul-gurko", "place": "5"})
        assert form.is_valid(), form.errors
        assert "ул. Гурко" in str(form["street"])
    assert len([query for query in drawn if streets in query["sql"]]) == 2  # the list, and the house of that number


def lamps(**more):
    layer = Layer.objects.create(slug="lamps", name=factories.texts("Улични лампи"), pickable=True, **more)
    post = {"slug": "n-118", "name": factories.texts("Стълб 118"), "key": "Л-260", "point": Point(23.621, 42.921)}
    return Feature.objects.create(layer=layer, **post)


def test_a_thing_of_a_layer_is_found_by_what_is_written_on_it_and_picked_by_that():
    post = lamps()
    for typed in ("стълб 118", "Стълб №118", "stylb 118 Левка", "118", "л-260", "Л-260"):
        hit = search(typed)[0]
        assert (hit.key, hit.words, hit.note, hit.exact) == ("lamps.n-118", "Стълб 118", "Улични лампи", True), typed
        assert chosen(hit.key).as_json() == hit.as_json()
    form = PlaceForm({"hit": "lamps.n-118"})
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["object"], form.cleaned_data["point"].coords) == (post, (23.621, 42.921))


def test_a_thing_that_cannot_be_picked_is_not_found_and_no_street_stands_for_a_lamp_post():
    lamps(published=False)
    Place.objects.create(
        slug="stalb",
        kind="street",
        area=Area.objects.get(slug="levka"),
        name=factories.texts("ул. Стълб"),
        folded=folded("ул. Стълб"),
    )
    assert [hit.key for hit in search("стълб 118")] == ["stalb"]
    assert (search("л-260"), chosen("lamps.n-118")) == ([], None)


def test_a_house_whose_place_is_known_is_that_point():
    gurko = Place.objects.get(slug="ul-gurko")
    house = {"name": {}, "folded": "", "number": "5", "street": gurko, "point": Point(23.6213, 42.9213)}
    Place.objects.create(slug="ul-gurko-5", kind="house", area=gurko.area, **house)
    form = PlaceForm({"hit": "ul-gurko:5"})
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["point"].coords, form.cleaned_data["settlement"]) == ((23.6213, 42.9213), None)


def test_enter_without_scripts_looks_up_what_was_typed_and_leads_on_when_it_was():
    """The first button of a form is pressed by Enter; the one in `noscript` is there for those without scripts alone."""
    client = Client()
    buttons = re.compile(r'(<noscript>)?<button[^>]*name="go" value="([^"]*)"')
    found = asked(client, 'gurko "5"', place="до аптеката")
    for page, looked_up in ((client.get("/reports/new/"), ""), (found, "gurko &quot;5&quot;")):
        assert buttons.findall(page.content.decode())[:3] == [
            ("<noscript>", f"enter:{looked_up}"),
            ("", "next"),
            ("", "search"),
        ]
    again = asked(client, "гурко 7", place="до аптеката", go='enter:gurko "5"').content.decode()
    assert '<input type="radio" name="hit" value="ul-gurko:7"' in again and 'value="до аптеката"' in again
    for find, go in (("гурко 7", "enter:гурко 7"), ("", "enter:"), ("", "enter:гурко 7")):
        on = asked(client, find, hit="ul-gurko:7", go=go)
        assert on.redirect_chain[-1][0].endswith("step=what"), (find, go)
    what = client.get(on.redirect_chain[-1][0]).content.decode()
    assert buttons.findall(what)[0] == ("", "next")
