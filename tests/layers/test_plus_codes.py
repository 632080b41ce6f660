"""Coordinates and plus codes in the search box; the codes against examples that their specification publishes."""

from __future__ import annotations

from layers.coordinates import CUT, read
from layers.gazetteer import chosen, search
from layers.models import Place
from layers.plus_codes import cell, encoded, find, recovered
from municipality.models import Area
from tests import factories


def test_codes_are_those_of_the_specification():
    published = (
        (20.3701125, 2.782234375, 11, "7FG49QCJ+2VX"), (47.0000625, 8.0000625, 10, "8FVC2222+22"), (0.5, -179.5, 4, "62G20000+"),
        (20.3701135, 2.78223535156, 13, "7FG49QCJ+2VXGJ"), (90, 1, 4, "CFX30000+"), (1, 180, 4, "62H20000+"),
    )  # fmt: skip
    for lat, lon, digits, code in published:
        assert encoded(lon, lat, digits) == code
        found = cell(code)
        assert (found.west <= (lon + 180) % 360 - 180 < found.east, found.south <= min(lat, 89.99) < found.north) == (
            True,
            True,
        )
    assert recovered("9QCJ+2VX", -1.217765625, 51.3852125) == "9C3W9QCJ+2VX"
    assert recovered("22+", 9.012, 42.899) == "8FJFW222+"
    assert find("тук: 8fvc2222+22 моля") == ("8FVC2222+22", "тук: моля")
    assert [find(text) for text in ("", "+", "8FVC+", "8F+2", "8FVC22222+22", "1+1", "8FVC0000+22", "XXVC2222+22")] == [
        None
    ] * 8
    assert [find(text) for text in ("8GJ5WQ00+", "8GJ50000+", "8FVC2222+", "8FVC2222+2")] == [None] * 4  # an area, no place


def test_the_search_box_understands_numbers_and_codes(db):
    factories.town()
    home = Area.objects.get(slug="levka")
    Place.objects.create(
        slug="area-levka", kind="settlement", area=home, name=factories.texts("гр. Левка"), folded="levka", point=home.point
    )
    lon, lat = (round(number + 0.001, 4) for number in factories.CENTRE)
    code = encoded(lon, lat)
    seconds = (
        f"{int(lat)}°{int(lat % 1 * 60)}'{lat * 60 % 1 * 60:.2f}\"N {int(lon)}°{int(lon % 1 * 60)}'{lon * 60 % 1 * 60:.2f}\"E"
    )
    for typed in (
        f"{lat}, {lon}",
        f"{lat} {lon}",
        f"{lat}; {lon}".replace(".", ","),
        seconds,
        code,
        f"{code[4:]} Левка",
        f"{code[4:]}, гр. Левка",
        f"{code[4:]} Levka, Bulgaria",
        f"{code[4:]} Левка, България",
        f"{code[4:]} 2140 Левка",
    ):
        (hit,) = search(typed)
        assert (hit.home.slug, hit.exact, hit.place.kind) == ("levka", True, "spot"), typed
        assert abs(hit.point.x - lon) < 0.0001 and abs(hit.point.y - lat) < 0.0001, typed
        assert chosen(hit.key).point.coords == hit.point.coords
        assert hit.as_json()["settlement"] == "levka"
    assert [search(typed) for typed in ("1.25, 2.25", "99.25, 200.25", "6FG22222+22", code[4:])] == [[], [], [], []]


def test_numbers_are_read_as_people_and_maps_write_them():
    at, place = (23.7925, 42.9081), "https://www.google.com/maps/place/X/@42.1,23.1,15z/data=!8m2!3d42.9081!4d23.7925"
    written = (
        "42.9081 С 23.7925 И", "42.9081° N, 23.7925° E", "N42.9081 E23.7925", "n42.9081e23.7925", "42°54.486'N 23°47.550'E",
        "N 42°54'29.16\" E 23°47'33\"", "42.9081 с.ш. 23.7925 и.д.", "42°54′29,16″ с. ш., 23°47′33″ и. д.", "(42.9081, 23.7925)",
        "geo:42.9081,23.7925", "geo:42.9081,23.7925,560;u=35", "https://www.google.com/maps/@42.9081,23.7925,15z", place,
        "https://www.openstreetmap.org/?mlat=42.9081&mlon=23.7925#map=15/42.1/23.1", "https://www.openstreetmap.org/#map=15/42.9081/23.7925",
        "42,9081 23,7925", "42,9081,23,7925", "E 23.7925, N 42.9081",
    )  # fmt: skip
    for text in written:
        found = read(text)
        assert found is not None and (round(found[0], 6), round(found[1], 6)) == at, text
    assert [read(text) for text in ("42.9, 23.8", "42.9081 Ю 23.7925 З", "-42.9 -23.8")] == [
        (23.8, 42.9), (-23.7925, -42.9081), (-23.8, -42.9)
    ]  # fmt: skip
    no_place = (
        "42 23", "42, 23", "42,5 23,5", "42.9081", "N42.9 N23.8", "42.9 N 23.8", "42°61'N 23°1'E", "42.5°30'N 23°1'E", "N 42 E 23", "91.5, 23.5",
        "ул. Гурко 5.1, 6.2", "8GJ5WQ00+", f"https://example.org/{'x' * 260}/@42.9081234,23.7925123,15z"[:CUT],
    )  # fmt: skip
    for text in no_place:
        assert read(text) is None, text
