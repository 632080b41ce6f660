"""`/planning/layers/`: what layers there are and what they hold; one of them with its history; its tiles for those who plan."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from geoportal.kernel.tiles import CONTENT_TYPE, Tile
from layers import actions, contents, services, styling, tiles
from layers.ground import base_maps, map_data
from layers.models import Import, Layer
from layers.on_map import drawn, painter
from reports.at_objects import about_layer, reported, told
from reports.forms.layers import DeleteLayerForm, FileForm, LayerForm
from reports.forms.services import ServiceForm
from reports.views.planning.entrance import planner

MOST_IMPORTS = 30


@require_safe
@planner
def layers(request: HttpRequest) -> HttpResponse:
    rows = Layer.objects.visible_to(request.user).counted().select_related("sector")
    return render(request, "planning/layers/list.html", {"layers": rows})


def found(request: HttpRequest, slug: str) -> Layer:
    """The layer that this person may see; 404 else."""
    return get_object_or_404(Layer.objects.visible_to(request.user).select_related("sector"), slug=slug)


def of_features(request: HttpRequest, slug: str) -> Layer:
    """The same of a layer that has features of its own; 404 for another server's pictures."""
    return get_object_or_404(Layer.objects.visible_to(request.user).held().select_related("sector"), slug=slug)


@require_safe
@planner
def layer(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "planning/layers/layer.html", context_of(found(request, slug), FileForm()))


def context_of(row: Layer, form: FileForm) -> dict[str, Any]:
    """Context of a layer's page."""
    counted = Layer.objects.filter(pk=row.pk).counted().values("points", "lines", "polygons").get()
    history = row.imports.exclude(state=Import.State.DROPPED).select_related("by").defer("report")
    tile_at = reverse("planning_layer_tile", args=[row.slug, 0, 0, 0])
    setup = {**map_data(), "painter": painter(), "layers": [drawn(row, tile_at)], "shapes": "", "extent": row.features.extent()}
    return {
        "layer": row, "form": form, "counted": counted, "imports": history[:MOST_IMPORTS], "last": actions.may_be_undone(row),
        "legend": [] if row.url else styling.legend(row.style), "setup": setup, "base_maps": base_maps(),
        "host": services.origin(row.url), "lacking": contents.lacking(row),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@planner
def new(request: HttpRequest) -> HttpResponse:
    return _kept(request, Layer(), LayerForm(request.POST if request.method == "POST" else None))


@require_http_methods(["GET", "HEAD", "POST"])
@planner
def new_service(request: HttpRequest) -> HttpResponse:
    """A layer of another server's pictures."""
    return _kept(request, Layer(), ServiceForm(request.POST if request.method == "POST" else None))


@require_http_methods(["GET", "HEAD", "POST"])
@planner
def change(request: HttpRequest, slug: str) -> HttpResponse:
    row = found(request, slug)
    form = ServiceForm if row.url else LayerForm
    return _kept(request, row, form(request.POST if request.method == "POST" else None, layer=row))


def _kept(request: HttpRequest, row: Layer, form: LayerForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.keep_layer(row, form.facts(), seen=form.cleaned_data["seen"] if row.pk else None)
        except Layer.DoesNotExist as gone:
            raise Http404 from gone
        except ValidationError as refused:
            _refused(form, row, refused)
        else:
            messages.success(request, _("The layer is saved."))
            return redirect("planning_layer", made.slug)
    context = {"form": form, "layer": row if row.pk else None, "name": row.pk and str(row), "lacking": contents.lacking(row)}
    return render(request, "planning/layers/form.html", context, status=form.status)


def _refused(form: LayerForm, row: Layer, why: ValidationError) -> None:
    if getattr(why, "code", "") == "stale":
        row.refresh_from_db()
        form.refuse(why, row)
        return
    for name, sentences in why.message_dict.items():
        form.add_error(name if name in form.fields else None, sentences)


@require_http_methods(["GET", "HEAD", "POST"])
@planner
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks with what goes, then deletes."""
    row = found(request, slug)
    form = DeleteLayerForm(request.POST if request.method == "POST" else None, slug=row.slug)
    if request.method == "POST" and form.is_valid():
        try:
            actions.delete_layer(row)
        except Layer.DoesNotExist as gone:
            raise Http404 from gone
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The layer “%(name)s” is deleted.") % {"name": row})
            return redirect("planning_layers")
    context = {
        "layer": row,
        "form": form,
        "why": actions.why_kept(row),
        "told": about_layer(row),
        "features": row.features.count(),
    }
    return render(request, "planning/layers/delete.html", context, status=400 if form.errors else 200)


@require_safe
@planner
def tile(request: HttpRequest, slug: str, z: str, x: str, y: str) -> HttpResponse:
    """Of every layer, also of one that the public does not see."""
    row = of_features(request, slug)
    known = {"marked": reported(), "told": told()} if row.pickable else {}
    return HttpResponse(tiles.draw(row, known)(Tile.parse(z, x, y)), content_type=CONTENT_TYPE)
