"""The little of Markdown that a comment may use: emphasis, lists, links, quotes. All else stands as it was typed."""

from __future__ import annotations

from functools import lru_cache

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
