"""Colours are told apart: text at least 4.5 : 1, signs at least 3 : 1, in each theme (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static/css"
THEMES = ("light", "dark", "contrast")
SECTORS = ("taxes", "urban", "health", "culture", "economy", "sport", "social", "other")
SURFACES = ("ground", "sunken", "raised", "brand-soft", "late-soft", "private-soft")
TEXT = [
    *((ink, surface) for ink in ("ink", "ink-2") for surface in SURFACES),
    ("ink-3", "ground"),
    ("brand", "ground"), ("brand", "sunken"), ("brand", "raised"), ("brand", "brand-soft"),
    ("on-brand", "brand"), ("on-brand", "brand-hover"),
    ("late", "ground"), ("late", "raised"), ("late", "sunken"), ("late", "late-soft"), ("on-late", "late"),
    ("private-ink", "private-soft"), ("ground", "ink"),
    *((f"map-{name}", f"map-{ground}") for name in ("label", "place") for ground in ("cell", "land", "out", "town", "halo")),
]  # fmt: skip
SIGNS = [
    ("control", "ground"), ("control", "raised"), ("focus", "ground"), ("focus", "focus-gap"), ("map-border", "map-out"),
    ("private-line", "ground"),
    *(("on-sector", sector) for sector in SECTORS),
    *((sector, "ground") for sector in SECTORS),
    *((sector, "map-land") for sector in SECTORS),
    *((sector, "map-cell") for sector in SECTORS),
    *((sector, f"{sector}-pale") for sector in SECTORS),
]  # fmt: skip


def declared(name: str) -> dict[str, str]:
    words = re.sub(r"/\*.*?\*/", "", (CSS / name).read_text(), flags=re.S)
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", words))


def theme(name: str) -> dict[str, str]:
    own = {"light": {}, "dark": declared("tokens.dark.css"), "contrast": declared("tokens.contrast.css")}[name]
    return declared("tokens.css") | own


def luminance(colour: str) -> float:
    """Relative luminance of #rgb or #rrggbb by WCAG 2.2."""
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def too_weak(name: str, pairs: list[tuple[str, str]], least: float) -> dict[str, float]:
    colours = theme(name)
    found = {f"{one} on {other}": round(ratio(colours[one], colours[other]), 2) for one, other in pairs}
    return {pair: value for pair, value in found.items() if value < least}


def test_the_ratio_is_the_standard_one() -> None:
    assert ratio("#000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#fff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("name", THEMES)
def test_text_can_be_read(name: str) -> None:
    assert too_weak(name, TEXT, 4.5) == {}


@pytest.mark.parametrize("name", THEMES)
def test_signs_can_be_seen(name: str) -> None:
    assert too_weak(name, SIGNS, 3) == {}


def test_a_theme_sets_only_known_names_and_contrast_sets_all_that_dark_sets() -> None:
    light, dark, contrast = (declared(f"tokens{name}.css") for name in ("", ".dark", ".contrast"))
    assert set(dark) - set(light) == set()
    assert set(contrast) - set(light) == set()
    assert set(dark) - set(contrast) == set()


def test_every_colour_used_is_declared() -> None:
    names = set(theme("light"))
    local = {"s", "s-pale", "fill", "rim", "sign", "mk", "mk-bg", "sheet", "dx", "dy", "c", "l", "at"}
    used = {name for path in CSS.glob("*.css") for name in re.findall(r"var\(--([\w-]+)", path.read_text())}
    assert used - names - local == set()


def test_four_sizes_of_type_and_no_colour_outside_the_tokens() -> None:
    sizes, colours = set(), {}
    for path in CSS.glob("*.css"):
        text = path.read_text()
        sizes |= set(re.findall(r"font-size:\s*([^;}]+)", text))
        if not path.name.startswith(("tokens", "api.")):  # the API's reader brings a light sheet of its own
            found = re.findall(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"/\*.*?\*/", "", text, flags=re.S))
            colours |= {path.name: found} if found else {}
    assert {size.strip() for size in sizes} <= {
        "var(--t-s)",
        "var(--t-m)",
        "var(--t-l)",
        "var(--t-xl)",
        "100%",
        "106.25%",
        "11pt",
    }
    assert colours == {}
