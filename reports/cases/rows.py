"""A case towards the document system: whether it was told of it, and under what number it stands there."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Role
from reports.models import Report


class CaseQuerySet(models.QuerySet["Case"]):
    def worked_by(self, user: Any) -> Self:
        """Those of which this person may know everything: for many what rules.may_note says of one."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.has_role(Role.DISPATCHER, Role.MODERATOR):
            return self.all()
        mine = [held.organisation_id for held in user.held if {Role.OFFICIAL, Role.HEAD} & set(held.roles)]
        seen = Q(report__department__in=mine)
        if user.has_role(Role.COUNCIL_OFFICER):
            seen |= Q(report__kind="idea")
        return self.filter(seen)


class Case(models.Model):
    """One row for every report with a register number of ours. `number`: the one that the document system gave."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"
        REGISTERED = "registered"

    report = models.OneToOneField(Report, primary_key=True, on_delete=models.PROTECT, related_name="case")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    error = models.CharField(max_length=80, blank=True, help_text="why it could not be sent")
    number = models.CharField(max_length=60, blank=True)
    registered_on = models.DateField(null=True, blank=True)
    link = models.CharField(max_length=300, blank=True, help_text="its address in the document system")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "report"], name="case_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="registered") & ~Q(number="") | (~Q(state="registered") & Q(number="")),
                name="case_registered_has_number",
                violation_error_message="A registered case has a number.",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") | Q(error=""),
                name="case_error_of_failed",
                violation_error_message="Only a case that could not be sent says why.",
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"
