"""Areas on the map: their shapes by layer, and the card of one of them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from geoportal.kernel.conditional import public
from geoportal.kernel.middleware import reads_address
from layers.zones import named_zones, zone_shapes
from municipality.models import Area
from municipality.site import installation
from reports import mapping
from reports.freshness import data_version
from reports.parameters import BadParameter
from reports.spatial import clusters
from reports.spatial.wanted import Place, Wanted
from reports.views.asked import readable_or_problem, refused


@require_safe
@public(lambda: installation().edition, max_age=300)
def area_shapes(request: HttpRequest, key: str) -> HttpResponseBase:
    """`{shapes: [{area, name, geometry}]}` of one layer of areas, for everyone."""
    shapes = zone_shapes(key)
    if shapes is None:
        raise Http404
    return JsonResponse({"shapes": shapes})


@reads_address
@require_safe
@public(data_version)
def area_card(request: HttpRequest) -> HttpResponseBase:
    """The card of the one area that the filters name: how many of what they let through lie in it."""
    scope = mapping.Scope.public(request.user)
    return render(request, "map/_area.html", area_context(request, scope, list_page="report_list", map_page="map"))


def area_context(request: HttpRequest, scope: mapping.Scope, *, list_page: str, map_page: str) -> dict[str, Any]:
    """Context of the card, for one scope; the pages are where the list and the map of that scope stand. Raises Problem 400."""
    filters = readable_or_problem(request)
    slug = filters.given.get("area", "")
    if not slug or "," in slug:
        raise refused(BadParameter("area", gettext("Name one area.")))
    filters = filters.without("bbox", "order", "cursor")
    query = f"{scope.keep}{filters.as_query()}"
    planned = scope.projects and (not filters.kind or "project" in filters.kind)
    return {
        "planned": mapping.projects(filters, request.user).count() if planned else 0,
        "name": _name(slug), "counts": _counts(scope.wanted(filters, request.user)), "list_url": f"{reverse(list_page)}?{query}",
        "only_url": f"{reverse(map_page)}?{query}", "narrowed": len(filters.given) > 1,
    }  # fmt: skip


def _name(slug: str) -> str:
    return next(iter(named_zones([slug])), "") or Area.objects.get(slug=slug).full_name


def _counts(wanted: Wanted) -> dict[str, int]:
    found: Counter[str] = Counter()
    for count in clusters.counts(wanted, Place(4)):
        found[count.kind] += count.n
        found["late"] += count.n * count.late
    return {kind: found[kind] for kind in ("problem", "idea", "late")}
