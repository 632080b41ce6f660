"""A program that wishes to hear, and each message to it with what became of it."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from discussion.models import TimelineRow
from geoportal.kernel.geometry import geometry_checks
from municipality.models import Organisation
from notifications.webhooks.signing import new_salt


class Webhook(models.Model):
    """An address that is told of events: of an organisation, or of a person.

    `filter` is the query of the filter language as its owner wrote it, the columns below it what that means: empty lists mean
    any. No secret is stored: it is reckoned from `salt` and the installation's key. `failures`: messages given up in a row.
    `made_by` stands behind the address: who made it, or the last administrator to save it, or who changed the address since.
    """

    class Why(models.TextChoices):
        FAILING = "failing"  # too many messages in a row were given up
        GONE = "gone"  # the receiver answered 410
        BY_HAND = "by_hand"

    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="webhooks")
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=500)
    events = ArrayField(models.CharField(max_length=24))
    filter = models.CharField(max_length=500, blank=True)
    kinds = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    statuses = ArrayField(models.CharField(max_length=24), default=list, blank=True, help_text="of reports and ideas")
    sectors = ArrayField(models.BigIntegerField(), default=list, blank=True)
    categories = ArrayField(models.BigIntegerField(), default=list, blank=True)
    areas = ArrayField(models.BigIntegerField(), default=list, blank=True)
    zones = ArrayField(models.BigIntegerField(), default=list, blank=True, help_text="polygons of layers")
    box = models.PolygonField(null=True, blank=True, spatial_index=False)
    query = models.TextField(blank=True, help_text="the words as a tsquery; empty: any words")
    salt = models.CharField(max_length=43, default=new_salt)
    former_salt = models.CharField(max_length=43, blank=True, help_text="of the secret before, which signs too for a day")
    former_until = models.DateTimeField(null=True, blank=True)
    active = models.BooleanField(default=True)
    failures = models.PositiveSmallIntegerField(default=0)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_why = models.CharField(max_length=8, choices=Why.choices, blank=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            *geometry_checks("box", name="webhook_box", null=True),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, person__isnull=False)
                | Q(organisation__isnull=False, person__isnull=True),
                name="webhook_has_one_owner",
                violation_error_message="A webhook belongs to an organisation or to a person.",
            ),
            models.CheckConstraint(
                condition=Q(events__len__gt=0),
                name="webhook_hears_something",
                violation_error_message="Choose what it is told.",
            ),
            models.CheckConstraint(
                condition=Q(active=True, disabled_at__isnull=True, disabled_why="")
                | (Q(active=False, disabled_at__isnull=False) & ~Q(disabled_why="")),
                name="webhook_off_says_why",
                violation_error_message="A webhook that is off says since when and why.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WebhookDelivery(models.Model):
    """One message to one webhook about one act, or a test without one. `uid` is the same for every attempt.

    `body` is what was sent last, for the log; it goes after 30 days.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        FAILED = "failed"  # given up
        SKIPPED = "skipped"  # what it tells of is not public any more

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    row = models.ForeignKey(TimelineRow, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    event = models.CharField(max_length=24)
    uid = models.UUIDField(unique=True, default=uuid.uuid4)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField(default=timezone.now, help_text="when it was put into the queue, the last time by hand")
    next_at = models.DateTimeField(default=timezone.now)
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_error = models.CharField(max_length=80, blank=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "row", "event"],
                name="webhook_delivery_once",
                violation_error_message="This webhook is told of this act already.",
            )
        ]
        indexes = [
            models.Index(fields=["webhook", "-id"], name="webhook_log"),
            models.Index(fields=["next_at"], name="webhook_waiting", condition=Q(state="waiting")),
            models.Index(fields=["created_at"], name="webhook_age"),
        ]

    @property
    def message_id(self) -> str:
        """What the receiver knows it by."""
        return f"msg_{self.uid.hex}"
