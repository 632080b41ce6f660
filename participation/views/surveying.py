"""What staff does with a survey: prepares, asks, opens, closes, reports; a moderator shows answers in words."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from discussion.actions import Stale
from discussion.addresses import page_of
from geoportal.kernel.multilingual import text_in
from participation import rules
from participation.actions import questions
from participation.actions import survey as actions
from participation.actions.move import NotAllowed
from participation.forms.survey import KINDS, LongerForm, QuestionForm, SureForm, SurveyForm, end_of
from participation.models import Question, Reply, Survey
from participation.views.found import acts, organised
from participation.views.organise import done, over, page
from reports.rules import is_moderator
from reports.views.acknowledged import acknowledge
from reports.views.said import typed

MOST_WORDS = 500


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    if not rules.may_survey(request.user):
        raise Http404
    form = SurveyForm(typed(request), initial={"client_uuid": uuid.uuid4()})
    key = lambda: form.cleaned_data["client_uuid"]  # noqa: E731
    made = done(request, form, lambda: actions.prepare(form.said(), by=request.user, client_uuid=key()))  # type: ignore[arg-type]
    if made is not None:
        return redirect("survey_questions", made.subject.reference)
    say = _("Only your colleagues see it until you open it. The questions come next.")
    return page(request, form, _("Prepare a survey"), _("Continue"), kind="survey", say=say)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, ref: str) -> HttpResponse:
    survey = organised(request, ref, Survey)
    form = SurveyForm(typed(request), initial=SurveyForm.first(survey))

    def do() -> Survey:
        actions.change(survey.pk, form.said(), by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]
        return survey

    if done(request, form, do):
        return redirect("survey", survey.subject.reference)
    return over(request, survey, "change") or page(request, form, _("Change the survey"), _("Save"), event=survey)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD"])
def question_list(request: HttpRequest, ref: str) -> HttpResponse:
    """The questions with what can be done with each."""
    survey = organised(request, ref, Survey)
    context = {"survey": survey, "subject": survey.subject, "title": text_in(survey.title), "questions": _named(survey),
               "may": "ask" in acts(request.user, survey), "page_url": page_of(survey.subject)}  # fmt: skip
    return render(request, "participation/survey_questions.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, ref: str, pk: int | None = None) -> HttpResponse:
    """A new question, or one of them anew."""
    survey = organised(request, ref, Survey)
    question = _question(survey, pk) if pk else None
    first = {**(QuestionForm.first(question) if question else {}), "version": survey.subject.version}
    form = QuestionForm(typed(request), initial=first)

    def do() -> Survey:
        common: dict[str, Any] = {"by": request.user, "version": form.cleaned_data["version"]}
        if question is None:
            questions.ask(survey.pk, form.said(), **common)
        else:
            questions.ask_otherwise(survey.pk, question.pk, form.said(), **common)
        return survey

    if done(request, form, do):
        return redirect("survey_questions", survey.subject.reference)
    title = _("Change the question") if question else _("One more question")
    again = reverse("survey_questions", args=[survey.subject.reference])
    return over(request, survey, "ask") or page(
        request, form, title, _("Save"), event=survey, page_url=again, map=True, map_after="most_words", draw="area",
        map_words=_("Only for places, lines and areas: draw where they must lie. Without it, anywhere in the municipality."),
    )  # fmt: skip


def _named(survey: Survey) -> list[Question]:
    """The questions, each with the name of its kind."""
    found = list(survey.questions.all())
    for each in found:
        each.kind_name = KINDS[each.kind]  # type: ignore[attr-defined]
    return found


def _question(survey: Survey, pk: int) -> Question:
    question = survey.questions.filter(pk=pk).first()
    if question is None:
        raise Http404
    return question


@never_cache
@login_required
@require_POST
def arrange(request: HttpRequest, ref: str, pk: int, way: str) -> HttpResponse:
    """Up, down or out."""
    survey = organised(request, ref, Survey)
    question = _question(survey, pk)
    try:
        if way == "out":
            questions.take_out(survey.pk, question.pk, by=request.user)  # type: ignore[arg-type]
        else:
            questions.move(survey.pk, question.pk, up=way == "up", by=request.user)  # type: ignore[arg-type]
    except (NotAllowed, Stale, PermissionDenied):
        return over(request, survey, "ask") or _over(request, survey)
    return redirect("survey_questions", survey.subject.reference)


def _over(request: HttpRequest, survey: Survey) -> HttpResponse:
    context = {"event": survey, "page_url": page_of(survey.subject)}
    return render(request, "participation/over.html", context, status=409)


Verb = Callable[..., Any]


def _verbs() -> dict[str, tuple[Verb, str, str, str, str]]:
    """Act → (verb, title, button, what is said, field of words: "", may or must)."""
    return {
        "open": (actions.open_it, _("Open the survey"), _("Open it"), _("Everyone sees it and may answer. Its questions stay as they are."), ""),
        "close": (actions.close, _("Close it before its time"), _("Close it"), _("It takes no more answers. Who answered is then forgotten."), "may"),
        "report": (actions.report, _("Publish the results"), _("Publish"), _("Everyone sees charts and tables. Say what you make of them."), "may"),
        "stop": (actions.stop, _("Stop the survey"), _("Stop it"), _("It ends without results. Say why: everyone reads it."), "must"),
    }  # fmt: skip


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """One of the acts that need a button alone, or words."""
    survey = organised(request, ref, Survey)
    if name not in _verbs():
        raise Http404
    verb, title, button, say, words = _verbs()[name]
    form = SureForm(typed(request), initial={"version": survey.subject.version})
    if words:
        form.fields["text"].required = words == "must"
    else:
        del form.fields["text"]

    def act() -> Survey:
        given = {key: form.cleaned_data[key] for key in ("version", "text") if key in form.cleaned_data}
        verb(survey.pk, by=request.user, **given)
        return survey

    if done(request, form, act):
        return redirect("survey", survey.subject.reference)
    return over(request, survey, name) or page(request, form, title, button, event=survey, say=say)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def longer(request: HttpRequest, ref: str) -> HttpResponse:
    survey = organised(request, ref, Survey)
    form = LongerForm(typed(request), initial={"version": survey.subject.version, "day": survey.last_day})

    def act() -> Survey:
        day, version = form.cleaned_data["day"], form.cleaned_data["version"]
        actions.extend(survey.pk, end_of(day), by=request.user, version=version)  # type: ignore[arg-type]
        return survey

    if done(request, form, act):
        acknowledge(request, _("There is more time to answer."))
        return redirect("survey", survey.subject.reference)
    return over(request, survey, "extend") or page(request, form, _("Give more time"), _("Save"), event=survey)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest, ref: str) -> HttpResponse:
    """Answers in words; what a moderator ticks is public."""
    survey = organised(request, ref, Survey)
    if not is_moderator(request.user):
        raise Http404
    if "show_words" not in acts(request.user, survey):
        return _over(request, survey)
    written = Reply.objects.filter(response__survey=survey).exclude(text="").select_related("question")
    rows = list(written.order_by("question__order", "text")[:MOST_WORDS])
    if request.method == "POST":
        shown = {each.pk for each in rows if f"r{each.pk}" in request.POST}
        try:
            actions.show_words(survey.pk, shown, {each.pk for each in rows}, by=request.user)  # type: ignore[arg-type]
        except NotAllowed:  # stopped since the page was made
            return _over(request, survey)
        acknowledge(request, _("What you ticked is public now."))
        return redirect("survey", survey.subject.reference)
    context = {"survey": survey, "subject": survey.subject, "title": text_in(survey.title), "rows": rows,
               "page_url": page_of(survey.subject)}  # fmt: skip
    return render(request, "participation/survey_words.html", context)
