"""Comparisons: two to four variants of one solution side by side, and those that residents submit; each is a subject of its own."""

from __future__ import annotations

import datetime
import re
from typing import Any, ClassVar

from django.contrib.gis.db import models
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Deferrable, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from discussion.models import Visibility
from geoportal.kernel.geometry import geometry_checks
from geoportal.kernel.multilingual import MultilingualField
from participation import workflow
from participation.models.matter import Matter, point_checks
from participation.querysets import AlternativeQuerySet, ComparisonQuerySet

LEAST, MOST = 2, 4
"""Variants of the municipality with which a comparison opens."""
LONGEST = 366
"""Days from today until which people can be asked at most: who means more has mistyped the year."""
CODES = "abcd"
LETTERS = "абвг"
"""The same as pages in Bulgarian call them."""


def numbered(code: str) -> tuple[bool, int] | None:
    """(the municipality's, its number) of a letter, Latin or Cyrillic, or of a resident's number; None for anything else."""
    for letters in (CODES, LETTERS):
        if len(code) == 1 and code.lower() in letters:
            return True, letters.index(code.lower()) + 1
    return (False, int(code)) if re.fullmatch(r"[1-9][0-9]{0,3}", code) else None


class Comparison(Matter):
    """One question with its variants. `border`: where they must lie (empty: the municipality); `why`: of the choice. Texts by language."""

    title = MultilingualField()
    introduction = MultilingualField()
    border = models.MultiPolygonField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(help_text="the midnight after the last day for words and for residents' variants")
    takes_own = models.BooleanField(default=True, help_text="residents may submit a variant of their own")
    preferred = models.ForeignKey("Alternative", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    why = MultilingualField(blank=True, null=True)

    objects: ClassVar[Any] = ComparisonQuerySet.as_manager()

    class Meta:
        constraints = [
            *point_checks("comparison"),
            *geometry_checks("border", name="comparison_border", null=True),
            models.CheckConstraint(condition=Q(status__in=workflow.STATES_OF[workflow.Kind.COMPARISON]), name="comparison_state"),
            models.CheckConstraint(
                condition=Q(status="preparing") | Q(opened_at__isnull=False), name="comparison_opened_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(closes_at__gt=F("opened_at")), name="comparison_ends_after_start",
                violation_error_message=_("The end lies before the beginning."),
            ),
            models.CheckConstraint(
                condition=(Q(status="decided", preferred__isnull=False, why__isnull=False)
                           | (~Q(status="decided") & Q(preferred=None, why=None))),
                name="comparison_decided_with_reason",
                violation_error_message=_("A choice needs its alternative and its reason."),
            ),
        ]  # fmt: skip

    @property
    def shapes(self) -> list[GEOSGeometry]:
        """Those of its variants that are compared."""
        return [shape for each in self.alternatives.compared() for shape in each.shapes]

    @property
    def last_day(self) -> datetime.date:
        """The local day on whose end nothing is taken any more."""
        return timezone.localdate(self.closes_at - datetime.timedelta(seconds=1))

    @property
    def in_preparation(self) -> bool:
        return self.status == "preparing"

    @property
    def runs(self) -> bool:
        """It is open and its time is not over."""
        return self.status == "open" and self.closes_at > timezone.now()

    @property
    def run_out(self) -> bool:
        return self.run_out_at(timezone.now())

    def run_out_at(self, now: datetime.datetime) -> bool:
        """Its time is over, though the clock has not closed it yet."""
        return self.status == "open" and self.closes_at <= now

    @property
    def state_now(self) -> str:
        """Its state, as if the clock had closed it at the moment of its end."""
        return "closed" if self.run_out else self.status

    @property
    def stopped(self) -> bool:
        return self.status == "stopped"

    @property
    def undecided(self) -> bool:
        """Everyone has seen it and no choice is made: what residents sent can still become public."""
        return self.status in ("open", "closed")

    @property
    def takes_part(self) -> bool:
        """Whether one may write now."""
        return self.runs and self.subject.is_public

    @property
    def days_left(self) -> int:
        """Days on which one may still write, today among them; 0 when it is not open or over."""
        return max(0, (self.last_day - timezone.localdate()).days + 1) if self.runs else 0


class Alternative(Matter):
    """One variant. `own`: the municipality's. `order`: from 1 within its kind, of residents' once they are public.

    Costs in euros and times in months from the decision on: both ends known, or neither.
    """

    comparison = models.ForeignKey(Comparison, on_delete=models.PROTECT, related_name="alternatives")
    own = models.BooleanField(help_text="the municipality's")
    order = models.PositiveSmallIntegerField(null=True, blank=True)
    title = MultilingualField()
    description = MultilingualField()
    cost_from = models.PositiveIntegerField(null=True, blank=True)
    cost_to = models.PositiveIntegerField(null=True, blank=True)
    cost_source = MultilingualField(blank=True, null=True, help_text="where the cost is known from")
    months_from = models.PositiveSmallIntegerField(null=True, blank=True)
    months_to = models.PositiveSmallIntegerField(null=True, blank=True)
    points = models.MultiPointField(null=True, blank=True)
    lines = models.MultiLineStringField(null=True, blank=True)
    polygons = models.MultiPolygonField(null=True, blank=True)

    objects: ClassVar[Any] = AlternativeQuerySet.as_manager()

    class Meta:
        constraints = [
            *point_checks("alternative"),
            *geometry_checks("points", name="alternative_points", null=True),
            *geometry_checks("lines", name="alternative_lines", null=True),
            *geometry_checks("polygons", name="alternative_polygons", null=True),
            models.CheckConstraint(condition=Q(status__in=workflow.STATES_OF[workflow.Kind.ALTERNATIVE]), name="alternative_state"),
            models.CheckConstraint(
                condition=Q(points__isnull=False) | Q(lines__isnull=False) | Q(polygons__isnull=False), name="alternative_has_place",
                violation_error_message=_("Show on the map where it lies."),
            ),
            models.CheckConstraint(
                condition=Q(cost_from=None, cost_to=None) | Q(cost_from__isnull=False, cost_to__gte=F("cost_from")),
                name="alternative_cost", violation_error_message=_("The cost goes from a smaller number to a larger one."),
            ),
            models.CheckConstraint(
                condition=Q(months_from=None, months_to=None) | Q(months_from__isnull=False, months_to__gte=F("months_from")),
                name="alternative_months", violation_error_message=_("The time goes from a smaller number to a larger one."),
            ),
            models.CheckConstraint(
                condition=~Q(own=True) | Q(order=None) | Q(order__range=(1, MOST)), name="alternative_at_most",
                violation_error_message=_("At most four alternatives fit."),
            ),
            models.UniqueConstraint(
                fields=["comparison", "own", "order"], name="alternative_order_once", deferrable=Deferrable.DEFERRED
            ),
        ]  # fmt: skip

    @property
    def shown(self) -> bool:
        """A variant goes out of sight with its comparison."""
        return self.state.public and self.comparison.subject.visibility == Visibility.PUBLIC

    def late_for(self, user: User) -> bool:
        """Whether its author cannot change it any more, as nothing is taken now; a moderator mends it until it is public."""
        return not self.own and self.author_id == user.pk and not self.comparison.takes_part

    @property
    def withdrawn(self) -> bool:
        return self.status == "withdrawn"

    @property
    def can_go(self) -> bool:
        """Whether who sent it can still withdraw it: a resident's, while people are asked."""
        return not self.own and self.comparison.takes_part

    @property
    def code(self) -> str:
        """Its name for programs: a to d for the municipality's, a number for a resident's, "" before it has one."""
        if self.order is None:
            return ""
        return CODES[self.order - 1] if self.own else str(self.order)

    @property
    def shapes(self) -> list[GEOSGeometry]:
        """What is drawn of it: polygons, lines, points, as far as there are some."""
        return [shape for shape in (self.polygons, self.lines, self.points) if shape is not None]
