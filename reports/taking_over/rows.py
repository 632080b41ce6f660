"""What was taken over from another system: the import that did it, and under which number it stands there."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone

from reports.models import Report


class ReportImport(models.Model):
    """One run that took reports over. `counts`: {"new", "changed", "same", "refused"}, in rows."""

    source = models.SlugField(max_length=60)
    name = models.CharField(max_length=200, help_text="the file, or the address that was asked")
    at = models.DateTimeField(default=timezone.now)
    counts = models.JSONField(default=dict, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.source}"


class TakenOver(models.Model):
    """A report of ours that stands in the other system too; `status` and `answer` (SHA-256): what was last read of it there."""

    report = models.OneToOneField(Report, primary_key=True, on_delete=models.PROTECT, related_name="taken_over")
    run = models.ForeignKey(ReportImport, on_delete=models.PROTECT, related_name="taken")
    source = models.SlugField(max_length=60)
    external_id = models.CharField(max_length=100)
    status = models.CharField(max_length=24)
    answer = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                name="taken_over_once",
                violation_error_message="This report of the other system was taken over already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


class Transfer(models.Model):
    """A file or an endpoint from which reports are to be taken over on the pages: read, mapped, checked, carried out.

    `asked`: the map as `taking_over.mapping.of` takes it. `found`: {"columns": [name], "words": {column: [word]} of those with few}.
    `counts`: {"read", "good", "refused", "kinds": [[category, state, rows]]}, after it was carried out also "new", "changed", "same".
    `report`: [[row, code of wording.OF_ROW, about, whether the row is left out]]. `refused`: a sentence in `language`, the sender's.
    """

    class State(models.TextChoices):
        READING = "reading"
        ASKING = "asking"
        CHECKING = "checking"
        CHECKED = "checked"
        CARRYING = "carrying"
        DONE = "done"
        FAILED = "failed"
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=8)
    name = models.CharField(max_length=200, help_text="of the file, or the address that is asked")
    endpoint = models.CharField(max_length=300, blank=True)
    since = models.DateField(null=True, blank=True)
    photos = models.BooleanField(default=False)
    asked = models.JSONField(default=dict, blank=True)
    found = models.JSONField(default=dict, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.READING)
    refused = models.CharField(max_length=400, blank=True)
    run = models.ForeignKey(ReportImport, null=True, blank=True, on_delete=models.SET_NULL, related_name="transfers")
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def sent(self) -> Path:
        """The file as it was sent, until it is read; no address of the site leads there."""
        return Path(settings.MEDIA_ROOT) / "taking-over" / str(self.pk)

    @property
    def path(self) -> Path:
        """The rows as they were read, one [row, cells by column or null] of JSON in each line."""
        return self.sent.with_suffix(".rows")

    @property
    def checking(self) -> str:
        """Names one check: who carries it out says which one was looked at."""
        return self.checked_at.isoformat() if self.checked_at else ""

    @property
    def ended(self) -> bool:
        """Whether nothing happens by itself any more."""
        return self.state not in (self.State.READING, self.State.CHECKING, self.State.CARRYING)
