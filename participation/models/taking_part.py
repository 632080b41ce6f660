"""Who comes: never public, never exported but to the organiser as a number."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import Correspondent
from discussion.models import Subject
from participation.querysets import TakingPartQuerySet


class TakingPart(models.Model):
    """One verified address takes part in one subject, once. `since`: its place in the waiting list."""

    class State(models.TextChoices):
        GOING = "going"
        WAITING = "waiting"
        LEFT = "left"

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="taking_part")
    correspondent = models.ForeignKey(Correspondent, on_delete=models.CASCADE, related_name="taking_part")
    state = models.CharField(max_length=8, choices=State.choices)
    since = models.DateTimeField(default=timezone.now)
    remind_hours = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0: no reminder; empty: the event's")
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TakingPartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "correspondent"], name="taking_part_once")]
        indexes = [models.Index(fields=["subject", "state", "since"], name="taking_part_queue")]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.state}"
