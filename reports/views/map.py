"""The map page, its answer to every move, the card of one sign, and the ground that lies under all maps."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from geoportal.kernel.conditional import public
from geoportal.kernel.middleware import reads_address
from geoportal.kernel.references import parse as parse_reference
from layers.ground import base_maps, ground, map_data
from layers.models import Project
from layers.on_map import offered, switched
from layers.zones import zone_layers
from municipality.site import installation, sectors
from reports import beside, mapping, workflow
from reports.cards import card, card_rows
from reports.filter_words import in_force
from reports.filters import Filters
from reports.freshness import data_version
from reports.here import here
from reports.models import Report
from reports.views.asked import readable_or_problem
from reports.wording import KIND_NAMES

SHOWN = frozenset(("kind", "sector", "bbox", "q", "overdue", "order"))
"""Filters that the map page shows without chips: in its legend, its search field, its view."""


@reads_address
@require_safe
@public(data_version)
def map_page(request: HttpRequest) -> HttpResponseBase:
    """`/`: with scripts a map beside its list, without them the list and its filters."""
    filters, bad = Filters.readable(request.GET, request.user)
    if bad:
        context = {"reasons": [one.reason for one in bad], "kept_url": f"?{filters.as_query()}"}
        return render(request, "400.html", context, status=400)
    if reference := parse_reference(filters.q[:40]):
        return redirect("report", reference)
    groups = offered()
    context = {
        **panel(mapping.View.of(filters, mapping.Scope.public(request.user))),
        "setup": {**map_setup(), **switched(groups)},
        "base_maps": base_maps(),
        "zone_layers": zone_layers(),
        "feature_layers": groups,
        "filters": filters,
    }
    return render(request, "map/page.html", context)


@reads_address
@require_safe
@public(data_version)
def map_features(request: HttpRequest) -> HttpResponseBase:
    """Pins, clusters, shapes and the page's parts for one view: {pins, clusters, shapes, parts: {id: html}}."""
    filters = readable_or_problem(request)
    view = mapping.View.of(filters, mapping.Scope.public(request.user), zoom_of(request.GET.get("zoom", "")))
    return JsonResponse(features(view, request))


def zoom_of(text: str) -> float | None:
    """The zoom that a map says it has, in halves; None when it says none."""
    given = re.fullmatch(r"\d{1,2}(\.5)?", text, re.ASCII)
    return float(given[0]) if given else None


def features(view: mapping.View, request: HttpRequest, more: dict[str, Any] | None = None) -> dict[str, Any]:
    """The answer to a move of the map: signs, shapes, and the fragments of the page beside it, all of one view.

    `more`: what else the fragments need; a `list_page` among it is where the whole list stands.
    """
    more = more or {}
    shown = {**panel(view, signs=True, list_page=more.get("list_page", "report_list")), **more}
    parts = {
        name: render_to_string(f"map/_{name[4:]}.html", shown, request) for name in ("map-count", "map-list", "map-filters")
    }
    shapes = [
        {name: item[name] for name in ("ref", "icon", "approx", "url", "geometry")}
        for item in shown["projects"]
        if item["geometry"]
    ]
    return {"pins": [pin(item) for item in shown["pins"]], "clusters": shown["clusters"], "shapes": shapes, "parts": parts}


