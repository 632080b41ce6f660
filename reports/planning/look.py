"""How strength looks: pale to deep, and sparse to dense strokes, so that colour is never alone. Attributes are for paper."""

from __future__ import annotations

from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

INK, GREY, DEEP = "#17211b", "#65716a", "#1f5fa8"
FILLS = ("#e4edf6", "#b5cde6", "#84acd6", "#4a83c0", DEEP)
STEPS = (0, 9, 6, 4, 2.5)
"""Distance of the strokes over a fill, by level, in the drawing's units."""
_SWATCH = (0, 9, 6, 4, 2.5)


def tag(name: str, inside: str = "", *, css: str = "", text: str = "", **attributes: Any) -> str:
    """One element of SVG; `inside` is markup, `text` and attributes are escaped."""
    given = {"class": css, **attributes}
    written = "".join(
        f' {key.replace("_", "-")}="{conditional_escape(value)}"' for key, value in given.items() if value not in ("", None)
    )
    return mark_safe(f"<{name}{written}>{inside}{conditional_escape(text)}</{name}>")  # noqa: S308 every part is escaped above


def swatch(level: int | None) -> SafeString:
    """The look of a level beside its words: 22 by 14; None is what may not be told."""
    box: dict[str, Any] = {"x": 0.5, "y": 0.5, "width": 21, "height": 13, "rx": 2}
    if level is None:
        inside = tag("rect", css="l-none", fill="none", stroke=GREY, stroke_dasharray="2 2", **box)
    else:
        inside = tag("rect", css=f"l-{level}", fill=FILLS[level], stroke=DEEP, **box)
        if step := _SWATCH[level]:
            ends = [index * step * 1.4142 for index in range(1, int(36 / (step * 1.4142)) + 1)]
            path = "".join(
                f"M{max(0, end - 14):.1f} {min(14, end):.1f}L{min(22, end):.1f} {max(0, end - 22):.1f}" for end in ends
            )
            inside += tag("path", css="l-hatch", d=path, fill="none", stroke=INK, stroke_width=0.7, stroke_opacity=0.6)
    return SafeString(tag("svg", inside, css="swatch", viewBox="0 0 22 14", width=22, height=14, aria_hidden="true"))
