"""The map page in a browser: map and list agree, the address remembers, base maps come late or never."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import TileServer
from tests.browser.pages import TILES

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
REFS = "(all) => all.map((each) => each.dataset.ref)"
TOWN = "/?at=23.7925,42.9075,15"


def on_screen(page: Page) -> int:
    return int(re.match(r"\d+", page.locator(".count").inner_text())[0])  # type: ignore[index]


def on_map(page: Page) -> int:
    clusters = page.locator(".cluster text").evaluate_all("(all) => all.map((text) => Number(text.textContent))")
    return page.locator("a.sign").count() + sum(clusters)


def answered(page: Page, act: Callable[[], object]) -> None:
    """Does `act` and waits for the map's answer to be shown."""
    page.evaluate("() => { window.shown = new Promise((done) => document.addEventListener('map:shown', done, {once: true})) }")
    act()
    page.evaluate("() => window.shown")


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_pins_and_list_agree_and_the_legend_filters(open_page: Open) -> None:
    page = open_page("/")
    assert re.fullmatch(r"\d+ к?м", page.locator(".leaflet-control-scale-line").inner_text())
    assert on_map(page) > 20
    before = on_screen(page)
    shown = int(page.locator("[data-key=sector-health] .num").inner_text())
    answered(page, lambda: page.locator("[data-key=sector-health]").click())
    assert query(page)["sector"] == ["health"]
    assert on_screen(page) < before
    assert on_map(page) >= shown > 0
    rows = page.locator("#map-list [data-ref]").evaluate_all(REFS)
    pins = page.locator("a.sign").evaluate_all(REFS)
    assert set(pins) <= set(rows)
    expect(page.locator("[data-key=sector-health]")).to_be_focused()


def test_back_restores_filters_view_scroll_and_focus(open_page: Open) -> None:
    page = open_page(TOWN)
    answered(page, lambda: page.locator("[data-key=kind-problem]").click())
    view = query(page)["at"]
    row = page.locator("#map-list a.row").nth(8)
    reference = row.get_attribute("data-ref")
    row.scroll_into_view_if_needed()
    page.wait_for_selector("#side.is-read")
    row.scroll_into_view_if_needed()
    scroll = page.locator("#side").evaluate("(side) => side.scrollTop")
    row.click()
    page.wait_for_url(f"**/reports/{reference}/")
    page.go_back()
    page.wait_for_selector("#map[data-ready=true]")
    assert query(page)["kind"] == ["problem"]
    assert query(page)["at"] == view
    expect(page.locator(f"#map-list [data-ref='{reference}']")).to_be_focused()
    assert abs(page.locator("#side").evaluate("(side) => side.scrollTop") - scroll) < 4
    answered(page, page.go_back)
    assert "kind" not in query(page)


def test_moving_the_map_changes_the_list_unless_switched_off(open_page: Open) -> None:
    page = open_page("/")
    whole = on_screen(page)
    for _ in range(3):
        answered(page, page.locator("#zoom-in").click)
    near = on_screen(page)
    page.locator("#follow").uncheck()
    page.locator("#whole").click()
    page.locator("#again").wait_for()
    assert on_screen(page) == near < whole
    answered(page, page.locator("#again").click)
    assert on_screen(page) == whole


