"""The kernel's two small tables: counters behind the limits, and first answers to keys that clients made."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Counter(models.Model):
    """How often something was done in a window of time. `key` is a keyed hash: no address and no e-mail stands here.

    The table is unlogged: a commit waits for no disk, and a crash of the database forgives everyone.
    """

    key = models.UUIDField(primary_key=True)
    scope = models.CharField(max_length=60)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(help_text="end of the window; the first hit after it begins a new one")

    class Meta:
        indexes = [models.Index(fields=["scope", "until"], name="counter_scope")]

    def __str__(self) -> str:
        return f"{self.scope}: {self.count}"


class Answer(models.Model):
    """The first answer given under a client's key, kept for repeats."""

    key = models.UUIDField(primary_key=True)
    verb = models.CharField(max_length=40)
    creator = models.CharField(max_length=64, help_text="keyed hash of the account or browser")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the payload")
    reference = models.CharField(max_length=40, blank=True, help_text="public reference, all that others may learn")
    status = models.PositiveSmallIntegerField(default=200)
    body = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="answer_age")]

    def __str__(self) -> str:
        return f"{self.verb} {self.key}"
