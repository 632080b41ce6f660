"""After any sequence of acts, folds and days every sum over the grid is what a recount says (hypothesis, stateful)."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
import time_machine
from django.contrib.gis.geos import Point
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from discussion.models import Subject
from municipality.models import Sector
from reports import actions, workflow
from reports.filters import Filters
from reports.models import Category, Reason, Report
from reports.querysets import today
from reports.spatial import clusters, grid, summary
from reports.spatial.wanted import Place, Wanted
from tests import factories

WEST, SOUTH, EAST, NORTH = factories.BOX
PLACES = st.tuples(st.floats(WEST, EAST - 0.001), st.floats(SOUTH, NORTH - 0.001))
REFUSED = (ValidationError, PermissionDenied, actions.NotAllowed, IntegrityError)


class Town(RuleBasedStateMachine):
    """Reports live through the product's own verbs; the recount is asked after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.clock = time_machine.travel(datetime.datetime(2026, 11, 25, 9, tzinfo=datetime.UTC), tick=False)
        self.now = self.clock.start()

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def people(self) -> None:
        factories.town()
        self.author, self.moderator = factories.resident(), factories.moderator()
        self.officials = {slug: factories.official(slug) for slug in ("roads", "parks")}
        self.spam = Reason.objects.get(slug="spam")

    def some(self, number: int) -> Report:
        return Report.objects.order_by("pk")[number % Report.objects.count()]

    def attempt(self, verb: Any, *args: Any, **kwargs: Any) -> None:
        """What the law forbids leaves no trace."""
        try:
            with transaction.atomic():
                verb(*args, **kwargs)
        except REFUSED:
            pass

    @rule(
        category=st.sampled_from(["pothole", "lamp", "private", "park-idea", "road-idea"]), place=PLACES,
        guest=st.booleans(), ago=st.integers(0, 900), further=st.booleans(),
    )  # fmt: skip
    def submit(self, category: str, place: tuple[float, float], guest: bool, ago: int, further: bool) -> None:
        fields: dict[str, Any] = (
            {"author": None, "email": f"{uuid.uuid4().hex}@levka.test"} if guest else {"author": self.author}
        )
        factories.report(
            category=category, at_point=(round(place[0], 6), round(place[1], 6)), at=self.now_() - datetime.timedelta(days=ago),
            further_sectors=[Sector.objects.get(slug="health")] if further else [], **fields,
        )  # fmt: skip

    def now_(self) -> datetime.datetime:
        return datetime.datetime.now(datetime.UTC)

    @precondition(lambda self: Report.objects.exists())
    @rule(number=st.integers(0, 99), edge=st.integers(0, 99))
    def take_an_edge(self, number: int, edge: int) -> None:
        report = self.some(number)
        edges = workflow.allowed(report.kind, report.status)
        if not edges:
            return
        wanted = edges[edge % len(edges)]
        official = next(
            user for user in self.officials.values() if user.memberships.filter(organisation=report.department).exists()
        )
        given = actions.Given(
            text="Дума", reason=Reason.objects.filter(serves__contains=[wanted.name]).first(), person=official,
            expected_on=today() + datetime.timedelta(days=3), extended_to=today() + datetime.timedelta(days=99), notice="1",
            number="1", filed_on=today(), body="Съвет", link="https://levka.test/",
        )  # fmt: skip
        by = (
            self.author
            if workflow.Who.AUTHOR in wanted.who
            else self.moderator
            if workflow.Who.MODERATOR in wanted.who
            else official
        )
        self.attempt(actions.act, report.pk, wanted.name, by=by, given=given, proven_author=workflow.Who.AUTHOR in wanted.who,
                     system=wanted.who == {workflow.Who.SYSTEM})  # fmt: skip

    @precondition(lambda self: Report.objects.exists())
    @rule(number=st.integers(0, 99), verb=st.sampled_from(["hide", "remove", "publish_again", "restrict", "open"]))
    def moderate(self, number: int, verb: str) -> None:
        report = self.some(number)
        if verb in ("hide", "remove"):
            self.attempt(getattr(actions, verb), report.pk, reason=self.spam, by=self.moderator)
        elif verb == "publish_again":
            self.attempt(actions.publish_again, report.pk, by=self.moderator, text="Пак")
        else:
            self.attempt(actions.restrict, report.pk, restricted=verb == "restrict", text="Лично", by=self.moderator)

    @precondition(lambda self: Report.objects.exists())
    @rule(number=st.integers(0, 99), place=PLACES, category=st.sampled_from(["pothole", "lamp", "private"]))
    def move(self, number: int, place: tuple[float, float], category: str) -> None:
        point = Point(round(place[0], 6), round(place[1], 6), srid=4326)
        self.attempt(
            actions.relocate, self.some(number).pk, category=Category.objects.get(slug=category), point=point, by=self.moderator
        )

    @precondition(lambda self: Report.objects.exists())
    @rule(number=st.integers(0, 99), add=st.booleans())
    def change_sectors(self, number: int, add: bool) -> None:
        sectors = self.some(number).subject.further_sectors
        other = Sector.objects.get(slug="other")
        sectors.add(other) if add else sectors.remove(other)

    @rule(days=st.integers(1, 40))
    def days_pass(self, days: int) -> None:
        self.now.shift(datetime.timedelta(days=days))

    @rule()
    def erase_unconfirmed(self) -> None:
        actions.expire_unconfirmed()

    @rule()
    def fold(self) -> None:
        summary.fold(today())

    @rule()
    def sweep(self) -> None:
        summary.sweep()

    @invariant()
    def every_sum_is_a_recount(self) -> None:
        if not hasattr(self, "author"):
            return
        assert summary.faults() == {}
        public = Report.objects.public()
        for level in (4, 12, 18):
            place = Place(level, grid.cells_of(factories.BOX, level))
            parts, live = clusters.parts(Wanted.public_set(Filters()), place)
            assert not live
            assert sum(part.n for part in parts) == public.count() == Subject.objects.filter(is_public=True).count()
            assert sum(part.late for part in parts) == public.late().count()


@pytest.mark.django_db
def test_sums_survive_any_life() -> None:
    run_state_machine_as_test(
        Town, settings=settings(max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck))
    )


@pytest.mark.deep
@pytest.mark.django_db
def test_sums_survive_many_lives() -> None:
    run_state_machine_as_test(
        Town,
        settings=settings(max_examples=150, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)),
    )
