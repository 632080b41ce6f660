"""How complete Open311 is here: each line of the table in docs/open311.md is tried by its name, and says what was found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reports import actions
from reports.models import Category, Question, Report
from tests import factories
from tests.api.open311.asking import program, whole
from tests.kernel.pictures import picture

pytestmark = pytest.mark.django_db
DATATYPES = {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}
ROW = re.compile(r"^\| (?P<name>[^|]+?) \| (?P<here>yes|no)\b")


def table() -> dict[str, str]:
    """Line of the table → yes or no, as the page of the documentation says."""
    part = (Path(site.BASE_DIR) / "docs/open311.md").read_text().split("## How complete")[1].split("\n## ")[0]
    return {found["name"]: found["here"] for line in part.splitlines() if (found := ROW.match(line))}


def get(path: str, query: Any = None, **headers: str) -> Any:
    return Client().get(f"/open311/{path}", query, headers={name.replace("_", "-"): value for name, value in headers.items()})


def post(fields: Any, path: str = "v2/requests.json", **more: Any) -> Any:
    return Client().post(f"/open311/{path}", fields, **more)


class Tried:
    """One problem that is closed, one that is open, a service that asks, and the keys of two clients."""

    def __init__(self) -> None:
        factories.town()
        official = factories.official()
        self.open, self.closed = factories.report(title="Отворен"), factories.report(title="Решен")
        actions.act(self.closed.pk, "resolve", by=official, given=actions.Given(text="Готово."))
        self.key, self.updating = program("send"), program("update", account=official)
        lamp, choices = (
            Category.objects.get(slug="lamp"),
            [{"slug": "a", "text": factories.texts("а"), "advice": None, "stops": False}],
        )
        for datatype in sorted(DATATYPES):
            own = choices if datatype.endswith("list") else []
            Question.objects.create(
                slug=datatype, category=lamp, text=factories.texts("Кое?"), datatype=datatype, choices=own, required=False
            )

    def both(self, path: str) -> bool:
        return all(get(f"{path}.{kind}").status_code == 200 for kind in ("xml", "json"))

    def numbers(self, query: Any) -> set[str]:
        return {one["service_request_id"] for one in get("v2/requests.json", query).json()}

    def only_open(self, query: Any) -> bool:
        return self.numbers(query) == {self.open.subject.reference}

    def unknown(self, path: str, *names: str) -> bool:
        """False where each name is refused by name: what is not there is said, never passed over in silence."""
        said = [get(path, {name: "1"}) for name in names]
        assert all(
            answer.status_code == 400 and name in answer.json()[0]["description"]
            for answer, name in zip(said, names, strict=True)
        )
        return False

    def definition(self) -> bool:
        return {one["datatype"] for one in get("v2/services/lamp.json").json()["attributes"]} == DATATYPES

    def sending(self) -> bool:
        sent = whole(self.key, email="rada@levka.test")
        as_json = post(json.dumps(sent), content_type="application/json")
        with_file = post({**sent, "media": SimpleUploadedFile("a.jpg", picture(size=(80, 60)))})
        return [post(sent).status_code, as_json.status_code, with_file.status_code] == [200] * 3

    def tokens(self) -> bool:
        token = post(whole(self.key, email="rada@levka.test")).json()[0]["token"]
        return self.both(f"v2/tokens/{token}")

    def paging(self) -> bool:
        page = get("v2/requests.json", {"page": 2, "page_size": 1})
        return (len(page.json()), page["X-Total-Count"]) == (1, "2") and len(self.numbers({"per_page": 1})) == 1

    def extended(self) -> bool:
        one = get(f"v2/requests/{self.closed.subject.reference}.json", {"extensions": "true"}).json()[0]
        return {"extended_attributes", "attributes", "notes", "photos"} <= set(one) and len(one["notes"]) == 2

    def media(self) -> bool:
        sent = whole(self.key, email="rada@levka.test", description="Две снимки")
        post(
            {
                **sent,
                "media[]": [
                    SimpleUploadedFile("a.jpg", picture(size=(80, 60))),
                    SimpleUploadedFile("b.jpg", picture(size=(60, 80))),
                ],
            }
        )
        return Report.objects.get(subject__title="Две снимки").photo_count == 2

    def base64(self) -> bool:
        sent = whole(self.key, media="data:image/jpeg;base64,/9j/")
        assert post(sent).status_code == 400
        return False

    def programs(self) -> bool:
        sent = {name: value for name, value in whole("").items() if name != "api_key"}
        bearer = {"Authorization": f"Bearer {self.key}"}
        taken = post(json.dumps({**sent, "email": "rada@levka.test"}), content_type="application/json", headers=bearer)
        over = post(whole(program("send", per_hour=0)))
        return (taken.status_code, over.status_code, "Retry-After" in over) == (200, 429, True)

    def locale(self) -> bool:
        names = [get("v2/services.json", {"locale": code}).json()[0]["service_name"] for code in ("bg", "en")]
        return names[0] != names[1]

    def updates(self) -> bool:
        said = {"api_key": self.updating, "service_request_id": self.open.subject.reference, "description": "Идваме."}
        taken = post({**said, "media": SimpleUploadedFile("a.jpg", picture(size=(80, 60)))}, "v2/servicerequestupdates.json")
        return taken.status_code == 200 and self.both("v2/servicerequestupdates")

    def feeds(self) -> bool:
        return (
            Client().get("/feeds/reports.atom").status_code == 200
            and get("v2/requests.json")["Access-Control-Allow-Origin"] == "*"
        )

    def checks(self) -> dict[str, Callable[[], bool]]:
        number = self.open.subject.reference
        lon, lat = factories.CENTRE
        now = self.open.created_at.isoformat()
        return {
            "discovery": lambda: self.both("discovery"),
            "services": lambda: self.both("v2/services"),
            "definition": self.definition,
            "POST": self.sending,
            "tokens": self.tokens,
            "list": lambda: self.both("v2/requests") and self.only_open({"status": "open"}),
            "one": lambda: self.both(f"v2/requests/{number}"),
            "`page`, `page_size`, `per_page`": self.paging,
            "`limit`, `offset`, `sort`": lambda: self.unknown("v2/requests.json", "limit", "offset", "sort"),
            "`max_requests`": lambda: self.unknown("v2/requests.json", "max_requests"),
            "`updated_after`, `updated_before`": lambda: (
                len(self.numbers({"updated_after": now})) == 2 and not self.numbers({"updated_before": "2025-01-01"})
            ),
            "`lat`, `long`, `radius`": lambda: len(self.numbers({"lat": lat, "long": lon, "radius": 50})) == 2,
            "`bbox`": lambda: not self.numbers({"bbox": "23.9,42.8,24,42.9"}) and len(self.numbers({"bbox": "23.5,42.8,24,43.1"})) == 2,
            "`lat`, `long` of services": lambda: self.unknown("v2/services.json", "lat", "long"),
            "`q`": lambda: self.only_open({"q": "Отворен"}),
            "`extensions=true`": self.extended,
            "`media`, `media[]` as files": self.media,
            "`media` as base64": self.base64,
            "JSON body, `Authorization: Bearer`, 429": self.programs,
            "`locale`": self.locale,
            "updates, GET and POST, with photos": self.updates,
            "votes, abuses, observations, jobs": lambda: self.unknown("v2/requests.json", "votes", "observations"),
            "feed of requests, CORS": self.feeds,
            "GeoReport Bulk": lambda: get("v2/bulk.csv").status_code != 404,
        }  # fmt: skip


def test_each_line_of_the_table_is_as_it_says(settings: Any) -> None:
    settings.LIMITS = {"*": ""}
    checks = Tried().checks()
    assert {name: "yes" if tried() else "no" for name, tried in checks.items()} == table()
