"""`/desk/map/`: the tab's reports on a map, restricted ones among them; private, and the same rows as the desk's list."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from geoportal.kernel.middleware import reads_address
from geoportal.kernel.postgis import keys_of
from layers.ground import base_maps
from layers.zones import zone_layers
from reports import mapping, workflow
from reports.filters import Filters
from reports.querysets import ReportQuerySet
from reports.spatial.wanted import OPEN, Wanted
from reports.views.asked import readable_or_problem
from reports.views.desk.entrance import staff
from reports.views.desk.inbox import WAITING, chosen_tab, counted, tab_names, tab_rows
from reports.views.map import features, here_context, map_setup, panel, zoom_of
from reports.views.map_areas import area_context

# Of the other tabs every report is open.
_STATES = {"waiting": frozenset(WAITING), "ended": workflow.ENDS - workflow.OFF_MAP}


def tab_scope(user: Any, tab: str) -> mapping.Scope:
    """The tab's reports that stand on a map: all of the list's but those rejected before they were published."""
    rows = tab_rows(user, tab).exclude(status__in=sorted(workflow.OFF_MAP))
    return mapping.Scope(user, rows, partial(_wanted, tab, rows), page="desk_report", keep=f"tab={tab}&", projects=False)


def _wanted(tab: str, rows: ReportQuerySet, filters: Filters, user: Any) -> Wanted:
    """The points of exactly these rows, in the terms of which sums are kept: a tab may hold every report there is.

    Only „mine“ goes by keys, which are few.
    """
    found = Wanted.for_desk(filters, user)
    if tab == "mine":
        return replace(found, ids=keys_of(filters.only("q", "supported", "assigned").apply(rows, user)))
    states = _STATES.get(tab, OPEN)
    status = tuple(code for code in found.status or sorted(states) if code in states)
    found = replace(
        found,
        status=status or tuple(sorted(workflow.OFF_MAP)),  # of a state that is on no map nothing is found
        late=found.late or tab == "late",
        unassigned=found.unassigned or tab == "unassigned",
    )
    if tab != "department":
        return found
    held = found.department
    return replace(found, department=tuple(sorted(own for own in user.departments if held is None or own in held)))


@reads_address
@never_cache
@require_safe
@staff
def desk_map(request: HttpRequest) -> HttpResponse:
    filters, bad = Filters.readable(request.GET, request.user)
    if bad:
        told = {"reasons": [one.reason for one in bad], "kept_url": f"?{filters.as_query()}"}
        return render(request, "400.html", told, status=400)
    view, more = _view(request, filters)
    context: dict[str, Any] = {
        **panel(view, list_page="desk"), **more, "base_maps": base_maps(), "filters": filters,
        "zone_layers": zone_layers(),
        "setup": {
            **map_setup(), "features": reverse("desk_map_features"), "here": reverse("desk_map_here"),
            "report": reverse("desk_report", args=["REF"]), "card": "", "area": reverse("desk_map_area"),
        },
    }  # fmt: skip
    return render(request, "desk/map.html", context)


@reads_address
@never_cache
@require_safe
@staff
def desk_features(request: HttpRequest) -> HttpResponseBase:
    """As `/map.json`, for one tab of the desk."""
    filters = readable_or_problem(request)
    view, more = _view(request, filters)
    return JsonResponse(features(view, request, more))


@reads_address
@never_cache
@require_safe
@staff
def desk_here(request: HttpRequest) -> HttpResponse:
    """As `/map/here/`, for one tab of the desk."""
    filters = readable_or_problem(request, place=True)
    scope = tab_scope(request.user, chosen_tab(request, tab_names(request.user)))
    return render(request, "map/_here.html", here_context(filters, scope, reverse("desk")))


@reads_address
@never_cache
@require_safe
@staff
def desk_area(request: HttpRequest) -> HttpResponse:
    """As `/map/area/`, for one tab of the desk."""
    scope = tab_scope(request.user, chosen_tab(request, tab_names(request.user)))
    return render(request, "map/_area.html", area_context(request, scope, list_page="desk", map_page="desk_map"))


def off_map(rows: ReportQuerySet) -> str:
    """How many of a list's rows stand on no map, having no place or being rejected before they were published; "" for none."""
    found = counted(rows.filter(Q(geom=None) | Q(status__in=sorted(workflow.OFF_MAP))))
    return "" if found == "0" else found


def _view(request: HttpRequest, filters: Filters) -> tuple[mapping.View, dict[str, Any]]:
    """(the view, what else its fragments need: the tabs, each with the same filters)."""
    names = tab_names(request.user)
    tab = chosen_tab(request, names)
    view = mapping.View.of(filters, tab_scope(request.user, tab), zoom_of(request.GET.get("zoom", "")))
    query = filters.as_query()
    left = filters.as_query(bbox="", order="")
    listed = filters.without("bbox").apply(tab_rows(request.user, tab), request.user)
    return view, {
        "off_map": off_map(listed),
        "tab": tab, "list_page": "desk", "desk_url": f"{reverse('desk')}?tab={tab}&{left}",
        "tabs": [{"slug": slug, "name": name, "on": slug == tab, "url": f"?tab={slug}&{query}"} for slug, name in names.items()],
    }  # fmt: skip
