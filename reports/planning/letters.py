"""How broad words are in a drawing: no browser is asked, so letters are taken as broad as those of the broadest font at hand."""

from __future__ import annotations

# Widths in units of the letter's size, from above, after DejaVu Sans, which paper has; the site's own font is narrower.
_WIDTHS = {
    **dict.fromkeys("ЖШЩЮ№—…", 1.1),
    **dict.fromkeys("жшщюфмФМwmWM%@", 0.98),
    **dict.fromkeys("дцъы#&+<=>^~", 0.84),
    **dict.fromkeys("iljtrfI .,:;'’!|()[]-/\u00a0", 0.42),
}
_CAPITAL, _OTHER = 0.89, 0.66


def width(text: str, size: float) -> float:
    """At most so many units, at letters of `size` units."""
    return sum(_em(letter) for letter in text) * size


def shortened(text: str, room: float, size: float) -> str:
    """The text, or as much of its beginning as fits into `room` units with „…“ after it."""
    if width(text, size) <= room:
        return text
    room -= width("…", size)
    kept = 0
    while kept < len(text) and (room := room - width(text[kept], size)) >= 0:
        kept += 1
    return f"{text[:kept].rstrip()}…"


def _em(letter: str) -> float:
    return _WIDTHS.get(letter) or (_CAPITAL if letter.isupper() else _OTHER)
