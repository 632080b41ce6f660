"""Other people's readers of calendars, feeds and vector tiles, over every address that gives one: vobject, feedparser, mapbox-vector-tile.

What a lenient reader lets pass is asserted from the standard's own text: RFC 5545 § 3.1 and 3.6, RFC 4287 with its appendix B, TileJSON 3.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

import feedparser
import mapbox_vector_tile
import pytest
import vobject
from django.contrib.gis.geos import LineString, MultiLineString, Point
from django.test import Client
from django.urls import URLPattern, get_resolver
from lxml import etree

from discussion.models import Subject
from geoportal.kernel.tiles import EXTENT, Tile
from layers.models import Feature, Layer, Project
from municipality.models import Area, Sector
from participation.actions import taking_part
from participation.calendar import my_address
from reports.spatial import grid
from tests import factories
from tests.participation.conftest import event

pytestmark = pytest.mark.django_db
TEXTS = {"bg": "Мост, „дървен“; <b>нов</b>", "en": "Bridge"}


@pytest.fixture(autouse=True)
def _town(settings: Any) -> None:
    settings.SITE_URL = "https://levka.test"
    factories.town()


def patterns(ending: str) -> set[str]:
    """The names of all addresses that end so."""

    def below(found: Any, path: str) -> Iterator[tuple[str, str]]:
        for each in found:
            if isinstance(each, URLPattern):
                yield str(each.name), path + str(each.pattern)
            else:
                yield from below(each.url_patterns, path + str(each.pattern))

    return {name for name, path in below(get_resolver().url_patterns, "") if path.endswith(ending)}


def got(address: str, kind: str, client: Client | None = None) -> bytes:
    answer = (client or Client()).get(address)
    assert (address, answer.status_code, answer["Content-Type"].partition(";")[0]) == (address, 200, kind)
    return answer.content


def project() -> Subject:
    spine = {"sector": Sector.objects.get(slug="urban"), "area": Area.objects.get(slug="levka"), "is_public": True}
    subject = Subject.objects.create(kind="project", title=TEXTS["bg"], language="bg", **spine)
    line = MultiLineString(LineString((23.6, 42.9), (23.61, 42.91)))
    Project.objects.create(subject=subject, slug="bridge", title=TEXTS, stage="under_way", line=line, point=Point(23.6, 42.9))
    return subject


def test_vobject_reads_every_calendar() -> None:
    assert patterns(".ics") == {"events_ics", "event_ics", "my_events_ics"}
    made = event(title="Среща, със запетая; и точка \\ " + "дълга дума " * 9, text="Ред.\nДруг ред.", registration=True)
    online = event(form="online", link="https://meet.levka.test/1", place="", point=None, registration=True)
    who = factories.guest()
    for each in (made, online):
        taking_part.register(each.pk, who)
    both = {made.subject.reference: made, online.subject.reference: online}
    one = {made.subject.reference: made}
    asked = {
        "/events.ics": both,
        my_address(who): both,
        f"/events/{made.subject.reference}/event.ics": one,
        "/events.ics?sector=health": {},
    }
    for address, expected in asked.items():
        body = got(address, "text/calendar")
        lines = body.split(b"\r\n")
        assert lines[-1] == b"" and not any(b"\n" in line or b"\r" in line for line in lines)
        assert max(map(len, lines)) <= 75
        assert all(line.decode() for line in lines[:-1])  # no letter is cut by a fold
        calendar = vobject.readOne(body.decode())
        assert (calendar.version.value, bool(calendar.prodid.value), b"TZID" in body) == ("2.0", True, False)
        entries = {each.uid.value.partition("@")[0]: each for each in calendar.contents.get("vevent", [])}
        assert entries.keys() == expected.keys()
        for reference, entry in entries.items():
            event_, moment = expected[reference], entry.dtstart.value
            assert (entry.summary.value, moment, entry.dtend.value) == (
                event_.subject.title, event_.starts_at.replace(microsecond=0), event_.ends_at.replace(microsecond=0),
            )  # fmt: skip
            assert moment.utcoffset() == entry.dtstamp.value.utcoffset() == datetime.timedelta(0)
            assert entry.url.value == f"https://levka.test{event_.subject.path}" in entry.description.value
            assert entry.description.value.startswith(event_.text)
            assert ("geo" in entry.contents, "location" in entry.contents) == (event_ == made,) * 2
    lon, lat = factories.CENTRE
    first = vobject.readOne(got(f"/events/{made.subject.reference}/event.ics", "text/calendar").decode())
    assert tuple(map(float, first.vevent.geo.value.split(";"))) == (lat, lon)


ATOM = "{http://www.w3.org/2005/Atom}"
PERSON = {"name": (1, 1), "uri": (0, 1), "email": (0, 1)}
COMMON: dict[str, tuple[int, int]] = {
    "author": (0, 99), "category": (0, 99), "contributor": (0, 99), "id": (1, 1), "link": (0, 99), "rights": (0, 1),
    "title": (1, 1), "updated": (1, 1),
}  # fmt: skip
RULES = {
    "feed": COMMON | {"generator": (0, 1), "icon": (0, 1), "logo": (0, 1), "subtitle": (0, 1), "entry": (0, 99)},
    "entry": COMMON | {"content": (0, 1), "published": (0, 1), "source": (0, 1), "summary": (0, 1)},
    "author": PERSON, "contributor": PERSON,
}  # fmt: skip
"""Appendix B: element → {element in it: (fewest, most)}."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:\S+")


