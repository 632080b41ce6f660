"""The vocabulary for reading what people take part in."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import Any, Self

from django.contrib.gis.db import models
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Block
from discussion.models import Audience, Link, TimelineRow
from participation import workflow
from reports.rules import is_moderator

ROWS_OF_PLEDGES = "pledges_rows"
"""Where `Block.held` says by which acts its promises were taken down; blocks made before that say nothing of it."""


class MatterQuerySet(models.QuerySet[Any]):
    def public(self) -> Self:
        """The public set: what lists, maps and feeds show; the same for everyone."""
        return self.filter(subject__is_public=True)

    def visible_to(self, user: Any) -> Self:
        """Rows whose page this person may open: public ones, one's own and one's organisations', all for a moderator. What
        stands in the name of an organisation is no longer its author's who has left it, as `rules.makers` has it."""
        seen = Q(subject__is_public=True)
        if not getattr(user, "is_authenticated", False):
            return self.filter(seen)
        if is_moderator(user):
            return self
        if self.model._meta.model_name not in workflow.OFFICIAL or user.works_here:
            seen |= Q(author=user, organisation=None)
        return self.filter(seen | Q(organisation__in=[each.organisation_id for each in user.held]))

    def with_page_facts(self) -> Self:
        """Everything that its page or card says about the row itself, in one query."""
        return self.select_related("subject__sector", "subject__area__parent", "organisation").defer("subject__area__polygon")

    def in_sectors(self, ids: tuple[int, ...]) -> Self:
        """Those that one of these sectors leads, or is a further one of."""
        return self.filter(Q(subject__sector__in=ids) | Q(subject__further_sectors__in=ids)).distinct()


class EventQuerySet(MatterQuerySet):
    def to_come(self, now: datetime.datetime | None = None) -> Self:
        """Announced and not over yet, the next first."""
        return self.filter(status="announced", ends_at__gte=now or timezone.now()).order_by("starts_at", "pk")

    def over(self, now: datetime.datetime | None = None) -> Self:
        """The rest, the latest first."""
        return self.exclude(status="announced", ends_at__gte=now or timezone.now()).order_by("-starts_at", "-pk")

    def last_turns(self, now: datetime.datetime | None = None) -> tuple[datetime.datetime | None, datetime.datetime | None]:
        """When one of them last began, and when one last ended."""
        now = now or timezone.now()
        began, ended = Max("starts_at", filter=Q(starts_at__lte=now)), Max("ends_at", filter=Q(ends_at__lt=now))
        found = self.aggregate(began=began, ended=ended)
        return found["began"], found["ended"]

    def between(self, first: datetime.datetime, last: datetime.datetime) -> Self:
        """Those that lie within the time, at least in part."""
        return self.filter(starts_at__lt=last, ends_at__gte=first)


class InitiativeQuerySet(MatterQuerySet):
    def alive(self) -> Self:
        """Those that can still be joined or soon will be, the newest first."""
        return self.filter(status__in=("forming", "gathering", "under_way")).order_by("-subject__created_at", "-pk")

    def over(self) -> Self:
        """Finished and stopped ones, the latest first."""
        return self.filter(status__in=("finished", "stopped")).order_by("-status_at", "-pk")

    def with_people(self) -> Self:
        """`people`: how many joined, each once however many tasks they took."""
        joined = Count("joinings__correspondent", filter=Q(joinings__state="going"), distinct=True)
        return self.annotate(people=joined)


class RewordingQuerySet(models.QuerySet[Any]):
    def to_read(self) -> Self:
        """Those whose page everyone reads and that can still be told anew, the oldest first."""
        events = Q(subject__event__status="announced")
        initiatives = Q(subject__initiative__status__in=("forming", "gathering", "under_way"))
        found = self.filter(events | initiatives, subject__is_public=True)
        return found.select_related("subject__event", "subject__initiative").order_by("asked_at", "pk")


class TaskQuerySet(models.QuerySet[Any]):
    def with_taken(self) -> Self:
        """`taken`: how many people took it."""
        return self.annotate(taken=Count("joinings", filter=Q(joinings__state="going")))


class JoiningQuerySet(models.QuerySet[Any]):
    def going(self) -> Self:
        return self.filter(state="going")


