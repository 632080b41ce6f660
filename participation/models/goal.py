"""Goals: what a sector is to reach until a year, and by what one sees it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from discussion.models import Subject
from geoportal.kernel.multilingual import MultilingualField, text_in
from municipality.models import Organisation
from participation import workflow
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
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="goals")
    status = models.CharField(
        max_length=8, default=workflow.GOAL_FIRST, choices=[(code, code) for code in workflow.GOAL_STATES]
    )
    ended_on = models.DateField(null=True, blank=True, help_text="the day on which it was said to be reached, or given up")
    example = models.BooleanField(default=False, help_text="invented, shown to explain the page")

    objects: ClassVar[Any] = SpineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(target=None) | Q(indicator__isnull=False), name="goal_target_has_indicator",
                violation_error_message=_("A target needs the indicator by which it is measured."),
            ),
            models.CheckConstraint(condition=Q(status__in=workflow.GOAL_STATES), name="goal_state"),
            models.CheckConstraint(
                condition=Q(status=workflow.GOAL_FIRST, ended_on=None) | (~Q(status=workflow.GOAL_FIRST) & Q(ended_on__isnull=False)),
                name="goal_ends_on_a_day",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return text_in(self.title)
