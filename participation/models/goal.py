"""Goals: what a sector is to reach until a year, and by what one sees it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from discussion.models import Subject
from geoportal.kernel.multilingual import MultilingualField, text_in
from participation.models.indicator import Indicator
from participation.querysets import SpineQuerySet


class Goal(models.Model):
    """Policies, projects and ideas that serve it are linked to it (`Link.Kind.SERVES`); a figure may have a `target`."""

    subject = models.OneToOneField(Subject, primary_key=True, on_delete=models.PROTECT, related_name="goal")
    slug = models.SlugField(unique=True, help_text="key of the data it was loaded from")
    title = MultilingualField()
    measure = MultilingualField(help_text="by what one sees that it is reached")
    by_year = models.PositiveSmallIntegerField()
    indicator = models.ForeignKey(Indicator, null=True, blank=True, on_delete=models.PROTECT, related_name="goals")
    target = models.DecimalField(max_digits=16, decimal_places=3, null=True, blank=True)
    example = models.BooleanField(default=False, help_text="invented, shown to explain the page")

    objects: ClassVar[Any] = SpineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(target=None) | Q(indicator__isnull=False), name="goal_target_has_indicator",
                violation_error_message=_("A target needs the indicator by which it is measured."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return text_in(self.title)