class ConsultationQuerySet(MatterQuerySet):
    def with_page_facts(self) -> Self:
        return super().with_page_facts().select_related("kind").defer("subject__area__polygon", "within")

    def taking_part(self, today: datetime.date | None = None) -> Self:
        """Those in which one may write now, the first to close first."""
        return self.filter(status="open", closes_on__gte=today or timezone.localdate()).order_by("closes_on", "pk")

    def past(self, today: datetime.date | None = None) -> Self:
        """The rest of the public ones, the latest first."""
        now = Q(status="open", closes_on__gte=today or timezone.localdate())
        return self.exclude(now).exclude(status="preparing").order_by("-closes_on", "-pk")

    def over(self, today: datetime.date | None = None) -> Self:
        """Open ones whose last day has passed."""
        return self.filter(status="open", closes_on__lt=today or timezone.localdate())

    def prepared_by(self, user: Any) -> Self:
        """Those that this person prepares."""
        return self.visible_to(user).filter(status="preparing").order_by("-pk")


class TakingPartQuerySet(models.QuerySet[Any]):
    def going(self) -> Self:
        return self.filter(state="going")

    def waiting(self) -> Self:
        """In the order in which they move up."""
        return self.filter(state="waiting").order_by("since", "pk")

    def in_force(self) -> Self:
        return self.exclude(state="left")


class PledgeQuerySet(models.QuerySet[Any]):
    def public(self) -> Self:
        """What everyone sees, on subjects that everyone sees."""
        return self.filter(state__in=workflow.PLEDGE_PUBLIC, subject__is_public=True)

    def shown_names(self, keys: Collection[int]) -> dict[int, str]:
        """{key: name} of those of these that everyone sees and whose author wished to be named."""
        named = self.filter(pk__in=keys, state__in=workflow.PLEDGE_PUBLIC).exclude(public_name="")
        return dict(named.values_list("pk", "public_name"))

    def waiting(self) -> Self:
        return self.filter(state="awaiting_moderation")

    def kept_back(self) -> Self:
        """Those that are not public: still unread, not published, or taken down."""
        return self.filter(state__in=("awaiting_moderation", "rejected", "removed"))

    def removed_by(self, keys: Collection[int]) -> dict[int, int]:
        """{key: row of the act that took it down last}, of these."""
        rows = TimelineRow.objects.filter(subject__pledges__in=keys, code="pledge_remove", data__pledge__in=list(keys))
        return {data["pledge"]: row for data, row in rows.order_by("pk").values_list("data", "pk")}

    def held(self, pledges: Iterable[Any]) -> frozenset[int]:
        """Keys of those of these that are taken down because their author is kept from writing, not for what they say; at most two
        queries."""
        down = {each.pk: each.author_id for each in pledges if each.state == "removed" and each.author_id}
        if not down:
            return frozenset()
        blocks = Block.objects.filter(lifted_at=None, correspondent__user__in=set(down.values()))
        found: set[int] = set()
        own: set[int] = set()
        old: set[int] = set()
        for held in blocks.values_list("held", flat=True):
            keys = down.keys() & set(held.get("pledges", ()))
            found |= keys
            own |= set(held.get(ROWS_OF_PLEDGES, ()))
            old |= keys if ROWS_OF_PLEDGES not in held else set()
        rows = self.removed_by(found - old)
        return frozenset(old | {key for key, row in rows.items() if row in own})

    def visible_to(self, user: Any) -> Self:
        """Public ones, one's own and one's organisations', all for a moderator."""
        seen = Q(state__in=workflow.PLEDGE_PUBLIC, subject__is_public=True)
        if not getattr(user, "is_authenticated", False):
            return self.filter(seen)
        if is_moderator(user):
            return self
        own = Q(author=user, organisation=None)
        return self.filter(seen | own | Q(organisation__in=[each.organisation_id for each in user.held]))

    def by_state(self, name: str, today: datetime.date) -> Self:
        """open, slipped (its day has passed), kept, withdrawn."""
        if name in ("open", "slipped"):
            late = Q(until__lt=today)
            return self.filter(late if name == "slipped" else ~late, state__in=workflow.PLEDGE_OPEN)
        return self.filter(state={"kept": "done"}.get(name, name))

    def with_page_facts(self) -> Self:
        return self.select_related("subject", "organisation")


class PolicyQuerySet(MatterQuerySet):
    def programmes(self) -> Self:
        """The roots of the trees, in their order."""
        return self.filter(parent=None).order_by("subject__created_at", "pk")

    def tree_of(self, *roots: int) -> Self:
        """The programmes and their measures, parents first, in their order."""
        return self.filter(Q(pk__in=roots) | Q(parent__in=roots)).order_by("parent", "order", "pk")


