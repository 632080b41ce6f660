"""The spine: one Subject for every public object, with its timeline, comments, supports, follows, flags and links."""

from __future__ import annotations

from typing import Self

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.utils import timezone

from accounts.models import Correspondent, User
from geoportal.kernel.geometry import geometry_checks
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
        SURVEY = "survey"
        GOAL = "goal"
        SERVICE = "service"
        COMPARISON = "comparison"
        ALTERNATIVE = "alternative"

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
            models.Index(fields=["-created_at", "-id"], name="subject_newest", condition=models.Q(is_public=True)),
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
    Subject.Kind.SURVEY: "surveys",
    Subject.Kind.GOAL: "goals",
    Subject.Kind.SERVICE: "services",
    Subject.Kind.COMPARISON: "alternatives",
    Subject.Kind.ALTERNATIVE: "variants",
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
            # What changed since: rows lie in the order of their times, so a few bytes for each hundred pages are enough.
            BrinIndex(fields=["at"], name="timeline_at", autosummarize=True),
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
        """Those of which a moderator has not read the words yet, or not the mended ones."""
        mended = models.Q(state=Comment.State.PUBLISHED) & ~models.Q(mended="")
        return self.filter(models.Q(state=Comment.State.WAITING) | mended)

    def published(self) -> Self:
        """Those that everyone reads; an answer stays when what it answers is taken down."""
        return self.filter(state=Comment.State.PUBLISHED)

    def placed(self) -> Self:
        """Those that have a place in the conversation: with words, or with a line that says what became of them; of a hidden one
        that line stands only where answers are below it."""
        gone = models.Q(state__in=[Comment.State.REMOVED, Comment.State.WITHDRAWN], published_at__isnull=False)
        answered = models.Q(state=Comment.State.HIDDEN, published_at__isnull=False, answer_count__gt=0)
        return self.filter(models.Q(state=Comment.State.PUBLISHED) | gone | answered)


class Comment(models.Model):
    """A comment or an answer to one (two levels); `state` says whether everyone may read it.

    `stakeholder` and `organisation` say for whom it was said, as that was when it was written. `published_at`: when everyone
    could read it first; a comment that never could leaves no place behind. `point`: WGS84, on the page alone.
    """

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed"
        WAITING = "waiting"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"  # by its author; the words are gone, its place stays
        REMOVED = "removed"  # by a moderator; its place says why
        HIDDEN = "hidden"  # by a moderator; for everyone but author and staff as if it were missing, but for its answers

    class Kind(models.TextChoices):
        REMARK = "remark"
        QUESTION = "question"
        ARGUMENT = "argument"
        WORDING = "wording"
        ANSWER = "answer"
        WORKS = "works"  # observed: what was promised works
        FAILS = "fails"

    class Stance(models.TextChoices):
        NONE = ""
        FOR = "for"
        NEUTRAL = "neutral"
        AGAINST = "against"

    class Stakeholder(models.TextChoices):
        CITIZEN = "citizen"
        BUSINESS = "business"
        ASSOCIATION = "association"
        INSTITUTION = "institution"
        ADMINISTRATION = "administration"
        COUNCILLOR = "councillor"

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    correspondent = models.ForeignKey(Correspondent, null=True, on_delete=models.SET_NULL, related_name="comments")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="comments")
    public_name = models.CharField(max_length=120, blank=True, help_text="empty: a resident")
    stakeholder = models.CharField(max_length=14, choices=Stakeholder.choices, default=Stakeholder.CITIZEN)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.REMARK)
    stance = models.CharField(max_length=8, choices=Stance.choices, blank=True, default=Stance.NONE)
    anchor = models.CharField(max_length=40, blank=True, help_text="section, paragraph or variant that it is about")
    official = models.BooleanField(default=False, help_text="the administration's answer")
    text = models.TextField(blank=True)
    original = models.TextField(blank=True)
    mended = models.TextField(
        blank=True, default="", db_default="",
        help_text="its author's new words, unread by a moderator: everyone reads `text` until then",
    )  # fmt: skip
    language = models.CharField(max_length=8)
    point = models.PointField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True, help_text="the place in words")
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=50, blank=True, help_text="why a moderator took it down")
    reason_text = models.TextField(blank=True, help_text="the moderator's words to it")
    pinned_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    helpful_count = models.PositiveIntegerField(default=0)
    answer_count = models.PositiveIntegerField(default=0)
    photo_count = models.PositiveSmallIntegerField(default=0, help_text="photos beside it that nobody hid")
    client_uuid = models.UUIDField(unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject", "id"], name="comment_subject"),
            models.Index(fields=["subject", "-helpful_count", "-id"], name="comment_helpful", condition=models.Q(parent=None)),
            models.Index(fields=["subject", "-answer_count", "-id"], name="comment_discussed", condition=models.Q(parent=None)),
            models.Index(fields=["id"], name="comment_waiting", condition=models.Q(state="waiting") | ~models.Q(mended="")),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="comment_answers_another"),
            *geometry_checks("point", name="comment_point", null=True),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class CommentVersion(models.Model):
    """The words of a comment before its author mended them; `public`: everyone could read them."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="versions")
    text = models.TextField(blank=True)
    public = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now, help_text="when they were replaced")

    class Meta:
        ordering = ["id"]


class Helpful(models.Model):
    """One verified address finds one comment helpful, once. Who it is is never public."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="helpful")
    correspondent = models.ForeignKey(Correspondent, on_delete=models.CASCADE, related_name="found_helpful")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "correspondent"], name="helpful_once")]


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open(self) -> Self:
        """Those that no moderator has answered yet."""
        return self.filter(settled_at=None)


class Appeal(models.Model):
    """The author of a comment that a moderator took down says once why it should stand; a moderator answers with a reason."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="appeal")
    text = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    upheld = models.BooleanField(null=True, help_text="true: the comment stands again")
    answer = models.TextField(blank=True)

    objects = AppealQuerySet.as_manager()


class Conclusion(models.Model):
    """A moderator's summary that closes the conversation on a subject; opened again, it stays as what was said until then."""

    subject = models.OneToOneField(Subject, primary_key=True, on_delete=models.CASCADE, related_name="conclusion")
    text = models.TextField()
    language = models.CharField(max_length=8)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)

    @property
    def closes(self) -> bool:
        return self.opened_at is None


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
        SERVES = "serves"  # a goal
        RECOMMENDS = "recommends"  # to whoever gives a service
        GIVEN_TO = "given_to"

    source = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=16, choices=Kind.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="link_once"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="link_to_another"),
        ]


from discussion.pictures import SubjectPhoto  # noqa: E402, F401 the app's models are found from this module
