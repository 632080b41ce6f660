"""The manifest, the service worker and the pages that a phone keeps."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.db.models import F
from django.test import Client
from django.urls import reverse
from PIL import Image

from municipality.models import Installation
from reports.views import app
from tests import factories

pytestmark = pytest.mark.django_db
STATIC = Path(app.__file__).resolve().parents[2] / "static"


@pytest.fixture
def town() -> None:
    factories.town()


@pytest.mark.usefixtures("town")
class TestManifest:
    def test_icons_are_of_the_size_that_it_says(self):
        manifest = Client().get("/app.webmanifest")
        assert manifest["Content-Type"] == "application/manifest+json"
        icons = [*manifest.json()["icons"], *(icon for each in manifest.json()["shortcuts"] for icon in each["icons"])]
        for icon in icons:
            with Image.open(STATIC / icon["src"].removeprefix("/static/")) as image:
                assert "x".join(map(str, image.size)) == icon["sizes"]
        assert {icon["purpose"] for icon in manifest.json()["icons"]} == {"any", "maskable"}

    def test_shortcuts_lead_to_a_report_and_to_mine_in_the_language(self):
        assert [each["url"] for each in Client().get("/app.webmanifest").json()["shortcuts"]] == ["/reports/new/", "/accounts/"]
        assert Client().get("/en/app.webmanifest").json()["start_url"] == "/en/"


@pytest.mark.usefixtures("town")
class TestWorker:
    def config(self) -> dict[str, object]:
        text = Client().get("/sw.js").content.decode()
        found = re.match(r"self\.CONFIG = (.*);\n", text)
        assert found
        config: dict[str, object] = json.loads(found[1])
        return config

    def test_every_file_of_the_shell_is_there(self):
        shell = self.config()["shell"]
        assert isinstance(shell, list)
        static = [unquote(name).removeprefix("/static/") for name in shell if name.startswith("/static/")]
        assert [name for name in static if finders.find(name) is None] == []
        pages = [name for name in shell if not name.startswith("/static/")]
        assert {Client().get(name).status_code for name in pages} == {200}

    def test_the_shell_holds_every_file_that_its_pages_name(self):
        shell = self.config()["shell"]
        assert isinstance(shell, list)
        for page in ("/offline/", "/reports/new/offline/", "/en/offline/"):
            text = Client().get(page).content.decode()
            named = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', text)) - {
                "/static/img/touch-icon.png",
                "/static/img/favicon-32.png",
            }
            assert named - set(shell) == set()

    def test_a_load_of_new_data_makes_phones_fetch_the_shell_anew(self):
        before = self.config()["version"]
        Installation.objects.update(edition=F("edition") + 1)
        cache.clear()
        assert self.config()["version"] != before

    def test_the_pages_hold_nothing_of_whoever_is_signed_in(self):
        person = Client()
        person.force_login(factories.resident(email="rada@example.org"))
        for page in ("/offline/", "/reports/new/offline/"):
            assert b"rada@example.org" not in person.get(page).content


@pytest.mark.usefixtures("town")
class TestMine:
    def test_it_is_for_its_person_alone(self):
        report = factories.report(author=(author := factories.resident()))
        person = Client()
        person.force_login(author)
        answer = person.get(reverse("app_mine"))
        assert "no-store" in answer["Cache-Control"]
        assert [row["title"] for row in answer.json()["reports"]] == [report.subject.title]
        assert Client().get(reverse("app_mine")).json() == {"account": "", "reports": []}
