"""`/sectors/`: what the municipality does in each sphere, in plain words, and all that there is of it; `/indicators/`."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import language_of, text_in
from municipality.models import Area, Organisation, Sector
from municipality.prose import blocks as prose
from municipality.site import sectors
from participation import blocks, everything, filtering, rules, series
from participation.models import Indicator, SectorGuide
from reports.filters import Filters
from reports.freshness import data_version
from reports.models import Category, Report

FOLLOWED = ",".join(kind for kind in everything.NAMES if kind not in ("project", "goal", "service"))
"""Kinds of which an alert for a sphere or a place tells."""
UNUSED = (*filtering.SAYS_NOTHING, "kind", "bbox", "since", "until", "q")


@require_safe
@public(data_version)
def sector_list(request: HttpRequest) -> HttpResponseBase:
    """The spheres of work with what is done in each."""
    guides = SectorGuide.objects.in_bulk()
    context = {"sectors": [(sector, guides.get(sector.pk)) for sector in sectors()]}
    return render(request, "participation/sectors/list.html", context)


@require_safe
@public(data_version)
def sector_page(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What the municipality does here, who, with what money; then what one can do, what is late, what is new, what there is."""
    sector = next((one for one in sectors() if one.slug == slug), None)
    if sector is None:
        raise Http404
    filters = Filters(sector=(sector.pk,), given={"sector": sector.slug})
    found = blocks.shown(filters)
    context = {
        "sector": sector, "guide": _guide(sector), "counts": counts(filters), "organisations": _organisations(sector),
        "groups": [(when, [one for one in found if one["when"] == when]) for when in ("week", "late", "new", "is")],
        "indicators": series.of(Indicator.objects.public().filter(sector=sector, area=None)), "query": filters.as_query(),
        "alert_url": filters.alert_url(kind=FOLLOWED), "sectors": sectors(),
    }  # fmt: skip
    return render(request, "participation/sectors/page.html", context)


def _guide(sector: Sector) -> dict[str, Any] | None:
    """{does, who, money: (blocks, language or ""), papers} of the sector."""
    guide = SectorGuide.objects.filter(sector=sector).first()
    if guide is None:
        return None
    return {name: _prose(getattr(guide, name)) for name in ("does", "who", "money")} | {"papers": guide.papers}


def _prose(texts: dict[str, str] | None) -> dict[str, Any]:
    code = language_of(texts)
    return {"blocks": prose(text_in(texts)), "lang": "" if code == (get_language() or settings.LANGUAGE_CODE) else code}


def counts(filters: Filters) -> dict[str, int]:
    """{open, late} of the sector's public reports and ideas; one query."""
    reports = filters.apply(Report.objects.public())
    late = Report.objects.public().late().values("pk")
    return reports.open().aggregate(open=Count("pk"), late=Count("pk", filter=Q(pk__in=late)))


def _organisations(sector: Sector) -> list[Organisation]:
    """The departments to which the sector's categories lead, then who else is concerned with it."""
    leads = Category.objects.filter(sector=sector).exclude(open_to="closed").values("department")
    found = Organisation.objects.filter(Q(pk__in=leads) | Q(sectors=sector), active=True).distinct()
    return sorted(found, key=lambda one: (one.kind != Organisation.Kind.DEPARTMENT, one.order, one.pk))


@require_safe
@public(data_version)
def indicator_list(request: HttpRequest) -> HttpResponseBase:
    """All figures by sector; `sector` and `area` as everywhere, an area with what lies in it."""
    filters, bad = Filters.readable(request.GET, request.user, refused=UNUSED)
    shown = series.of(filtering.indicators(filters))
    groups = [(sector, list(group)) for sector, group in groupby(shown, key=lambda one: one["indicator"].sector)]
    context = {
        "groups": groups, "bad": bad, "given": filters.given, "filtered": bool(filters.given), "sectors": sectors(),
        "areas": Area.objects.settlements().defer("polygon", "point").order_by("path"), "keeps": rules.keeps_figures(request.user),
    }  # fmt: skip
    return render(request, "participation/sectors/indicators.html", context)
