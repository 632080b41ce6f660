"""Places found by name: folding, typing errors, Latin letters, house numbers, lamp posts, and the index that answers."""

from __future__ import annotations

import json

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, Point
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layers.folding import folded, house, post
from layers.gazetteer import chosen, search
from layers.likeness import like
from layers.models import Layer, Place
from layers.named_home import named_home, one_apart, settlements_like
from layers.named_things import things
from municipality.models import Area
from tests import factories


@pytest.fixture
def names(db):
    factories.town()
    home, village = Area.objects.get(slug="levka"), Area.objects.get(slug="dabrava")
    for slug, kind, area, name, more in (
        ("area-levka", "settlement", home, "гр. Левка", {"point": Point(*factories.CENTRE)}),
        ("ul-gurko", "street", home, "ул. Гурко", {}),
        ("ul-17", "street", home, "ул. 17 ноември", {}),
        ("bul-mart", "street", home, "бул. Трети март", {"also": ["3-ти март"]}),
        ("ul-sahat", "street", village, "ул. Шипка", {}),
        ("clock", "landmark", home, "Часовникова кула", {"point": Point(23.61, 42.91)}),
        ("post-123", "post", home, "стълб 123", {"number": "123", "point": Point(23.62, 42.92)}),
        ("post-124", "post", home, "стълб 124", {"number": "124", "point": Point(23.63, 42.92)}),
    ):
        spelt = " | ".join(folded(text) for text in [name, *more.get("also", [])])
        Place.objects.create(slug=slug, kind=kind, area=area, name=factories.texts(name), folded=spelt, **more)


@pytest.mark.parametrize("typed", ["gurko 5", "гурко5", "Ул Гурко №5", "ул. Гурко 5", "GURKO 5", "ulica gurko 5", "гурко № 5"])
def test_one_address_however_it_is_written(names, typed):
    hit = search(typed)[0]
    assert (hit.words, hit.home.slug, hit.exact) == ("ул. Гурко 5", "levka", False)


@pytest.mark.parametrize(
    ("typed", "slug"),
    [("гурку", "ul-gurko"), ("gurco", "ul-gurko"), ("гур", "ul-gurko"), ("treti mart", "bul-mart"), ("3ти март", "bul-mart"),
     ("4asovnikova kula", "clock"), ("часовниковта кула", "clock"), ("6ipka", "ul-sahat"), ("17 noemvri", "ul-17"),
     ("levka", "area-levka"), ("стълб 123", "post-123"), ("stulb №124", "post-124"), ("lampa 123", "post-123"),
     ("stylb 123", "post-123"), ("123", "post-123"), ("Стълб 124 Левка", "post-124"), ("Левка, стълб № 123", "post-123")],
)  # fmt: skip
def test_errors_and_latin_letters_find_the_place(names, typed, slug):
    assert search(typed)[0].place.slug == slug


@pytest.mark.parametrize("typed", ["", "у", "ул.", "xyzzy", "стълб 999", "стълб 1239", "12399", "%%%", "'; --", "ж" * 100])
def test_nothing_is_found_for_nothing(names, typed):
    assert search(typed) == []


def test_the_settlement_named_beside_a_number_comes_first(names):
    village = Area.objects.get(slug="dabrava")
    Place.objects.create(
        slug="another", kind="post", area=village, name=factories.texts("стълб 123"), folded="stalb 123", number="123"
    )
    assert [hit.place.slug for hit in search("стълб 123 Дъбрава")] == ["another", "post-123"]
    assert [hit.place.slug for hit in search("levka stylb 123")] == ["post-123", "another"]


def test_house_number_and_words_are_parted():
    asked = ("ул. Гурко №5 а", "гурко5", "гурко", "5")
    assert [house(text) for text in asked] == [("ул. Гурко", "5а"), ("гурко", "5"), ("гурко", ""), ("5", "")]


def test_key_of_a_hit_gives_the_same_hit(names):
    hit = search("гурко 5")[0]
    assert chosen(hit.key).name == hit.name == "ул. Гурко 5, гр. Левка"
    assert chosen("nowhere:5") is None


def test_a_spot_is_named_by_its_numbers_and_gives_a_form_no_words(names):
    [found] = Client().get("/places/", {"q": "42.908, 23.6123"}).json()["places"]
    assert (found["words"], found["name"], found["exact"]) == ("", "42.908000, 23.612300, гр. Левка", True)
    again = chosen(found["key"])
    assert (again.words, again.name, again.point.coords) == ("", found["name"], (23.6123, 42.908))


