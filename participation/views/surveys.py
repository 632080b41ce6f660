"""`/surveys/`: visions and surveys, one of them, what came of it, and the answers for staff to take along."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.browser import correspondent_of
from discussion import messages
from discussion.addresses import page_of
from discussion.conversation import conversation
from discussion.models import Audience, TimelineRow
from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import text_in
from municipality.site import sectors
from participation import exporting, filtering, results, rules, survey_wording, wording
from participation.actions.answering import has_answered
from participation.condensed import condensed
from participation.models import Survey
from participation.views.found import acts, found, organised
from reports.filters import Filters
from reports.freshness import data_version
from reports.planning import chart, picture, table
from reports.planning.suppression import LEAST

MOST = 200
NARROW = 340
"""Units across a map of answers: on a phone one is about a pixel, so that its numbers are read without scrolling."""
UNUSED = (*filtering.SAYS_NOTHING, "area", "bbox", "since", "until")
FILES = {"csv": "text/csv; charset=utf-8", "geojson": "application/geo+json"}


@require_safe
@public(data_version)
def survey_list(request: HttpRequest) -> HttpResponseBase:
    """Open ones first; `sector` and `q` as everywhere. Staff also sees its own in preparation."""
    filters, bad = Filters.readable(request.GET, request.user, refused=UNUSED)
    rows = filtering.surveys(filters).with_page_facts()
    may = rules.may_survey(request.user)
    own = Survey.objects.visible_to(request.user).filter(status="preparing").with_page_facts() if may else ()
    context = {
        "open": [survey_wording.survey_card(each) for each in rows.open()],
        "over": [survey_wording.survey_card(each) for each in rows.over()[:MOST]], "bad": bad,
        "given": filters.given, "filtered": bool(filters.given), "sectors": sectors(), "may": may,
        "preparing": [survey_wording.survey_card(each) for each in own],
    }  # fmt: skip
    return render(request, "participation/surveys.html", context)


@require_safe
@public(data_version)
def survey_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    survey = found(request, ref, Survey)
    if ref != survey.subject.reference:
        return redirect("survey", survey.subject.reference)
    return render(request, "participation/survey.html", _context(request, survey))


def _context(request: HttpRequest, survey: Survey) -> dict[str, Any]:
    subject = survey.subject
    organises = bool(rules.capacities(request.user, survey))
    audience = Audience.AUTHOR if organises else Audience.PUBLIC
    rows = TimelineRow.objects.filter(subject=subject, audience__in=messages.READS[audience]).order_by("at", "pk")
    return {
        "survey": survey, "subject": subject, "title": text_in(survey.title), "form_name": survey_wording.SURVEY_FORMS[survey.form],
        "until": survey_wording.until(survey), "mark": wording.mark(survey), "status": survey_wording.survey_status(survey),
        "acts": acts(request.user, survey), "answered": _has_answered(request, survey),
        "sectors": [subject.sector, *subject.further_sectors.all()], "questions": survey.questions.all(), "organises": organises,
        "rows": messages.describe_all(condensed(rows), audience=audience), "talk": conversation(subject, request),
        "sets_goals": survey.form == Survey.Form.VISION and survey.status == "reported" and rules.sets_goals(request.user),
    }  # fmt: skip


def _has_answered(request: HttpRequest, survey: Survey) -> bool:
    """This visitor has answered a survey that each answers once; no query for a stranger."""
    known = correspondent_of(request) if survey.once and survey.takes_answers else None
    return known is not None and has_answered(survey, known)


def drawn(told: results.Told) -> dict[str, Any]:
    """One question's part of the page of results: table, chart and map drawn from its Result."""
    result = told.result
    named = _("%(question)s: where most was marked. The table holds the same figures.") % {"question": result.title}
    return {
        "told": told, "question": told.question, "result": result, "heads": table.heads(result), "lines": table.lines(result),
        "chart": chart.svg(result), "picture": picture.svg(result, words=named, width=NARROW),
    }  # fmt: skip


@require_safe
@public(data_version)
def survey_results(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Charts with tables; staff reads them before everyone does. 404 while they are not shown."""
    survey = found(request, ref, Survey)
    organises = bool(rules.capacities(request.user, survey))
    if not survey.shows_results and not (organises and survey.status != "preparing"):
        raise Http404
    n = results.number_of(survey)
    context = {
        "survey": survey, "subject": survey.subject, "title": text_in(survey.title), "n": n, "few": n < LEAST, "least": LEAST,
        "parts": [drawn(each) for each in results.results(survey)] if n >= LEAST else [], "organises": organises,
        "until": survey_wording.until(survey), "form_name": survey_wording.SURVEY_FORMS[survey.form],
    }  # fmt: skip
    return render(request, "participation/survey_results.html", context)


@never_cache
@require_safe
def survey_export(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """For who organises it: rows in random order, without person and time. 409 while people answer: two files of one day would tell
    what one person answered."""
    survey = organised(request, ref, Survey)
    if kind not in FILES or survey.status == "preparing":
        raise Http404
    if not survey.hands_out:
        context = {
            "subject": survey.subject, "title": text_in(survey.title), "heading": _("The files come once it is closed"),
            "words": _("While people answer, single answers are told to nobody. The results show what can be told already."),
            "results_url": reverse("survey_results", args=[survey.subject.reference]), "page_url": page_of(survey.subject),
        }  # fmt: skip
        return render(request, "participation/answered.html", context, status=409)
    data = exporting.as_csv(survey) if kind == "csv" else exporting.as_shapes(survey)
    response = HttpResponse(data, content_type=FILES[kind])
    response["Content-Disposition"] = f'attachment; filename="survey-{survey.subject.reference}.{kind}"'
    return response
