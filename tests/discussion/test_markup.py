"""What of a comment's words becomes HTML, and what stays words."""

from __future__ import annotations

import pytest

from discussion.markup import rendered


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Просто думи.", "<p>Просто думи.</p>"),
        ("Един ред\nи друг", "<p>Един ред<br>\nи друг</p>"),
        ("**Важно** и *тихо*", "<p><strong>Важно</strong> и <em>тихо</em></p>"),
        ("- едно\n- две", "<ul>\n<li>едно</li>\n<li>две</li>\n</ul>"),
        ("3. три\n4. четири", '<ol start="3">\n<li>три</li>\n<li>четири</li>\n</ol>'),
        ("> казано", "<blockquote>\n<p>казано</p>\n</blockquote>"),
        (
            "[план](https://example.org/a?b=1&c=2)",
            '<p><a href="https://example.org/a?b=1&amp;c=2" rel="nofollow ugc noopener">план</a></p>',
        ),
        (
            "<https://example.org/>",
            '<p><a href="https://example.org/" rel="nofollow ugc noopener">https://example.org/</a></p>',
        ),
    ],
)
def test_what_may_be_written(text: str, html: str) -> None:
    assert rendered(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Голямо", "<p># Голямо</p>"),
        ("Заглавие\n===", "<p>Заглавие<br>\n===</p>"),
        ("    код", "<p>код</p>"),
        ("`код`", "<p>`код`</p>"),
        ("| а | б |\n|---|---|", "<p>| а | б |<br>\n|---|---|</p>"),
        ("![снимка](https://example.org/a.png)", None),
        ("<b>смело</b>", "<p>&lt;b&gt;смело&lt;/b&gt;</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    ],
)
def test_what_stays_words(text: str, html: str | None) -> None:
    found = rendered(text)
    assert "<img" not in found and "<script" not in found
    if html is not None:
        assert found == html


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>", "vbscript:x", "&#106;avascript:alert(1)"],
)
def test_no_link_runs_anything(address: str) -> None:
    found = rendered(f"[тук]({address})")
    assert "href" not in found or "script" not in found.split('href="')[1].split('"')[0].lower()


def test_deep_nesting_ends() -> None:
    assert rendered("> " * 1000 + "дъно").count("<blockquote>") <= 100
