"""Practices: what other places do, restated from a named source, to learn from."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.multilingual import MultilingualField, text_in
from participation import workflow
from participation.models.matter import Matter, point_checks
from participation.querysets import MatterQuerySet


class Practice(Matter):
    """One practice of another place. Its texts are by language; `author` wrote the summary, not the practice."""

    class Cost(models.TextChoices):
        LOW = "low"
        MIDDLE = "middle"
        HIGH = "high"
        UNKNOWN = "unknown"

    title = MultilingualField()
    city = MultilingualField()
    country = MultilingualField()
    year = models.PositiveSmallIntegerField(help_text="when it began")
    until = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="when it ended; empty: it goes on, as far as known"
    )
    source_url = models.URLField(max_length=600)
    source_name = models.CharField(max_length=150, help_text="who published it")
    further_sources = ArrayField(models.URLField(max_length=600), default=list, blank=True)
    what = MultilingualField()
    result = MultilingualField(blank=True, null=True)
    lesson = MultilingualField(blank=True, null=True)
    cost = models.CharField(max_length=8, choices=Cost.choices, default=Cost.UNKNOWN)
    cost_note = MultilingualField(blank=True, null=True, help_text="whose judgement the cost class is")

    objects: ClassVar[Any] = MatterQuerySet.as_manager()

    class Meta:
        constraints = [
            *point_checks("practice"),
            models.CheckConstraint(condition=Q(status__in=workflow.STATES_OF[workflow.Kind.PRACTICE]), name="practice_state"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("year")), name="practice_ends_after_start",
                violation_error_message=_("The end lies before the beginning."),
            ),
        ]  # fmt: skip

    @property
    def where(self) -> str:
        """„Тарту, Естония“: the place is none of ours."""
        return f"{text_in(self.city)}, {text_in(self.country)}"