def test_answer_of_the_address(names):
    answer = Client().get("/places/", {"q": "стълб 123"})
    [found] = json.loads(answer.content)["places"]
    assert (found["lon"], found["lat"], found["exact"], found["settlement"]) == (23.62, 42.92, True, "levka")
    assert answer["Cache-Control"] == "public, max-age=300"
    for wrong in ("ж" * 101, " ", "\0"):
        refused = Client().get("/places/", {"q": wrong})
        assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json"), wrong


@pytest.mark.parametrize(
    ("typed", "whole"),
    [("гурко", True), ("ул. Гурко 5", True), ("Гурко 5, гр. Левка", True), ("gurko levka", True), ("лампа 123", True), ("стълб 123 Левка", True),
     ("42.908, 23.6123", True), ("3-ти март", True), ("дупка левка", False), ("гурко дупка", False), ("стълб 123 не свети", False),
     ("гур", False), ("гурку", False), ("часовникова", False)],
)  # fmt: skip
def test_whether_a_place_is_all_that_was_asked(names, typed, whole):
    [first, *_more] = Client().get("/places/", {"q": typed}).json()["places"]
    assert first["whole"] is whole


def test_many_places_are_searched_by_their_index(names):
    """Sixty thousand names: the likeness of what was typed is computed for those that the index gives alone."""
    home = Area.objects.get(slug="levka")
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO layers_place (slug, kind, name, also, number, area_id, approximate, example, folded)
               SELECT 's-' || n, 'street', jsonb_build_object('bg', 'ул. ' || n, 'en', 'ул. ' || n), '{}', '', %s, false, false, spelt || ' ' || n
               FROM unnest(%s::text[]) WITH ORDINALITY AS made (spelt, n)""",
            [home.pk, [hash_of(n) for n in range(60_000)]],
        )
        cursor.execute("SELECT gin_clean_pending_list('place_folded')")
        cursor.execute("ANALYZE layers_place")
        for rows in (
            like("gurko"),
            settlements_like(["gurko", "levka", "gurko ulitsa"]),
            like("gurko").filter(area__path__startswith=home.path),
        ):
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', '0.45', true)")
            sql, values = rows.query.sql_with_params()
            cursor.execute(f"EXPLAIN {sql}", values)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "place_folded" in plan and "Seq Scan on layers_place" not in plan
    assert search("гурко")[0].place.slug == "ul-gurko"
    assert search("левка гурко")[0].place.slug == "ul-gurko"  # the settlement beside it is searched by the index too


def hash_of(number: int) -> str:
    """Eight letters that look like a name of their own."""
    letters = "bdfhkmprstvz"
    return "".join(letters[(number * 7919 >> (3 * k)) % 12] + "aeiou"[(number >> k) % 5] for k in range(4))


@pytest.fixture
def twice(names):
    """The same names in the village too, and a library only there."""
    village = Area.objects.get(slug="dabrava")
    for slug, kind, area, name, spelt in (
        ("area-dabrava", "settlement", village, "с. Дъбрава", "dabrava | of dabrava"),
        ("ul-gurko-dabrava", "street", village, "ул. Гурко", "gurko"),
        ("library", "landmark", village, "Читалище „Просвета“", "chitalishte prosveta"),
    ):
        Place.objects.create(slug=slug, kind=kind, area=area, name=factories.texts(name), folded=spelt)


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Дъбрава читалище", "Читалище „Просвета“, с. Дъбрава"), ("читалище Дъбрава", "Читалище „Просвета“, с. Дъбрава"),
     ("chitalishte, selo dabrava", "Читалище „Просвета“, с. Дъбрава"), ("читалище с.Дъбрва", "Читалище „Просвета“, с. Дъбрава"),
     ("гурко 5 дъбрава", "ул. Гурко 5, с. Дъбрава"), ("дъбрава гурко 5", "ул. Гурко 5, с. Дъбрава"),
     ("ул. Гурко 5, с. Дъбрава", "ул. Гурко 5, с. Дъбрава"), ("ул. Гурко 5, гр. Левка", "ул. Гурко 5, гр. Левка"),
     ("ул. Гурко №5а гр. Левка", "ул. Гурко 5а, гр. Левка"), ("гурко левка", "ул. Гурко, гр. Левка"),
     ("Левка 17 ноември", "ул. 17 ноември, гр. Левка"), ("17 ноември 3 Левка", "ул. 17 ноември 3, гр. Левка")],
)  # fmt: skip
def test_the_settlement_named_beside_a_name_holds_the_first_hit(twice, typed, name):
    assert search(typed)[0].name == name


def test_what_is_not_known_in_the_settlement_is_its_words(twice):
    first, *more = search("Левка пейката на пазара")
    assert (first.words, first.home.slug, first.exact, more) == ("пейката на пазара", "levka", False, [])
    assert chosen(first.key).name == first.name == "пейката на пазара, гр. Левка"
    assert [hit.name for hit in search("читалище Левка")] == ["читалище, гр. Левка", "Читалище „Просвета“, с. Дъбрава"]


@pytest.mark.parametrize("typed", ["гурко 99999", "ул. Гурко 99999, с. Дъбрава", "гурко99999"])
def test_number_that_no_house_has_becomes_no_other(twice, typed):
    hits = search(typed)
    assert hits[0].place.slug.startswith("ul-gurko") and not any("999" in hit.name for hit in hits)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [("litakvo", "litakovo", True), ("litakovo", "litakuvo", True), ("litakovoo", "litakovo", True), ("litakovo", "litakovo", True),
     ("litako", "litakovo", False), ("litokuvo", "litakovo", False)],
)  # fmt: skip
def test_one_letter_may_be_wrong(one, other, near):
    assert one_apart(one, other) is one_apart(other, one) is near


def test_settlement_of_a_short_name_is_not_seen_in_a_like_word(names):
    village = Area.objects.get(slug="dabrava")
    Place.objects.create(slug="gurkovo", kind="settlement", area=village, name=factories.texts("с. Гурково"), folded="gurkovo")
    assert search("гурко 5 левка")[0].name == "ул. Гурко 5, гр. Левка"


def test_a_kind_before_the_second_name_stays_with_it(twice):
    assert named_home("Левка ул. Рила")[1] == "ул. Рила"
    assert named_home("Левка ул. Шипка 3")[1] == "ул. Шипка 3"
    assert named_home("гр. Левка Рила")[1] == "Рила"


def test_the_sign_of_a_number_is_no_letter(names):
    assert folded("ул. Гурко №5") == folded("гурко 5") == "gurko 5"
    assert post("№ 123") == ("123", "")
    assert [hit.key for hit in search("№ 123")][:1] == [hit.key for hit in search("123")][:1] == ["post-123"]


def test_a_word_that_sounds_like_a_lamp_post_hides_no_other_place(names):
    home = Area.objects.get(slug="levka")
    spelt = folded("Пост 3 на КАТ")
    Place.objects.create(slug="kat", kind="landmark", area=home, name=factories.texts("Пост 3 на КАТ"), folded=spelt)
    assert search("до пост 3 на КАТ")[0].key == "kat"
    assert (search("Левка, до пост 9 на пътя")[0].name) == "до пост 9 на пътя, гр. Левка"
    assert search("стълб 123")[0].key == "post-123"


@pytest.mark.parametrize(
    "typed", ["00123", "стълб 00123", "стлъб 123", "stlab 123", "сътлб № 123", "Стлъб 0123, Левка", "№ 00123"]
)
def test_noughts_and_changed_letters_hide_no_lamp_post(names, typed):
    assert [hit.key for hit in search(typed)] == ["post-123"]


@pytest.mark.parametrize(
    "typed", ["123 Дъбрава", "Дъбрава 123", "с. Дъбрава № 123", "№123, с. Дъбрава", "dabrava 00123", "123 дабрава"]
)
def test_a_number_beside_a_settlement_is_its_lamp_post(twice, typed):
    village = Area.objects.get(slug="dabrava")
    Place.objects.create(
        slug="another", kind="post", area=village, name=factories.texts("стълб 123"), folded="stalb 123", number="123"
    )
    assert search(typed)[0].key == "another" and "post-123" not in [hit.key for hit in search(typed)]


@pytest.mark.parametrize(
    "typed", ["Дъбрава 124", "124 дъбрава", "ул. Гурко 124", "гурко 124 левка", "123 гурко", "Левка 17 ноември"]
)
def test_a_number_beside_something_else_is_no_lamp_post(twice, typed):
    assert [hit for hit in search(typed) if hit.place.kind == "post"] == []


def test_things_of_large_layers_are_found_by_their_index(names):
    """Thirty thousand lamp posts: those that are called so, or have that key, are read and no others."""
    layer = Layer.objects.create(slug="lamps", name=factories.texts("Лампи", "Lamps"), pickable=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO layers_feature (layer_id, slug, name, icon, approximate, key, properties, point)
               SELECT %s, n::text, jsonb_build_object('bg', 'Стълб ' || n, 'en', 'Post ' || n), '', false, 'Л-' || n, '{}',
                      ST_SetSRID(ST_MakePoint(%s, %s), 4326) FROM generate_series(1, 30000) n""",
            [layer.pk, *factories.CENTRE],
        )
        cursor.execute("SELECT gin_clean_pending_list('feature_names')")
        cursor.execute("ANALYZE layers_feature")
    with CaptureQueriesContext(connection) as asked:
        found = things("стълб №4711")
    assert [one.slug for one in found] == ["4711"]
    assert [one.slug for one in things("л-4711")] == ["4711"]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked.captured_queries[-1]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "feature_names" in plan and "Seq Scan on layers_feature" not in plan, plan


