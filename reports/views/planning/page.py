"""`/planning/`: one question, its answer as map, table and chart, and the reports that went in as clusters beneath."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from geoportal.kernel.geometry import as_geojson, bbox
from geoportal.kernel.postgis import keys_of
from geoportal.kernel.problems import Problem
from layers.ground import base_maps, bounds, map_data
from layers.on_map import offered, switched
from reports import mapping
from reports.actions import planning as verbs
from reports.cards import card_rows
from reports.filters import Filters
from reports.parameters import BadParameter
from reports.planning import asking, chart, table
from reports.planning.question import Question
from reports.planning.result import Result
from reports.spatial.wanted import Wanted
from reports.views.asked import refused
from reports.views.map import pin, zoom_of
from reports.views.planning.entrance import person, planner
from reports.views.planning.form import form_of
from reports.wording import KIND_NAMES

MOST_ROWS, MOST_NUMBERED = 200, 60
VIEW = ("zoom", "view")
"""What the map's own question says besides the planner's."""


@require_safe
@planner
def planning(request: HttpRequest) -> HttpResponse:
    question, bad = Question.readable(request.GET, request.user)
    form = form_of(question, request.GET, bad)
    if bad:
        context = {"form": form, "errors": bad, **_map(question, None)}
        return render(request, "planning/page.html", context, status=400)
    result = None if asking.is_long(question) else asking.in_time(question)
    if result is None:
        context = {"form": form, "long": question.as_query(), **_map(question, None),
                   "known": verbs.last_result(person(request), question.as_query())}  # fmt: skip
        return render(request, "planning/page.html", context)
    return render(request, "planning/page.html", {**shown(question, result, every="rows" in request.GET), "form": form})


def shown(question: Question, result: Result, *, every: bool = False) -> dict[str, Any]:
    """Context of an answer: everything that is drawn of it."""
    lines = table.lines(result)
    key_name, key = table.key(result)
    return {
        "result": result, "facts": table.facts(result), "heads": table.heads(result),
        "lines": lines if every else lines[:MOST_ROWS], "more": 0 if every else max(0, len(lines) - MOST_ROWS),
        "key_name": key_name, "key": key, "chart": chart.svg(result), "query": question.as_query(),
        "carried": question.as_query(),
        **_map(question, result),
    }  # fmt: skip


@require_safe
@planner
def reports_below(request: HttpRequest) -> HttpResponse:
    """Pins and clusters of the question's reports for one view, in the public map's form: {pins, clusters, shapes}."""
    query = request.GET.copy()
    given = {name: query.pop(name)[-1] for name in VIEW if name in query}
    try:
        question = Question.from_query(query, request.user)
        box = bbox(given["view"]) if "view" in given else bounds()
    except BadParameter as bad:
        raise refused(bad) from bad
    except ValidationError as bad:
        raise Problem(f"view: {bad.messages[0]}", status=400, code="parameter") from bad
    view = mapping.View.of(replace(question.filters, bbox=box), _scope(question), zoom_of(given.get("zoom", "")))
    clusters, alone, _projects = mapping.groups(view, [])
    cards = view.scope.cards(card_rows(view.scope.reports.filter(pk__in=alone)))
    return JsonResponse({"pins": [pin(item) for item in cards], "clusters": clusters, "shapes": []})


def _scope(question: Question) -> mapping.Scope:
    """The question's reports; by their keys where a drawn area or a box of its own holds them."""
    reports, user = question.reports(), question.user

    def wanted(filters: Filters, asking: Any) -> Wanted:
        found = Wanted.for_desk(filters, asking)
        if not (question.within or question.filters.bbox):
            return found
        return replace(found, ids=keys_of(reports))

    return mapping.Scope(user, reports, wanted, page="desk_report")


def _map(question: Question, result: Result | None) -> dict[str, Any]:
    """Context of the page's map."""
    groups = offered(planners=True)
    return {
        "setup": {**_setup(question, result), **switched(groups)}, "base_maps": base_maps(), "feature_layers": groups,
    }  # fmt: skip


def _setup(question: Question, result: Result | None) -> dict[str, Any]:
    """What the page's scripts need: the shapes of the answer, addresses and words."""
    data = map_data()
    painted = table.levels(result) if result else []
    # Rows without a name of their own are known by their number, which then stands on the map too.
    numbered = bool(result and result.columns and len(result.rows) <= MOST_NUMBERED) and table.is_number(
        result.columns[0], result.rows
    )
    shapes = [
        {
            "row": index,
            "name": table.spoken(result, row),
            "level": painted[index],
            "geometry": row["geometry"],
            "label": table.name_of(result, row) if numbered else "",
        }
        for index, row in enumerate(result.rows if result else ())
        if result and row.get("geometry")
    ]
    drawn = as_geojson(question.within.polygon)["coordinates"] if question.within else None
    words = {
        **{kind: str(name) for kind, name in KIND_NAMES.items()},
        "polygon_how": _("Click the corners on the map, or move it with the arrow keys and press Space. Enter asks."),
        "circle_how": _(
            "Click the centre on the map, or move it with the arrow keys and press Space. A second point gives the radius."
        ),
        "circle_drawn": _("Circle with a radius of {distance}"),
        "copied": _("The table is in the clipboard."),
        "not_copied": _("Your browser did not let the table into the clipboard. Download it instead."),
    }
    return {
        **data, "features": f"{reverse('planning_map')}?{question.as_query()}", "shapes": shapes, "within": drawn,
        "answered": result is not None,
        "words": {**data["words"], **words},
    }  # fmt: skip
