"""`/projects/`: what the municipality plans, and one planned project with the reports around it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.gis.db import models as gis
from django.db.models import FloatField, Func, Q, Value
from django.db.models.functions import Cast, Coalesce
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from discussion.conversation import conversation
from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.postgis import as_geojson, box, latitude, longitude
from layers import facts
from layers.models import Project
from layers.wording import STAGE_NAMES, stage_mark, stage_sentence
from municipality.models import Area
from municipality.site import sectors
from reports.cards import card, card_rows
from reports.freshness import data_version
from reports.mapping import project_rows
from reports.models import Report
from reports.querysets import today

MARKS = ("active", "new", "done", "refused")
"""Order of the list: what is being built first, what is over last."""
NEAR_METRES = 300
NEAR_ROWS = 8
METRES_A_DEGREE = 60_000
"""Few enough for longitudes up to 57° north: the box is generous, the distance is exact."""


@require_safe
@public(data_version)
def project_list(request: HttpRequest) -> HttpResponseBase:
    """All planned projects, by stage, sector and settlement; unknown values show everything."""
    chosen = _chosen(request)
    found = Project.objects.visible_to(request.user)
    if "stage" in chosen:
        found = found.filter(stage=chosen["stage"])
    if "sector" in chosen:
        slug = chosen["sector"]
        found = found.filter(Q(subject__sector__slug=slug) | Q(subject__further_sectors__slug=slug)).distinct()
    if "area" in chosen:
        below = Area.objects.below(chosen["area"])
        found = found.filter(Q(subject__area__in=below) | Q(areas__in=below)).distinct()
    context = {
        "cards": sorted(project_rows(found), key=lambda item: MARKS.index(item["mark"])),
        "stages": _chips(chosen, "stage", [(code, str(name)) for code, name in STAGE_NAMES.items()]),
        "sectors": _chips(chosen, "sector", [(sector.slug, text_in(sector.short_name)) for sector in sectors()]),
        "filtered": bool(chosen),
        "feed_url": _feed(chosen),
    }
    return render(request, "layers/list.html", context)


def _feed(chosen: dict[str, str]) -> str:
    """The Atom feed of these projects; it knows no stages, which change while one reads."""
    query = urlencode({name: value for name, value in chosen.items() if name != "stage"})
    return f"{reverse('project_feed')}?{query}" if query else reverse("project_feed")


def _chosen(request: HttpRequest) -> dict[str, str]:
    """The known filters with known values; a planned project has no others."""
    known = {
        "stage": set(STAGE_NAMES),
        "sector": {sector.slug for sector in sectors()},
    }
    chosen = {name: request.GET[name] for name, values in known.items() if request.GET.get(name) in values}
    area = request.GET.get("area", "")[:50].replace("\0", "")
    return chosen | ({"area": area} if area and Area.objects.filter(slug=area).exists() else {})


def _chips(chosen: dict[str, str], name: str, values: list[tuple[str, str]]) -> list[dict[str, Any]]:
    rest = "&".join(f"{key}={value}" for key, value in chosen.items() if key != name)
    chips = [{"name": _("All"), "url": f"?{rest}", "on": name not in chosen, "count": None}]
    for value, words in values:
        query = "&".join(part for part in (f"{name}={value}", rest) if part)
        chips.append({"name": words, "url": f"?{query}", "on": chosen.get(name) == value, "count": None})
    return chips


@require_safe
@public(data_version)
def project_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    """One planned project: steps, money, milestones, shape, reports near it."""
    found = Project.objects.visible_to(request.user).filter(subject__reference=ref)
    project = (
        found.select_related("subject__sector", "subject__area", "department")
        .prefetch_related("milestones", "areas", "subject__further_sectors")
        .annotate(
            lon=longitude("point"),
            lat=latitude("point"),
            shape=Coalesce(*(as_geojson(c) for c in ("polygon", "line", "points"))),
        )
        .defer("polygon", "line", "points", "point")
        .first()
    )
    if project is None:
        raise Http404
    level, explained = facts.PARTICIPATION[project.participation]
    near = _near(project)
    context = {
        "project": project,
        "title": text_in(project.title),
        "mark": stage_mark(project.stage),
        "status": stage_sentence(project.stage, project.ends_year, project.as_of_year),
        "stopped": project.stage == Project.Stage.STOPPED,
        "steps": facts.steps(project),
        "milestones": [facts.milestone(step) for step in project.milestones.all()],
        "money": facts.money(project),
        "as_of": facts.as_of(project),
        "level": level,
        "explained": explained,
        "areas": [area.full_name for area in project.areas.all()] or [project.subject.area.full_name],
        "near": near[:NEAR_ROWS],
        "near_metres": NEAR_METRES,
        "map_query": _map_query(project),
        "site_url": settings.SITE_URL,
        "talk": conversation(project.subject, request),
    }
    return render(request, "layers/project.html", context)


def _shape(project: Project) -> str | None:
    """GeoJSON of the most extensive form, else of the sign's place."""
    if project.shape:
        return str(project.shape)
    return json.dumps({"type": "Point", "coordinates": [project.lon, project.lat]}) if project.lon is not None else None


def _bounds(shape: str, metres: float) -> tuple[float, float, float, float]:
    """West, south, east, north around a GeoJSON geometry with `metres` to spare."""
    numbers: list[tuple[float, float]] = []

    def walk(part: Any) -> None:
        if isinstance(part[0], int | float):
            numbers.append((part[0], part[1]))
        else:
            for inner in part:
                walk(inner)

    walk(json.loads(shape)["coordinates"])
    xs, ys, more = [x for x, _y in numbers], [y for _x, y in numbers], metres / METRES_A_DEGREE
    return min(xs) - more, min(ys) - more, max(xs) + more, max(ys) + more


def _near(project: Project) -> list[dict[str, Any]]:
    """Cards of public reports within NEAR_METRES of the shape, nearest first; two queries, both bounded by a box."""
    shape = _shape(project)
    if shape is None:
        return []
    here = Cast(
        Func(Value(shape), function="ST_GeomFromGeoJSON", output_field=gis.GeometryField()), gis.GeometryField(geography=True)
    )
    there = Cast("geom", gis.GeometryField(geography=True))
    nearest = (
        Report.objects.public()
        .filter(geom__bboverlaps=box(_bounds(shape, NEAR_METRES)))
        .annotate(metres=Func(there, here, function="ST_Distance", output_field=FloatField()))
        .filter(metres__lte=NEAR_METRES)
        .order_by("metres", "pk")
    )
    metres = dict(nearest.values_list("pk", "metres")[: NEAR_ROWS + 1])
    rows = {row.pk: row for row in card_rows(Report.objects.public().filter(pk__in=metres))}
    day = today()
    return [card(rows[pk], day, extra=_away(distance)) for pk, distance in metres.items() if pk in rows]


def _away(metres: float) -> str:
    rounded = round(metres, -1)
    if rounded < 10:
        return _("on its ground")
    return ngettext("%(metres)d m away", "%(metres)d m away", int(rounded)) % {"metres": rounded}


def _map_query(project: Project) -> str:
    shape = _shape(project)
    if shape is None:
        return ""
    return "?bbox=" + ",".join(f"{number:.5f}" for number in _bounds(shape, NEAR_METRES))
