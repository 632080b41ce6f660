"""Pledges: what an organisation or a resident promises in public, until when, and what became of it."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from discussion.models import Subject
from municipality.models import Organisation
from participation import workflow
from participation.querysets import PledgeQuerySet


class Pledge(models.Model):
    """One promise on one subject. Slipped is no state: it is a promise whose day has passed. `note`: words to its end."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="pledges")
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="pledges")
    public_name = models.CharField(max_length=120, blank=True, help_text="as the author wished; empty: a resident")
    what = models.CharField(max_length=500)
    language = models.CharField(max_length=8)
    until = models.DateField()
    state = models.CharField(max_length=20, choices=[(code, code) for code in workflow.PLEDGE_STATES])
    note = models.TextField(blank=True)
    reason = models.CharField(max_length=50, blank=True, help_text="why a moderator did not publish it")
    ended_on = models.DateField(null=True, blank=True, help_text="the day of done or withdrawn")
    client_uuid = models.UUIDField(unique=True)
    version = models.PositiveIntegerField(default=1, help_text="rises with every act on it")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ["until", "pk"]
        indexes = [models.Index(fields=["state", "until"], name="pledge_until")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=workflow.PLEDGE_STATES), name="pledge_state"),
            models.CheckConstraint(
                condition=~Q(state__in=("done", "withdrawn")) | (~Q(note="") & Q(ended_on__isnull=False)),
                name="pledge_end_has_words", violation_error_message=_("Write what became of it."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"pledge {self.pk}"

    def slipped(self, today: datetime.date) -> bool:
        """Its day has passed and nobody said that it is done."""
        return self.state in workflow.PLEDGE_OPEN and self.until < today