def valid(body: bytes) -> None:
    """Asserts what RFC 4287 demands of a feed, with the rules of its schema."""
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    assert root.tag == f"{ATOM}feed"
    for each in root.iter(etree.Element):
        name = each.tag.removeprefix(ATOM)
        if name in RULES:
            counts = {known: len(each.findall(ATOM + known)) for known in RULES[name]}
            foreign = [
                child.tag for child in each if child.tag.startswith(ATOM) and child.tag.removeprefix(ATOM) not in RULES[name]
            ]
            assert (name, foreign) == (name, [])
            assert [known for known, (few, most) in RULES[name].items() if not few <= counts[known] <= most] == []
        if name in ("updated", "published"):
            assert MOMENT.fullmatch(each.text), each.text
        if name == "id":
            assert ABSOLUTE.fullmatch(each.text), each.text
        if name == "link":
            assert ABSOLUTE.fullmatch(each.attrib["href"]), each.attrib
        if name == "category":
            assert each.attrib["term"]
        if name in ("title", "summary", "subtitle", "rights"):
            assert each.attrib.get("type", "text") in ("text", "html") and len(each) == 0  # markup is escaped, never elements
    rels = [link.attrib.get("rel", "alternate") for link in root.findall(f"{ATOM}link")]
    assert (rels.count("self"), rels.count("alternate")) == (1, 1)
    authored = root.find(f"{ATOM}author") is not None
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        assert authored or entry.find(f"{ATOM}author") is not None
        ways = [link.attrib.get("rel", "alternate") for link in entry.findall(f"{ATOM}link")]
        assert ways.count("alternate") == 1  # § 4.1.2: without content there must be one, and not two of one type
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids))


def test_feedparser_reads_every_feed_and_each_is_what_the_standard_demands() -> None:
    assert patterns(".atom") == {"report_feed", "project_feed", "timeline_feed", "everything_feed"}
    title, words = 'Дупка & „яма“ <b onclick="x">', "Дълбока <script>alert(1)</script> яма & кал."
    report = factories.report(title=title, text=words, public_name="Рада <i>")
    factories.report(title="Без автор")
    planned, meeting = project(), event(title=title)
    timeline = f"/feeds/reports/{report.subject.reference}.atom"
    expected = {
        "/feeds/reports.atom": {title, "Без автор"}, "/feeds/projects.atom": {TEXTS["bg"]}, "/feeds/reports.atom?kind=idea": set(),
        timeline: set(), "/feeds/everything.atom": {
            f"събитие: {title}", f"сигнал: {title}", "сигнал: Без автор", f"планиран проект: {TEXTS['bg']}",
        },
    }  # fmt: skip
    for address, titles in expected.items():
        body = got(address, "application/atom+xml")
        valid(body)
        read = feedparser.parse(body, sanitize_html=False)
        assert (address, read.bozo, read.version) == (address, False, "atom10")
        assert (
            read.feed.id == next(link.href for link in read.feed.links if link.rel == "self") == f"https://levka.test{address}"
        )
        if address == timeline:
            assert (read.feed.title.partition(" – ")[0], len(read.entries)) == (title, 1)
        else:
            assert {entry.title for entry in read.entries} == titles
        for entry in read.entries:
            assert entry.link.startswith("https://levka.test/") and entry.updated_parsed >= entry.published_parsed
    (entry,) = (
        each for each in feedparser.parse(got("/feeds/reports.atom", "application/atom+xml")).entries if each.title == title
    )
    assert (entry.author, entry.where, [tag.term for tag in entry.tags], entry.link) == (
        "Рада <i>", {"type": "Point", "coordinates": factories.CENTRE}, ["problem", "urban"], f"https://levka.test{report.subject.path}",
    )  # fmt: skip
    assert "Дълбока &lt;script&gt;alert(1)&lt;/script&gt; яма &amp; кал." in entry.summary  # words, to whoever shows it as HTML
    assert {planned.path, meeting.subject.path} <= {
        each.link.removeprefix("https://levka.test")
        for each in feedparser.parse(got("/feeds/everything.atom", "application/atom+xml")).entries
    }


