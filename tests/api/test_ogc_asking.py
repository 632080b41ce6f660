"""What an address of OGC API – Features may say: parameters, times, words, pages."""

from __future__ import annotations

import base64
import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.ogc import asked as asking
from api.ogc import catalogue, reading
from discussion.models import Subject
from geoportal.kernel import conditional
from layers.models import Feature
from reports.freshness import data_version
from reports.models import Report
from tests import factories
from tests.api.test_ogc_core import ITEMS, ask, body, layer, links, local, names
from tests.participation.conftest import event

pytestmark = pytest.mark.django_db
WRONG = [
    ("f", ["xml", "", "JSON"]),
    ("limit", ["0", "-1", "1.5", "x", "", "１", "1e2", "9" * 30]),
    ("bbox", ["", "1", "1,2,3", "1,2,3,4,5", "1,2,3,4,5,6,7", "a,b,c,d", "nan,1,2,3", "1,2,1,3", "1,3,2,2", "1,2,3,91", "181,1,182,2",
              "1;2;3;4", "1e400,1,2,3", "23.5,42.8,24,43.1,"]),
    ("bbox-crs", ["", "EPSG:4326", "http://www.opengis.net/def/crs/EPSG/0/1", "'"]),
    ("crs", ["", "4326", "http://www.opengis.net/def/crs/OGC/1.3/CRS84h"]),
    ("datetime", ["", "today", "2026", "2026-13-01", "2026-02-30T00:00:00Z", "2026-01-01T00:00", "2026-01-02/2026-01-01", "a/b",
                  "2026-01-01/2026-01-02/2026-01-03", "0000-01-01", "0001-01-01T00:00:00+14:00", "2026-01-01T25:00:00Z"]),
    ("filter", ["", "x", "kind", "kind=", "kind = 'idea", "nothing = 1"]),
    ("filter-lang", ["", "cql2-json", "sql"]),
    ("filter-crs", ["", "x"]),
    ("cursor", ["", "x", "1", "dHJlZXM6MQ", "cmVwb3J0czotMQ", "cmVwb3J0czo5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"]),
    ("kind", ["", "bus"]),
    ("sector", ["", "none"]),
    ("category", ["", "none"]),
    ("status", ["", "none"]),
    ("area", ["", "none"]),
    ("since", ["", "tomorrow"]),
    ("until", ["", "x"]),
    ("q", [""]),
    ("order", ["newest"]),
    ("Limit", ["1"]),
    ("utm_source", ["x"]),
]  # fmt: skip


def test_what_cannot_be_read_is_refused_by_name() -> None:
    """/req/core/query-param-unknown, query-param-invalid: 400 for every parameter wrong, empty, doubled, percent-encoded. Of /req/crs
    fc-bbox-crs-valid-value, fc-crs-valid-value; of /req/filter filter-lang-param."""
    factories.town()
    wrong, client = [], Client()
    for name, values in WRONG:
        for query in [*({name: value} for value in values), {name: [*values, "1"]} if len(values) == 1 else {name: values[:2]}]:
            extra = (
                {"bbox": "1,2,3,4"} if name == "bbox-crs" else {"filter": "kind='idea'"} if name.startswith("filter-") else {}
            )
            answer = client.get(ITEMS, {**extra, **query})
            told = json.loads(answer.content)
            kept = (
                answer.status_code,
                answer["Content-Type"],
                answer.get("Access-Control-Allow-Origin"),
                told.get("parameter"),
            )
            if kept != (400, "application/problem+json", "*", name) or not told["description"].startswith(f"{name}: "):
                wrong.append((query, kept, told))
    assert wrong == []
    assert json.loads(client.get(f"{ITEMS}?limit=%FF%FE").content)["parameter"] == "limit"
    assert client.get(f"{ITEMS}?q=%00").status_code == 400
    assert client.get(f"{ITEMS}?bbox=23.5%2C42.8%2C24%2C43.1").status_code == 200
    for path in (
        "",
        "api",
        "conformance",
        "collections",
        "collections/areas",
        "collections/areas/schema",
        "collections/areas/items/levka",
    ):
        assert json.loads(client.get(f"/ogc/{path}?limit=1").content)["parameter"] == "limit"
    assert json.loads(client.get("/ogc/collections/areas/items?since=2026-01-01").content)["parameter"] == "since"