@pytest.fixture
def houses(names):
    """Houses 2, 5, 8 and „14 вх. А“ in the street of both settlements that have it, the village's without numbers."""
    street = Place.objects.get(slug="ul-gurko")
    for number, lon in (("2", 23.61), ("5", 23.62), ("8", 23.63), ("14 вх. А", 23.64)):
        Place.objects.create(
            slug=f"h-{lon}",
            kind="house",
            area=street.area,
            name={},
            folded="",
            number=number,
            street=street,
            point=Point(lon, 42.91),
        )
    Place.objects.create(
        slug="a-gurko", kind="street", area=Area.objects.get(slug="dabrava"), name=factories.texts("ул. Гурко"), folded="gurko"
    )


def test_what_is_inside_a_house_and_the_post_code_are_no_number(houses):
    for typed in (
        "Гурко 5", "ул. Гурко № 5, вх. Б, ет. 3, ап. 12", "Гурко 5 ап. 3", "Гурко 5, ет. 2", "гурко 5 вход А", "GURKO 5, et. 2",
        "ГУРКО 5, ГР. ЛЕВКА, 2140", "2140 Левка, ул. Гурко № 5", "ул. Гурко 5, 2140 Левка", "Гурко 5-7", "Гурко 5/7",
    ):  # fmt: skip
        hit = search(typed)[0]
        assert (hit.place.slug, hit.point.coords, hit.exact) == ("ul-gurko", (23.62, 42.91), True), typed
    assert search("Гурко 14")[0].point.coords == (23.64, 42.91)
    assert search("Гурко 14 вх. А")[0].point.coords == (23.64, 42.91)
    assert [hit.words for hit in search("гурко 9999")][:1] == ["ул. Гурко 9999"]
    assert chosen("ul-gurko:5-7").exact is True


