"""What planners keep: areas they drew, questions they saved, and long analyses that are reckoned in the background."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from geoportal.kernel.geometry import geometry_checks

LONGEST_NAME = 120
LONGEST_QUERY = 9600
"""Characters of a question: an address (at most 8,192), its signs written as addresses write them."""


def longer_than_kept() -> str:
    """What to do about a question of more than LONGEST_QUERY characters."""
    said = _(
        "The question is longer than %(most)s characters. Draw the area with fewer corners, or save it and choose it by its name;"
        " or shorten the words that are looked for."
    )
    return str(said) % {"most": number_format(LONGEST_QUERY, force_grouping=True)}


class OwnedQuerySet(models.QuerySet[Any]):
    """Who finds what in a list. By its link everyone who may plan opens each."""

    def of(self, owner: User) -> Self:
        return self.filter(owner=owner)


class AnalysisQuerySet(OwnedQuerySet):
    def shared_with(self, user: User) -> Self:
        """What colleagues show this person."""
        return self.filter(shared=True).exclude(owner=user)


class SavedArea(models.Model):
    """A drawn area under a name; the address says `within=saved:<id>`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_areas")
    name = models.CharField(max_length=LONGEST_NAME)
    polygon = models.PolygonField(srid=4326, spatial_index=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "created_at"]
        constraints = [
            *geometry_checks("polygon", name="savedarea_polygon"),
            models.UniqueConstraint(
                fields=["owner", "name"], name="savedarea_name",
                violation_error_message=_("You already have an area with this name. Choose another name."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class SavedAnalysis(models.Model):
    """A question under a name: opening it leads to the address of its `query`. `version` counts the changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_analyses")
    name = models.CharField(max_length=LONGEST_NAME)
    query = models.TextField()
    shared = models.BooleanField(default=True, help_text="colleagues find it in their list; whoever has the link opens it")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = AnalysisQuerySet.as_manager()

    class Meta:
        ordering = ["name", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], name="savedanalysis_name",
                violation_error_message=_("You already saved an analysis under this name. Choose another name."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """A long analysis: asked for, taken up by the worker, ended with a result or with the reason why there is none."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="runs")
    query = models.TextField()
    digest = models.CharField(
        max_length=64, editable=False, help_text="SHA-256 of query and language: a drawn area is too long a key"
    )
    language = models.CharField(max_length=12, help_text="in which the result is written")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveSmallIntegerField(default=0, help_text="steps behind it")
    of = models.PositiveSmallIntegerField(default=0, help_text="steps in all")
    result = models.JSONField(null=True, blank=True)
    message = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "-created_at"], name="run_of_owner")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "digest"], condition=Q(state__in=["waiting", "running"]), name="run_once"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(result__isnull=False, finished_at__isnull=False), name="run_done_has_result"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"

    @property
    def ended(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)
