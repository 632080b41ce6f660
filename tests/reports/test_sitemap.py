"""Every public page in both languages, nothing else, under the site's own address."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client

from reports import actions
from reports.models import Reason
from tests import factories

pytestmark = pytest.mark.django_db
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def tree(address: str) -> ET.Element:
    response = Client().get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
    return ET.fromstring(response.content)


def test_the_index_names_the_sections():
    factories.town()
    places = [place.text for place in tree("/sitemap.xml").findall("s:sitemap/s:loc", NS)]
    assert places == [f"{settings.SITE_URL}/sitemap-{name}.xml" for name in ("pages", "reports", "projects")]


def test_public_reports_stand_there_in_both_languages():
    factories.town()
    shown, hidden = factories.report(), factories.report()
    actions.hide(hidden.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    root = tree("/sitemap-reports.xml")
    reference = shown.subject.reference
    assert [place.text for place in root.findall("s:url/s:loc", NS)] == [
        f"{settings.SITE_URL}/reports/{reference}/", f"{settings.SITE_URL}/en/reports/{reference}/",
    ]  # fmt: skip
    alternates = {link.get("hreflang") for link in root.findall("s:url[1]/x:link", NS)}
    assert alternates == {"bg", "en"}


def test_pages_of_the_installation_stand_there():
    factories.town()
    places = {place.text for place in tree("/sitemap-pages.xml").findall("s:url/s:loc", NS)}
    expected = {"/", "/reports/", "/projects/", "/ideas/council/", "/reports/new/", "/privacy/", "/terms/"}
    assert places == {f"{settings.SITE_URL}{prefix}{path}" for path in expected for prefix in ("", "/en")}


def test_unknown_sections_are_missing():
    assert Client().get("/sitemap-people.xml").status_code == 404
