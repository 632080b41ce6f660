"""Policies after they were adopted: programmes with measures, and what each of them promises."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discussion.models import Link
from geoportal.kernel.multilingual import MultilingualField
from participation import workflow
from participation.models.matter import Matter, point_checks
from participation.querysets import PolicyQuerySet


def weight() -> models.PositiveSmallIntegerField[int, int]:
    """How much it counts beside its siblings."""
    return models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])


class Policy(Matter):
    """A programme, or a measure of one. Its `organisation` answers for it.

    `participation/sql/0005_measures.sql` keeps the tree: the parent of a measure is a programme, so that there is no circle.
    """

    class Level(models.TextChoices):
        PROGRAMME = "programme"
        MEASURE = "measure"

    level = models.CharField(max_length=9, choices=Level.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="measures")
    order = models.PositiveSmallIntegerField(default=0, help_text="among the measures of its programme")
    weight = weight()
    title = MultilingualField()
    what = MultilingualField(help_text="what it is for, in plain words")
    adopted_on = models.DateField(null=True, blank=True, help_text="of a programme: when it was adopted")
    act = MultilingualField(null=True, blank=True, help_text="the act by which it was adopted")
    act_url = models.URLField(blank=True, max_length=300)
    until = models.DateField(null=True, blank=True, help_text="the day by which all of it is to be done")
    budget = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True, help_text="euros")
    money = MultilingualField(null=True, blank=True, help_text="whose money it is, and what else one must know of it")
    example = models.BooleanField(default=False, help_text="invented, shown to explain the page")

    objects: ClassVar[Any] = PolicyQuerySet.as_manager()

    class Meta:
        constraints = [
            *point_checks("policy"),
            models.CheckConstraint(condition=Q(status__in=workflow.STATES_OF[workflow.Kind.POLICY]), name="policy_state"),
            models.CheckConstraint(
                condition=Q(level="programme", parent=None) | Q(level="measure", parent__isnull=False), name="policy_level",
                violation_error_message=_("A measure stands below a programme, a programme below nothing."),
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False), name="policy_has_owner",
                violation_error_message=_("Say which department answers for it."),
            ),
            models.CheckConstraint(condition=Q(weight__gte=1), name="policy_weight"),
            models.CheckConstraint(
                condition=Q(adopted_on=None) | Q(until=None) | Q(until__gte=F("adopted_on")), name="policy_ends_after_start",
                violation_error_message=_("The end lies before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(budget=None) | Q(budget__gte=0), name="policy_budget",
                violation_error_message=_("The money cannot be less than nothing."),
            ),
        ]  # fmt: skip


class Weighed(models.Model):
    """How much a planned project counts in the policy that it carries out; a link without a row counts once."""

    link = models.OneToOneField(Link, primary_key=True, on_delete=models.CASCADE, related_name="weighed")
    weight = weight()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(weight__gte=1), name="weighed_weight")]


class Promise(models.Model):
    """One dated promise of a policy. Kept with the day and the evidence; whether it has slipped is a matter of the day."""

    class State(models.TextChoices):
        PLANNED = "planned"
        DONE = "done"
        SLIPPED = "slipped"

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="promises")
    text = MultilingualField()
    due_on = models.DateField()
    first_due_on = models.DateField(help_text="the day that was promised first; later ones do not hide it")
    done_on = models.DateField(null=True, blank=True)
    evidence_url = models.URLField(blank=True, max_length=300)
    note = models.CharField(max_length=500, blank=True, help_text="what was done, or where it can be seen")
    weight = weight()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1), name="promise_weight"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("first_due_on")), name="promise_moves_later",
                violation_error_message=_("A promise can be moved to a later day only."),
            ),
            models.CheckConstraint(
                condition=Q(done_on=None) | ~Q(evidence_url="") | ~Q(note=""), name="promise_kept_with_evidence",
                violation_error_message=_("Show the evidence: an address, or where it can be seen."),
            ),
        ]  # fmt: skip

    def state(self, day: datetime.date) -> Promise.State:
        """As it is on that day."""
        if self.done_on is not None:
            return self.State.DONE
        return self.State.SLIPPED if self.due_on < day else self.State.PLANNED

    @property
    def late_days(self) -> int:
        """How many days after the day promised first it was kept; 0 for in time and for what is not kept."""
        return max(0, (self.done_on - self.first_due_on).days) if self.done_on else 0
