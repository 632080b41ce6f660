"""Consultations: what is asked, for how long, of whom; the text in sections with its versions; its papers."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from discussion.models import Subject
from geoportal.kernel.geometry import geometry_checks
from geoportal.kernel.multilingual import MultilingualField, text_in
from participation import workflow
from participation.models.matter import Matter, point_checks
from participation.querysets import ConsultationQuerySet

PAPERS = "papers"
"""Folder below MEDIA_ROOT in which each paper has one of its own."""


class PaperKind(models.TextChoices):
    DRAFT = "draft"
    MOTIVES = "motives"
    IMPACT = "impact"
    OTHER = "other"


class ConsultationKind(models.Model):
    """What the law asks of one kind of consultation. A row of set-up data: no kind stands in the code."""

    slug = models.SlugField(unique=True)
    name = MultilingualField()
    note = MultilingualField(blank=True, null=True, help_text="the rule in words, with its source")
    least_days = models.PositiveSmallIntegerField(help_text="days from opening to the last day, at least")
    least_days_with_reason = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="the same with a stated reason; empty: no reason makes it shorter"
    )
    required_papers = ArrayField(models.CharField(max_length=8, choices=PaperKind.choices), default=list, blank=True)
    takes_ideas = models.BooleanField(default=False, help_text="ideas of people are given to it, with a place on the map")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(least_days_with_reason=None) | Q(least_days_with_reason__lte=F("least_days")),
                name="consultation_kind_shorter",
                violation_error_message=_("With a reason it can only be shorter."),
            ),
            models.CheckConstraint(
                condition=Q(least_days__gte=1) & (Q(least_days_with_reason=None) | Q(least_days_with_reason__gte=1)),
                name="consultation_kind_days",
                violation_error_message=_("At least one day is needed."),
            ),
        ]

    def __str__(self) -> str:
        return text_in(self.name)


class _Days(Func):
    """Days from one day to another, as PostgreSQL counts them."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = models.IntegerField()


class Consultation(Matter):
    """People are asked about one thing. `closes_on`: the last day on which one may write; `least_days`: the clock as it was opened."""

    class Level(models.TextChoices):
        INFORM = "inform"
        CONSULT = "consult"
        DECIDE = "decide"

    class WhoMay(models.TextChoices):
        ANYONE = "anyone"
        EMAIL = "email"
        ACCOUNT = "account"
        ORGANISATION = "organisation"

    kind = models.ForeignKey(ConsultationKind, on_delete=models.PROTECT, related_name="consultations")
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.CONSULT)
    who_may = models.CharField(max_length=12, choices=WhoMay.choices, default=WhoMay.ANYONE)
    opens_on = models.DateField(null=True, blank=True, help_text="empty while it is prepared")
    closes_on = models.DateField()
    usual_days = models.PositiveSmallIntegerField(help_text="the kind's least days when this was written")
    least_days = models.PositiveSmallIntegerField(help_text="those in force: fewer only with a reason")
    short_reason = models.TextField(blank=True, help_text="why the time is shorter than usual")
    contact_name = models.CharField(max_length=120)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    within = models.MultiPolygonField(null=True, blank=True, help_text="where ideas given to it must lie; empty: anywhere")
    earlier = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="later")
    adopted_title = models.CharField(max_length=200, blank=True)
    adopted_url = models.URLField(max_length=600, blank=True)
    adopted_on = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = ConsultationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["closes_on", "subject"], name="consultation_closes")]
        constraints = [
            *point_checks("consultation"),
            *geometry_checks("within", name="consultation_within", null=True),
            models.CheckConstraint(
                condition=Q(status__in=workflow.STATES_OF[workflow.Kind.CONSULTATION]), name="consultation_state"
            ),
            models.CheckConstraint(
                condition=Q(status="preparing") | Q(opens_on__isnull=False), name="consultation_opened_on_a_day"
            ),
            models.CheckConstraint(
                condition=Q(opens_on=None) | Q(least_days__lte=_Days(F("closes_on"), F("opens_on"))),
                name="consultation_clock",
                violation_error_message=_("The time is shorter than this kind allows."),
            ),
            models.CheckConstraint(
                condition=Q(least_days=F("usual_days")) | (Q(least_days__lt=F("usual_days")) & ~Q(short_reason="")),
                name="consultation_short_with_reason",
                violation_error_message=_("A shorter time needs its reason."),
            ),
            models.CheckConstraint(
                condition=~Q(status="adopted") | ~(Q(adopted_title="") | Q(adopted_url="")), name="consultation_act_is_linked"
            ),
        ]

    def is_over(self, today: datetime.date | None = None) -> bool:
        """Its last day has passed."""
        return self.closes_on < (today or timezone.localdate())

    @property
    def days_left(self) -> int:
        """Days on which one may still write, today among them; 0 when it is not open or over."""
        return max(0, (self.closes_on - timezone.localdate()).days + 1) if self.status == "open" else 0

    @property
    def takes_part(self) -> bool:
        """Whether one may write now."""
        return self.status == "open" and not self.is_over()


