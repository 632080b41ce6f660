"""The installation's pages and the small files that machines ask for."""

from __future__ import annotations

import datetime

import pytest
from django.core.cache import cache
from django.test import Client

from geoportal.kernel.conditional import kept
from municipality.models import Page
from municipality.prose import blocks
from tests import factories

pytestmark = pytest.mark.django_db
BODY = """Първи ред
втори ред.

## Заглавие
- едно
- <b>две</b>
  продължава

Край с https://levka.test/ и <script>alert(1)</script>.
"""


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()
    cache.clear()


def test_the_small_markup_becomes_blocks():
    assert [(block.kind, block.text, block.items) for block in blocks(BODY)] == [
        ("paragraph", "Първи ред втори ред.", []),
        ("heading", "Заглавие", []),
        ("list", "", ["едно", "<b>две</b> продължава"]),
        ("paragraph", "Край с https://levka.test/ и <script>alert(1)</script>.", []),
    ]


def test_the_newest_version_is_shown_and_nothing_in_it_is_html():
    for version in (1, 2):
        text = {"bg": f"{BODY}\n\nверсия-{version}"}
        Page.objects.create(slug="about", version=version, title={"bg": "За нас"}, body=text, since="2026-11-01")
    html = Client().get("/about/").content.decode()
    assert "версия-2" in html
    assert "версия-1" not in html
    assert "<script>alert" not in html
    assert "<b>две</b>" not in html
    assert '<a href="https://levka.test/" rel="nofollow">' in html
    assert "town@levka.test" in html
    assert "112" in html


def test_a_text_in_another_language_is_marked():
    Page.objects.create(slug="about", version=1, title={"bg": "За нас"}, body={"bg": "Само на български."}, since="2026-11-01")
    html = Client().get("/en/about/").content.decode()
    assert '<div class="prose" lang="bg">' in html


def test_a_page_that_was_not_loaded_is_missing():
    assert Client().get("/accessibility/").status_code == 404
    assert Client().get("/consent-mail/").status_code == 404


def test_the_theme_is_kept_and_one_goes_back():
    client = Client()
    response = client.get("/display/", {"theme": "dark", "next": "/reports/?kind=idea"})
    assert (response.status_code, response["Location"]) == (302, "/reports/?kind=idea")
    assert response.cookies["theme"].value == "dark"
    assert response.cookies["theme"]["samesite"] == "Lax"
    assert 'data-theme="dark"' in client.get("/privacy/").content.decode()
    client.get("/display/", {"theme": "system"})
    assert "data-theme" not in client.get("/privacy/").content.decode()


@pytest.mark.parametrize("back", ["https://evil.test/", "//evil.test", "javascript:alert(1)", "/\\evil.test", "\\\\evil", ""])
def test_one_never_goes_to_another_site(back: str):
    assert Client().get("/display/", {"theme": "dark", "next": back})["Location"] == "/"


def test_an_unknown_theme_shows_the_choice():
    response = Client().get("/display/", {"theme": "<script>"})
    assert (response.status_code, "theme" in response.cookies) == (200, False)


def test_robots_are_kept_from_private_ground():
    text = Client().get("/robots.txt").content.decode()
    assert "Disallow: /desk/\n" in text
    assert "Disallow: /en/desk/\n" in text
    assert text.endswith("/sitemap.xml\n")


def test_security_txt_names_a_contact_and_has_not_expired():
    response = Client().get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:town@levka.test"
    assert datetime.datetime.fromisoformat(fields["Expires"]) > datetime.datetime.now(datetime.UTC) + datetime.timedelta(
        days=300
    )


def test_the_favicon_is_found_where_browsers_look():
    response = Client().get("/favicon.ico")
    assert response.status_code == 302
    assert response["Location"].startswith("/static/img/favicon-32")


@pytest.mark.parametrize("address", ["/", "/privacy/", "/map.json", "/api/v1/reports/"])
def test_a_guest_with_a_theme_gets_public_answers_and_nobody_gets_anothers_theme(address, monkeypatch):
    monkeypatch.setattr(kept, "most", 10_000_000)
    guests = {theme: Client() for theme in ("", "dark", "contrast")}
    for theme, guest in guests.items():
        if theme:
            guest.cookies["theme"] = theme
    for _again in range(2):  # the second time from what the process has kept
        for theme, guest in guests.items():
            answer = guest.get(address)
            assert answer.status_code == 200
            assert answer["Cache-Control"].startswith("public")
            assert "Cookie" in answer["Vary"]
            worn = f'<html lang="bg" data-theme="{theme}">' if theme else '<html lang="bg">'
            assert worn in answer.content.decode() or not answer["Content-Type"].startswith("text/html")
    kept.forget()