def test_times_and_words_let_through_what_they_say() -> None:
    """/req/core/fc-time-definition, fc-time-response; the site's own filters beside them."""
    factories.town()
    old, late, idea = factories.report(), factories.report(category="lamp"), factories.report(category="park-idea")
    Subject.objects.filter(pk=old.pk).update(created_at="2026-01-10T10:00:00Z")
    Subject.objects.filter(pk=late.pk).update(created_at="2026-02-10T22:30:00Z")  # the 11th in Sofia
    Subject.objects.filter(pk=idea.pk).update(created_at="2026-03-10T10:00:00Z")
    Report.objects.filter(pk=late.pk).update(answer_due="2020-01-01")
    place = {each.subject.reference: name for each, name in ((old, "old"), (late, "late"), (idea, "idea"))}
    cases = {
        "datetime=2026-01-10T10:00:00Z": ["old"], "datetime=2026-01-10T10:00:01Z": [], "datetime=2026-02-11": ["late"],
        "datetime=2026-02-10": [], "datetime=../2026-02-28T00:00:00Z": ["old", "late"], "datetime=2026-02-01/..": ["late", "idea"],
        "datetime=2026-02-01/": ["late", "idea"], "datetime=/2026-02-01": ["old"],
        "datetime=0000-01-01T00:00:00Z/2026-02-01": ["old"], "datetime=2026-02-11T00:30:00/9999-12-31T00:00:00Z": ["late", "idea"],
        "datetime=../..": ["old", "late", "idea"],
        "datetime=2026-01-10T12:00:00%2B02:00/2026-02-10T23:00:00Z": ["old", "late"],
        "kind=idea": ["idea"], "category=lamp,pothole": ["old", "late"], "status=open": ["old", "late", "idea"], "area=dabrava": [],
        "since=2026-02-11": ["late", "idea"], "until=2026-01-10": ["old"], "sector=urban&kind=idea": ["idea"], "q=дупка": ["old", "late", "idea"],
        f"q={old.subject.reference}": ["old"], "kind=problem&filter=late=TRUE": ["late"],
        "filter=category='lamp'&datetime=2026-01-01/2026-01-31": [],
    }  # fmt: skip
    assert {query: [place[name] for name in names(f"{ITEMS}?{query}")] for query in cases} == cases
    meeting = event(by=factories.official())
    begins, ends = (moment.isoformat().replace("+00:00", "Z") for moment in (meeting.starts_at, meeting.ends_at))
    events = "/ogc/collections/events/items?datetime="
    found = [
        len(names(f"{events}{each}"))
        for each in (begins, ends, f"{begins}/{ends}", f"../{begins}", f"{ends}/..", "../2000-01-01")
    ]
    assert found == [1, 1, 1, 1, 1, 0]
    assert len(names("/ogc/collections/areas/items?datetime=2000-01-01")) == 3


def test_paging_reads_every_feature_once_and_each_page_costs_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """/req/core/fc-limit-response-1, fc-limit-response-2, fc-links (next): by key, so that what is sent meanwhile moves nothing."""
    factories.town()
    made = factories.reports(7)
    found, costs, statements, path = [], [], [], f"{ITEMS}?limit=3&kind=problem"
    body(path)
    while path:
        data_version()
        with CaptureQueriesContext(connection) as asked:
            page = body(path)
        costs.append(len(asked))
        statements.append([query["sql"] for query in asked if "LIMIT 4" in query["sql"]])
        found += [each["id"] for each in page["features"]]
        assert page["numberMatched"] == 7
        path = local(links(page)["next"][0]) if "next" in links(page) else ""
        if len(costs) == 1:
            Subject.objects.filter(pk=made[0].pk).update(created_at="2020-01-01T00:00:00Z")
    assert found == [each.subject.reference for each in made]
    assert costs == [2, 2, 2]
    assert len({re.sub(r"\d+", "0", sql) for [sql] in statements}) == 1
    data_version()
    for limit in (1, 3):
        with CaptureQueriesContext(connection) as asked:
            assert len(names(f"{ITEMS}?limit={limit}")) == limit
        assert len(asked) == 2
    assert body(f"{ITEMS}?limit=99999999")["numberReturned"] == 7
    page = ask(f"{ITEMS}?limit=3&f=html").content.decode()
    assert (
        ask(
            "/ogc/" + page.partition('rel="next" href="')[2].partition('"')[0].partition("/ogc/")[2].replace("&amp;", "&")
        ).status_code
        == 200
    )
    monkeypatch.setattr(reading, "MOST_COUNTED", 5)
    assert "numberMatched" not in body(ITEMS)


def test_a_page_ends_by_its_corners_and_its_mark_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The feature that reaches the bound is the page's last one; a mark that was altered, or is another collection's, is refused."""
    factories.town()
    layer()  # a point, a line of two corners, an outline of five
    path = "/ogc/collections/trees/items?limit=10"
    for most, pages in ((1, [["oak"], ["row"], ["park"]]), (2, [["oak", "row"], ["park"]]), (4, [["oak", "row", "park"]])):
        monkeypatch.setattr(reading, "MOST_CORNERS", most)
        monkeypatch.setattr(conditional, "kept", conditional.Kept(0))
        found, onward = [], path
        while onward:
            page = body(onward)
            assert all(each["geometry"] for each in page["features"])
            found.append([each["id"] for each in page["features"]])
            onward = local(links(page)["next"][0]) if "next" in links(page) else ""
        assert found == pages, most
    keys = list(Feature.objects.order_by("pk").values_list("pk", flat=True))
    trees, other = catalogue.find("trees"), catalogue.find("areas")
    assert trees and other
    marks = [asking._mark(trees, key) for key in keys]
    assert [len(mark) for mark in marks] == [22] * 3 and len({mark[:6] for mark in marks}) == len(
        {mark[-6:] for mark in marks}
    ) == 3
    assert [asking._after(mark, trees) for mark in marks] == keys
    for wrong in (asking._mark(other, keys[0]), "A" + marks[0][1:] if marks[0][0] != "A" else "B" + marks[0][1:], marks[0][:-2], marks[0] + "AAAA",
                  marks[0][:11] + marks[1][11:], base64.urlsafe_b64encode(b"trees:1").decode()):  # fmt: skip
        assert ask(f"{path}&cursor={wrong}").status_code == 400, wrong
