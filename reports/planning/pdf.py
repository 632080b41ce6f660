"""A page of ours as PDF, by WeasyPrint. It fetches nothing: its style is handed over, its drawings stand in it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

STYLE = Path(__file__).with_name("paper.css")
_PANGO = threading.Lock()
"""Pango's caches are not asked by two threads at once."""


def of(template: str, context: dict[str, Any]) -> bytes:
    """The PDF of a template, with the system's letters: two files of one family, as the site has them, come out mixed up."""
    import weasyprint  # two seconds and 30 MB that only a process that prints needs
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Nothing(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            raise ValueError("a printed page fetches nothing")

    html = render_to_string(template, context)
    with _PANGO:
        fonts, fetcher = FontConfiguration(), Nothing()
        style = weasyprint.CSS(string=STYLE.read_text(), font_config=fonts, url_fetcher=fetcher)
        page = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url="about:blank")
        made: bytes = page.write_pdf(stylesheets=[style], font_config=fonts, pdf_identifier=False)
    return made
