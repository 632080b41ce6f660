"""What others say of a problem that is still open: that it looks fixed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Correspondent
from reports.models import Photo, Report


class FixedClaim(models.Model):
    """Somebody else says that a problem looks fixed, with a photo. The public sees it once an official has confirmed it."""

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed"  # the guest's address has not answered
        WAITING = "waiting"
        CONFIRMED = "confirmed"
        DISMISSED = "dismissed"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="fixed_claims")
    correspondent = models.ForeignKey(Correspondent, null=True, on_delete=models.SET_NULL, related_name="fixed_claims")
    photo = models.OneToOneField(Photo, null=True, blank=True, on_delete=models.SET_NULL, related_name="fixed_claim")
    text = models.TextField()
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    client_uuid = models.UUIDField(unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["report"], name="fixed_claim_waiting", condition=Q(state="waiting"))]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "correspondent"], name="fixed_claim_once", condition=Q(state__in=["unconfirmed", "waiting"])
            )
        ]

    def __str__(self) -> str:
        return f"fixed claim {self.pk}"
