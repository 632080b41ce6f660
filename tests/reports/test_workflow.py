"""The law as data, and the one door that keeps it: every state × every edge × every role."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from discussion.models import TimelineRow
from municipality.models import Organisation
from reports import actions, workflow
from reports.actions import Given, NotAllowed
from reports.models import Reason, Report
from reports.workflow import LEFT, STATES, STATES_OF, STAYS, TRANSITIONS, Kind, Who
from tests import factories
from tests.kernel.pictures import picture

CAPACITIES = {
    "nobody": set(),
    "resident": set(),
    "author": {Who.AUTHOR},
    "official": {Who.OFFICIAL},
    "other_official": set(),
    "head": {Who.OFFICIAL, Who.DISPATCHER},
    "dispatcher": {Who.DISPATCHER},
    "moderator": {Who.MODERATOR},
    "planner": set(),
    "council_officer": set(),
    "administrator": set(),
}
"""Role → in what capacity it acts on a problem of the department „roads“."""
COUNCIL = {"council_officer": {Who.OFFICIAL}}
"""What differs for an idea."""


class _Undo(Exception):
    pass


def people(author):
    return {
        "nobody": None, "resident": factories.resident(), "author": author, "official": factories.official(),
        "other_official": factories.official("parks"), "head": factories.person("head"), "dispatcher": factories.dispatcher(),
        "moderator": factories.moderator(), "planner": factories.planner(),
        "council_officer": factories.person("council_officer", organisation="parks"),
        "administrator": factories.administrator(),
    }  # fmt: skip


def everything(official, other: Report) -> Given:
    """An act that lacks nothing."""
    far = timezone.localdate() + datetime.timedelta(days=400)
    names = [name for _kind, name in TRANSITIONS]
    reason = Reason.objects.create(slug="any", name=factories.texts("Всяка"), serves=names)
    photo = uuid.uuid4()
    actions.keep_photo(uuid.uuid4(), photo, picture(size=(64, 64)))
    return Given(
        text="Думи.", reason=reason, person=official,
        department=Organisation.objects.get(slug="roads"), forwarded_to=Organisation.objects.get(slug="water"), duplicate_of=other,
        expected_on=far, extended_to=far, notice="1/2026", photo=[photo], number="7", body="Общински съвет",
        filed_on=timezone.localdate(), decided_on=timezone.localdate(), source="Протокол 3", link="https://levka.test/",
    )  # fmt: skip


def outcome(report: Report, status: str, name: str, by, given: Given) -> str:
    """What taking the edge from `status` comes to; undone afterwards."""
    result = ""
    try:
        with transaction.atomic():
            Report.objects.filter(pk=report.pk).update(status=status, left_status=LEFT_FROM[report.kind], assignee=given.person)
            before = TimelineRow.objects.filter(subject_id=report.pk).count()
            try:
                actions.act(report.pk, name, by=by, given=given, tells=False)
                assert TimelineRow.objects.filter(subject_id=report.pk).count() == before + 1
                result = Report.objects.values_list("status", flat=True).get(pk=report.pk)
            except NotAllowed:
                result = "no such edge"
            except PermissionDenied:
                result = "not permitted"
            raise _Undo
    except _Undo:
        return result


LEFT_FROM = {"problem": "in_progress", "idea": "under_review"}


def lawful(edge: workflow.Transition, status: str, capacities: set[Who]) -> str:
    if status not in edge.sources:
        return "no such edge"
    if not edge.who & capacities:
        return "not permitted"
    if edge.name in ("confirm", "publish"):
        return "received" if edge.kind is Kind.PROBLEM else "gathering_support"
    return {STAYS: status, LEFT: LEFT_FROM[edge.kind]}.get(edge.target, edge.target)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "category"), [(Kind.PROBLEM, "pothole"), (Kind.IDEA, "road-idea")])
def test_every_state_every_edge_every_role(kind, category):
    factories.town()
    author = factories.resident()
    # Restricted: then every state may be set by hand without touching what is public.
    report = factories.report(author=author, category=category, restricted=True)
    other = factories.report(author=author, category=category)
    who = people(author)
    given = everything(who["official"], other)
    capacities = {**CAPACITIES, **(COUNCIL if kind is Kind.IDEA else {})}
    wrong = []
    for edge in (edge for (of, _name), edge in TRANSITIONS.items() if of is kind):
        for status in STATES_OF[kind]:
            # Where the law has no such edge nobody's role matters: two very different ones are enough.
            roles = who if status in edge.sources else ("nobody", "head")
            for role in roles:
                got, due = outcome(report, status, edge.name, who[role], given), lawful(edge, status, capacities[role])
                if got != due:
                    wrong.append((edge.name, status, role, got, due))
    assert wrong == []


@pytest.mark.parametrize("kind", list(Kind))
def test_the_tables_fit_together(kind):
    states = set(STATES_OF[kind])
    for edge in (edge for (of, _name), edge in TRANSITIONS.items() if of is kind):
        assert edge.sources <= states
        assert edge.target in states | {LEFT, STAYS}
        assert len(set(edge.fields)) == len(edge.fields)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_state_can_be_reached(kind):
    entries = {"awaiting_confirmation", "awaiting_moderation", workflow.entry_state(kind, official=False)}
    reached, grew = set(entries), True
    while grew:
        further = {edge.target for (of, _n), edge in TRANSITIONS.items() if of is kind and edge.sources & reached}
        grew = not further <= reached
        reached |= further
    assert reached - {LEFT, STAYS} == set(STATES_OF[kind])


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_that_is_open_is_a_dead_end_for_officials(kind):
    desk = {Who.OFFICIAL, Who.DISPATCHER, Who.MODERATOR}
    stuck = {
        code
        for code in STATES_OF[kind]
        if not STATES[code].ends and not any(edge.who & desk for edge in workflow.allowed(kind, code))
    }
    assert stuck == {"awaiting_confirmation"}


@pytest.mark.parametrize(
    ("code", "open311"),
    [("received", "open"), ("waiting_for_reporter", "open"), ("resolved", "closed"), ("archived", "closed")],
)
def test_open311_value(code, open311):
    assert STATES[code].open311 == open311


@pytest.mark.parametrize(
    ("confirmed", "moderated", "official", "problem", "idea"),
    [
        (False, True, True, "awaiting_confirmation", "awaiting_confirmation"),
        (True, True, False, "awaiting_moderation", "awaiting_moderation"),
        (True, False, False, "received", "gathering_support"),
        (True, False, True, "received", "under_review"),
    ],
)
def test_where_a_new_report_begins(confirmed, moderated, official, problem, idea):
    found = [
        workflow.first_state(kind, confirmed=confirmed, moderated=moderated, official=official) for kind in ("problem", "idea")
    ]
    assert found == [problem, idea]


def test_the_diagram_in_the_documentation_is_current():
    call_command("workflow_diagram", check=True)
