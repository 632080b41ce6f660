"""A survey is answered: by a known person once, by anybody where it is open to all, by staff from paper."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.browser import link_page
from discussion.addresses import page_of
from geoportal.kernel import throttle
from geoportal.kernel.multilingual import text_in
from participation.actions import answering
from participation.actions.move import NotAllowed
from participation.forms.answering import AnswerForm
from participation.models import Survey
from participation.views.found import acts, found, organised
from participation.views.organise import over
from reports.views.acknowledged import acknowledge
from reports.views.visitor import known_visitor


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """All questions on one page. Who must be known is led to the page that mails a link; a second time is refused with the reason."""
    survey = found(request, ref, Survey)
    if not survey.subject.is_public:
        raise Http404
    known = known_visitor(request) if survey.once else None
    if survey.once and known is None and survey.takes_answers:
        return redirect(link_page(request))
    form = AnswerForm(request.POST if request.method == "POST" else None, survey=survey, initial={"client_uuid": uuid.uuid4()})
    if request.method == "GET" and not survey.takes_answers:
        return _ended(request, survey)
    sent = _client_uuid(request)
    if known is not None and answering.has_answered(survey, known) and not survey.responses.filter(pk=sent).exists():
        return _twice(request, survey)
    if request.method == "POST":
        try:
            throttle.limit(request, "write")  # places in words are searched for while the form is read
            if not form.is_valid():
                return _page(request, survey, form, _("Send"))
            given, key = form.cleaned_data["given"], form.cleaned_data["client_uuid"]
            answering.answer(survey.pk, given, correspondent=known, client_uuid=key)
            acknowledge(request, _("Thank you. Your answers are kept; nobody sees whose they are."))
            return redirect("survey", survey.subject.reference)
        except ValidationError as refused:
            form.refuse(refused)
        except throttle.Throttled as throttled:
            form.add_error(None, throttled.detail)
    return _page(request, survey, form, _("Send"))


def _client_uuid(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("client_uuid", ""))
    except ValueError:
        return None


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, ref: str) -> HttpResponse:
    """The same page for what somebody wrote on paper; after each the next empty one."""
    survey = organised(request, ref, Survey)
    if not survey.paper:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = AnswerForm(sent, survey=survey, paper=True, initial={"client_uuid": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            given, key = form.cleaned_data["given"], form.cleaned_data["client_uuid"]
            answering.enter_paper(survey.pk, given, by=request.user, client_uuid=key)  # type: ignore[arg-type]
            acknowledge(request, _("The paper answer is kept. Here is the form for the next one."))
            return redirect("survey_paper", survey.subject.reference)
        except ValidationError as refused:
            form.refuse(refused)
        except NotAllowed:
            form.add_error(None, _("It has changed meanwhile. Look at its page, then try again."))
    if "enter_paper" not in acts(request.user, survey) and request.method != "POST":
        return over(request, survey, "enter_paper") or _ended(request, survey)
    return _page(request, survey, form, _("Keep the paper answer"), paper=True)


def _page(request: HttpRequest, survey: Survey, form: AnswerForm, button: str, **more: Any) -> HttpResponse:
    context = {
        "survey": survey, "subject": survey.subject, "title": text_in(survey.title), "form": form, "button": button,
        "page_url": page_of(survey.subject), "map": any(part["lon"] for part in form.parts), **more,
    }  # fmt: skip
    return render(request, "participation/answer.html", context, status=422 if form.errors else 200)


def _twice(request: HttpRequest, survey: Survey) -> HttpResponse:
    """The second time: why not, and nothing changed."""
    (words,) = answering.answered_already().messages
    return _said(request, survey, _("You have answered already"), words, 409)


def _ended(request: HttpRequest, survey: Survey) -> HttpResponse:
    return _said(request, survey, _("It takes no answers any more"), _("Its page says what comes of it."), 409)


def _said(request: HttpRequest, survey: Survey, heading: str, words: str, status: int) -> HttpResponse:
    results_url = reverse("survey_results", args=[survey.subject.reference]) if survey.shows_results else ""
    context = {"subject": survey.subject, "title": text_in(survey.title), "heading": heading, "words": words,
               "page_url": page_of(survey.subject), "results_url": results_url}  # fmt: skip
    return render(request, "participation/answered.html", context, status=status)
