"""Deadlines: working days, calendar days and months, with Bulgaria's public holidays."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from reports import actions, clocks
from reports.actions.move import Given
from reports.models import Category, Report
from tests import factories

day = datetime.date.fromisoformat


@pytest.mark.parametrize(
    ("start", "amount", "unit", "last"),
    [
        ("2026-11-25", 1, "working_days", "2026-11-26"),
        ("2026-11-27", 1, "working_days", "2026-11-30"),  # over a weekend
        ("2026-12-23", 1, "working_days", "2026-12-29"),  # three holidays, the Saturday one is taken on Monday
        ("2026-11-25", 5, "calendar_days", "2026-11-30"),
        ("2026-11-25", 3, "calendar_days", "2026-11-30"),  # would end on a Saturday
        ("2026-02-27", 1, "months", "2026-03-27"),
        ("2026-01-31", 1, "months", "2026-03-02"),  # 28 February is a Saturday
        ("2027-12-31", 2, "months", "2028-02-29"),  # leap year
        ("2026-03-02", 2, "months", "2026-05-04"),  # 2 and 3 May are a weekend
    ],
)
def test_term_ends_on_a_working_day(start, amount, unit, last):
    assert clocks.add_term(day(start), amount, unit, "BG") == day(last)


def test_holidays_are_the_country_s():
    assert not clocks.is_working_day(day("2026-03-03"), "BG")
    assert clocks.is_working_day(day("2026-03-03"), "DE")


@pytest.fixture
def town(db):
    return factories.town()


@pytest.mark.parametrize(
    ("category", "official", "due"),
    [
        ("pothole", False, "2026-06-15"),  # the category's ten working days
        ("pothole", True, "2026-08-03"),  # the regime's two months; 1 August is a Saturday
        ("park-idea", False, "2026-08-03"),  # an idea under review
    ],
)
def test_due_date_follows_regime_then_category(town, category, official, due):
    found = Category.objects.select_related("regime").get(slug=category)
    assert clocks.answer_due(found, official=official, kind=found.kind, since=day("2026-06-01")) == day(due)


def test_idea_that_gathers_support_has_no_due_date(town):
    assert Report.objects.get(pk=factories.report(category="park-idea").pk).due_on is None


@pytest.mark.parametrize(("hour", "late"), [("23:59", 0), ("00:01", 1)])
def test_late_begins_at_local_midnight_after_the_due_day(town, hour, late):
    report = factories.report()
    due = Report.objects.get(pk=report.pk).due_on
    moment = datetime.datetime.fromisoformat(f"{due + datetime.timedelta(days=late)}T{hour}")
    with time_machine.travel(timezone.make_aware(moment), tick=False):
        assert Report.objects.late().count() == late


def test_question_stops_the_clock_where_the_regime_says_so(town):
    with time_machine.travel("2026-06-01T09:00Z", tick=False) as clock:
        report = factories.report(official=True, name="Рада Колева", address="ул. Първа 1")
        ivan = factories.official()
        actions.act(report.pk, "assign", by=ivan, given=Given(person=ivan))
        due = Report.objects.get(pk=report.pk).answer_due
        actions.act(report.pk, "ask", by=ivan, given=Given(text="Кой вход?"))
        clock.move_to("2026-06-08T09:00Z")
        actions.act(report.pk, "answer", proven_author=True, given=Given(text="Вход Б."))
    found = Report.objects.get(pk=report.pk)
    assert (found.status, found.answer_due - due) == ("assigned", datetime.timedelta(days=7))


def test_answered_states_owe_no_answer_and_a_promise_is_the_date_in_force(town):
    report, ivan = factories.report(), factories.official()
    promised = timezone.localdate() + datetime.timedelta(days=40)
    actions.act(report.pk, "assign", by=ivan, given=Given(person=ivan))
    actions.act(report.pk, "plan", by=ivan, given=Given(expected_on=promised))
    assert Report.objects.get(pk=report.pk).due_on == promised
    actions.act(report.pk, "start", by=ivan)
    actions.act(report.pk, "resolve", by=ivan, given=Given(text="Готово."))
    assert Report.objects.get(pk=report.pk).due_on is None


def test_two_years(town):
    today = day("2026-11-25")
    assert clocks.more_than_two_years_ago(day("2024-11-24"), today)
    assert not clocks.more_than_two_years_ago(day("2024-11-25"), today)
    assert not clocks.more_than_two_years_ago(None, today)