TYPES = {"String": {str}, "Number": {int, float}, "Boolean": {bool}}


def test_mapbox_vector_tile_decodes_every_kind_of_tile() -> None:
    assert patterns(".mvt") == {"tile", "planning_layer_tile"}
    report = factories.report()
    project()
    style = {"field": "watts", "rules": []}
    for slug, published in (("lamps", True), ("pipes", False)):
        layer = Layer.objects.create(
            slug=slug,
            name=TEXTS,
            popup=["watts", "new", "owner"],
            areas=True,
            pickable=published,
            published=published,
            style=style,
        )
        common = {"layer": layer, "name": TEXTS, "properties": {"watts": 60, "new": True, "owner": "Община", "secret": "x"}}
        Feature.objects.create(slug="one", icon="tree", point=Point(*factories.CENTRE), **common)
        Feature.objects.create(slug="zone", polygon=factories.box(23.59, 42.89, 23.61, 42.91), **common)
        Feature.objects.create(slug="axis", line=MultiLineString(LineString((23.6, 42.9), (23.61, 42.91))), **common)
    zoom, (lon, lat) = 15, factories.CENTRE
    shift = grid.UNITS_LEVEL - zoom
    x, y = grid.grid_x(lon) >> shift, grid.grid_y(lat) >> shift
    west, south, east, north = Tile(zoom, x, y).box
    at = [(lon - west) / (east - west) * EXTENT, (north - lat) / (north - south) * EXTENT]
    planner = Client()
    planner.force_login(factories.planner())
    asked = {name: f"/tiles/{name}/{zoom}/{x}/{y}.mvt" for name in ("reports", "clusters", "projects", "areas", "lamps")}
    asked["pipes"] = f"/planning/layers/pipes/{zoom}/{x}/{y}.mvt"
    found = {}
    for name, address in asked.items():
        body = got(address, "application/vnd.mapbox-vector-tile", planner)
        read = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})
        assert [(each["extent"], each["version"]) for each in read.values()] == [(EXTENT, 2)]
        ((layer, drawn),) = read.items()
        found[name] = drawn["features"]
        if name == "pipes":
            continue
        told = {each["id"]: each["fields"] for each in Client().get(f"/tiles/{name}.json").json()["vector_layers"]}[layer]
        for feature in drawn["features"]:
            said = feature["properties"]
            assert (name, said.keys() - told.keys()) == (name, set())
            assert [(key, value) for key, value in said.items() if type(value) not in TYPES[told[key]]] == []
    (point,) = found["reports"]
    assert (point["id"], point["properties"]["kind"]) == (int(report.subject.reference), "problem")
    assert point["geometry"] == {"type": "Point", "coordinates": pytest.approx(at, abs=1)}
    assert [(each["geometry"]["type"], each["properties"]["n"]) for each in found["clusters"]] == [("Point", 1)]
    assert [each["geometry"]["type"] for each in found["projects"]] == ["LineString"]
    assert {each["properties"]["slug"]: each["geometry"]["type"] for each in found["areas"]}["levka"] == "Polygon"
    for name in ("lamps", "pipes"):
        shapes = {each["properties"]["slug"]: each for each in found[name]}
        assert {slug: each["geometry"]["type"] for slug, each in shapes.items()} == {
            "one": "Point", "zone": "Polygon", "axis": "LineString",
        }  # fmt: skip
        assert (shapes["one"]["geometry"]["coordinates"], shapes["one"]["properties"]["label"]) == (
            pytest.approx(at, abs=1),
            TEXTS["bg"],
        )
        assert b"secret" not in got(asked[name], "application/vnd.mapbox-vector-tile", planner)
    empty = got(f"/tiles/reports/{zoom}/0/0.mvt", "application/vnd.mapbox-vector-tile")
    assert mapbox_vector_tile.decode(empty) == {}
