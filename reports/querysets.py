"""The vocabulary for reading reports: adjectives filter, `with_` annotates, `for_` scopes."""

from __future__ import annotations

import datetime
from typing import Any, Self

from django.contrib.gis.db import models
from django.contrib.gis.geos import Point
from django.db.models import Case, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils import timezone

from geoportal.kernel.postgis import latitude, longitude, metres_between
from reports import workflow
from reports.rules import can_see_all_restricted, is_moderator

BBox = tuple[float, float, float, float]


FAR_FUTURE = datetime.datetime(2200, 1, 1, tzinfo=datetime.UTC)
FAR_PAST = datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC)
NOT_OPEN = sorted(workflow.ENDS | workflow.DRAFTS)
"""An index holds those that are none of these: its condition is written from the same list."""


def _apart(moment: datetime.datetime) -> Func:
    """Seconds between created_at and a moment beyond all of them; exact to the microsecond."""
    value = models.Value(moment)
    return Func(F("created_at"), value, template="(%(expressions)s)", arg_joiner=" <-> ", output_field=models.FloatField())


def today() -> datetime.date:
    """The date in the installation's time zone: deadlines are dates there."""
    return timezone.localdate()


class ReportQuerySet(models.QuerySet[Any]):
    # who may see what
    def public(self) -> Self:
        """The public set: the same for everyone, staff included; what lists, tiles and feeds show."""
        return self.filter(is_public=True)

    def visible_to(self, user: Any) -> Self:
        """Rows whose own page this person may open: public ones, tombstones, one's own, and those of one's work.

        Withdrawn and removed reports keep their address (the page then shows date and reason only).
        """
        seen = Q(is_public=True) | Q(subject__visibility="removed") | Q(subject__visibility="public", status="withdrawn")
        if not getattr(user, "is_authenticated", False):
            return self.filter(seen)
        return self.filter(seen | Q(author=user) | self._work_of(user))

    def legible_to(self, user: Any) -> Self:
        """Those of `visible_to` whose title and words this person may read: without others' tombstones."""
        read = Q(is_public=True)
        if getattr(user, "is_authenticated", False):
            read |= Q(author=user) | self._work_of(user)
        return self.visible_to(user).filter(read)

    def in_full(self) -> Self:
        """The public set without those of which everyone reads the title alone."""
        return self.public().exclude(status__in=sorted(workflow.WORDLESS))

    def for_desk(self, user: Any) -> Self:
        """What the person works with: the own departments' reports, or all for dispatchers, moderators, planners."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(self._work_of(user))

    def _work_of(self, user: Any) -> Q:
        """Reports that somebody's roles open. Drafts are the moderator's alone."""
        if not user.works_here:
            return Q(pk__in=[])
        work = ~Q(status__in=sorted(workflow.OFF_MAP))
        if not can_see_all_restricted(user):
            work &= Q(department__in=user.departments)
        if is_moderator(user):
            work |= ~Q(status="awaiting_confirmation")
        return work

    def sent_by(self, correspondent: Any) -> Self:
        """What this address or its account sent, in every state; the numbers are read first, so that indexes serve both."""
        contacts = self.model._meta.get_field("contact").related_model._default_manager
        mine = Q(pk__in=list(contacts.filter(correspondent=correspondent).values_list("report_id", flat=True)))
        if correspondent.user_id is not None:
            mine |= Q(author=correspondent.user_id)
        return self.filter(mine)

    def asked_first(self) -> Self:
        """Those that wait for their author's answer, then the newest."""
        asks = Case(When(status__in=sorted(workflow.ASKS_AUTHOR), then=Value(0)), default=Value(1))
        return self.order_by(asks, "-created_at", "-pk")

    # adjectives
    def open(self) -> Self:
        return self.exclude(status__in=NOT_OPEN)

    def ended(self) -> Self:
        return self.filter(status__in=sorted(workflow.ENDS))

    def late(self) -> Self:
        """The date in force has passed (its last day is still in time)."""
        return self.filter(due_on__lt=today())

    def awaiting_moderation(self) -> Self:
        """Those that a moderator has not read yet."""
        return self.filter(status="awaiting_moderation")

    def unassigned(self) -> Self:
        return self.open().filter(assignee=None)

    def in_box(self, box: BBox) -> Self:
        """Inside or on the border. The index compares single-precision boxes, so the coordinates are compared too: in a
        CASE, because the planner takes four bounds for hardly any row, and then sorts what it finds."""
        west, south, east, north = box
        frame = Func(west, south, east, north, 4326, function="ST_MakeEnvelope", output_field=models.GeometryField())
        lon, lat = longitude("geom"), latitude("geom")
        inside = [
            *(GreaterThanOrEqual(value, least) for value, least in ((lon, west), (lat, south))),
            *(LessThanOrEqual(value, most) for value, most in ((lon, east), (lat, north))),
        ]
        exactly = Case(When(Q(*inside), then=Value(True)), default=Value(False), output_field=models.BooleanField())
        return self.filter(exactly, geom__bboverlaps=frame)

    def near(self, point: Point, metres: float) -> Self:
        """Within `metres` of a WGS84 point: a generous degree box through the index, then the spheroid; nearest first."""
        reach_lat = metres / 110_000
        reach_lon = reach_lat * 2
        box = (point.x - reach_lon, point.y - reach_lat, point.x + reach_lon, point.y + reach_lat)
        return (
            self.in_box(box).annotate(metres=metres_between("geom", point)).filter(metres__lte=metres).order_by("metres", "pk")
        )

    # orders: keyset, the primary key breaks ties
    def newest(self, boxed: bool) -> Self:
        """Newest first. In a box through the (geom, created_at) index: an ordered scan, no sort whatever the table holds;
        those of one microsecond come in any order then, see Filters.page."""
        return self.order_by(_apart(FAR_FUTURE)) if boxed else self.order_by("-created_at", "-pk")

    def oldest(self, boxed: bool) -> Self:
        return self.order_by(_apart(FAR_PAST)) if boxed else self.order_by("created_at", "pk")

    # annotations
    def with_page_facts(self) -> Self:
        """Everything that a report's page or card says about the row itself, in one query."""
        return self.select_related(
            "subject", "category", "sector", "area", "area__parent", "department", "picked__feature__layer"
        )

    def with_first_photo(self) -> Self:
        photos = self.model._meta.get_field("photos").related_model
        shown = photos._default_manager.filter(report=OuterRef("pk"), row=None, hidden=False)
        first = shown.exclude(report__status__in=sorted(workflow.WORDLESS)).order_by("position", "created_at")
        return self.annotate(first_photo=Subquery(first.values("id")[:1]))


def open_levels(user: Any) -> tuple[str, ...]:
    """Values of a category's `open_to` that let this person send a new report in it."""
    return ("all", "staff") if getattr(user, "works_here", False) else ("all",)


class CategoryQuerySet(models.QuerySet[Any]):
    def open_to(self, user: Any) -> Self:
        """Categories that this person may choose for a new report."""
        return self.filter(open_to__in=open_levels(user))


class PhotoQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any, browser_drafts: tuple[str, ...] = ()) -> Self:
        """Photos of reports whose words this person may read; own drafts by their UUID."""
        reports = self.model._meta.get_field("report").related_model
        full = reports._default_manager.visible_to(user)
        if not getattr(user, "works_here", False):
            own = Q(author=user) if getattr(user, "is_authenticated", False) else Q(pk__in=[])
            full = full.filter((Q(is_public=True) & ~Q(status__in=sorted(workflow.WORDLESS))) | own)
        seen = Q(report__in=full, hidden=False) | Q(report=None, draft__in=browser_drafts)
        if getattr(user, "works_here", False):  # what somebody sent with „looks fixed“, until it is settled
            seen |= Q(report=None, fixed_claim__report__in=reports._default_manager.for_desk(user))
        return self.filter(seen)
