"""What people wish to hear, and what was sent to whom: one row per recipient and message owns its state and attempts."""

from __future__ import annotations

from typing import Self

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import Correspondent
from discussion.models import Follow, Subject, TimelineRow
from geoportal.kernel.geometry import geometry_checks
from municipality.models import Organisation


class Frequency(models.TextChoices):
    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"


class Channel(models.TextChoices):
    EMAIL = "email"
    INBOX = "inbox"
    PUSH = "push"
    SMS = "sms"


class State(models.TextChoices):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"  # refused for good
    SKIPPED = "skipped"  # grouped into another, unsubscribed or erased meanwhile


class Alert(models.Model):
    """A saved wish to hear of what is new in a place: of a person, or of a department's shared mailbox.

    Where is `geom` (drawn, or a circle's outline) or `areas` with all below them. Empty lists mean any; no `kinds` at all mean
    problems and ideas, which is what alerts were first made for.
    """

    correspondent = models.ForeignKey(Correspondent, null=True, blank=True, on_delete=models.CASCADE, related_name="alerts")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="alerts")
    name = models.CharField(max_length=120, blank=True)
    geom = models.PolygonField(null=True, blank=True, spatial_index=False)
    centre = models.PointField(null=True, blank=True, spatial_index=False, help_text="of a circle, whose outline is geom")
    metres = models.PositiveIntegerField(null=True, blank=True, help_text="radius of a circle")
    areas = ArrayField(models.BigIntegerField(), default=list, blank=True)
    sectors = ArrayField(models.BigIntegerField(), default=list, blank=True)
    kinds = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    categories = ArrayField(models.BigIntegerField(), default=list, blank=True)
    organisations = ArrayField(
        models.BigIntegerField(), default=list, db_default=[], blank=True, help_text="whose doings alone; empty: anybody's"
    )
    words = models.CharField(max_length=120, blank=True)
    query = models.TextField(blank=True, help_text="the words as a tsquery; empty: any words")
    new = models.BooleanField(default=True, help_text="tells of new reports")
    updates = models.BooleanField(default=False, help_text="tells what becomes of reports")
    frequency = models.CharField(max_length=8, choices=Frequency.choices, default=Frequency.DAILY)
    active = models.BooleanField(default=True, help_text="false: paused, or its address has not answered yet")
    unproven = models.BooleanField(default=False, help_text="asked for by somebody whose address has not answered yet")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="when the address of an unproven one was last asked")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            GistIndex(fields=["geom"], name="alert_geom", condition=Q(active=True)),
            GinIndex(fields=["areas"], name="alert_areas", condition=Q(active=True)),
        ]
        constraints = [
            *geometry_checks("geom", name="alert_geom", null=True),
            *geometry_checks("centre", name="alert_centre", null=True),
            models.CheckConstraint(
                condition=Q(correspondent__isnull=True, organisation__isnull=False)
                | Q(correspondent__isnull=False, organisation__isnull=True),
                name="alert_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(geom__isnull=True, areas__len__gt=0) | Q(geom__isnull=False, areas__len=0), name="alert_one_place"
            ),
            models.CheckConstraint(condition=Q(new=True) | Q(updates=True), name="alert_tells_something"),
            models.CheckConstraint(condition=Q(active=False) | Q(unproven=False), name="alert_unproven_is_silent"),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk}"


class Choice(models.Model):
    """One cell of the table of notifications that differs from what it is for everybody."""

    correspondent = models.ForeignKey(Correspondent, on_delete=models.CASCADE, related_name="choices")
    event = models.CharField(max_length=12)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["correspondent", "event", "channel"], name="choice_once")]


class Habits(models.Model):
    """When somebody wishes to be written to, in the town's own time."""

    correspondent = models.OneToOneField(Correspondent, primary_key=True, on_delete=models.CASCADE, related_name="habits")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    digest_hour = models.PositiveSmallIntegerField(default=8)
    digest_weekday = models.PositiveSmallIntegerField(default=0, help_text="0: Monday")
    follow_frequency = models.CharField(max_length=8, choices=Frequency.choices, default=Frequency.INSTANT)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(digest_hour__lte=23, digest_weekday__lte=6), name="habits_in_range"),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="habits_quiet_both",
            ),
            models.CheckConstraint(condition=~Q(quiet_from=F("quiet_until")), name="habits_quiet_lasts"),
        ]