@require_safe
@public(data_version)
def map_card(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The card of one sign as a fragment: what the sheet of a phone becomes when the sign is tapped."""
    row = card_rows(Report.objects.public().filter(subject__reference=reference)).first()
    if row is not None:
        item = card(row)
    else:
        found = mapping.project_rows(Project.objects.visible_to(request.user).filter(subject__reference=reference))
        item = found[0] if found else beside.card(reference)
        if item is None:
            raise Http404
    names = {sector.slug: sector.short_name for sector in sectors()}
    context = {"item": item, "sector_name": names.get(item["sector"]), "kind_name": kind_names()[item["kind"]]}
    return render(request, "map/_picked.html", context)


@reads_address
@require_safe
@public(data_version)
def map_here(request: HttpRequest) -> HttpResponseBase:
    """The list of what stands in one sign (`bbox`, as the map's groups name it in `here`), as a fragment."""
    filters = readable_or_problem(request, place=True)
    return render(request, "map/_here.html", here_context(filters, mapping.Scope.public(request.user), reverse("report_list")))


def here_context(filters: Filters, scope: mapping.Scope, list_url: str) -> dict[str, Any]:
    """Context of the list of one place; `list_url`: the page where all of it stands under the same filters."""
    return {"here": here(filters, scope), "more_url": f"{list_url}?{scope.keep}{filters.as_query(kind=reports_alone(filters))}"}


def reports_alone(filters: Filters) -> str:
    """The kinds of the address that a list of reports knows."""
    return ",".join(kind for kind in filters.kind if kind in set(workflow.Kind))


def kind_names() -> dict[str, str]:
    """What one of each kind is called."""
    return {
        **{kind: str(name) for kind, name in KIND_NAMES.items()},
        **{slug: str(kind.one) for slug, kind in beside.kinds().items()},
    }


@require_safe
@public(lambda: installation().edition, max_age=300)
def map_layers(request: HttpRequest) -> HttpResponseBase:
    """The choice of layers as a fragment, for small maps: asked for when somebody opens it."""
    groups = offered()
    context = {"base_maps": base_maps(), "feature_layers": groups, "setup": switched(groups)}
    return render(request, "map/_small_layers.html", context)


@require_safe
@public(lambda: installation().edition, max_age=300)
def ground_json(request: HttpRequest) -> HttpResponseBase:
    """`/ground.json`: see layers.ground."""
    return HttpResponse(ground(), content_type="application/json")


def panel(view: mapping.View, *, signs: bool = False, list_page: str = "report_list") -> dict[str, Any]:
    """Context of the list, count and filters; with `signs` also the pins and clusters of the map."""
    filters, keep = view.filters, view.scope.keep
    in_any, others = _beside(view)
    counts = mapping.facets(view, in_any)
    asked = not filters.kind or "project" in filters.kind
    every = mapping.project_rows(mapping.projects(filters, view.scope.user)) if view.scope.projects else []
    shown = [item for item in others if not filters.kind or item["kind"] in filters.kind]
    found: dict[str, Any] = {"projects": every if asked else [], "beside": shown, "clusters": [], "pins": []}
    if signs:
        found["clusters"], alone, planned = mapping.groups(view, [*found["projects"], *shown])
        rows = card_rows(view.scope.reports.filter(pk__in=alone)).order_by("-created_at")
        found["pins"] = [*view.scope.cards(rows), *planned]
    total = counts["shown"] + len(found["projects"]) + len(shown)
    whole = counts["total"] + _planned(view, len(every) + len(others))
    left = {"bbox": view.box_text, "kind": reports_alone(filters)}
    return {
        **found,
        "cards": mapping.first_cards(view),
        "total": total,
        "reports_total": counts["shown"],
        "of": whole if total < whole else None,
        "late": counts["late"],
        "kinds": _kinds(view, counts, len(every), others),
        "legend": _legend(view, counts["sectors"]),
        "orders": _orders(view),
        "more_url": f"{reverse(list_page)}?{keep}{filters.as_query(**left)}",
        "alert_url": "" if keep or list_page != "report_list" else filters.alert_url(bbox=view.box_text),
        "whole_url": f"?{keep}{filters.as_query(bbox='')}" if filters.bbox else "",
        "q": filters.q,
        "unsearched_url": f"?{keep}{filters.as_query(q='')}",
        "chips": _chips(view),
        "filtered": bool(set(filters.given) - {"bbox", "order"}),
        "clear_url": f"?{keep}{filters.as_query(**dict.fromkeys(set(filters.given) - {'bbox', 'order'}, ''))}",
    }


def _chips(view: mapping.View) -> list[dict[str, Any]]:
    """The filters that no other part of the page shows; following one takes it away."""
    filters, keep = view.filters, view.scope.keep
    return [
        {"key": f"less-{name}", "name": words, "url": f"?{keep}{filters.as_query(**{name: ''})}"}
        for name, words in in_force(filters, but=SHOWN)
    ]


def _beside(view: mapping.View) -> tuple[list[beside.Card], list[beside.Card]]:
    """What stands beside reports and projects: (of the chosen kinds in any sector, of the chosen sectors in any kind)."""
    if not view.scope.projects:
        return [], []
    filters, every = view.filters, beside.cards(view.filters.without("sector", "kind"))
    chosen = {sector.slug for sector in sectors() if sector.pk in filters.sector}
    in_any = [item for item in every if not filters.kind or item["kind"] in filters.kind]
    return in_any, [item for item in every if not chosen or chosen & item["sectors"]]


def _planned(view: mapping.View, found: int) -> int:
    """How many planned projects and others lie in the view whatever the filters; `found`: those that the filters let through."""
    if not view.scope.projects or set(view.filters.given) <= {"bbox", "order", "kind"}:
        return found
    place = view.filters.only("bbox")
    every = mapping.projects(place, view.scope.user)
    return min(every.count(), mapping.MOST_PROJECTS) + len(beside.cards(place))


def _kinds(view: mapping.View, counts: dict[str, Any], planned: int, others: list[beside.Card]) -> list[dict[str, Any]]:
    filters, keep = view.filters, view.scope.keep
    chosen = ",".join(filters.kind)
    every = counts["problem"] + counts["idea"] + planned + len(others)
    further = [(slug, str(kind.name), sum(item["kind"] == slug for item in others)) for slug, kind in beside.kinds().items()]
    rows = [
        ("", gettext("All"), every),
        ("problem", gettext("Problems"), counts["problem"]),
        ("idea", gettext("Ideas"), counts["idea"]),
        *([("project", gettext("Planned projects"), planned)] if view.scope.projects else []),
        *(row for row in further if row[2] or row[0] in filters.kind),
    ]
    chips = [
        {"key": f"kind-{kind}", "name": name, "count": n, "on": chosen == kind and not (filters.overdue and not kind),
         "url": f"?{keep}{filters.as_query(kind=kind, overdue='')}", "late": False}
        for kind, name, n in rows
    ]  # fmt: skip
    return [
        *chips,
        {"key": "late", "name": gettext("Late"), "count": counts["late"], "on": filters.overdue, "late": True,
         "url": f"?{keep}{filters.as_query(overdue='' if filters.overdue else '1')}"},
    ]  # fmt: skip


def _legend(view: mapping.View, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Every sector with its sign and count; a chosen one is left by choosing it again."""
    filters, keep = view.filters, view.scope.keep
    chosen = [sector.slug for sector in sectors() if sector.pk in filters.sector]
    entries = []
    for sector in sectors():
        on = sector.slug in chosen
        after = [slug for slug in chosen if slug != sector.slug] if on else [*chosen, sector.slug]
        entries.append({
            "key": f"sector-{sector.slug}", "icon": sector.icon, "name": sector.short_name, "count": counts.get(sector.slug, 0),
            "on": on, "url": f"?{keep}{filters.as_query(sector=','.join(after))}",
        })  # fmt: skip
    return entries


def _orders(view: mapping.View) -> list[dict[str, Any]]:
    filters, keep = view.filters, view.scope.keep
    names = {
        "newest": gettext("Newest first"),
        "due": gettext("By due date"),
        "support": gettext("By support"),
        "oldest": gettext("Oldest first"),
    }
    return [
        {"key": f"order-{order}", "name": name, "on": filters.order == order, "url": f"?{keep}{filters.as_query(order=order)}"}
        for order, name in names.items()
    ]


def pin(item: dict[str, Any]) -> dict[str, Any]:
    """What the map draws of a card."""
    return {name: item[name] for name in ("ref", "url", "kind", "icon", "mark", "title", "status", "lon", "lat")}


def map_setup() -> dict[str, Any]:
    """What the page's scripts need to know once, besides what every map knows."""
    data = map_data()
    return {
        **data,
        "features": reverse("map_features"),
        "card": reverse("map_card", args=["REF"]),
        "here": reverse("map_here"),
        "areas": reverse("map_area_shapes", args=["KEY"]),
        "area": reverse("map_area"),
        "report": reverse("report", args=["REF"]),
        "places": reverse("places"),
        "words": {
            **data["words"],
            **kind_names(),
            "number": gettext("Report number"),
            "words": gettext("Search for “{q}” in reports"),
        },
    }
