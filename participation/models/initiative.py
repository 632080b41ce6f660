"""Initiatives: what people do together, the tasks in it, and who joined (never public)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Correspondent
from participation import workflow
from participation.models.matter import Matter, point_checks
from participation.querysets import InitiativeQuerySet, JoiningQuerySet, TaskQuerySet


class Initiative(Matter):
    """A common action. `result` and its link are written when it is finished."""

    starts_on = models.DateField(null=True, blank=True, help_text="when people meet or begin; empty: not known yet")
    people_needed = models.PositiveIntegerField(null=True, blank=True, help_text="an aim, no limit; empty: as many as come")
    result = models.TextField(blank=True)
    result_link = models.URLField(blank=True, max_length=300, help_text="where the result is shown, photos for example")

    objects: ClassVar[Any] = InitiativeQuerySet.as_manager()

    class Meta:
        constraints = [
            *point_checks("initiative"),
            models.CheckConstraint(condition=Q(status__in=workflow.STATES_OF[workflow.Kind.INITIATIVE]), name="initiative_state"),
            models.CheckConstraint(
                condition=~Q(status="finished") | ~Q(result=""), name="initiative_finished_has_result",
                violation_error_message=_("Write what came of it."),
            ),
            models.CheckConstraint(
                condition=Q(people_needed=None) | Q(people_needed__gte=1), name="initiative_needs_somebody",
                violation_error_message=_("At least one person is needed, or leave it empty."),
            ),
        ]  # fmt: skip


class InitiativeTask(models.Model):
    """One task: what, how many people it needs, until when."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="tasks")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    needed = models.PositiveSmallIntegerField(default=1)
    until = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "title"], name="initiative_task_once"),
            models.CheckConstraint(condition=Q(needed__gte=1), name="initiative_task_needs_somebody"),
        ]

    def __str__(self) -> str:
        return self.title


class Joining(models.Model):
    """One proven address joins an initiative, with a task or without; `asked`: the address has not answered yet."""

    class State(models.TextChoices):
        ASKED = "asked"
        GOING = "going"
        LEFT = "left"

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="joinings")
    task = models.ForeignKey(InitiativeTask, null=True, blank=True, on_delete=models.PROTECT, related_name="joinings")
    correspondent = models.ForeignKey(Correspondent, on_delete=models.CASCADE, related_name="joinings")
    state = models.CharField(max_length=8, choices=State.choices)
    since = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = JoiningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "correspondent", "task"], name="joining_once", nulls_distinct=False)
        ]
        indexes = [models.Index(fields=["initiative", "state", "task"], name="joining_counts")]

    def __str__(self) -> str:
        return f"{self.initiative_id} {self.state}"