class InboxEntry(models.Model):
    """One act told on the site itself."""

    correspondent = models.ForeignKey(Correspondent, on_delete=models.CASCADE, related_name="inbox")
    row = models.ForeignKey(TimelineRow, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12)
    alerts = ArrayField(models.BigIntegerField(), default=list, blank=True, help_text="those that the act met")
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row", "correspondent"], name="inbox_once")]
        indexes = [
            models.Index(fields=["correspondent", "-id"], name="inbox_of"),
            models.Index(fields=["correspondent"], name="inbox_unread", condition=Q(read_at=None)),
        ]


class PushSubscription(models.Model):
    """A browser that takes messages. Its address and keys are what the browser gave; secrets of one person's device."""

    correspondent = models.ForeignKey(Correspondent, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=60)
    language = models.CharField(max_length=8)
    created_at = models.DateTimeField(default=timezone.now)


class Phone(models.Model):
    """A number for short messages, confirmed by a code. Only the code's hash is kept."""

    correspondent = models.OneToOneField(Correspondent, primary_key=True, on_delete=models.CASCADE, related_name="phone")
    number = models.CharField(max_length=20)
    code = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True, blank=True)
    wrong = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True, blank=True)


class Digest(models.Model):
    """One summary to one recipient for one day or week: never twice, whoever repeats the job."""

    correspondent = models.ForeignKey(Correspondent, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    mailbox = models.EmailField(blank=True)
    frequency = models.CharField(max_length=8, choices=Frequency.choices)
    period = models.DateField(help_text="the day on which it was due")
    language = models.CharField(max_length=8)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["correspondent", "mailbox", "frequency", "period"], name="digest_once", nulls_distinct=False
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="digest_queued", condition=Q(state="queued"))]


class Waiting(models.Model):
    """An act that waits for somebody's next summary, and in which one it went."""

    row = models.ForeignKey(TimelineRow, on_delete=models.CASCADE, related_name="+")
    correspondent = models.ForeignKey(Correspondent, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    mailbox = models.EmailField(blank=True)
    role = models.CharField(max_length=12)
    language = models.CharField(max_length=8)
    frequency = models.CharField(max_length=8, choices=Frequency.choices)
    alerts = ArrayField(models.BigIntegerField(), default=list, blank=True, help_text="those that the act met")
    digest = models.ForeignKey(Digest, null=True, blank=True, on_delete=models.CASCADE, related_name="items")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["row", "correspondent", "mailbox"], name="waiting_once", nulls_distinct=False),
        ]
        indexes = [
            models.Index(fields=["correspondent", "mailbox", "frequency"], name="waiting_undigested", condition=Q(digest=None)),
        ]


class Delivery(models.Model):
    """One message to one recipient: a correspondent, or a department's mailbox. `rows`: further acts grouped into it."""

    State = State

    row = models.ForeignKey(TimelineRow, on_delete=models.CASCADE, related_name="deliveries")
    rows = ArrayField(models.BigIntegerField(), default=list, blank=True)
    correspondent = models.ForeignKey(Correspondent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    mailbox = models.EmailField(blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.EMAIL)
    device = models.BigIntegerField(default=0, help_text="the push subscription it goes to; 0: not a push message")
    alerts = ArrayField(models.BigIntegerField(), default=list, blank=True, help_text="those that the act met")
    role = models.CharField(max_length=12, help_text="author, follower, assignee, department, visitor, alert")
    language = models.CharField(max_length=8)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["row", "correspondent", "mailbox", "channel", "device"],
                name="delivery_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="delivery_queued", condition=Q(state="queued")),
            models.Index(fields=["correspondent", "state"], name="delivery_of"),
        ]


class MutedQuerySet(models.QuerySet["Muted"]):
    def in_force(self) -> Self:
        """Those after which the same person has not chosen to follow the subject again."""
        again = Follow.objects.filter(
            correspondent=OuterRef("correspondent"), subject=OuterRef("subject"), created_at__gt=OuterRef("created_at")
        )
        return self.exclude(Exists(again))


class Muted(models.Model):
    """An author (or a duplicate's follower) wants no more mails about one subject, until following it again."""

    correspondent = models.ForeignKey(Correspondent, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = MutedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["correspondent", "subject"], name="muted_once")]


from notifications.webhooks.rows import Webhook, WebhookDelivery  # noqa: E402, F401 the app's models are found from this module
