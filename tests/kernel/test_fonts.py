"""Fonts lose weights and hints, no character; the same file comes out each time."""

from __future__ import annotations

import io

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from geoportal.kernel.fonts import is_letters, shrunk

FILES = settings.BASE_DIR / "node_modules/@fontsource-variable/noto-sans/files"


@pytest.mark.parametrize(("name", "most", "letters"), [("latin", 21_000, "Aa1„“–№é"), ("cyrillic", 13_000, "Ящъѝ№")])
def test_a_font_is_smaller_and_has_its_characters(name: str, most: int, letters: str) -> None:
    path = FILES / f"noto-sans-{name}-wght-normal.woff2"
    assert is_letters(path.name)
    small = shrunk(path.read_bytes())
    assert len(small) < most < path.stat().st_size
    before, after = TTFont(path), TTFont(io.BytesIO(small))
    assert set(after.getBestCmap()) == set(before.getBestCmap())
    assert set(map(ord, letters)) & set(before.getBestCmap()) <= set(after.getBestCmap())
    weight = after["fvar"].axes[0]
    assert (weight.axisTag, weight.minValue, weight.maxValue) == ("wght", 400, 700)
    assert "kern" in {each.FeatureTag for each in after["GPOS"].table.FeatureList.FeatureRecord}
    assert shrunk(path.read_bytes()) == small


def test_what_is_no_such_font_is_told() -> None:
    assert not is_letters("css/base.css")
    with pytest.raises(ValueError, match="no font"):
        shrunk(b"wOF2 nothing")
