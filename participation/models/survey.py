"""Surveys and visions: what is asked, and answers that know no person."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.geometry import geometry_checks
from geoportal.kernel.multilingual import MultilingualField, text_in
from participation import workflow
from participation.models.matter import Matter, point_checks
from participation.querysets import ReplyQuerySet, SurveyQuerySet

MOST_STEPS = 11
"""Numbers of a scale."""


class Survey(Matter):
    """Questions to everyone. A vision is a survey with an introduction about the future. Texts are by language."""

    class Form(models.TextChoices):
        SURVEY = "survey"
        VISION = "vision"

    class Results(models.TextChoices):
        ALWAYS = "always"  # from the first answers on, up to yesterday
        AT_END = "at_end"  # once staff has published them

    form = models.CharField(max_length=8, choices=Form.choices, default=Form.SURVEY)
    title = MultilingualField()
    introduction = MultilingualField(blank=True, null=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField()
    once = models.BooleanField(default=True, help_text="each person once, by account or proven e-mail; else whoever wishes")
    results = models.CharField(max_length=8, choices=Results.choices, default=Results.AT_END)
    paper = models.BooleanField(default=True, help_text="staff may enter answers given on paper")

    objects: ClassVar[Any] = SurveyQuerySet.as_manager()

    class Meta:
        constraints = [
            *point_checks("survey"),
            models.CheckConstraint(condition=Q(status__in=workflow.STATES_OF[workflow.Kind.SURVEY]), name="survey_state"),
            models.CheckConstraint(condition=Q(form__in=["survey", "vision"]), name="survey_form"),
            models.CheckConstraint(condition=Q(results__in=["always", "at_end"]), name="survey_results"),
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(closes_at__gt=F("opened_at")), name="survey_ends_after_start",
                violation_error_message=_("The end lies before the beginning."),
            ),
        ]  # fmt: skip

    @property
    def hands_out(self) -> bool:
        """Whether its organiser may take the single answers along."""
        return self.status not in ("preparing", "open")

    @property
    def last_day(self) -> datetime.date:
        """The local day on whose end answers are no longer taken."""
        return timezone.localdate(self.closes_at - datetime.timedelta(seconds=1))

    @property
    def takes_answers(self) -> bool:
        return self.status == "open" and self.closes_at > timezone.now() and self.subject.is_public

    @property
    def shows_results(self) -> bool:
        """Whether everyone may read them now."""
        early = self.results == self.Results.ALWAYS and self.status in ("open", "closed")
        return self.subject.is_public and (early or self.status == "reported")


class Question(models.Model):
    """One question. `options`: texts by language, in their order; `area`: where its marks must lie (empty: the municipality)."""

    class Kind(models.TextChoices):
        SINGLE = "single"
        MULTIPLE = "multiple"
        SCALE = "scale"
        TEXT = "text"
        RANKING = "ranking"
        POINT = "point"
        LINE = "line"
        AREA = "area"

    LISTS = (Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING)
    MAPS = (Kind.POINT, Kind.LINE, Kind.AREA)

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = MultilingualField()
    help = MultilingualField(blank=True, null=True)
    required = models.BooleanField(default=False)
    options = models.JSONField(default=list, blank=True)
    least = models.PositiveSmallIntegerField(default=1, help_text="first number of a scale")
    most = models.PositiveSmallIntegerField(default=5, help_text="last number of a scale")
    least_words = MultilingualField(blank=True, null=True)
    most_words = MultilingualField(blank=True, null=True)
    area = models.PolygonField(null=True, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "order"], name="question_once", deferrable=models.Deferrable.DEFERRED),
            models.CheckConstraint(
                condition=Q(kind__in=["single", "multiple", "scale", "text", "ranking", "point", "line", "area"]), name="question_kind"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["single", "multiple", "ranking"]) | ~Q(options=[]), name="question_has_options",
                violation_error_message=_("Write at least two answers to choose from."),
            ),
            models.CheckConstraint(
                condition=Q(most__gt=F("least")) & Q(most__lt=F("least") + MOST_STEPS), name="question_scale",
                violation_error_message=_("A scale goes from a smaller number to a larger one, over at most 11 numbers."),
            ),
            *geometry_checks("area", name="question_area", null=True),
        ]  # fmt: skip

    def __str__(self) -> str:
        return text_in(self.text)

    @property
    def names(self) -> list[str]:
        """The options in the reader's language."""
        return [text_in(option) for option in self.options]

    @property
    def values(self) -> list[int]:
        """What `choices` may hold."""
        if self.kind == self.Kind.SCALE:
            return list(range(self.least, self.most + 1))
        return list(range(len(self.options)))


class Response(models.Model):
    """One filled-in survey. It knows neither who nor when, only the day: docs/decisions/0040."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="responses")
    on = models.DateField(default=timezone.localdate)
    paper = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["survey", "on"], name="response_survey")]

    def __str__(self) -> str:
        return str(self.pk)


class Reply(models.Model):
    """One answer to one question. `choices`: indices of options, of a ranking in its order, or the number of a scale."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="replies")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="replies")
    choices = ArrayField(models.SmallIntegerField(), null=True, blank=True)
    text = models.TextField(blank=True)
    point = models.PointField(null=True, blank=True)
    line = models.LineStringField(null=True, blank=True)
    polygon = models.PolygonField(null=True, blank=True)
    is_public = models.BooleanField(default=False, help_text="words that a moderator shows to everyone")

    objects: ClassVar[Any] = ReplyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="reply_once"),
            models.CheckConstraint(condition=Q(is_public=False) | ~Q(text=""), name="reply_public_words"),
            models.CheckConstraint(
                condition=Q(text="", point=None, line=None, polygon=None, choices__isnull=False)
                | (~Q(text="") & Q(point=None, line=None, polygon=None, choices=None))
                | Q(text="", point__isnull=False, line=None, polygon=None, choices=None)
                | Q(text="", point=None, line__isnull=False, polygon=None, choices=None)
                | Q(text="", point=None, line=None, polygon__isnull=False, choices=None),
                name="reply_is_one_thing",
            ),
            *geometry_checks("point", name="reply_point", null=True),
            *geometry_checks("line", name="reply_line", null=True),
            *geometry_checks("polygon", name="reply_polygon", null=True),
        ]

    def __str__(self) -> str:
        return f"{self.response_id} {self.question_id}"

    @property
    def shape(self) -> Any:
        return self.point or self.line or self.polygon


class Answered(models.Model):
    """That somebody answered, as a keyed hash which no answer carries; gone once the survey is closed."""

    mark = models.CharField(primary_key=True, max_length=64)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="answered")

    def __str__(self) -> str:
        return self.mark[:8]
