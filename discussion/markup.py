"""The little of Markdown that a comment may use: emphasis, lists, links, quotes. All else stands as it was typed."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

RULES = ["list", "blockquote", "emphasis", "link", "autolink", "escape", "newline", "entity"]
TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "a", "blockquote"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
REL = "nofollow ugc noopener"
"""Search engines give such a link nothing; the page that it opens gets no handle on ours."""
KEPT = 2048

_reader = MarkdownIt("zero", {"breaks": True, "html": False}).enable(RULES)


@lru_cache(maxsize=KEPT)
def rendered(text: str) -> SafeString:
    """HTML of a comment's words, safe to show: what the reader made of them and the cleaner let through."""
    html = nh3.clean(_reader.render(text), tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=REL)
    return mark_safe(html.strip())  # noqa: S308  cleaned just now


def plain(text: str) -> str:
    """The same words without the signs of Markdown, for paper, tables and lists: paragraphs are divided by an empty line."""
    out: list[str] = []
    sign = ""
    for token in _reader.parse(text):
        if token.type == "list_item_open":
            sign = f"{token.info}. " if token.info else "– "
        elif token.type == "inline":
            apart = "" if not out else "\n" if sign and out[-1] else "\n\n"
            out.append(f"{apart}{sign}{_words(token.children or [])}")
            sign = ""
    return "".join(out)


def _words(tokens: list[Any]) -> str:
    """Of one paragraph; the address of a link that has words stands behind them."""
    out, href, began = [], "", 0
    for token in tokens:
        if token.type == "link_open":
            href, began = str(token.attrGet("href") or ""), len(out)
        elif token.type == "link_close":
            if href.removeprefix("mailto:") != "".join(out[began:]):
                out.append(f" ({href})")
        else:
            out.append("\n" if token.type in ("softbreak", "hardbreak") else token.content)
    return "".join(out)
