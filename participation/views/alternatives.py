"""`/alternatives/`: what can be chosen between; one comparison with its variants side by side; `/variants/`: one of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from discussion import messages
from discussion.addresses import page_of
from discussion.conversation import conversation
from discussion.models import Audience, TimelineRow
from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import language_of, text_in
from municipality.models import Area
from municipality.site import sectors
from participation import drawing, effects, filtering, rules, stances
from participation import wording_alternatives as wording
from participation.models import Alternative, Comparison
from participation.models.comparison import MOST as MOST_OWN
from participation.models.comparison import numbered
from participation.views.found import acts, found
from participation.wording import mark
from reports.filters import Filters
from reports.freshness import data_version

MOST = 100
MOST_RESIDENTS = 24
"""Residents' variants on one page of a comparison; `?after=<number>` shows those behind it."""
MOST_IN_FILE = 500
FEW = 4
"""Residents' variants that stand on the maps and in the table beside the municipality's; were there more, none could be told apart."""


@require_safe
@public(data_version)
def comparison_list(request: HttpRequest) -> HttpResponseBase:
    """Those that are open, the first to end first; those that are over; to officials, what they prepare."""
    filters, bad = Filters.readable(request.GET, request.user, refused=filtering.SAYS_NOTHING)
    rows = filtering.comparisons(filters).with_page_facts()
    may, past = rules.consults(request.user), list(rows.past()[:MOST])
    prepared = Comparison.objects.prepared_by(request.user).with_page_facts() if may else ()
    context = {
        "open": [wording.card(one) for one in rows.open()[:MOST]],
        "past": [wording.card(one) for one in past if not one.stopped], "stopped": [wording.card(one) for one in past if one.stopped],
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


def _seen(request: HttpRequest, comparison: Comparison) -> Any:
    """What this visitor sees of its variants, in order: numbered ones, also those that were withdrawn."""
    rows = Alternative.objects.visible_to(request.user).filter(comparison=comparison).with_page_facts()
    return (rows.public() if comparison.subject.is_public else rows.exclude(order=None)).in_order()


@dataclass(frozen=True)
class Side:
    """What one page of a comparison shows. `own`: the municipality's; `residents`: of this page; `beside`: those on maps and in the
    table; `after`: the number behind which the page begins, `following`: the same of the next one, 0 for none."""

    own: list[Alternative]
    residents: list[Alternative]
    beside: list[Alternative]
    after: int
    following: int


def _side(request: HttpRequest, comparison: Comparison) -> Side:
    """One query, and another for a chosen one of a resident that stands on another page."""
    own_number, after = numbered(request.GET.get("after", "")) or (False, 0)
    after = 0 if own_number else after
    found = _seen(request, comparison)
    rows = list(found.filter(Q(own=True) | Q(order__gt=after))[: MOST_OWN + MOST_RESIDENTS + 1])
    own, residents = [each for each in rows if each.own], [each for each in rows if not each.own]
    shown = residents[:MOST_RESIDENTS]
    following = shown[-1].order if len(residents) > MOST_RESIDENTS else 0
    counting = [each for each in shown if not each.withdrawn]
    few = not after and not following and len(counting) <= FEW
    beside = [*own, *(counting if few else [each for each in counting if each.pk == comparison.preferred_id])]
    if comparison.preferred_id and comparison.preferred_id not in [each.pk for each in beside]:
        beside += list(found.filter(pk=comparison.preferred_id))
    return Side(own, shown, beside, after, following)


def _context(request: HttpRequest, comparison: Comparison) -> dict[str, Any]:
    subject, organises = comparison.subject, bool(rules.capacities(request.user, comparison))
    audience = Audience.AUTHOR if organises else Audience.PUBLIC
    rows = TimelineRow.objects.filter(subject=subject, audience__in=messages.READS[audience]).order_by("at", "pk")
    side = _side(request, comparison)
    shown = {each.pk: each for each in (*side.own, *side.residents, *side.beside)}
    said, box = stances.stances(shown), drawing.frame_of(side.beside)
    drawn = {each.pk: drawing.svg(each, box) for each in side.beside}
    card = {pk: _card(each, comparison, said[pk], drawn.get(pk, "")) for pk, each in shown.items()}
    beside = [card[each.pk] for each in side.beside]
    return {
        "comparison": comparison, "subject": subject, "title": text_in(comparison.title), "lang": language_of(comparison.title),
        "mark": wording.sign(comparison), "status": wording.status(comparison), "until": wording.until(comparison),
        "sectors": [subject.sector, *subject.further_sectors.all()], "organises": organises,
        "acts": acts(request.user, comparison), "own": [card[each.pk] for each in side.own],
        "effects": effects.rows(effects.effects(side.beside)), "method": effects.method(), "source": effects.source(),
        "caveat": effects.caveat(), "cards": beside, "residents": [card[each.pk] for each in side.residents],
        "maps": {"data": drawing.data(side.beside), "cards": beside}, "view": drawing.view_of(side.beside),
        "left_out": any(not each.withdrawn and each.pk not in drawn for each in side.residents),
        "previous_url": f"{page_of(subject)}#a-residents" if side.after else "",
        "next_url": f"?after={side.following}#a-residents" if side.following else "",
        "mine": _mine(request, comparison), "chosen": next((each for each in beside if each["preferred"]), None),
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
        "withdrawn": variant.withdrawn,
    }  # fmt: skip


@require_safe
@public(data_version)
def effects_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The table of effects as numbers, a row for each variant."""
    comparison = found(request, ref, Comparison)
    response = HttpResponse(
        effects.as_csv(effects.effects(list(_seen(request, comparison).exclude(status="withdrawn")[:MOST_IN_FILE]))),
        content_type="text/csv; charset=utf-8",
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
    rows = TimelineRow.objects.filter(subject=subject, audience__in=messages.READS[audience]).order_by("at", "pk")
    told = messages.describe_all(rows, audience=audience)
    card = _card(variant, comparison, stances.stances([variant.pk])[variant.pk], drawing.svg(variant))
    # Who sent a variant reads it on when the comparison is hidden, but none of the comparison's words.
    seen = comparison.subject.is_public or Comparison.objects.visible_to(request.user).filter(pk=comparison.pk).exists()
    context = {
        **card, "card": card, "comparison": comparison if seen else None, "question": text_in(comparison.title) if seen else "",
        "question_lang": language_of(comparison.title),
        "mark": mark(variant), "status": wording.variant_card(variant)["status"], "sectors": [subject.sector], "source": text_in(variant.cost_source),
        "comparison_status": wording.status(comparison), "comparison_mark": wording.sign(comparison),
        "why_withdrawn": next((each for each in told if each.code == "withdraw"), None),
        "shape": json.dumps(drawing.geometry_of(variant)), "view": drawing.view_of([variant]), "acts": acts(request.user, variant),
        "rows": told, "talk": conversation(subject, request),
    }  # fmt: skip
    return render(request, "participation/alternatives/variant.html", context)
