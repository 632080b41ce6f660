"""Files of the front end keep to the baseline (Chrome 106, Safari 15.4, Firefox 115), to the policy and to the limits."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CSS = sorted((ROOT / "static/css").glob("*.css"))
JS = sorted((ROOT / "static/js").rglob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# What came into a browser of the baseline only later. Each is (pattern, why).
CSS_TOO_NEW = {
    r":has\(": "Firefox 121",
    r"color-mix\(": "Chrome 111, Safari 16.2",
    r"@container|container-type|\bcq[wihb]\b": "Safari 16",
    r"(?m)^\s+&": "nesting: Chrome 112, Firefox 117",
    r"subgrid": "Chrome 117",
    r"\(width\s*[<>]|\(height\s*[<>]": "range syntax: Safari 16.4",
    r"oklch\(|oklab\(|\blch\(|light-dark\(": "Chrome 111 and later",
    r"@scope|@starting-style|anchor-name|@property": "later than the baseline",
    r"@media[^{]*scripting": "Chrome 120",
}
JS_TOO_NEW = {
    r"\(\?<[=!]": "look-behind: Safari 16.4",
    r"\bstatic\s*\{": "static blocks: Safari 16.4",
    r"\.toSorted\(|\.toReversed\(|\.toSpliced\(|\.with\(": "Chrome 110",
    r"Object\.groupBy|Map\.groupBy|Array\.fromAsync|Promise\.withResolvers": "later than the baseline",
    r"URL\.canParse|URL\.parse\(": "later than the baseline",
    r"AbortSignal\.any|AbortSignal\.timeout": "Safari 16",
    r"crypto\.randomUUID": "missing on plain http",
    r"showPopover|togglePopover|startViewTransition": "later than the baseline",
    r"/[^/\n]+/v[;,.)\s]": "v flag: Chrome 112",
}


def hits(paths: list[Path], patterns: dict[str, str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {pattern} ({why})"
        for path in paths
        for pattern, why in patterns.items()
        if re.search(pattern, path.read_text())
    ]


def test_css_keeps_to_the_baseline() -> None:
    assert hits(CSS, CSS_TOO_NEW) == []


def test_a_dynamic_height_has_a_plain_one_before_it() -> None:
    for path in CSS:
        for match in re.finditer(r"([\w-]+):\s*[^;]*\d+[dls]v[hw]", path.read_text()):
            before = path.read_text()[: match.start()].rstrip().removesuffix(";")
            assert re.search(rf"{match[1]}:\s*\S+$", before), f"{path.name}: {match[0]}"


def test_scripts_keep_to_the_baseline() -> None:
    assert hits(JS, JS_TOO_NEW) == []


def test_leaflet_is_given_nodes_never_strings() -> None:
    strings = {
        r"bindPopup\(|bindTooltip\(|setPopupContent|setTooltipContent": "words become HTML there",
        r"html:\s*[`'\"]": "an icon made of a string",
        r"insertAdjacentHTML|document\.write|outerHTML": "strings into the page",
    }
    assert hits(JS, strings) == []
    # Fragments of our own server are put in known places only.
    with_inner = [path.name for path in JS if ".innerHTML" in path.read_text()]
    assert sorted(with_inner) == [
        "asked.js",
        "here.js",
        "list.js",
        "objects.js",
        "picked.js",
        "place_picker.js",
        "said.js",
        "small_layers.js",
        "zones.js",
    ]


def test_no_script_leads_back_to_itself() -> None:
    """Else the names by contents, of which each holds those that it asks for, are never done with."""
    asked = {
        path: [
            (path.parent / name).resolve() for name in re.findall(r"(?:from |import\(|import )\"(\.[^\"]+)\"", path.read_text())
        ]
        for path in JS
    }
    assert sum(map(len, asked.values())) > 100
    left = dict(asked)
    while done := [path for path, names in left.items() if not any(name in left for name in names)]:
        for path in done:
            del left[path]
    assert [path.name for path in left] == []


def test_no_inline_script_style_or_handler_and_no_third_party() -> None:
    faults = []
    for path in TEMPLATES:
        if "notifications" in path.parts:
            continue  # mails have no other place for their look
        text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)
        for pattern in (
            r"\sstyle=",
            r"<style",
            r"\son[a-z]+=\"",
            r"javascript:",
            r"<script(?![^>]*\ssrc=)",
            r"(src|href)=\"(https?:)?//",
        ):
            if re.search(pattern, text):
                faults.append(f"{path.relative_to(ROOT)}: {pattern}")
    assert faults == []


def test_files_stay_small_enough_to_read() -> None:
    limits = [(CSS, 400), (JS, 400), (TEMPLATES, 150)]
    assert [f"{p.name}: {n}" for paths, most in limits for p in paths if (n := len(p.read_text().splitlines())) > most] == []


def sprite() -> set[str]:
    return set(re.findall(r'id="([\w-]+)"', (ROOT / "static/img/sprite.svg").read_text()))


def test_every_icon_that_is_asked_for_is_drawn() -> None:
    used = set()
    for path in TEMPLATES:
        used |= set(re.findall(r'name="([sicml]-[\w-]+)"', path.read_text()))
        used |= set(re.findall(r"icon=\"([sicml]-[\w-]+)\"", path.read_text()))
        used |= set(re.findall(r"sprite\.svg' %}#([\w-]+)(?![\w-]|{)", path.read_text()))
    for path in JS:
        used |= set(re.findall(r"#([simkc]-[a-z]+)", path.read_text()))
    assert {name for name in used - sprite() if not name.endswith("-")} == set()


def test_the_municipality_s_icons_are_drawn() -> None:
    folder = ROOT / "fixtures/botevgrad"
    with (folder / "categories.csv").open() as file:
        categories = {f"c-{row['icon']}" for row in csv.DictReader(file) if row["icon"]}
    layers = yaml.safe_load((folder / "layers.yaml").read_text())
    landmarks = {f"l-{feature['icon']}" for layer in layers for feature in layer["features"] if feature.get("icon")}
    sectors = {f"s-{row['icon']}" for row in yaml.safe_load((folder / "sectors.yaml").read_text())}
    assert (categories | landmarks | sectors) - sprite() == set()


@pytest.mark.parametrize("name", ["favicon-32.png", "touch-icon.png", "share.png", "favicon.svg", "sprite.svg"])
def test_pictures_are_small(name: str) -> None:
    assert (ROOT / "static/img" / name).stat().st_size < 80_000
