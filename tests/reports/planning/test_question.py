"""A question from the address: filters, the analysis's own parameters, the drawn area; everything bad is named."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.contrib.gis.geos import Point, Polygon
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from discussion.models import Subject
from reports.actions.planning import save_area
from reports.parameters import BadParameter
from reports.planning import drawn
from reports.planning.analyses import ANALYSES
from reports.planning.provenance import provenance
from reports.planning.question import Question
from tests import factories
from tests.reports.planning.town import ask

pytestmark = pytest.mark.django_db


def test_without_words_it_asks_by_area_about_all(planner):
    question = ask("", planner)
    assert question.analysis.slug == "areas"
    assert question.parameters == {"by": "settlement"}
    assert not question.narrowed
    assert question.as_query() == "analysis=areas"


@pytest.mark.parametrize("slug", ANALYSES)
def test_every_default_is_a_value_that_can_be_asked_for(planner, slug):
    for parameter in ANALYSES[slug].parameters:
        if parameter.default is not None:
            assert parameter.read(parameter.as_text(parameter.default)) == parameter.default
        assert parameter.label
        assert parameter.help


BAD = [
    ("analysis=magic", "analysis"),
    ("nonsense=1", "nonsense"),
    ("analysis=areas&eps=20", "eps"),
    ("analysis=clusters&eps=9", "eps"),
    ("analysis=clusters&eps=1000000000", "eps"),
    ("analysis=clusters&eps=NaN", "eps"),
    ("analysis=clusters&eps=-5", "eps"),
    ("analysis=clusters&minimum=1", "minimum"),
    ("analysis=clusters&minimum=1001", "minimum"),
    ("analysis=hotspots&level=nan", "level"),
    ("analysis=hotspots&level=0.5", "level"),
    ("analysis=hotspots&side=99", "side"),
    ("analysis=hotspots&per=streets", "per"),
    ("analysis=areas&by=planet", "by"),
    ("analysis=before_after&day=2026-02-30", "day"),
    ("analysis=before_after&project=1234567890", "project"),
    ("analysis=before_after&project=x", "project"),
    ("analysis=before_after&bands=150,50", "bands"),
    ("analysis=before_after&bands=50,,150", "bands"),
    ("analysis=before_after&bands=1,2,3,4,5,6", "bands"),
    ("analysis=before_after&bands=50,150&far=150", "far"),
    ("within=circle:23.6,42.9,1000000000", "within"),
    ("within=circle:23.6,42.9,9", "within"),
    ("within=circle:23.6,42.9,nan", "within"),
    ("within=circle:23.6,42.9,inf", "within"),
    ("within=circle:23.6,42.9", "within"),
    ("within=circle:nan,42.9,100", "within"),
    ("within=circle:190,42.9,100", "within"),
    ("within=circle:179.999,42.9,5000", "within"),
    ("within=circle:23.6,89.99,5000", "within"),
    ("within=square:23.6,42.9,100", "within"),
    ("within=polygon:23.6 42.9,23.7 42.9", "within"),
    ("within=polygon:23.6 42.9,23.7 42.9,23.7", "within"),
    ("within=polygon:23.6 42.9,23.7 43.0,23.7 42.9,23.6 43.0", "within"),
    ("within=polygon:23.6 42.9,NaN 42.9,23.7 43.0", "within"),
    ("within=polygon:" + ",".join(f"23.{n:03} 42.9" for n in range(202)), "within"),
    ("within=polygon:" + ",".join(["23.6 42.9"] * 100_000), "within"),
    ("within=saved:7", "within"),
    (f"within=saved:{uuid.UUID(int=7)}", "within"),
    ("bbox=24,42.8,23.5,43.1", "bbox"),
    ("bbox=23.5,43.1,24,42.8", "bbox"),
    ("bbox=nan,42.8,24,43.1", "bbox"),
    ("status=" + ",".join(["received"] * 50), "status"),
    ("since=2026-05-02&until=2026-05-01", "until"),
    ("order=newest", "order"),
    ("cursor=x", "cursor"),
    ("limit=5", "limit"),
    ("supported=me", "supported"),
]


@pytest.mark.parametrize(("query", "name"), BAD, ids=[query[:60] for query, _name in BAD])
def test_what_is_bad_is_named_with_its_remedy(planner, query, name):
    with pytest.raises(BadParameter) as refused:
        ask(query, planner)
    assert refused.value.name == name
    assert refused.value.messages[0]
    question, bad = Question.readable(QueryDict(query), planner)
    assert [found.name for found in bad] == ([] if name in ("nonsense", "eps") and "clusters" not in query else [name])
    assert question.given.get(name, "areas") == "areas"


def test_what_does_not_fit_a_default_is_named_and_the_page_can_be_drawn(planner):
    question, bad = Question.readable(QueryDict("analysis=before_after&bands=1500&kind=idea"), planner)
    assert [found.name for found in bad] == ["far"]
    assert question.as_query() == "analysis=before_after&kind=idea"


def test_own_parameters_are_typed_and_said_in_words(planner):
    question = ask("analysis=hotspots&side=250&level=0,1&per=population", planner)
    assert dict(question.parameters) == {"side": 250, "level": 0.1, "per": "population"}
    assert [value for _label, value in question.in_words] == ["250 м", "0,1", "Население"]
    assert question.as_query() == "analysis=hotspots&side=250&level=0.1&per=population"


def test_another_analysis_keeps_filters_and_area_and_drops_the_old_parameters(planner):
    question = ask("analysis=clusters&eps=80&kind=problem&within=circle:23.6,42.9,100", planner)
    assert question.as_query(analysis="areas") == "analysis=areas&kind=problem&within=circle%3A23.6%2C42.9%2C100"
    assert question.as_query(kind="") == "analysis=clusters&within=circle%3A23.6%2C42.9%2C100&eps=80"


@pytest.mark.parametrize("metres", [10, 1000, 100_000])
def test_a_circle_is_round_on_the_ground(planner, metres):
    lon, lat = factories.CENTRE
    corners = drawn.circle(lon, lat, metres).coords[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_Distance(ST_MakePoint(%s, %s)::geography, ST_MakePoint(x, y)::geography) FROM unnest(%s, %s) c(x, y)",
            [lon, lat, [x for x, _y in corners], [y for _x, y in corners]],
        )
        distances = [distance for (distance,) in cursor]
    assert len(distances) == drawn.CIRCLE_CORNERS + 1
    assert max(abs(distance / metres - 1) for distance in distances) < 0.0003


def test_reports_inside_the_area_are_those_of_the_question(planner):
    near = factories.report(at_point=(23.6, 42.9))
    far = factories.report(at_point=(23.6, 42.91))
    assert set(ask("within=circle:23.6,42.9,1000", planner).reports()) == {near}
    assert set(ask("within=circle:23.6,42.9,1200", planner).reports()) == {near, far}
    assert set(ask("within=polygon:23.59 42.905,23.61 42.905,23.61 42.909", planner).reports()) == set()
    assert set(ask("within=polygon:23.59 42.905,23.61 42.905,23.61 42.92,23.59 42.92", planner).reports()) == {far}


def test_a_saved_area_is_read_by_its_id(planner):
    inside = factories.report(at_point=(23.6, 42.9))
    factories.report(at_point=(23.7, 42.9))
    saved = save_area(
        factories.planner(email="colleague@levka.test"), "Център", Polygon.from_bbox((23.59, 42.89, 23.61, 42.91))
    )
    question = ask(f"within=saved:{saved.pk}", planner)
    assert list(question.reports()) == [inside]
    assert question.in_words[0] == ("Начертан район", "район „Център“")


def test_a_planner_asks_about_restricted_ones_too_and_never_about_drafts(planner):
    factories.report()
    factories.report(restricted=True)
    factories.report(author=None, email="new@levka.test")  # waits for its author's confirmation
    assert Subject.objects.count() == 3
    assert ask("", planner).reports().count() == 2
    assert ask("", factories.resident()).reports().count() == 0


def test_provenance_says_how_many_of_how_many_when_and_by_which_way(planner, django_assert_num_queries):
    now = timezone.now().replace(year=2026, month=3, day=5, hour=12)
    factories.report(at=now)
    factories.report(at=now + datetime.timedelta(days=3), category="park-idea")
    clerk = factories.official()
    factories.report(at=now + datetime.timedelta(days=5), channel="phone", entered_by=clerk, author=None, email="a@levka.test")
    question = ask("kind=problem", planner)
    assert planner.works_here
    with django_assert_num_queries(2):
        found = provenance(question)
    assert (found.n, found.of) == (2, 3)
    assert found.period == (datetime.date(2026, 3, 5), datetime.date(2026, 3, 10))
    assert "през сайта 1" in found.source
    assert "по телефона 1" in found.source
    asked = provenance(ask("since=2026-03-01&until=2026-03-31", planner))
    assert asked.period == (datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))
    assert (asked.n, asked.of) == (3, None)
    none = provenance(ask("kind=problem&since=2027-01-01", planner))
    assert (none.n, none.of, none.period) == (0, 3, None)


def test_a_point_on_the_edge_lies_inside(planner):
    report = factories.report(at_point=(23.6, 42.9))
    assert report.geom == Point(23.6, 42.9, srid=4326)
    assert list(ask("within=polygon:23.6 42.89,23.7 42.89,23.7 42.91,23.6 42.91", planner).reports()) == [report]


@pytest.mark.parametrize("query", ["assigned=me", "assigned=%20me"])
def test_what_is_another_question_for_each_person_is_refused(planner, query):
    with pytest.raises(BadParameter, match="ползва") as refused:
        ask(query, planner)
    assert refused.value.name == "assigned"
    question, bad = Question.readable(QueryDict(f"{query}&kind=problem"), planner)
    assert ([one.name for one in bad], question.filters.given) == (["assigned"], {"kind": "problem"})
