"""The spine: one Subject for every public object, with its timeline, comments, supports, follows, flags and links."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone

from accounts.models import Correspondent, User
from geoportal.kernel.references import new_reference
from municipality.models import Area, Organisation, Sector


class Visibility(models.TextChoices):
    PUBLIC = "public"
    RESTRICTED = "restricted"  # author and staff; asked for at sending or set by staff
    HIDDEN = "hidden"  # by a moderator; for everyone else the same as missing
    REMOVED = "removed"  # by a moderator; the address stays and says so


class Audience(models.TextChoices):
    PUBLIC = "public"
    AUTHOR = "author"  # the author and staff
    STAFF = "staff"


class Subject(models.Model):
    """What all public objects have in common. Its lock is taken first by every verb; `version` rises with every act on it."""

    class Kind(models.TextChoices):
        PROBLEM = "problem"
        IDEA = "idea"
        PROJECT = "project"
        INITIATIVE = "initiative"
        EVENT = "event"
        CONSULTATION = "consultation"
        PRACTICE = "practice"
        POLICY = "policy"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reference = models.CharField(max_length=10, unique=True, default=new_reference)
    client_uuid = models.UUIDField(unique=True, null=True, blank=True)
    title = models.CharField(max_length=150)
    language = models.CharField(max_length=8)
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="+")
    further_sectors = models.ManyToManyField(Sector, blank=True, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=12, choices=Visibility.choices, default=Visibility.PUBLIC)
    is_public = models.BooleanField(default=False, help_text="in lists, tiles and counts: visible and in a public state")
    version = models.PositiveIntegerField(default=1)
    support_count = models.PositiveIntegerField(default=0)
    comment_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    search = SearchVectorField(null=True)

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="subject_search"),
            models.Index(fields=["-support_count", "-id"], name="subject_support"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id", "is_public", "sector", "area", "created_at"], name="subject_facts"),
            models.CheckConstraint(
                condition=models.Q(is_public=False) | models.Q(visibility="public"), name="subject_public_is_visible"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def path(self) -> str:
        """Address of its page, without language prefix."""
        return f"/{FOLDERS[self.kind]}/{self.reference}/"


FOLDERS: dict[str, str] = {
    Subject.Kind.PROBLEM: "reports",
    Subject.Kind.IDEA: "reports",
    Subject.Kind.PROJECT: "projects",
    Subject.Kind.INITIATIVE: "initiatives",
    Subject.Kind.EVENT: "events",
    Subject.Kind.CONSULTATION: "consultations",
    Subject.Kind.PRACTICE: "practices",
    Subject.Kind.POLICY: "policies",
}
"""Kind → first part of the address of its page."""


class TimelineRow(models.Model):
    """One act: the public timeline, the audit trail and the outbox are readings of this table. Appended, never edited.

    `data` holds ids, codes, numbers and dates only; words stand in TimelineText.
    """

    id = models.BigAutoField(primary_key=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="timeline")
    code = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(
        max_length=12, help_text="in what capacity: author, official, dispatcher, moderator, system, visitor"
    )
    audience = models.CharField(max_length=8, choices=Audience.choices)
    before = models.CharField(max_length=24, blank=True, help_text="state before")
    after = models.CharField(max_length=24, blank=True, help_text="state after")
    department = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(help_text="the subject's version after the act")
    tells = models.BooleanField(default=True, help_text="false: nobody is to be written to")
    told_at = models.DateTimeField(null=True, blank=True, help_text="when its deliveries were made; not part of the act")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject", "id"], name="timeline_subject"),
            models.Index(fields=["id"], name="timeline_untold", condition=models.Q(tells=True, told_at=None)),
            models.Index(fields=["subject"], name="timeline_confirmed", condition=models.Q(code="confirmed_solved")),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.code}"


class TimelineText(models.Model):
    """The words of an act, erasable; `digest` proves later what was said. `original`: before a moderator cut words."""

    row = models.OneToOneField(TimelineRow, primary_key=True, on_delete=models.CASCADE, related_name="words")
    text = models.TextField(blank=True)
    language = models.CharField(max_length=8)
    original = models.TextField(blank=True)
    digest = models.CharField(max_length=64)


class CommentQuerySet(models.QuerySet["Comment"]):
    def waiting(self) -> Self:
        """Those that a moderator has not read yet."""
        return self.filter(state=Comment.State.WAITING)


class Comment(models.Model):
    """A comment; `state` says whether everyone may read it."""

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed"
        WAITING = "waiting"
        PUBLISHED = "published"
        REMOVED = "removed"

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="comments")
    correspondent = models.ForeignKey(Correspondent, null=True, on_delete=models.SET_NULL, related_name="comments")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    public_name = models.CharField(max_length=120, blank=True, help_text="empty: a resident")
    text = models.TextField(blank=True)
    original = models.TextField(blank=True)
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    client_uuid = models.UUIDField(unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["subject", "id"], name="comment_subject")]


class Support(models.Model):
    """One verified address supports one subject, once. Who it is is never public."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="supports")
    correspondent = models.ForeignKey(Correspondent, on_delete=models.CASCADE, related_name="supports")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "correspondent"], name="support_once")]


class Follow(models.Model):
    """One verified address hears of one subject."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="follows")
    correspondent = models.ForeignKey(Correspondent, on_delete=models.CASCADE, related_name="follows")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "correspondent"], name="follow_once")]


class FlagQuerySet(models.QuerySet["Flag"]):
    def open(self) -> Self:
        """Those that no moderator has settled yet."""
        return self.filter(settled_at=None)


class Flag(models.Model):
    """Somebody says that a subject or one of its comments breaks the rules; a moderator settles it."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="flags")
    comment = models.ForeignKey(Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="flags")
    reason = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    client_uuid = models.UUIDField(unique=True, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = FlagQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["id"], name="flag_open", condition=models.Q(settled_at=None))]


class Link(models.Model):
    """A typed link between two subjects."""

    class Kind(models.TextChoices):
        DUPLICATE_OF = "duplicate_of"
        PLANNED_BY = "planned_by"
        INSPIRED_BY = "inspired_by"
        CARRIED_OUT_BY = "carried_out_by"
        DISCUSSED_AT = "discussed_at"
        ANSWERS = "answers"
        REPLACES = "replaces"

    source = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=16, choices=Kind.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="link_once"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="link_to_another"),
        ]
