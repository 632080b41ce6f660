"""Coordinates and plus codes in the search box; the codes against examples that their specification publishes."""

from __future__ import annotations

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
    ):
        (hit,) = search(typed)
        assert (hit.home.slug, hit.exact, hit.place.kind) == ("levka", True, "spot"), typed
        assert abs(hit.point.x - lon) < 0.0001 and abs(hit.point.y - lat) < 0.0001, typed
        assert chosen(hit.key).point.coords == hit.point.coords
        assert hit.as_json()["settlement"] == "levka"
    assert [search(typed) for typed in ("1.25, 2.25", "99.25, 200.25", "6FG22222+22", code[4:])] == [[], [], [], []]
