"""The site's fonts, made as small as what the site writes with them: half of a first visit to a page would be letters otherwise."""

from __future__ import annotations

import io
from typing import Any

LIGHTEST, BOLDEST = 400, 700
"""Weights of `tokens.css`; the font goes from 100 to 900."""
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "lnum", "tnum"]


def is_letters(name: str) -> bool:
    """Whether the static file of that name is a font that every page asks for."""
    return name.endswith(("-latin-wght-normal.woff2", "-cyrillic-wght-normal.woff2"))


def shrunk(data: bytes) -> bytes:
    """A variable WOFF2 font with the same characters between two weights, without hints for old screens: 20 kB become 12, 36 become 20.

    The same bytes come out for the same that go in, because the file's name is made of them. ValueError when it is no such font.
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont, TTLibError
    from fontTools.varLib.instancer import instantiateVariableFont

    try:
        font: Any = TTFont(io.BytesIO(data), recalcTimestamp=False)
    except TTLibError as error:
        raise ValueError(f"no font: {error}") from error
    if "fvar" not in font:
        raise ValueError("the weight of this font is fixed")
    options = Options(layout_features=FEATURES, hinting=False, name_IDs=[0, 1, 2, 13, 14], notdef_outline=True)
    cut = Subsetter(options)
    cut.populate(unicodes=list(font.getBestCmap()))
    cut.subset(font)
    # In place: the copy that it would return else is set to the present time.
    instantiateVariableFont(font, {"wght": (LIGHTEST, BOLDEST)}, inplace=True)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