def test_pins_are_reached_and_named_by_keyboard(open_page: Open) -> None:
    page = open_page(TOWN)
    pin = page.locator("a.sign").first
    pin.focus()
    reference = pin.get_attribute("data-ref")
    name = pin.get_attribute("aria-label") or ""
    assert re.match(r"(сигнал|идея|планиран проект): .+\. .+", name)
    expect(page.locator(f"#map-list [data-ref='{reference}']")).to_have_class(re.compile("is-on"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{reference}/")


def test_a_tap_makes_the_sheet_a_card(open_page: Open) -> None:
    page = open_page(TOWN, width=390, height=844, has_touch=True)
    pins = page.locator("a.sign")
    boxes = pins.evaluate_all(
        "(all) => all.map((pin) => pin.getBoundingClientRect()).map((box) => [box.left + 22, box.top + 30])"
    )
    at = next(i for i, (x, y) in enumerate(boxes) if 20 < x < 320 and 100 < y < 460)
    page.touchscreen.tap(*boxes[at])
    card = page.locator(".picked h2")
    card.wait_for()
    assert card.inner_text() in (pins.nth(at).get_attribute("aria-label") or "")
    page.locator(".picked [data-step=close]").click()
    expect(page.locator(".count")).to_be_visible()


def test_search_finds_a_settlement_and_a_number(open_page: Open) -> None:
    page = open_page("/")
    before = query(page)["bbox"]
    page.locator("#q").fill("врач")
    result = page.locator(".results a").first
    assert result.inner_text() == "с. Врачеш"
    answered(page, result.click)
    assert query(page)["bbox"] != before
    before = query(page)["bbox"]
    page.locator("#q").fill("стълб 118")
    answered(page, lambda: page.locator("#q").press("Enter"))
    expect(page.locator("#q")).to_have_value("стълб 118, гр. Ботевград")
    assert query(page)["bbox"] != before and "q" not in query(page)
    answered(page, lambda: (page.locator("#q").fill("лампа"), page.locator("#q").press("Enter")))
    assert query(page)["q"] == ["лампа"]
    reference = page.locator("#map-list [data-ref]").first.get_attribute("data-ref") or ""
    page.locator("#q").fill(f"{reference[:3]} {reference[3:6]} {reference[6:]}")
    page.locator("#q").press("Enter")
    page.wait_for_url(f"**/{reference}/")


def test_a_base_map_is_laid_over_after_its_first_tile_with_its_credit(open_page: Open) -> None:
    page = open_page(TOWN, tiles=True)
    page.wait_for_selector("#map.has-tiles")
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("OpenStreetMap")
    referrer = page.asked_tiles[0].request.all_headers().get("referer", "")  # type: ignore[attr-defined]
    assert referrer.startswith("http://localhost:")
    page.locator("#layers-toggle").click()
    page.get_by_label("Само рисунката на общината").check()
    expect(page.locator("#map")).not_to_have_class(re.compile("has-tiles"))


def changed(page: Page, change: Callable[[dict[str, Any]], str]) -> None:
    """The page comes again; `change` changes its data and returns boxes for the panel of layers."""

    def answer(route: Route) -> None:
        found = route.fetch()
        begin, rest = found.text().split('<script id="map-setup" type="application/json">')
        data, end = rest.split("</script>", 1)
        known = json.loads(data)
        boxes = change(known)
        whole = f'{begin}<script id="map-setup" type="application/json">{json.dumps(known)}</script>{end}'
        head, panel = re.split(r'(?<=id="layers-panel" hidden>)', whole)
        route.fulfill(response=found, body=head + boxes + panel)

    page.route(lambda address: urlsplit(address).path == "/", answer)
    page.reload()
    page.wait_for_selector("#map[data-ready=true]")


def photo(known: dict[str, Any]) -> str:
    """A second base map, a photo from the air."""
    street = known["base_maps"][0]
    words = {"slug": "photo", "name": "Снимка", "aerial": True, "there": "Снимка от въздуха", "back": "Карта"}
    address = f"{TILES}/photo/{{z}}/{{x}}/{{y}}.png"
    known["base_maps"].append({**street, **words, "url": address, "silent": "„Снимка“ мълчи"})
    return ""


def two_dead_layers(known: dict[str, Any]) -> str:
    """Two layers of servers that send nothing; that of lamps is drawn from nearer."""
    [lamps] = known["layers"]
    lamps["from_zoom"] = 17
    pictures = {"url": f"{TILES}/{{z}}/{{x}}/{{y}}.png", "wms": "", "max_zoom": 19, "opacity": 1, "attribution": ""}
    for slug in ("one", "two"):
        known["layers"].append({"slug": slug, "from_zoom": 0, "legend": "", "silent": f"Мълчи {slug}.", "pictures": pictures})
    far = f'<label><input type="checkbox" name="features" value="{lamps["slug"]}"><small data-outside=far hidden>отдалече</small></label>'
    return far + "".join(f'<input type="checkbox" name="features" value="{slug}">' for slug in ("one", "two"))


def test_what_is_said_of_silent_and_of_far_layers_stays(open_page: Open) -> None:
    page = open_page(f"{TOWN}&layers=one,two,lamp-posts", service_workers="block")
    changed(page, two_dead_layers)
    note, far = page.locator("#map-note"), page.locator("[data-outside=far]")
    expect(note).to_contain_text("Мълчи one.")
    expect(note).to_contain_text("Мълчи two.")
    page.locator("#layers-toggle").click()
    expect(far).to_be_visible()
    for _ in range(2):
        answered(page, page.locator("#zoom-in").click)
    expect(note).to_contain_text("Мълчи two.")
    expect(far).to_be_hidden()
    page.locator("input[name=features][value=one]").click()  # it is off again as soon as its server is silent
    expect(note).to_have_text("Мълчи one.")


def test_a_layer_answers_keys_as_a_dialog(open_page: Open) -> None:
    page = open_page("/?at=23.7906,42.9083,18&layers=lamp-posts")
    page.locator("#map").focus()
    page.wait_for_selector(".leaflet-features-pane canvas", state="attached")
    page.wait_for_load_state("networkidle")
    said = page.get_by_role("dialog", name="стълб 118")
    page.keyboard.press("Enter")
    expect(said.locator(".layer-said")).to_be_focused()
    page.keyboard.press("Escape")
    expect(said).to_have_count(0)
    expect(page.locator("#map")).to_be_focused()


def test_one_button_goes_to_the_photo_from_the_air_and_back(open_page: Open) -> None:
    page = open_page(TOWN, tiles=True, service_workers="block")
    assert page.locator(".photo-switch").count() == 0
    changed(page, photo)
    switch = page.locator("#map .photo-switch")
    page.wait_for_selector("#map.has-tiles")

    def silent(route: Route) -> None:
        route.abort()

    kept = "localStorage.getItem('base-map')"
    page.context.route(f"{TILES}/photo/**", silent)
    switch.press("Enter")
    expect(page.locator("#map-note")).to_have_text("„Снимка“ мълчи")
    expect(switch).to_have_text("Снимка от въздуха")
    assert (page.evaluate(kept), page.locator("#map.has-tiles:not(.has-photo)").count()) == (None, 1)
    # A choice of before that fails gives way to the next one, on a map of a few tiles too, and is forgotten.
    page.evaluate("localStorage.setItem('base-map', 'photo')")
    page.set_viewport_size({"width": 320, "height": 320})
    page.reload()
    page.wait_for_selector("#map.has-tiles:not(.has-photo)")
    expect(page.locator("#map-note")).to_have_text("„Снимка“ мълчи")
    assert page.evaluate(kept) is None
    page.context.unroute(f"{TILES}/photo/**", silent)
    page.set_viewport_size({"width": 1440, "height": 900})
    switch.press("Enter")
    page.wait_for_selector("#map.has-photo")
    expect(switch).to_have_text("Карта")
    assert page.evaluate(kept) == "photo"
    switch.click()
    page.wait_for_selector("#map.has-tiles:not(.has-photo)")
    expect(switch).to_have_text("Снимка от въздуха")


ELSEWHERE = """([from, to]) => {
  const written = L.TileLayer.prototype.getTileUrl;
  L.TileLayer.prototype.getTileUrl = function (at) { return written.call(this, at).replace(from, to); };
}"""


def with_tiles_of(page: Page, server: TileServer, status: int) -> None:
    """Chooses the base map, whose tiles now come from that server."""
    server.status = status
    server.referrers.clear()
    page.evaluate(ELSEWHERE, [TILES, server.address])
    page.locator("#layers-toggle").click()
    page.get_by_label("Само рисунката на общината").check()
    page.get_by_label("Карта на улиците").click()  # where no tile comes, the own ground is chosen again by itself


def test_a_tile_server_is_asked_with_our_origin_and_is_the_only_other_host(open_page: Open, tile_server: TileServer) -> None:
    page = open_page(TOWN)
    with_tiles_of(page, tile_server, 200)
    page.wait_for_selector("#map.has-tiles")
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("OpenStreetMap")
    for _tenth in range(50):
        if len(tile_server.referrers) >= 4:
            break
        page.wait_for_timeout(100)
    assert len(tile_server.referrers) >= 4
    assert set(tile_server.referrers) == {page.evaluate("location.origin + '/'")}
    policy = page.request.get("/").headers["content-security-policy"]
    images = next(part.split()[1:] for part in policy.split(";") if part.split()[0] == "img-src")
    assert images == ["'self'", "data:", "blob:", TILES, tile_server.address]


@pytest.mark.parametrize("status", [404, 500])
def test_the_own_ground_stays_where_no_tile_comes(open_page: Open, tile_server: TileServer, status: int) -> None:
    page = open_page(TOWN)
    with page.expect_response(lambda answer: answer.url.startswith(tile_server.address) and answer.status == status):
        with_tiles_of(page, tile_server, status)
    assert tile_server.referrers
    assert page.locator("path.g-cell").count() >= 1
    expect(page.locator("#map")).not_to_have_class(re.compile("has-tiles"))
    assert page.locator(".leaflet-control-attribution").count() == 0


def test_a_dead_tile_server_changes_nothing(open_page: Open) -> None:
    page = open_page("/", tiles=False)
    assert page.locator("path.g-cell").count() == 13
    assert page.locator("path.g-edge").count() >= 1
    expect(page.locator("#map")).not_to_have_class(re.compile("has-tiles"))
    assert page.locator(".leaflet-control-attribution").count() == 0


OVER = """() => {
  const seen = (css) => [...document.querySelectorAll(css)].map((node) => node.getBoundingClientRect()).filter((box) => box.width);
  const names = seen("#map .g-name:not(.is-crowded) span");
  const touch = (a, b) => a !== b && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return [names.length, names.some((name) => [...names, ...seen(".cluster")].some((other) => touch(name, other)))];
}"""


def test_whole_municipality_lies_free_above_the_sheet_and_its_names_beside_the_signs(open_page: Open) -> None:
    page = open_page("/", width=390, height=844)
    outline = page.locator("path.g-edge").first.bounding_box()
    sheet = page.locator("#side").bounding_box()
    head = page.locator(".bar-top").bounding_box()
    assert outline and sheet and head
    assert outline["y"] >= head["y"] + head["height"]
    assert outline["y"] + outline["height"] <= sheet["y"]
    number, over = page.evaluate(OVER)
    assert (number > 2, over) == (True, False)


def test_close_up_the_corner_names_the_settlement(open_page: Open) -> None:
    page = open_page("/?at=23.80,42.92,18")
    expect(page.locator(".g-here")).to_have_text("гр. Ботевград")
    assert page.locator(".g-paper").count() > 3


def test_without_scripts_the_list_and_its_filters_stand(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False, width=390, height=844)
    expect(page.locator("#map")).to_be_hidden()
    whole = on_screen(page)
    page.locator("[data-key=kind-idea]").click()
    assert on_screen(page) < whole
    assert page.locator("#map-list a.row").count() > 3