class SpineQuerySet(models.QuerySet[Any]):
    """Of rows that have a Subject and no states: goals, services."""

    def public(self) -> Self:
        return self.filter(subject__is_public=True)

    def visible_to(self, user: Any) -> Self:
        """Public ones; to moderators what was hidden too."""
        return self if is_moderator(user) else self.public()

    def with_page_facts(self) -> Self:
        """Everything that its page or card says about the row itself, in one query."""
        return self.select_related("subject__sector", "subject__area__parent").defer("subject__area__polygon")

    def in_sectors(self, ids: tuple[int, ...]) -> Self:
        return self.filter(subject__sector__in=ids)

    def with_recommendations(self) -> Self:
        """Services with `recommendations`: how many public ideas recommend something; `changes` and `changed_at`: how often and
        when last it was told what has changed, None where never."""
        ideas = Link.objects.filter(target=OuterRef("pk"), kind=Link.Kind.RECOMMENDS, source__report__is_public=True)
        told = TimelineRow.objects.filter(subject=OuterRef("pk"), code="changed", audience=Audience.PUBLIC).order_by("-pk")
        return self.annotate(
            recommendations=_count(ideas, "target"), changes=_count(told, "subject"), changed_at=Subquery(told.values("at")[:1])
        )


def _count(rows: Any, by: str) -> Coalesce:
    """How many rows of a subquery belong to the outer row."""
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)


class SurveyQuerySet(MatterQuerySet):
    def open(self, now: datetime.datetime | None = None) -> Self:
        """Those that take answers, the next to end first."""
        return self.filter(status="open", closes_at__gt=now or timezone.now()).order_by("closes_at", "pk")

    def over(self, now: datetime.datetime | None = None) -> Self:
        """The rest, the last ended first."""
        return self.exclude(status="open", closes_at__gt=now or timezone.now()).order_by("-closes_at", "-pk")

    def due(self, now: datetime.datetime | None = None) -> Self:
        """Open by their state, though their time is over."""
        return self.filter(status="open", closes_at__lte=now or timezone.now()).order_by("pk")


class ReplyQuerySet(models.QuerySet[Any]):
    def counted(self, survey: Any, before: datetime.date | None) -> Self:
        """Those that results tell; `before`: results.counted_before."""
        found = self.filter(response__survey=survey)
        return found.filter(response__on__lt=before) if before else found


class ComparisonQuerySet(MatterQuerySet):
    def with_page_facts(self) -> Self:
        return super().with_page_facts().defer("subject__area__polygon", "border")

    def open(self, now: datetime.datetime | None = None) -> Self:
        """Those in which one may write now, the next to end first."""
        return self.filter(status="open", closes_at__gt=now or timezone.now()).order_by("closes_at", "pk")

    def past(self, now: datetime.datetime | None = None) -> Self:
        """The rest of the public ones, the last ended first."""
        ongoing = Q(status="open", closes_at__gt=now or timezone.now())
        return self.exclude(ongoing).exclude(status="preparing").order_by("-closes_at", "-pk")

    def due(self, now: datetime.datetime | None = None) -> Self:
        """Open by their state, though their time is over."""
        return self.filter(status="open", closes_at__lte=now or timezone.now()).order_by("pk")

    def prepared_by(self, user: Any) -> Self:
        """Those that this person prepares."""
        return self.visible_to(user).filter(status="preparing").order_by("-pk")


class AlternativeQuerySet(MatterQuerySet):
    """A variant is seen as long as its comparison is: what hides the whole hides its parts."""

    def public(self) -> Self:
        return super().public().filter(comparison__subject__is_public=True)

    def compared(self) -> Self:
        """Those of the public ones that count: what was withdrawn stays readable, and can neither be compared nor chosen."""
        return self.public().filter(status="published")

    def visible_to(self, user: Any) -> Self:
        """Of a comparison that is hidden or prepared one's own, and those that one's organisation compares; all for a moderator."""
        found, seen = super().visible_to(user), Q(comparison__subject__is_public=True)
        if not getattr(user, "is_authenticated", False):
            return found.filter(seen)
        if is_moderator(user):
            return found
        mine = Q(author=user) if user.works_here else Q(author=user, own=False)
        return found.filter(seen | mine | Q(comparison__organisation__in=[each.organisation_id for each in user.held]))

    def with_page_facts(self) -> Self:
        found = super().with_page_facts().select_related("comparison__subject", "comparison__organisation")
        return found.defer("subject__area__polygon", "comparison__border")

    def coded(self, own: bool, order: int) -> Self:
        """The municipality's, or a resident's, of this number."""
        return self.filter(own=own, order=order)

    def in_order(self) -> Self:
        """The municipality's, then those of residents, each in their order."""
        return self.order_by("-own", "order", "pk")
