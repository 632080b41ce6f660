"""Events: when and how, the agenda, and what came of it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from discussion.models import Subject
from municipality.models import Organisation
from participation import workflow
from participation.models.matter import Matter, point_checks
from participation.querysets import EventQuerySet

LONGEST_REMINDER_HOURS = 14 * 24


class Event(Matter):
    """A meeting at a time: in person, online or both."""

    class Form(models.TextChoices):
        IN_PERSON = "in_person"
        ONLINE = "online"
        HYBRID = "hybrid"

    form = models.CharField(max_length=12, choices=Form.choices, default=Form.IN_PERSON)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    link = models.URLField(blank=True, max_length=300, help_text="where one takes part online")
    registration = models.BooleanField(default=False, help_text="people say beforehand that they come")
    capacity = models.PositiveIntegerField(null=True, blank=True, help_text="seats; empty: as many as come")
    remind_hours = models.PositiveSmallIntegerField(default=24, help_text="before the beginning, unless one chose otherwise")

    objects: ClassVar[Any] = EventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["starts_at", "subject"], name="event_time")]
        constraints = [
            *point_checks("event"),
            models.CheckConstraint(condition=Q(status__in=workflow.STATES_OF[workflow.Kind.EVENT]), name="event_state"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_start",
                violation_error_message=_("The end lies before the beginning."),
            ),
            models.CheckConstraint(
                condition=~Q(form="online") | ~Q(link=""), name="event_online_has_link",
                violation_error_message=_("An online event needs the address where one takes part."),
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(registration=True), name="event_capacity_registers",
                violation_error_message=_("Seats are counted by registration."),
            ),
        ]  # fmt: skip


class AgendaItem(models.Model):
    """One point of the agenda; `subject`: what is discussed, where it stands on this site."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    subject = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["event", "order"], name="agenda_item_once")]

    def __str__(self) -> str:
        return self.title


class DiscussedQuerySet(models.QuerySet["Discussed"]):
    def public(self) -> Self:
        """What everyone sees of the list: things that are public themselves, the newest first."""
        return self.filter(subject__is_public=True).select_related("subject").order_by("-at", "-pk")


class Discussed(models.Model):
    """What the organiser noted while the event went on: this is being discussed. The minutes begin with it."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="discussed")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = DiscussedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "subject"], name="discussed_once")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.subject_id}"


class Minutes(models.Model):
    """What came of an event. Without these rows no event counts as held."""

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.CASCADE, related_name="minutes")
    text = models.TextField()
    attendance = models.PositiveIntegerField(help_text="how many came, by the organiser's count")
    organisations = models.ManyToManyField(Organisation, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"minutes of {self.event_id}"


class Decision(models.Model):
    """One decision of an event: what, who does it, until when."""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="decisions")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    who = models.CharField(max_length=150, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["minutes", "order"], name="decision_once")]

    def __str__(self) -> str:
        return self.text
