"""`/alternatives/`: what can be chosen between; one comparison with its variants side by side; `/variants/`: one of them."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from discussion import messages
from discussion.conversation import conversation
from discussion.models import Audience, TimelineRow
from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import language_of, text_in
from municipality.models import Area
from municipality.site import sectors
from participation import drawing, effects, filtering, rules, stances
from participation import wording_alternatives as wording
from participation.models import Alternative, Comparison
from participation.models.comparison import numbered
from participation.views.found import acts, found
from participation.wording import mark
from reports.filters import Filters
from reports.freshness import data_version

MOST = 100
MOST_RESIDENTS = 100
"""Residents' variants on the page of a comparison."""


@require_safe
@public(data_version)
def comparison_list(request: HttpRequest) -> HttpResponseBase:
    """Those that are open, the first to end first; those that are over; to officials, what they prepare."""
    filters, bad = Filters.readable(request.GET, request.user, refused=filtering.SAYS_NOTHING)
    rows = filtering.comparisons(filters).with_page_facts()
    may = rules.consults(request.user)
    prepared = Comparison.objects.prepared_by(request.user).with_page_facts() if may else ()
    context = {
        "open": [wording.card(one) for one in rows.open()[:MOST]], "past": [wording.card(one) for one in rows.past()[:MOST]],
        "prepared": [wording.card(one) for one in prepared], "may_prepare": may, "given": filters.given,
        "filtered": bool(filters.given), "bad": bad, "sectors": sectors(),
        "areas": Area.objects.settlements().defer("polygon", "point").order_by("path"),
    }  # fmt: skip
    return render(request, "participation/alternatives/list.html", context)


@require_safe
@public(data_version)
def comparison_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The question, its variants side by side, those of residents, what was chosen and why."""
    comparison = found(request, ref, Comparison)
    if ref != comparison.subject.reference:
        return redirect("comparison", comparison.subject.reference)
    return render(request, "participation/alternatives/page.html", _context(request, comparison))


def _variants(request: HttpRequest, comparison: Comparison) -> list[Alternative]:
    """What this visitor sees of its variants, in order; of what waits only their own."""
    rows = Alternative.objects.visible_to(request.user).filter(comparison=comparison).with_page_facts()
    shown = rows.public() if comparison.subject.is_public else rows.exclude(order=None)
    return list(shown.in_order()[: MOST_RESIDENTS + 4])


def _context(request: HttpRequest, comparison: Comparison) -> dict[str, Any]:
    subject, organises = comparison.subject, bool(rules.capacities(request.user, comparison))
    audience = Audience.AUTHOR if organises else Audience.PUBLIC
    rows = TimelineRow.objects.filter(subject=subject, audience__in=messages.READS[audience]).order_by("pk")
    variants = _variants(request, comparison)
    may = acts(request.user, comparison)
    said, box = stances.stances(each.pk for each in variants), drawing.frame_of(variants)
    cards = [_card(each, comparison, said[each.pk], drawing.svg(each, box)) for each in variants]
    touched = effects.effects(variants)
    return {
        "comparison": comparison, "subject": subject, "title": text_in(comparison.title), "lang": language_of(comparison.title),
        "mark": wording.sign(comparison), "status": wording.status(comparison), "until": wording.until(comparison),
        "sectors": [subject.sector, *subject.further_sectors.all()], "organises": organises,
        "acts": may, "own": [each for each in cards if each["variant"].own],
        "effects": effects.rows(touched), "method": effects.method(), "source": effects.source(), "caveat": effects.caveat(),
        "cards": cards,
        "residents": [each for each in cards if not each["variant"].own], "maps": {"data": drawing.data(variants), "cards": cards},
        "view": drawing.view_of(variants),
        "mine": _mine(request, comparison), "chosen": next((each for each in cards if each["preferred"]), None),
        "rows": messages.describe_all(rows, audience=audience), "talk": conversation(subject, request),
            }  # fmt: skip


def _mine(request: HttpRequest, comparison: Comparison) -> list[Alternative]:
    """What this person sent and no moderator has read yet."""
    if not request.user.is_authenticated:
        return []
    waiting = Alternative.objects.filter(comparison=comparison, author=request.user, status="awaiting_moderation")
    return list(waiting.select_related("subject").order_by("pk"))


def _card(variant: Alternative, comparison: Comparison, said: stances.Stances, drawn: Any = "") -> dict[str, Any]:
    """Context of participation/alternatives/_variant.html."""
    subject = variant.subject
    return {
        "variant": variant, "subject": subject, "letter": wording.letter(variant), "name": wording.name(variant),
        "title": text_in(variant.title), "lang": language_of(variant.title), "description": text_in(variant.description),
        "description_lang": language_of(variant.description),
        "cost": wording.cost(variant), "time": wording.time(variant), "stances": stances.in_words(said),
        "comments": subject.comment_count, "url": reverse("alternative", args=[subject.reference]), "picture": drawn,
        "by": "" if variant.own else wording.sent_by(variant), "preferred": comparison.preferred_id == variant.pk,
    }  # fmt: skip


@require_safe
@public(data_version)
def effects_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The table of effects as numbers, a row for each variant."""
    comparison = found(request, ref, Comparison)
    response = HttpResponse(
        effects.as_csv(effects.effects(_variants(request, comparison))), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="alternatives-{comparison.subject.reference}.csv"'
    return response


@require_safe
def by_code(request: HttpRequest, ref: str, code: str) -> HttpResponseBase:
    """`/alternatives/<number>/b/`, `…/б/`, `…/2/`: letters of either alphabet and numbers lead to the pages of variants."""
    comparison = found(request, ref, Comparison)
    if (named := numbered(code)) is None:
        raise Http404
    rows = Alternative.objects.visible_to(request.user).filter(comparison=comparison).coded(*named)
    variant = rows.select_related("subject").first()
    if variant is None:
        raise Http404
    return redirect("alternative", variant.subject.reference)


@require_safe
@public(data_version)
def variant_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    """One variant with its map and a conversation of its own."""
    variant = found(request, ref, Alternative)
    if ref != variant.subject.reference:
        return redirect("alternative", variant.subject.reference)
    comparison, subject = variant.comparison, variant.subject
    audience = Audience.AUTHOR if rules.capacities(request.user, variant) else Audience.PUBLIC
    rows = TimelineRow.objects.filter(subject=subject, audience__in=messages.READS[audience]).order_by("pk")
    card = _card(variant, comparison, stances.stances([variant.pk])[variant.pk], drawing.svg(variant))
    context = {
        **card, "card": card, "comparison": comparison, "question": text_in(comparison.title), "question_lang": language_of(comparison.title),
        "mark": mark(variant), "status": wording.variant_card(variant)["status"], "sectors": [subject.sector], "source": text_in(variant.cost_source),
        "comparison_status": wording.status(comparison), "comparison_mark": wording.sign(comparison),
        "shape": json.dumps(drawing.geometry_of(variant)), "view": drawing.view_of([variant]), "acts": acts(request.user, variant),
        "rows": messages.describe_all(rows, audience=audience), "talk": conversation(subject, request),
    }  # fmt: skip
    return render(request, "participation/alternatives/variant.html", context)
