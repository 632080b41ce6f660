"""What was taken over from another system: the import that did it, and under which number it stands there."""

from __future__ import annotations

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
