"""No English is left on the Bulgarian pages, and words twice as long break no layout."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.browser.test_reflow import CUT, TOO_WIDE, sideways

# What is seen or read aloud; what is marked as another language, a name of a thing, an address or code is no word of ours.
TEXTS = """() => {
  const found = new Set();
  const ours = (node) => node && !node.closest('script, style, noscript, code, pre, kbd, [translate=no], .leaflet-control-attribution')
    && node.closest('[lang]').lang === 'bg';
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (ours(walk.currentNode.parentElement)) found.add(walk.currentNode.textContent.trim());
  for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-description', 'aria-roledescription']) {
    for (const node of document.querySelectorAll(`[${name}]`)) if (ours(node)) found.add(node.getAttribute(name).trim());
  }
  found.add(document.title);
  return [...found];
}"""
ADDRESS = re.compile(
    r"\S+@\S+|\bhttps?://\S+|\b[\w.-]+\.(test|bg|eu|at|org|com|html|json|csv|geojson|gpkg|pdf|jpe?g|png)\b|/\S*[a-z]\S*", re.I
)
NAMES = frozenset(
    re.findall(
        r"\S+",
        """OpenStreetMap Viber Zeitbank contributors
    GeoJSON JSON CSV PDF GPX KML GeoPackage Excel JPEG PNG WebP HEIC GIF TIFF Open311 OGC API LED Creative Commons
    Natural Earth PostGIS English EXIF GPS WCAG ISO QGIS EUPL EUPL-1.2 WFS WMS WMTS XYZ XLSX ZIP DBSCAN Leaflet Atom RSS SMS Microsoft Google WGS84
    Shapefile DXF FlatGeobuf DCAT-AP SHA-256 webhook POST https CC0""",
    )
)
# Codes of an address as it is typed, and the place of a report as its reporter named it.
AS_TYPED = re.compile(r"\b(circle|polygon):|Bozhenishki Urvich, car park")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]{2,}")
# Each text is said twice and its longest word has no place to break.
TWICE = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const all = [];
  while (walk.nextNode()) all.push(walk.currentNode);
  for (const node of all) {
    const words = node.textContent.match(/\\p{L}{4,}/gu);
    if (!words || node.textContent.includes('@') || node.parentElement.closest('script, style, textarea, svg, noscript')) continue;
    const longest = words.reduce((a, b) => (b.length > a.length ? b : a));
    node.textContent = `${node.textContent.replace(longest, longest + longest.toLowerCase())} ${node.textContent.trim()}`;
  }
}"""


def english(texts: list[str]) -> list[str]:
    """Texts with a word in Latin letters that is no name."""
    return [
        text for text in texts if any(word not in NAMES for word in WORD.findall(AS_TYPED.sub(" ", ADDRESS.sub(" ", text))))
    ]


def test_english_is_told_from_names() -> None:
    assert english(["Save", "Изтегли като GeoJSON", "Пишете на kontakt@obshtina.test", "на Save и така", "/reports/new/"]) == [
        "Save",
        "на Save и така",
    ]


def foreign(page: Page) -> list[str]:
    """Texts of the page with an English word that is no name."""
    return english(page.evaluate(TEXTS))


def twice(page: Page) -> dict[str, object]:
    """What is cut or too wide when every text is said twice, its longest word as one of double length. The page is of no use afterwards."""
    page.evaluate(TWICE)
    faults: dict[str, object] = {}
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        faults[f"longer words, cut at {width}"] = page.evaluate(CUT)
        faults[f"longer words, sideways at {width}"] = page.evaluate(TOO_WIDE) if sideways(page) > 0 else []
    return faults
