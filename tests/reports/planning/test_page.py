"""The planners' page: who enters, what it says beside an answer, what it keeps of a question it cannot read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client

from reports.models import Report, SavedAnalysis
from reports.planning import analyses
from tests import factories
from tests.reports.planning.town import Row, fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(client: Client) -> Client:
    factories.town()
    client.force_login(factories.planner(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(client: Client, **query: str) -> str:
    answer = client.get("/en/planning/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_restricted_reports_are_counted_and_no_cache_keeps_it(planner):
    factories.reports(6)
    factories.report(restricted=True)
    answer = planner.get("/en/planning/?analysis=areas")
    assert answer["Cache-Control"] == "private, no-store"
    assert "<b>7</b> reports" in answer.content.decode()


def test_a_filtered_answer_says_how_many_of_how_many(planner):
    factories.reports(6)
    factories.reports(5, category="park-idea", title="Пейки")
    assert "<b>6</b> of 11 reports" in page_of(planner, analysis="areas", kind="problem")


def test_method_and_caveats_stand_beside_the_table(planner):
    factories.reports(6)
    page = page_of(planner, analysis="areas")
    answer = planner.get("/en/planning/?analysis=areas").context["result"]
    assert answer.method and answer.caveats
    for words in ("<dt>Method</dt>", "<dt>Period</dt>", "To bear in mind", '<tr data-row="0"'):
        assert words in page


def test_too_little_is_said_instead_of_shown(planner):
    factories.reports(2)
    page = page_of(planner, analysis="areas")
    assert "This question has no answer yet" in page
    assert "<tbody>" not in page


@pytest.mark.parametrize(
    ("query", "name", "typed"),
    [
        ({"within": "circle:23.6,42.9,1000000000"}, "within", "circle:23.6,42.9,1000000000"),
        ({"within": "polygon:nan nan,1 1,2 2"}, "within", "polygon:nan nan,1 1,2 2"),
        ({"since": "yesterday"}, "since", "yesterday"),
        ({"by": "planets"}, "by", "planets"),
        ({"status": "flying"}, "status", "flying"),
    ],
)
def test_a_bad_parameter_is_named_at_its_field_and_what_was_typed_stays(planner, query, name, typed):
    answer = planner.get("/en/planning/", {"analysis": "areas", "q": "pothole", **query})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f'<a href="#ask-{name}">' in page
    assert f'id="ask-{name}-error"' in page
    assert typed in page
    assert 'value="pothole"' in page


def test_every_bad_parameter_is_named_at_once(planner):
    page = planner.get("/en/planning/", {"since": "x", "within": "square:1"}).content.decode()
    assert '<a href="#ask-since">' in page
    assert '<a href="#ask-within">' in page


def test_several_values_of_a_filter_survive_the_form(planner):
    page = page_of(planner, sector="urban,health")
    assert '<option value="urban,health" selected>' in page


def test_the_map_below_shows_the_reports_of_the_same_question(planner):
    factories.reports(6)
    factories.reports(5, category="park-idea", title="Пейки")
    answer = planner.get("/planning/map.json?analysis=areas&kind=problem&zoom=9")
    assert sum(group["count"] for group in answer.json()["clusters"]) == 6
    assert answer["Cache-Control"] == "private, no-store"


def test_the_map_below_keeps_to_the_drawn_area_and_to_the_questions_own_box(planner):
    factories.reports(6)
    factories.reports(5, at_point=(23.9, 42.9), title="Далече")
    for within in ("within=circle:23.6,42.9,500", "bbox=23.55,42.85,23.65,42.95"):
        answer = planner.get(f"/planning/map.json?analysis=areas&{within}&zoom=9")
        assert sum(group["count"] for group in answer.json()["clusters"]) == 6


def test_a_pin_leads_to_the_desk(planner):
    only = factories.report(restricted=True)
    pins = planner.get("/planning/map.json?zoom=18").json()["pins"]
    assert [pin["url"] for pin in pins] == [f"/desk/{only.subject.reference}/"]
    assert Report.objects.public().count() == 0


@pytest.mark.parametrize("query", ["view=", "view=1,1,0,0", "view=nan,0,1,1", "within=circle:1", "nonsense=1"])
def test_what_the_map_cannot_read_is_400(planner, query):
    assert planner.get(f"/planning/map.json?{query}").status_code == 400


def test_only_those_who_may_plan_see_the_way(client):
    factories.town()
    for person, seen in ((factories.planner(), True), (factories.official(), False)):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert ('href="/planning/"' in client.get("/desk/").content.decode()) is seen


def test_what_the_database_stops_is_offered_in_the_background(planner, monkeypatch):
    def slow(_question):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '20ms'")
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setitem(analyses.ANALYSES, "areas", replace(analyses.ANALYSES["areas"], answer=slow))
    page = page_of(planner, analysis="areas")
    assert "This takes a while" in page
    assert '<input type="hidden" name="query" value="analysis=areas">' in page
    assert planner.get("/planning/answer.csv?analysis=areas").status_code == 404


@pytest.mark.parametrize("slug", sorted(analyses.ANALYSES))
def test_the_form_can_be_sent_as_it_stands(planner, slug):
    """Its fields say the defaults in the very words that are read."""
    factories.reports(6)
    form = planner.get("/en/planning/", {"analysis": slug}).context["form"]
    sent = {one["name"]: one["value"] for one in form["own"]}
    assert all(value for name, value in sent.items() if name not in ("project", "day"))
    assert planner.get("/en/planning/", {"analysis": slug, **sent}).status_code == 200


def test_a_filter_that_leaves_too_little_can_be_taken_away_at_once(planner):
    factories.reports(6)
    page = page_of(planner, analysis="areas", q="nothing like it")
    assert "This question has no answer yet" in page
    assert '<a class="btn primary" href="/en/planning/?analysis=areas">Ask of all reports</a>' in page
    assert "Ask of all reports" not in page_of(planner, analysis="clusters", eps="60")


def test_everyone_who_plans_gets_the_same_figures(planner):
    """A moderator's desk holds drafts and rejected ones; an analysis does not."""
    factories.reports(6)
    fill([Row(status="rejected", public=False)])
    boss = Client()
    boss.force_login(
        factories.person("administrator", "moderator", organisation="parks", name="Ана"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    for one in (planner, boss):
        assert one.get("/en/planning/?analysis=areas").context["result"].n == 6


@pytest.mark.parametrize(("language", "shown"), [("", "0,07"), ("/en", "0.07")])
@pytest.mark.parametrize("typed", ["0,07", "0.07"])
def test_a_decimal_is_typed_with_comma_or_point_and_shown_as_the_language_writes_it(planner, language, shown, typed):
    factories.reports(60)
    answer = planner.get(f"{language}/planning/", {"analysis": "hotspots", "level": typed})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'name="level" value="{shown}"' in page
    assert answer.context["query"] == "analysis=hotspots&level=0.07"  # what is saved, sent to colleagues and downloaded by


def test_a_default_is_shown_as_the_language_writes_it(planner):
    assert 'name="level" value="0,05"' in planner.get("/planning/", {"analysis": "hotspots"}).content.decode()


@pytest.mark.parametrize(
    ("typed", "remedy"), [("0,5", "Напишете число от 0,01 до 0,2."), ("пет", "Напишете число, например 0,05.")]
)
def test_a_decimal_that_cannot_be_read_is_named_with_its_remedy_and_kept(planner, typed, remedy):
    answer = planner.get("/planning/", {"analysis": "hotspots", "level": typed})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f'<a href="#ask-level">Дял на погрешните находки: {remedy}</a>' in page
    assert f'name="level" value="{typed}"' in page


def test_a_saved_question_holds_a_point_and_opens_with_a_comma(planner):
    planner.post("/planning/saved/", {"name": "Горещи", "query": "analysis=hotspots&level=0%2C07"})
    saved = SavedAnalysis.objects.get()
    assert saved.query == "analysis=hotspots&level=0.07"
    opened = planner.get(f"/planning/saved/{saved.pk}/", follow=True)
    assert opened.redirect_chain == [("/planning/?analysis=hotspots&level=0.07", 302)]
    assert 'name="level" value="0,07"' in opened.content.decode()


def test_what_is_nobodys_can_be_chosen_and_stays_chosen(planner):
    factories.reports(6)
    assert '<option value="none" selected>Без служител</option>' in planner.get("/planning/?assigned=none").content.decode()