class Section(models.Model):
    """One section of the text. `number` names it in addresses and never changes; `marks`: the numbers of its paragraphs.

    A paragraph keeps its number when its words change, so that what was said about it stays beside it.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="sections")
    number = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField(help_text="paragraphs are divided by an empty line")
    marks = ArrayField(models.PositiveSmallIntegerField(), default=list)
    next_mark = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveSmallIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["order", "number"]
        constraints = [models.UniqueConstraint(fields=["consultation", "number"], name="section_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def anchor(self) -> str:
        """What is said of the section as a whole stands under it."""
        return f"s{self.number}"

    @property
    def paragraphs(self) -> list[tuple[str, str]]:
        """(anchor, words) of each paragraph."""
        return [(f"s{self.number}p{mark}", words) for mark, words in zip(self.marks, blocks(self.text), strict=True)]


def blocks(text: str) -> list[str]:
    """The paragraphs of a text."""
    found = [" ".join(block.split()) for block in text.replace("\r\n", "\n").split("\n\n")]
    return [block for block in found if block]


class SectionVersion(models.Model):
    """A section as everyone could read it before it was changed."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField(default=timezone.now)
    why = models.CharField(max_length=300, blank=True, help_text="why the next version took its place")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["section", "number"], name="section_version_once")]

    def __str__(self) -> str:
        return f"{self.section_id} {self.number}"


class Paper(models.Model):
    """A document of a consultation: a PDF in a folder of its own, or a link."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=8, choices=PaperKind.choices)
    title = models.CharField(max_length=200)
    link = models.URLField(max_length=600, blank=True)
    name = models.CharField(max_length=120, blank=True, help_text="of the file")
    size = models.PositiveIntegerField(default=0, help_text="bytes")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the bytes")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(link="") ^ Q(digest=""), name="paper_is_file_or_link"),
        ]

    def __str__(self) -> str:
        return self.title


class Proposal(models.Model):
    """One row of the table: a proposal, what was decided about it and why. `text`: the official's summary; empty: as it was said."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted"
        PARTLY = "partly"
        REFUSED = "refused"

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="proposals")
    order = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="") | ~Q(reason=""), name="proposal_verdict_has_reason",
                violation_error_message=_("A verdict needs its reason."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"proposal {self.pk}"


class ProposalSource(models.Model):
    """Where a row of the table comes from: a comment, or an idea given to the consultation; each stands in one row."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="sources")
    comment = models.OneToOneField(
        "discussion.Comment", null=True, blank=True, on_delete=models.CASCADE, related_name="proposal"
    )
    idea = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(comment=None) ^ Q(idea=None), name="proposal_source_is_one"),
            models.UniqueConstraint(fields=["proposal", "idea"], name="proposal_idea_once"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.comment_id or self.idea_id}"
