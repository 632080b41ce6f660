"""`/search/`: one search over all kinds; its feed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from discussion.addresses import page_of
from discussion.models import Subject
from geoportal.kernel.conditional import public
from geoportal.kernel.references import parse
from municipality.models import Area
from municipality.site import sectors
from participation import at_place, beside_search, everything
from reports.filter_words import in_force
from reports.filters import Filters
from reports.freshness import data_version
from reports.parameters import BadParameter
from reports.views.asked import refused
from reports.views.feeds import MOST, Entry, answer

ROWS = 30


@require_safe
@public(data_version)
def search_page(request: HttpRequest) -> HttpResponseBase:
    """What the words find among everything public, the newest first; a number goes to its page. Filters that cannot be read are named."""
    filters, bad = Filters.readable(request.GET, request.user, refused=everything.SAYS_NOTHING, limit=ROWS)
    if (reference := parse(filters.q[:40])) and (hit := Subject.objects.filter(is_public=True, reference=reference).first()):
        return redirect(page_of(hit))
    rows, cursor = everything.page(filters)
    query = filters.as_query(limit="", cursor="")
    alone = filters.given.keys() == {"q"} and not filters.cursor  # what is no subject has no kind, sector or settlement
    context = {
        "filters": filters, "given": filters.given, "bad": bad, "filtered": bool(filters.given), "cards": everything.cards(rows),
        "kinds": [(slug, names[1]) for slug, names in everything.NAMES.items()], "sectors": sectors(),
        "areas": Area.objects.settlements().defer("polygon", "point").order_by("path"),
        "next_url": f"?{filters.as_query(cursor=cursor)}" if cursor else "", "previous_url": f"?{query}" if filters.cursor else "",
        "beside": beside_search.groups(filters.q) if alone else [], "spot": at_place.spot(filters.q) if alone else None,
        "feed_url": reverse("everything_feed") + (f"?{query}" if query else ""),
    }  # fmt: skip
    return render(request, "participation/search.html", context)


@require_safe
@public(data_version)
def everything_feed(request: HttpRequest) -> HttpResponse:
    """`/feeds/everything.atom`: the newest of every kind that the filters let through."""
    try:
        asked = ("cursor", "limit", *everything.SAYS_NOTHING)
        filters = Filters.from_query(request.GET, AnonymousUser(), strict=False, refused=asked, limit=MOST)
    except BadParameter as bad:
        raise refused(bad) from bad
    found, _further = everything.page(filters)
    words = [name for _name, name in in_force(filters)]
    title = f"{_('Everything new')}: {', '.join(words)}" if words else _("Everything new")
    query = filters.as_query()
    made = {subject.reference: subject.created_at for subject in found}
    entries = [_entry(card, made[card["ref"]]) for card in everything.cards(found)]
    return answer(request, title, reverse("search") + (f"?{query}" if query else ""), entries)


def _entry(card: dict[str, Any], made: Any) -> Entry:
    text = f"{card['status']} · {card['place']}"
    where = card.get("lon"), card.get("lat")
    return Entry(
        card["ref"], f"{card['kind_name']}: {card['title']}", card["url"], text, made, made, (card["kind"],), "", *where
    )