def test_of_streets_of_one_name_the_known_house_and_then_the_larger_settlement_come_first(houses):
    assert [hit.place.slug for hit in search("гурко 5")] == ["ul-gurko", "a-gurko"]
    Area.objects.filter(slug="levka").update(population=20_000)
    assert [hit.place.slug for hit in search("гурко 77")] == ["ul-gurko", "a-gurko"]
    Area.objects.filter(slug="dabrava").update(population=30_000)
    assert [hit.place.slug for hit in search("гурко 77")] == ["a-gurko", "ul-gurko"]


def test_a_street_whose_way_is_known_lies_half_way_along_it(names):
    Place.objects.filter(slug="ul-gurko").update(line=MultiLineString(LineString((23.6, 42.9), (23.62, 42.9))))
    hit = search("гурко")[0]
    assert (hit.exact, tuple(round(number, 6) for number in hit.point.coords)) == (False, (23.61, 42.9))


def test_a_block_of_a_quarter_is_its_number(names):
    quarter = Place.objects.create(
        slug="saransk",
        kind="quarter",
        area=Area.objects.get(slug="levka"),
        name=factories.texts("жк Саранск"),
        folded="saransk",
    )
    house = {"kind": "house", "area": quarter.area, "name": {}, "folded": "", "street": quarter, "point": Point(23.6, 42.9)}
    Place.objects.create(slug="block", number="12", **house)
    for typed in ("ж.к. Саранск блок 12 вх. Б", "жк саранск бл.12", "saransk bl. 12, et. 4"):
        assert (search(typed)[0].words, search(typed)[0].exact) == ("жк Саранск 12", True), typed
