"""`/reports/`: problems and ideas as a list under the whole filter language; it works without scripts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from geoportal.kernel.conditional import keep_private, public
from geoportal.kernel.middleware import reads_address
from geoportal.kernel.references import parse as parse_reference
from layers.zones import zone_choices
from municipality.models import Area
from municipality.site import sectors
from reports.cards import card, card_rows
from reports.filter_words import in_force
from reports.filters import Filters
from reports.freshness import data_version
from reports.models import Report
from reports.parameters import ORDERS
from reports.querysets import today
from reports.spatial.clusters import how_many

ROWS = 30


@reads_address
@require_safe
@public(data_version)
def report_list(request: HttpRequest) -> HttpResponseBase:
    """The list; a number goes to its report, the name of a settlement to the reports from there. What cannot be read is left out and
    named; the answer is a 400 all the same, as `/`, the desk and planning give it."""
    filters, bad = Filters.readable(request.GET, request.user, limit=ROWS)
    if not bad and (found := _shortcut(request, filters)):
        return redirect(found)
    rows, cursor = filters.page(card_rows(filters.apply(Report.objects.public(), request.user)))
    now, query = today(), filters.as_query()
    count, more = how_many(filters, request.user)
    context = {
        **_context(filters),
        "bad": bad,
        "kept_url": f"?{query}" if query else "",
        "cards": [card(row, now) for row in rows],
        "count": count,
        "plus": "+" if more else "",
        "next_url": f"?{filters.as_query(cursor=cursor, limit=_limit(filters))}" if cursor else "",
        "previous_url": f"?{query}" if filters.cursor else "",
        "map_url": f"{reverse('map')}?{query}",
        "alert_url": filters.alert_url(),
    }
    response = render(request, "reports/list.html", context, status=400 if bad else 200)
    return keep_private(response) if filters.private else response


def _shortcut(request: HttpRequest, filters: Filters) -> str | None:
    """Where a search leads at once: the report of that number, the settlement of that name."""
    words = filters.q[:100]
    if not words:
        return None
    if reference := parse_reference(words):
        if Report.objects.visible_to(request.user).filter(subject__reference=reference).exists():
            return reverse("report", args=[reference])
        return None
    if "area" in filters.given or not (area := _settlement(words)):
        return None
    return f"{reverse('report_list')}?area={area}"


def _settlement(words: str) -> str | None:
    """The slug of the settlement with that name, with or without „гр.“ or „с.“ before it; None for none or several."""
    names = {words, words.rpartition(". ")[2]}
    wanted = Q()
    for code, _name in settings.LANGUAGES:
        for name in names:
            wanted |= Q(**{f"name__{code}__iexact": name})
    found = list(Area.objects.settlements().filter(wanted).values_list("slug", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def _limit(filters: Filters) -> str:
    return str(filters.limit) if filters.limit != ROWS else ""


def _context(filters: Filters) -> dict[str, Any]:
    """What the form and the chips need; `given` holds known names with checked values only."""
    areas = Area.objects.order_by("path").defer("polygon", "point")
    return {
        "filters": filters,
        "unsearched_url": f"?{filters.as_query(q='')}",
        "given": filters.given,
        "chips": _chips(filters),
        "kinds": [("problem", _("Problems")), ("idea", _("Ideas"))],
        "states": [("open", _("Open ones")), ("closed", _("Closed ones"))],
        "sectors": sectors(),
        "areas": [(area.slug, area.full_name) for area in areas if area.parent_id is not None] + zone_choices(),
        "orders": list(zip(ORDERS, (_("Newest first"), _("Oldest first"), _("By due date"), _("By support")), strict=True)),
    }


def _chips(filters: Filters) -> list[dict[str, Any]]:
    """One chip for each filter in force; following it takes that filter away."""
    chips = []
    for name, words in in_force(filters):
        left = filters.as_query(**{name: ""})
        chips.append({"name": words, "url": f"?{left}" if left else reverse("report_list")})
    return chips
