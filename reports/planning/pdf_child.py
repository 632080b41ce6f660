"""The process that lays out a page as PDF: WeasyPrint, without Django, database or net. Run only by `pdf.of`.

{"html": …, "style": …} comes in on stdin; the PDF goes out on stdout.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

MEMORY, CPU_SECONDS = 1024**3, 60


def limit() -> None:
    """Address space, CPU time, no core dump: a page that asks for more ends its own process only."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def made(html: str, style: str) -> bytes:
    """The PDF of `html` under `style`; nothing is fetched."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Nothing(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            raise ValueError("a printed page fetches nothing")

    fonts, fetcher = FontConfiguration(), Nothing()
    sheet = weasyprint.CSS(string=style, font_config=fonts, url_fetcher=fetcher)
    page = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url="about:blank")
    pdf: bytes = page.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_identifier=False)
    return pdf


def main() -> None:
    limit()
    order = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(made(order["html"], order["style"]))


if __name__ == "__main__":
    main()
