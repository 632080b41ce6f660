"""What a category asks, and what was answered. Their models are found from `reports.models`."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from geoportal.kernel.multilingual import MultilingualField, text_in

FREE_TEXT = ("string", "text")
"""Datatypes of what people write as they like: read by the administration alone."""


class Question(models.Model):
    """What a category asks of whoever reports. `choices`: [{slug, text, advice (texts or nothing), stops}] in their order.

    `variable`: false is a line that is told, not asked. `after`, `after_choice`: it is asked where that choice was made there.
    """

    class Datatype(models.TextChoices):
        STRING = "string"
        NUMBER = "number"
        DATETIME = "datetime"
        TEXT = "text"  # of several lines
        ONE = "singlevaluelist"
        SEVERAL = "multivaluelist"

    slug = models.SlugField(unique=True)
    category = models.ForeignKey("reports.Category", on_delete=models.CASCADE, related_name="questions")
    text = MultilingualField()
    note = MultilingualField(null=True, blank=True, help_text="what helps to answer")
    datatype = models.CharField(max_length=16, choices=Datatype.choices, default=Datatype.ONE, db_default=Datatype.ONE.value)
    variable = models.BooleanField(default=True, db_default=True, help_text="false: a line that is told, not asked")
    required = models.BooleanField(default=False, db_default=False)
    public = models.BooleanField(default=False, db_default=False, help_text="everyone reads the answer")
    after = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="followed_by")
    after_choice = models.SlugField(blank=True, db_default="")
    choices = models.JSONField(
        default=list, blank=True, help_text="slug, text, advice, stops: the advice stands instead of the report"
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(datatype__in=["singlevaluelist", "multivaluelist"]) | Q(choices=[]),
                name="question_choices_of_lists",
                violation_error_message="Only lists have choices.",
            ),
            models.CheckConstraint(
                condition=Q(public=False) | ~Q(datatype__in=FREE_TEXT),
                name="question_public_is_no_free_text",
                violation_error_message="What people write freely is read by the administration alone.",
            ),
            models.CheckConstraint(
                condition=Q(variable=True) | Q(required=False),
                name="question_line_is_not_required",
                violation_error_message="A line that is told cannot be required.",
            ),
            models.CheckConstraint(
                condition=Q(after=None, after_choice="") | (Q(after__isnull=False) & ~Q(after_choice="") & ~Q(after=F("id"))),
                name="question_follows_a_choice",
                violation_error_message="Name the question that comes before, and the choice.",
            ),
        ]

    def __str__(self) -> str:
        return text_in(self.text)

    @property
    def takes_choices(self) -> bool:
        return self.datatype in (self.Datatype.ONE, self.Datatype.SEVERAL)

    def choice(self, slug: str) -> dict[str, Any] | None:
        """The choice of that slug."""
        return next((one for one in self.choices if one["slug"] == slug), None)


def never_asked(question: Question) -> tuple[str, str] | None:
    """(field, what to do) when the question as it is in memory, saved or not, or one that follows it could never be asked."""
    before = question.after
    if before and (before.pk == question.pk or not _leads(before, question)):
        return "after", _("Name another question of the same category, and one of its choices.")
    passed = {question.pk}
    while before is not None:
        if before.pk in passed:
            return "after", _("“%(question)s” would be asked only after itself: choose a question that does not follow it.") % {
                "question": before
            }
        passed.add(before.pk)
        before = before.after
    for follower in Question.objects.filter(after=question.pk) if question.pk else ():
        if not _leads(question, follower):
            field = "category" if follower.category_id != question.category_id else "choices"
            return field, _(
                "“%(question)s” is asked after the choice “%(choice)s” here: keep it, or first let that question follow another choice or none."
            ) % {"question": follower, "choice": follower.after_choice}
    return None


def _leads(before: Question, follower: Question) -> bool:
    """Whether the choice that the follower names can be made there, and the report still be sent."""
    choice = before.choice(follower.after_choice)
    return before.category_id == follower.category_id and before.variable and choice is not None and not choice.get("stops")


class AnswerQuerySet(models.QuerySet["Answer"]):
    def public(self) -> Self:
        """Those that everyone reads, as was promised when they were given."""
        return self.filter(public=True).select_related("question")


class Answer(models.Model):
    """What was answered to a question of the category, in the words that were shown; for the administration and the author, unless
    `public`. That and `datatype` are the question's when it was answered: a question that changes later breaks no promise."""

    report = models.ForeignKey("reports.Report", on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, null=True, on_delete=models.SET_NULL, related_name="+")
    asked = models.CharField(max_length=200)
    said = models.CharField(max_length=4000)
    value = models.JSONField(null=True, blank=True, help_text="in one spelling for programs: a text, or slugs of choices")
    datatype = models.CharField(
        max_length=16,
        choices=Question.Datatype.choices,
        default=Question.Datatype.STRING,
        db_default=Question.Datatype.STRING.value,
    )
    public = models.BooleanField(default=False, db_default=False, help_text="everyone reads the answer")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "question"], name="answer_once"),
            models.CheckConstraint(
                condition=Q(public=False) | ~Q(datatype__in=FREE_TEXT),
                name="answer_public_is_no_free_text",
                violation_error_message="What people write freely is read by the administration alone.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked}: {self.said}"
