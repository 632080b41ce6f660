"""`/practices/`: what other places do, by country and sector; one practice; a summary of one's own; „apply it here“."""

from __future__ import annotations

import uuid
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from discussion import messages, sentences
from discussion.conversation import conversation
from discussion.models import Audience, TimelineRow
from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import text_in
from layers.world import land
from municipality.site import sectors
from participation import filtering, rules, world
from participation.actions import practice as actions
from participation.forms.practice import COSTS, PracticeForm
from participation.models import Practice
from participation.views.begun import begin
from participation.views.found import acts, found, organised
from participation.views.organise import done, over, page
from participation.wording import mark, practice_card
from reports.filters import Filters
from reports.freshness import data_version
from reports.views.acknowledged import acknowledge
from reports.views.said import typed

MOST = 300
LAND_SECONDS = 24 * 3600
UNUSED = (*filtering.SAYS_NOTHING, "area", "bbox", "since", "until")


@require_safe
@public(data_version)
def practice_list(request: HttpRequest) -> HttpResponseBase:
    """All public ones by country; `sector` and `q` as everywhere, unreadable filters are named."""
    filters, bad = Filters.readable(request.GET, request.user, refused=UNUSED)
    rows = list(filtering.practices(filters).with_page_facts().order_by("-year", "pk")[:MOST])
    rows.sort(key=lambda one: text_in(one.country))
    countries = [
        (name, [practice_card(one) for one in group]) for name, group in groupby(rows, key=lambda one: text_in(one.country))
    ]
    context = {
        "countries": [(name, world.counted(len(cards)), cards) for name, cards in countries], "maps": world.maps(rows),
        "in_words": world.in_words(len(rows), len(countries)), "count": len(rows), "bad": bad,
        "given": filters.given, "filtered": bool(filters.given),
        "sectors": sectors(),
    }  # fmt: skip
    return render(request, "participation/practices.html", context)


@require_safe
def world_land(request: HttpRequest) -> HttpResponse:
    """The land of the world as a picture that pages draw in their own colours; 404 where its package is not there."""
    if not land():
        raise Http404
    path = f'<path id="land" vector-effect="non-scaling-stroke" d="{land()}"/>'
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-180 -90 360 180">{path}</svg>'
    response = HttpResponse(picture, content_type="image/svg+xml")
    patch_cache_control(response, public=True, max_age=LAND_SECONDS)
    return response


@require_safe
@public(data_version)
def practice_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    practice = found(request, ref, Practice)
    if ref != practice.subject.reference:
        return redirect("practice", practice.subject.reference)
    return render(request, "participation/practice.html", _context(request, practice))


def _context(request: HttpRequest, practice: Practice) -> dict[str, Any]:
    subject = practice.subject
    audience = Audience.AUTHOR if rules.capacities(request.user, practice) else Audience.PUBLIC
    rows = TimelineRow.objects.filter(subject=subject, audience__in=messages.READS[audience]).order_by("at", "pk")
    return {
        "practice": practice, "subject": subject, "title": text_in(practice.title), "where": practice.where, "mark": mark(practice),
        "status": sentences.STATUS["practice"][practice.status], "cost": COSTS[practice.cost],
        "sectors": [subject.sector, *subject.further_sectors.all()], "acts": acts(request.user, practice),
        "rows": messages.describe_all(rows, audience=audience), "talk": conversation(subject, request),
    }  # fmt: skip


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = PracticeForm(typed(request), initial={"client_uuid": uuid.uuid4()})
    key = lambda: form.cleaned_data["client_uuid"]  # noqa: E731
    made = done(request, form, lambda: actions.sum_up(form.said(), by=request.user, client_uuid=key()))  # type: ignore[arg-type]
    if made is not None:
        public = made.subject.is_public
        acknowledge(
            request, _("The practice is published.") if public else _("Thank you. A moderator reads it before it appears.")
        )
        return redirect("practice", made.subject.reference)
    say = _("Sum up in your own words what another place does. A moderator reads it before it appears.")
    return page(request, form, _("Tell of a practice"), _("Send"), kind="practice", say=say)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, ref: str) -> HttpResponse:
    practice = organised(request, ref, Practice)
    form = PracticeForm(typed(request), initial=PracticeForm.first(practice))

    def do() -> Practice:
        actions.mend(practice.pk, form.said(), by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]
        return practice

    if done(request, form, do):
        return redirect("practice", practice.subject.reference)
    return over(request, practice, "change") or page(request, form, _("Mend the summary"), _("Save"), event=practice)


@never_cache
@require_safe
def apply_here(request: HttpRequest, ref: str) -> HttpResponse:
    """A begun idea, filled in from the practice and linked to it once it is sent."""
    practice = found(request, ref, Practice)
    if not practice.subject.is_public:
        raise Http404
    said = _("As in %(where)s: %(what)s")
    if practice.where[:1].lower() in ("в", "ф"):  # Bulgarian says „във“ before them
        said = pgettext("before v and f", "As in %(where)s: %(what)s")
    text = said % {"where": practice.where, "what": text_in(practice.what)}
    return begin(request, practice.subject, title=text_in(practice.title)[:150], text=text,
                 further_sectors=practice.subject.sector.slug)  # fmt: skip
