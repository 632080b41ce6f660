"""New words of what everyone reads already: they wait for a moderator while the page keeps those that were read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import User
from discussion.models import Subject
from participation.querysets import RewordingQuerySet


class Rewording(models.Model):
    """Of an event or an initiative. `lines`: points of the agenda, or (task, people, until) of each task; None where they stay.
    `where`: {field: value} of place, address online and the form that they belong to; {} where they stay."""

    subject = models.OneToOneField(Subject, primary_key=True, on_delete=models.CASCADE, related_name="rewording")
    title = models.CharField(max_length=150)
    text = models.TextField()
    lines = models.JSONField(null=True, blank=True)
    where = models.JSONField(default=dict, db_default={}, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = RewordingQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.subject_id)
