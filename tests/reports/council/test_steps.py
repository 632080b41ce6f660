"""The line of five steps: numbers and days of what is done, the present one marked, an end told as what it is."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from discussion.messages import describe_all
from discussion.models import Subject
from municipality.models import Organisation
from reports.actions import act, agree, endorse, invite, support
from reports.actions.clockwork import archive_ideas
from reports.actions.move import Given
from reports.council.steps import steps
from reports.models import Report
from tests import factories
from tests.reports.council.world import carried_out, day, decided, filed, idea, step
from tests.walls.world import _project


@pytest.fixture
def town(db):
    return factories.town()


def line(report: Report) -> list[tuple[str, str, str]]:
    fresh = Report.objects.select_related("subject").get(pk=report.pk)
    return [(found.code, found.state, found.mark) for found in steps(fresh)]


def words(report: Report, code: str) -> list[str]:
    with translation.override("bg"):
        fresh = Report.objects.select_related("subject").get(pk=report.pk)
        return next(found.words for found in steps(fresh) if found.code == code)


WAS, NOW, NEXT = ("was", "done"), ("now", "active"), ("next", "next")


def five(*states: tuple[str, str]) -> list[tuple[str, str, str]]:
    return [(code, *state) for code, state in zip(("idea", "support", "filed", "decision", "done"), states, strict=True)]


def test_each_state_stands_at_its_step(town):
    report = idea()
    assert line(report) == five(WAS, NOW, NEXT, NEXT, NEXT)
    report = step(report, "take_up")
    assert line(report) == five(WAS, WAS, NOW, NEXT, NEXT)
    report = step(report, "file_with_council", number="94-118", filed_on=day(30), body="Общински съвет")
    assert line(report) == five(WAS, WAS, WAS, NOW, NEXT)
    report = decided("accept", report)
    assert line(report) == five(WAS, WAS, WAS, WAS, NOW)
    report = carried_out(report)
    assert line(report) == five(WAS, WAS, WAS, WAS, WAS)


def test_a_number_that_no_source_names_is_left_out(town):
    report = step(step(idea(), "take_up"), "file_with_council", number="не е посочен", filed_on=day(30), body="Общински съвет")
    [told] = describe_all(report.subject.timeline.filter(code="file_with_council"), language="bg")
    assert (told.headline.endswith("; входящият номер не е посочен в източника."), "№" in told.headline) == (True, False)
    assert words(report, "filed")[-1] == "входящият номер не е посочен в източника"
    page = Client().get("/ideas/council/").content.decode()
    assert ("№ не е" in page, "входящият номер не е посочен в източника" in page) == (False, True)


def test_a_plan_stands_between_decision_and_result_where_there_is_one(town):
    report = step(decided(), "plan", project=Subject.objects.get(pk=_project().pk))
    assert [code for code, _state, _mark in line(report)] == ["idea", "support", "filed", "decision", "planned", "done"]
    assert line(report)[4:] == [("planned", "now", "active"), ("done", "next", "next")]
    assert "„Парк“" in words(report, "planned")
    assert line(carried_out(report))[4:] == [("planned", "was", "done"), ("done", "was", "done")]


def test_numbers_and_days_stand_at_what_is_done(town):
    report = carried_out(decided(decision_number="212"))
    assert words(report, "filed") == ["№ 94-118", f"{day(30):%d.%m.%Y}", "Общински съвет"]
    assert words(report, "decision") == ["Приета", "№ 212", f"{day(20):%d.%m.%Y}"]
    assert words(report, "done") == [f"{day(3):%d.%m.%Y}", "900\u00a0€"]


def test_support_says_how_many_and_of_how_many(town):
    report = idea()
    support(report.pk, factories.guest())
    assert words(report, "support") == ["1 от 3"]
    for _n in range(2):
        support(report.pk, factories.guest())
    today = f"{timezone.localdate():%d.%m.%Y}"
    assert words(report, "support") == ["подкрепят 3", f"достатъчно на {today}"]


def test_a_refusal_ends_the_line_and_a_second_look_opens_it_again(town):
    report = decided("refuse")
    assert line(report)[3:] == [("decision", "now", "refused")]
    report = step(report, "reconsider", text="Има нови факти.")
    assert line(report) == five(WAS, WAS, NOW, NEXT, NEXT)


def test_an_administrations_decision_leaves_the_council_out(town):
    report = step(step(idea(), "take_up"), "accept", text="Приемаме.")
    assert line(report) == five(WAS, WAS, NEXT, WAS, NOW)


def test_archived_and_merged_end_where_they_stood(town):
    old = idea(at=timezone.now() - datetime.timedelta(days=800))
    archive_ideas()
    assert line(old) == [("idea", "was", "done"), ("over", "now", "refused")]
    original, other = idea(), step(idea(), "take_up")
    step(other, "mark_duplicate", duplicate_of=original)
    assert line(other) == [("idea", "was", "done"), ("support", "was", "done"), ("over", "now", "refused")]
    act(old.pk, "take_up_again", by=old.author, given=Given(), tells=False)
    assert line(old) == five(WAS, NOW, NEXT, NEXT, NEXT)


def test_the_page_shows_the_line_with_the_present_step_marked(town):
    page = Client().get(f"/reports/{decided().subject.reference}/").text
    assert page.count('aria-current="step"') == 1
    assert "№ 94-118" in page
    assert "Източник на решението: Протокол № 7" in page
    assert '/ideas/council/"' in page
    assert "milestones" not in Client().get(f"/reports/{factories.report().subject.reference}/").text


def test_the_queries_stay_the_same_however_much_happened(town, django_assert_num_queries):
    few, many = idea(), carried_out()
    step(idea(), "take_up")
    for report in (few, many):
        fresh = Report.objects.select_related("subject").get(pk=report.pk)
        with django_assert_num_queries(1 if report is many else 2):  # the first asks how many supports the areas need
            steps(fresh)


OWN = ("reports_endorsement", "reports_coauthor", "reports_filing", "discussion_link", '"discussion_timelinerow"."code" IN')
"""Tables, and the one reading of the timeline, that only the page of an idea asks."""


def test_the_page_takes_as_many_queries_with_three_of_everything_as_with_one(town):
    report, taken = filed(), []
    path = f"/reports/{report.subject.reference}/"
    Client().get(path)
    for count in (1, 2):
        for _n in range(count):
            made = Organisation.objects.create(
                slug=f"club-{Organisation.objects.count()}",
                kind="association",
                name=factories.texts("Клуб"),
                verified_at=timezone.now(),
            )
            endorse(report.pk, made, by=factories.person("official", organisation=made.slug))
            agree(invite(report.pk, f"n{made.pk}@levka.test", by=report.author).pk, public_name="Галина")
            step(idea(), "mark_duplicate", duplicate_of=report)
        with CaptureQueriesContext(connection) as seen:
            page = Client().get(path).text
        assert page.count("Клуб</b>") == Organisation.objects.filter(kind="association").count()
        taken.append(len([query for query in seen if any(table in query["sql"] for table in OWN)]))
    assert taken == [5, 5]
