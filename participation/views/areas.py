"""`/now/`: what is new, what is late, what one can do now in the whole municipality; `/areas/`: the same of each place."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from geoportal.kernel.conditional import public
from municipality.models import Area
from municipality.site import installation, sectors
from participation import blocks, series
from participation.models import Indicator
from participation.views.sectors import FOLLOWED, counts
from reports.filters import Filters
from reports.freshness import data_version
from reports.models import Report

GROUPS = ("week", "late", "new", "is")


def grouped(filters: Filters) -> list[tuple[str, list[dict[str, Any]]]]:
    """The blocks of a page by what they are for."""
    found = blocks.shown(filters)
    return [(when, [one for one in found if one["when"] == when]) for when in GROUPS]


def doors() -> list[tuple[str, str, str]]:
    """(address, name, what is there) of everything that people take part in."""
    return [
        (reverse("events"), _("Events"), _("Meetings, discussions and common actions: when and where.")),
        (reverse("consultations"), _("Consultations"), _("Drafts and plans to say one's mind on, and what was answered.")),
        (reverse("comparisons"), _("Alternatives"), _("Several ways to solve one thing, side by side.")),
        (reverse("surveys"), _("Visions and surveys"), _("Questions to everyone, and what was answered.")),
        (reverse("initiatives"), _("Common action"), _("What people do together, and where hands are needed.")),
        (reverse("pledges"), _("Promises"), _("What people and organisations promised, and what was kept.")),
        (reverse("council_ideas"), _("Ideas before the Council"), _("What was filed and what became of it.")),
        (reverse("policies"), _("Policies"), _("What was promised, by when, and how far it is.")),
        (reverse("goals"), _("Goals"), _("Where the municipality wants to be, and how near it is.")),
        (reverse("practices"), _("Practices of other places"), _("What works elsewhere, to apply here.")),
        (reverse("sectors"), _("What the municipality does"), _("Each sphere in plain words, with its services and figures.")),
        (reverse("areas"), _("Settlements"), _("Each place on a page of its own.")),
        (reverse("people"), _("People who take part"), _("Who can help with what.")),
        (reverse("organisations"), _("Organisations"), _("Who speaks here under an own name.")),
    ]


@require_safe
@public(data_version)
def now(request: HttpRequest) -> HttpResponseBase:
    filters = Filters()
    context = {
        "title": pgettext("page", "Take part"), "groups": grouped(filters), "counts": counts(filters), "query": "",
        "alert_url": filters.alert_url(kind=FOLLOWED), "doors": doors(), "lead": installation().tagline, "sectors": sectors(),
    }  # fmt: skip
    return render(request, "participation/areas/now.html", context)


@require_safe
@public(data_version)
def area_list(request: HttpRequest) -> HttpResponseBase:
    """Settlements with what lies in them, by name; how many reports and ideas are open in each."""
    rows = Report.objects.public().open().order_by().values("area__path").annotate(n=Count("pk"))
    open_in = [(row["area__path"], row["n"]) for row in rows]
    areas = Area.objects.settlements().defer("polygon", "point").order_by("path")
    shown = [(area, sum(n for path, n in open_in if path.startswith(area.path))) for area in areas]
    return render(request, "participation/areas/list.html", {"areas": sorted(shown, key=lambda one: one[0].full_name)})


@require_safe
@public(data_version)
def area_page(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One settlement or quarter with all that lies in it."""
    area = Area.objects.exclude(parent=None).defer("polygon").select_related("parent").filter(slug=slug).first()
    if area is None:
        raise Http404
    inside = tuple(Area.objects.filter(path__startswith=area.path).values_list("pk", flat=True))
    filters = Filters(area=inside, given={"area": area.slug})
    context = {
        "area": area, "groups": grouped(filters), "counts": counts(filters), "query": filters.as_query(),
        "alert_url": filters.alert_url(kind=FOLLOWED), "within": Area.objects.filter(parent=area).defer("polygon").order_by("path"),
        "indicators": series.of(Indicator.objects.public().filter(area=area)),
    }  # fmt: skip
    return render(request, "participation/areas/page.html", context)
