"""`/planning/layers/imports/…`: a file on its way into a layer: sent, checked, looked at, carried out, undone."""

from __future__ import annotations

import uuid
from collections import Counter
from html import unescape
from typing import Any

from django.contrib import messages
from django.contrib.gis.db.models import GeometryField
from django.core.exceptions import ValidationError
from django.db.models import Case, Func, IntegerField, Value, When
from django.db.models.functions import Coalesce, Mod
from django.db.models.lookups import GreaterThan
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from geoportal.kernel.geometry import as_geojson
from geoportal.kernel.text import cell
from layers import actions, import_wording
from layers.ground import base_maps, map_data
from layers.importing import Mapping
from layers.models import Import, ImportRow
from layers.on_map import painter
from reports.forms.layers import FileForm, ReadingForm
from reports.views.planning import layers
from reports.views.planning.entrance import person, planner

SECONDS = 3
"""How often the page looks again."""
MOST_SHOWN = 100
MOST_DRAWN, MOST_CORNERS = 1500, 200
State = Import.State


@require_http_methods(["GET", "HEAD", "POST"])
@planner
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """A file for a layer, read as the last one was. Who opens the address of a refused file again is led to the layer."""
    row = layers.of_features(request, slug)
    if request.method != "POST":
        return redirect("planning_layer", row.slug)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = actions.begin(row, file.name, file.chunks(), by=person(request))
        except ValidationError as refused:
            form.add_error("file", refused.messages)
        else:
            return redirect("planning_import", made.pk)
    return render(request, "planning/layers/layer.html", layers.context_of(row, form), status=400)


@require_http_methods(["GET", "HEAD", "POST"])
@planner
def page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Progress, then what the check found and what can be done."""
    row = _found(pk)
    form = None
    if row.state in (State.CHECKED, State.FAILED):
        asked = request.method == "POST" and request.POST.get("do") == "check"
        form = ReadingForm(request.POST if asked else None, head=row.found, mapping=Mapping.of(row.mapping))
    if request.method == "POST":
        if (answer := _acted(request, row, form)) is not None:
            return answer
        row = _found(pk)
    return render(request, "planning/layers/import.html", _context(row, form), status=400 if form and form.errors else 200)


def _found(pk: uuid.UUID) -> Import:
    return get_object_or_404(Import.objects.select_related("layer", "by"), pk=pk)


def _acted(request: HttpRequest, row: Import, form: ReadingForm | None) -> HttpResponse | None:
    """Does what was asked; None where the form is to be shown with what is wrong in it."""
    do = request.POST.get("do", "")
    try:
        if do == "check" and form is not None:
            if not form.is_valid():
                return None
            actions.read_anew(row.pk, form.mapping())
        elif do == "carry_out":
            actions.start(row.pk, seen=request.POST.get("checked_at", ""))
        elif do == "undo":
            actions.undo(row.pk)
            messages.success(request, _("The layer is as it was before this file."))
        elif do == "drop":
            actions.drop(row.pk)
            messages.success(request, _("The file is dropped. The layer was not changed."))
            return redirect("planning_layer", row.layer.slug)
    except ValidationError as refused:
        messages.warning(request, refused.messages[0])
    return redirect("planning_import", row.pk)


def _context(row: Import, form: ReadingForm | None) -> dict[str, Any]:
    lines = [
        {"n": number, "what": import_wording.of_row(code), "about": about, "code": code}
        for number, code, about in row.report[:MOST_SHOWN]
    ]
    by_code = row.found.get("said") or Counter(code for _number, code, _about in row.report)
    every = sum(by_code.values())
    done, of = row.far
    where = {**map_data(), "painter": painter(), "layers": [], "shapes": reverse("planning_import_shapes", args=[row.pk])}
    return {
        "import": row, "layer": row.layer, "form": None if row.refused in import_wording.UNREADABLE else form,
        "format": import_wording.FORMATS.get(row.found.get("format", ""), ""), "seconds": SECONDS, "lines": lines, "more": every - len(lines),
        "cut": len(row.report) if every > len(row.report) else 0,
        "by_code": [(import_wording.of_row(code), n) for code, n in by_code.items()],
        "why": import_wording.of_file(row.refused, row.about) if row.refused else "",
        "may_undo": row.state == State.DONE and actions.may_be_undone(row.layer) == row,
        "everything_outside": bool(row.counts.get("usable")) and row.counts.get("outside") == row.counts["usable"],
        "done": done, "of": of, "setup": where, "base_maps": base_maps(),
    }  # fmt: skip


@require_safe
@planner
def state(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """What the page's script asks: {state, done, of, words, url}; state is done or failed when the page is to be opened anew."""
    row = _found(pk)
    done, of = row.far
    words = " ".join(
        unescape(render_to_string("planning/layers/_progress.html", {"import": row, "done": done, "of": of})).split()
    )
    return JsonResponse({
        "state": "done" if row.ended else "running", "done": done, "of": of, "words": words,
        "url": reverse("planning_import", args=[row.pk]),
    })  # fmt: skip


@require_safe
@planner
def shapes(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """GeoJSON of at most 1,500 of the file's features, evenly taken: what the map shows before they are carried out."""
    row = _found(pk)
    usable = row.counts.get("usable", 0)
    step = max(1, usable // MOST_DRAWN)
    coming = row.rows.filter(role=ImportRow.Role.COMING).annotate(left=Mod("number", step), drawn=_plain()).filter(left=0)
    found = [
        {
            "type": "Feature",
            "properties": {"n": each.number, "name": next(iter(each.name.values()), each.key)},
            "geometry": as_geojson(each.drawn),
        }
        for each in coming.defer("properties", "point", "line", "polygon")[:MOST_DRAWN]
    ]
    return JsonResponse({"type": "FeatureCollection", "features": found})


def _plain() -> Case:
    """The one shape of a row; of one with very many corners the box around it, so that those never leave the database."""
    shape = Coalesce("polygon", "line", "point", output_field=GeometryField())
    corners = Func(shape, function="ST_NPoints", output_field=IntegerField())
    box = Func(shape, function="ST_Envelope", output_field=GeometryField())
    many = GreaterThan(corners, Value(MOST_CORNERS))
    return Case(When(many, then=box), default=shape, output_field=GeometryField())


@require_safe
@planner
def report(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The rows of which there is something to say, as CSV: row, what, about."""
    row = _found(pk)
    lines = [";".join((_("Row"), _("What"), _("About"))), *(_line(*each) for each in row.report)]
    answer = HttpResponse("\ufeff" + "\r\n".join(lines) + "\r\n", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="report-{row.pk}.csv"'
    return answer


def _line(number: int, code: str, about: str) -> str:
    said = (cell(text).replace('"', '""') for text in (import_wording.of_row(code), about))
    return ";".join([str(number), *(f'"{text}"' for text in said)])
