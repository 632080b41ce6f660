"""OGC API – Features, Part 3 (19-079r2) with CQL2 text (21-065r2): what is let through, and that nothing hostile gets anywhere."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.ogc import cql
from api.ogc.collections import REPORTS
from api.ogc.conditions import condition
from api.ogc.tokens import BadFilter
from discussion.models import Subject
from geoportal.kernel.systems import CRS84
from reports.models import Report
from tests import factories
from tests.api.test_ogc_core import ITEMS, layer, project

pytestmark = pytest.mark.django_db


def found(text: str, collection: str = "reports", **more: str) -> Any:
    """The features that a filter lets through, or the refusal."""
    answer = Client().get(f"/ogc/collections/{collection}/items", {"filter": text, **more})
    body = json.loads(answer.content)
    return [each["id"] for each in body["features"]] if answer.status_code == 200 else body


def place(text: str) -> int:
    """At which character reading stopped."""
    told = found(text)
    assert told["parameter"] == "filter", told
    return int(told["errors"]["filter"][0].split()[1].rstrip(":"))


THREE, NONE = ["hole", "lamp", "idea"], []
CASES: dict[str, list[str]] = {
    "kind = 'idea'": ["idea"], "\"kind\" = 'idea'": ["idea"], "kind <> 'idea'": ["hole", "lamp"], "NOT kind = 'idea'": ["hole", "lamp"],
    "(NOT (\"kind\" = 'idea'))": ["hole", "lamp"], "kind='idea' OR category='lamp'": ["lamp", "idea"],
    "kind='problem' AND category='lamp'": ["lamp"], "kind='idea' OR kind='problem' AND category='lamp'": ["lamp", "idea"],
    "((((kind = 'problem') AND (category = 'lamp'))))": ["lamp"], "not (kind='idea' or category='lamp')": ["hole"],
    "photo_count > 2": ["lamp"], "photo_count >= 3": ["lamp"], "photo_count < 3": ["hole", "idea"], "photo_count <= -1": NONE,
    "photo_count = 3.0": ["lamp"], "photo_count > 2.5e0": ["lamp"], "photo_count = ( - (3))": NONE, "photo_count < 999999999999999": THREE,
    "photo_count BETWEEN 1 AND 5": ["lamp"], "photo_count NOT BETWEEN 1 AND 5": ["hole", "idea"],
    "category IN ('lamp','pothole')": ["hole", "lamp"], "category NOT IN ('lamp')": ["hole", "idea"],
    "title LIKE 'Дупка%'": ["hole"], "title NOT LIKE 'Дупка%'": ["lamp", "idea"], "title LIKE '%100\\%'": ["hole"],
    "title LIKE 'Лампа\\_1'": ["lamp"], "title LIKE 'Лампа\\\\_1'": ["lamp"], "title LIKE '_ейки'": ["idea"], "title LIKE '%O''Brien%'": ["hole"],
    "title LIKE '%O\\'Brien%'": ["hole"], "(CASEI(title) LIKE CASEI('%ЛАМПА%'))": ["lamp"], "CASEI(title) = CASEI('пейки')": ["idea"],
    "due_on IS NULL": ["hole", "idea"], "due_on IS NOT NULL": ["lamp"], "due_on = DATE('2026-03-01')": ["lamp"],
    "due_on <> DATE('2020-01-01')": ["lamp"], "NOT due_on = DATE('2026-03-01')": NONE, "due_on > '2026-02-28'": ["lamp"],
    "approximate": NONE, "NOT \"approximate\"": THREE, "(approximate) OR kind = 'idea'": ["idea"], "approximate = FALSE": THREE,
    "approximate <> false": NONE, "TRUE": THREE, "FALSE": NONE, "NOT FALSE AND kind='idea'": ["idea"],
    "created_at >= TIMESTAMP('2026-02-10T10:00:00.000Z')": ["lamp", "idea"], "created_at < DATE('2026-02-10')": ["hole"],
    "T_AFTER(created_at, DATE('2026-02-10'))": ["idea"], "T_BEFORE(created_at, TIMESTAMP('2026-02-10T10:00:00Z'))": ["hole"],
    "T_DURING(created_at, INTERVAL('2026-02-01','2026-02-28'))": ["lamp"], "T_DURING(created_at, INTERVAL('2026-02-01','..'))": ["lamp", "idea"],
    "T_INTERSECTS(created_at, DATE('2026-02-10'))": ["lamp"], "T_AFTER(created_at, INTERVAL('2026-01-01','2026-02-09'))": ["lamp", "idea"],
    "T_AFTER(created_at, INTERVAL('2026-01-01','..'))": NONE, "T_BEFORE(due_on, DATE('2026-03-02'))": ["lamp"],
    "S_INTERSECTS(geometry, POINT(23.9 42.85))": ["idea"], "S_INTERSECTS(\"geometry\",BBOX(23.5,42.8,23.7,43))": ["hole", "lamp"],
    "S_INTERSECTS(geometry, POLYGON((23.8 42.8,24 42.8,24 43,23.8 43,23.8 42.8)))": ["idea"],
    "S_INTERSECTS(geometry, MULTIPOINT((23.9 42.85),(1 1)))": ["idea"], "S_INTERSECTS(geometry, MULTIPOINT(23.9 42.85,-1 1))": ["idea"],
    "S_INTERSECTS(geometry, LINESTRING(23.6 42.9,23.7 42.9)) AND category='lamp'": ["lamp"], "NOT S_INTERSECTS(geometry, POINT(23.6 42.9))": ["idea"],
    "S_INTERSECTS(geometry, MULTILINESTRING((23.6 42.9,23.7 42.9),(1 1,2 2)))": ["hole", "lamp"],
    "S_INTERSECTS(geometry, MULTIPOLYGON(((23.8 42.8,24 42.8,24 43,23.8 43,23.8 42.8))))": ["idea"],
    "geometry IS NULL": NONE, "phase = 'new'": THREE, "late = FALSE AND kind = 'idea'": ["idea"],
}  # fmt: skip


def test_conditions_let_through_what_they_say() -> None:
    """/req/filter/filter-param, filter-crs-wgs84, filter-crs-param, mixing-expressions, response; /req/features-filter/filter-param,
    filter-lang-param, filter-crs-param, response; /req/cql2-text/escaping, basic-cql2/cql2-filter, advanced-comparison-operators/
    like-predicate, between-predicate, in-list-predicate; case-insensitive-comparison/casei-function,
    basic-spatial-functions/spatial-predicates; forms that QGIS writes are among them. Null fits neither a condition nor its opposite."""
    factories.town()
    made = {
        "hole": factories.report(title="Дупка O'Brien 100%"), "lamp": factories.report(category="lamp", title="Лампа_1"),
        "idea": factories.report(category="park-idea", title="Пейки", at_point=(23.9, 42.85)),
    }  # fmt: skip
    called = {each.subject.reference: name for name, each in made.items()}
    for name, day in (("hole", "2026-01-10"), ("lamp", "2026-02-10"), ("idea", "2026-03-10")):
        Subject.objects.filter(pk=made[name].pk).update(created_at=f"{day}T10:00:00Z")
    Report.objects.filter(pk=made["lamp"].pk).update(answer_due="2026-03-01", photo_count=3)
    Report.objects.exclude(pk=made["lamp"].pk).update(answer_due=None)
    told = {text: found(text) for text in CASES}
    assert {text: [called[ref] for ref in refs] if isinstance(refs, list) else refs for text, refs in told.items()} == CASES
    swapped = {"filter-crs": "http://www.opengis.net/def/crs/EPSG/0/4326"}
    assert found("S_INTERSECTS(geometry, POINT(42.85 23.9))", **swapped) == [made["idea"].subject.reference]


def test_filters_of_every_collection_speak_of_its_own_properties() -> None:
    factories.town()
    layer()
    bridge = project(starts_year=2027)
    assert found("name_en = 'Oak'", "trees") == ["oak"]
    assert found("S_INTERSECTS(geometry, BBOX(23.65,42.9,23.8,43)) AND name_bg LIKE 'А%'", "trees") == ["row"]
    assert found("S_INTERSECTS(geometry, POINT(23.605 42.895))", "trees") == ["park"]
    assert found("amount > 1200 AND starts_year = 2027 AND spent IS NULL", "projects") == [bridge.subject.reference]
    assert found("S_INTERSECTS(geometry, POINT(23.9 42.85))", "projects") == []
    assert found("population > 1000 AND kind = 'settlement'", "areas") == ["levka"]
    assert found("status = 'announced'", "events") == []
    assert found("kind = 'idea'", "trees")["parameter"] == "filter"


def test_a_refusal_says_where_reading_stopped() -> None:
    factories.town()
    cases = {
        "kind": 5, "kind =": 7, "kind = 'idea": 8, "kind = idea": 8, "kind == 'idea'": 7, "kind = 'a' kind = 'b'": 12, "kind = 'a' AND": 15,
        "(kind = 'a'": 12, "kind = 'a')": 11, "nothing = 1": 1, "title = 'x' OR nothing = 1": 16, "photo_count = 'x'": 15, "kind = 5": 8,
        "due_on = 5": 10, "due_on = '2026-02-30'": 10, "due_on = TIMESTAMP('2026-01-01T00:00:00Z')": 10, "created_at = DATE('x')": 19,
        "late = 'yes'": 8, "late > TRUE": 8, "title LIKE 5": 12, "title LIKE 'x\\'": 12, "title LIKE '\\\\\\\\\\\\'": 12, "photo_count LIKE '1%'": 1,
        "kind IN ()": 10, "kind IN ('a',)": 14, "kind IS 5": 9, "kind NOT = 'a'": 10, "kind BETWEEN 'a'": 17, "CASEI(photo_count) = 5": 7,
        "url = 'x'": 1, "S_INTERSECTS(title, POINT(1 1))": 14, "S_INTERSECTS(geometry, POINT(1))": 24, "S_INTERSECTS(geometry, POINT(1 91))": 24,
        "S_INTERSECTS(geometry, POINT(1 1 1))": 24, "S_INTERSECTS(geometry, CIRCLE(1 1))": 24, "S_INTERSECTS(geometry, BBOX(1,2,3))": 24,
        "S_INTERSECTS(geometry, POLYGON((0 0,1 1,0 1,1 0,0 0)))": 24, "S_INTERSECTS(geometry, POLYGON((0 0,1 1)))": 24,
        "S_CROSSES(geometry, POINT(1 1))": 1,
        "T_DURING(created_at, DATE('2026-01-01'))": 22, "T_DURING(created_at, INTERVAL('..','..'))": 22, "T_AFTER(title, DATE('2026-01-01'))": 9,
        "A_EQUALS(kind, ('a'))": 1, "pg_sleep(5)": 9, "kind = 'a'; DROP TABLE x": 11, "kind = 'a' -- x": 12, "1 = 1": 1, "photo_count = 1e400": 15,
        "photo_count = 1e16": 15, "kind = $1": 8, "kind || 'a' = 'b'": 6, "subject__title = 'x'": 1, "ogc_title = 'x'": 1, "title__regex = 'x'": 1,
    }  # fmt: skip
    assert {text: place(text) for text in cases} == cases


def test_limits_hold() -> None:
    """Depth 8, 20 conditions, 100 values, 4,000 characters: a long filter of QGIS, which nests every AND, is within them."""
    factories.town()
    alike = "(late = FALSE)"
    for _more in range(19):
        alike = f"({alike} AND (late = FALSE))"
    assert found(alike) == []
    deep = "late = FALSE"
    for level in range(7):
        deep = f"({deep} {'AND' if level % 2 else 'OR'} TRUE)"
    assert found(deep) == []
    for text in (
        f"({deep} AND TRUE) OR (FALSE AND late = TRUE)", " AND ".join(["late = TRUE"] * 21), "(" * 41 + "TRUE" + ")" * 41, "NOT " * 50 + "TRUE",
        f"kind IN ({','.join(['1'] * 101)})", f"title = '{'x' * 4000}'", "photo_count = " + "(" * 500 + "1" + ")" * 500,
        "S_INTERSECTS(geometry, POLYGON(" + "(" * 900 + "))",
    ):  # fmt: skip
        told = found(text)
        assert told["parameter"] == "filter", told
    long = Client().get(ITEMS, {"filter": "title = '" + "x" * 5000 + "'"})
    assert (long.status_code, json.loads(long.content)["parameter"]) == (400, "filter")


HOSTILE = [
    "' OR 1=1 --", "'; DROP TABLE reports_report; --", "title = '' OR 1=1", "title = 'x'' OR ''1''=''1'", "title = 'x\\'' OR 1=1 --'",
    'title = "x"', '"title"" OR 1=1 --" = \'x\'', "title = 'x' UNION SELECT password FROM accounts_user", "title LIKE '%' || (SELECT 1) || '%'",
    "title = pg_sleep(10)", "title = $$x$$", "title = E'\\x41'", "title = U&'\\0041'", "title/**/=/**/'x'", "title = 'x' /*", "title = '%s'",
    "title = '%(value)s'", "title LIKE '%s%d%%'", "title = '{0}'", "title = '\u202e'", "title = 'a\u0000b'", "ｔitle = 'x'",
    "title ＝ 'x'", "title = ‘x’",
    "created_at = TIMESTAMP('now()')", "created_at = 'infinity'", "photo_count = 'NaN'", "photo_count = NaN",
    "photo_count = 0x10", "photo_count = 1_000",
    "author = 1", "contact = 'x'", "subject.author = 1", "report.password = 'x'", "password = 'x'", "is_public = FALSE", "pk = 1", "id = 1",
    "S_INTERSECTS(geometry, ST_GeomFromText('POINT(1 1)'))", "S_INTERSECTS(geometry, POINT(1e300 1e140))", "S_INTERSECTS(geometry, POINT(NaN 1))",
    "S_INTERSECTS((SELECT geom FROM x), POINT(1 1))", "CASEI(CASEI(CASEI(title))) = 'x'", "\\", "'", '"', "(", ")", "((((((((",
    "NOT", "AND AND", "🕳️",
]  # fmt: skip


def test_nothing_hostile_reaches_the_database() -> None:
    """Each is refused as a filter or read as plain values; none is an error of the server, and no text of it stands in a statement but as a value."""
    factories.town()
    report = factories.report(title="%s")
    for text in HOSTILE:
        with CaptureQueriesContext(connection) as asked:
            answer = Client().get(ITEMS, {"filter": text})
        body = json.loads(answer.content)
        assert answer.status_code in (200, 400), text
        assert answer.status_code == 200 or body["parameter"] == "filter"
        assert not any("DROP TABLE" in query["sql"] or "pg_sleep" in query["sql"] for query in asked)
    assert found("title = '%s'") == [report.subject.reference]
    assert found("title = 'x'' OR ''1''=''1'") == []


def _noise(seed: int, count: int) -> int:
    """How many of so many random texts are filters; anything but reading or a refusal fails."""
    chance = random.Random(seed)
    words = ["AND", "OR", "NOT", "(", ")", "kind", "photo_count", "title", "created_at", "geometry", "=", "<>", "<", ">=",
    "'x'", "'%'", "5", "-", "1e9",
             "IN", "LIKE", "BETWEEN", "IS", "NULL", "TRUE", "DATE", "TIMESTAMP", "INTERVAL", "('2026-01-01')", ",",
             "S_INTERSECTS", "POINT", "POLYGON", "T_AFTER",
             "CASEI", '"',
             "'", "\\", ".", "..", "\u0430", "BBOX(1,2,3,4)", "(1 2)"]  # fmt: skip
    read = 0
    for _each in range(count):
        text = " ".join(chance.choice(words) for _word in range(chance.randrange(1, 14)))
        if chance.random() < 0.3:
            text = "".join(
                chr(chance.choice((chance.randrange(32, 127), chance.randrange(0x400, 0x460))))
                for _sign in range(chance.randrange(1, 60))
            )
        try:
            condition(cql.parse(text), REPORTS, CRS84)
            read += 1
        except BadFilter as bad:
            assert 1 <= bad.at <= len(text) + 1
    return read


def test_random_texts_are_read_or_refused() -> None:
    assert 0 < _noise(7, 600) < 600


@pytest.mark.deep
def test_ten_thousand_random_texts_are_read_or_refused() -> None:
    factories.town()
    assert sum(_noise(seed, 10_000) for seed in range(3)) > 0
