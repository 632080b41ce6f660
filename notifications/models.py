"""What was written to whom. One row per recipient and mail owns its Message-ID, language, state and attempts."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.models import Correspondent
from discussion.models import Subject, TimelineRow


class Delivery(models.Model):
    """One mail to one recipient: a correspondent, or a department's mailbox. `rows`: further acts grouped into it."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"  # refused for good
        SKIPPED = "skipped"  # grouped into another, unsubscribed or erased meanwhile

    row = models.ForeignKey(TimelineRow, on_delete=models.CASCADE, related_name="deliveries")
    rows = ArrayField(models.BigIntegerField(), default=list, blank=True)
    correspondent = models.ForeignKey(Correspondent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    mailbox = models.EmailField(blank=True)
    role = models.CharField(max_length=12, help_text="author, follower, assignee, department, visitor")
    language = models.CharField(max_length=8)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["row", "correspondent", "mailbox"], name="delivery_once", nulls_distinct=False),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="delivery_queued", condition=models.Q(state="queued")),
            models.Index(fields=["correspondent", "state"], name="delivery_of"),
        ]


class Muted(models.Model):
    """An author (or a duplicate's follower) wants no more mails about one subject. Following again is told apart by Follow."""

    correspondent = models.ForeignKey(Correspondent, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["correspondent", "subject"], name="muted_once")]
