"""`/objects/<layer>/<feature>/`: one thing of a layer, a lamp post or a street, and what was reported about it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import text_in
from layers.models import Feature, Layer
from reports.at_objects import about, place_at
from reports.cards import card, card_rows
from reports.freshness import data_version
from reports.models import Report

MOST = 100
"""Reports that the page names, the newest."""


@require_safe
@public(data_version)
def thing(request: HttpRequest, layer: str, slug: str) -> HttpResponseBase:
    """What everyone may see of it; those who plan see the layers that are theirs, all fields and each report that they may read."""
    found = Feature.objects.select_related("layer").filter(layer__in=Layer.objects.visible_to(request.user))
    feature = get_object_or_404(found, layer__slug=layer, slug=slug)
    plans = getattr(request.user, "plans", False)
    seen = Report.objects.legible_to(request.user) if plans else Report.objects.public()
    reports = about(feature).filter(pk__in=seen.order_by().values("pk"))
    at = place_at(feature, None)
    context = {
        "feature": feature, "layer": feature.layer, "name": text_in(feature.name) or feature.key or feature.slug,
        "fields": _fields(feature, plans), "cards": [card(row) for row in card_rows(reports)[:MOST]], "count": reports.count(),
        "map_url": _on_the_map(feature.layer, at), "new_url": _new(feature, at) if _pickable(feature.layer) else "",
    }  # fmt: skip
    return render(request, "layers/thing.html", context)


def _fields(feature: Feature, plans: bool) -> list[tuple[str, Any]]:
    """(field, value): those that the layer shows, in its order, or all of them."""
    names = list(feature.properties) if plans else [name for name in feature.layer.popup if name in feature.properties]
    return [(name, _said(feature.properties[name])) for name in names if feature.properties[name] not in (None, "")]


def _said(value: Any) -> str:
    """As the file has it: a year is no sum."""
    return str({True: _("yes"), False: _("no")}[value]) if isinstance(value, bool) else str(value)


def _pickable(layer: Layer) -> bool:
    return layer.pickable and layer.published


def _on_the_map(layer: Layer, at: Any) -> str:
    """The map that has its layer: everyone's, or that of those who plan."""
    if layer.published:
        return f"{reverse('map')}?at={at.x:.6f},{at.y:.6f},17&layers={layer.slug}"
    return f"{reverse('planning')}?layers={layer.slug}#map={at.x:.5f},{at.y:.5f},17"


def _new(feature: Feature, at: Any) -> str:
    """A new report about it."""
    query = urlencode({"object": feature.called, "lon": f"{at.x:.6f}", "lat": f"{at.y:.6f}"})
    return f"{reverse('report_new')}?{query}"
