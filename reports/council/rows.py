"""What an idea gathers on its way to the Council: filings with their decisions, documents, co-authors, organisations behind it."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Correspondent, User
from discussion.models import Subject, TimelineRow
from discussion.words import numbered
from municipality.models import Organisation
from reports.models import Report


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: Any) -> Self:
        """Documents of ideas that everyone reads, and of those of one's work."""
        seen = Q(report__is_public=True) & ~Q(report__status="withdrawn")
        if getattr(user, "works_here", False):
            seen |= Q(report__in=Report.objects.for_desk(user))
        return self.filter(seen)


class Document(models.Model):
    """A PDF that came with an official's act: one row, one folder of its own. Without a report it waits for its act."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    row = models.ForeignKey(TimelineRow, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField(help_text="bytes")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the bytes")
    created_at = models.DateTimeField(default=timezone.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["report"], name="document_report")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Its address, without language prefix."""
        return f"/documents/{self.pk}/"


class Outcome(models.TextChoices):
    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    REFUSED = "refused"


class FilingQuerySet(models.QuerySet["Filing"]):
    def public(self) -> Self:
        """Those of ideas that everyone may read, withdrawn ones too."""
        return self.filter(report__is_public=True)

    def of(self, report_id: int) -> Filing | None:
        """The latest filing of an idea: the one that its decision answers."""
        return self.filter(report=report_id).order_by("-pk").first()


class Filing(models.Model):
    """An idea filed with a body, and what became of it. An idea that is filed again has another row."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="filings")
    number = models.CharField(max_length=60)
    filed_on = models.DateField()
    body = models.CharField(max_length=120)
    link = models.CharField(max_length=300, blank=True)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, blank=True, choices=Outcome.choices, help_text="empty: not decided yet")
    decided_on = models.DateField(null=True, blank=True)
    decision_number = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=300, blank=True)
    decision_link = models.CharField(max_length=300, blank=True)
    decision_document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    done_on = models.DateField(null=True, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True, help_text="euros that it took")

    objects = FilingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-filed_on", "-id"], name="filing_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_on=None) | Q(decided_on__gte=F("filed_on")),
                name="filing_before_decision",
                violation_error_message="A decision cannot be older than the filing.",
            ),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="filing_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.filed_on}"

    @property
    def numbered(self) -> bool:
        """Whether its number is known."""
        return numbered(self.number)


class CoAuthorQuerySet(models.QuerySet["CoAuthor"]):
    def agreed(self) -> Self:
        return self.filter(agreed_at__isnull=False)

    def to_read(self) -> Self:
        """Those whose wished name no moderator has read, of ideas that everyone reads, the oldest first."""
        found = self.agreed().exclude(asked_name="").filter(report__subject__is_public=True)
        return found.select_related("report__subject", "correspondent").order_by("pk")


class CoAuthor(models.Model):
    """Somebody whom the author invited to write along; acts like the author, but withdraws nothing."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="co_authors")
    correspondent = models.ForeignKey(Correspondent, null=True, on_delete=models.SET_NULL, related_name="co_authored")
    email = models.EmailField(blank=True, help_text="as the author wrote it, until it was answered; the person may have others")
    invited_at = models.DateTimeField(default=timezone.now)
    agreed_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True, help_text="no more mail asks the address again")
    public_name = models.CharField(max_length=120, blank=True, help_text="as the co-author wished; empty: not named")
    asked_name = models.CharField(
        max_length=120, blank=True, default="", db_default="", help_text="a wished name that no moderator has read"
    )

    objects = CoAuthorQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["report", "correspondent"], name="co_author_once")]

    def __str__(self) -> str:
        return f"co-author {self.pk}"


class Endorsement(models.Model):
    """An organisation stands behind an idea under its name; it is no person's support and is not counted as one."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="endorsements")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["report", "organisation"], name="endorsement_once")]

    def __str__(self) -> str:
        return f"endorsement {self.pk}"
