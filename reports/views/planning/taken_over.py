"""`/planning/taken-over/`: reports of another system on their way here: read, mapped, checked, carried out, taken back."""

from __future__ import annotations

import csv
import io
import uuid
from html import unescape
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from geoportal.kernel.text import cell
from reports.actions import take_over, transfer
from reports.forms.taken_over import ColumnsForm, SourceForm, WordsForm, valid
from reports.models import Category, ReportImport, Transfer
from reports.taking_over.wording import OF_ROW
from reports.views.planning.entrance import administrator, person
from reports.wording import state_name

SECONDS = 3
"""How often the page looks again."""
MOST_LISTED, MOST_SHOWN = 50, 100
MOST_UNDONE = 5_000
"""Reports that go within one request."""
State = Transfer.State


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def imports(request: HttpRequest) -> HttpResponse:
    """What is on its way, what was taken over, and the form for the next."""
    form = SourceForm(request.POST, request.FILES) if request.method == "POST" else SourceForm()
    if form.is_bound and form.is_valid():
        data, file = form.cleaned_data, form.cleaned_data["file"]
        more: dict[str, Any] = {"by": person(request), "photos": data["photos"], "language": get_language() or "bg"}
        try:
            if file:
                made = transfer.begin_file(file.name, file.chunks(), **more)
            else:
                made = transfer.begin_endpoint(data["address"], data["since"], **more)
        except ValidationError as refused:
            form.add_error("file" if file else "address", refused.messages)
        else:
            return redirect("planning_transfer", made.pk)
    coming = Transfer.objects.exclude(state__in=[State.DONE, State.DROPPED]).select_related("by").defer("report", "found")
    context = {"form": form, "coming": coming[:MOST_LISTED], "imports": ReportImport.objects.order_by("-pk")[:MOST_LISTED]}
    return render(request, "planning/taken_over/list.html", context, status=400 if form.errors else 200)


@require_POST
@administrator
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """An import goes, with its reports, while nobody has acted on them."""
    run = get_object_or_404(ReportImport, pk=pk)
    if run.taken.count() > MOST_UNDONE:
        words = _(
            "This import is too large to be taken back on a page. Whoever runs the site does it: manage.py import_reports --undo %(n)s"
        )
        messages.warning(request, words % {"n": pk})
        return redirect("planning_taken_over")
    try:
        gone = take_over.undo(pk)
    except ValidationError as refused:
        messages.warning(request, refused.messages[0])
    else:
        words = ngettext("%(n)s report was taken back.", "%(n)s reports were taken back.", gone)
        messages.success(request, words % {"n": gone})
    return redirect("planning_taken_over")


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Progress, the two forms of the map, what the check found, what was done."""
    row = _found(pk)
    columns, words = _forms(request, row)
    if request.method == "POST":
        if (answer := _acted(request, row, columns, words)) is not None:
            return answer
        row = _found(pk)
    bad = any(form is not None and form.errors for form in (columns, words))
    return render(request, "planning/taken_over/page.html", _context(row, columns, words), status=400 if bad else 200)


def _found(pk: uuid.UUID) -> Transfer:
    return get_object_or_404(Transfer.objects.select_related("by", "run"), pk=pk)


def _forms(request: HttpRequest, row: Transfer) -> tuple[ColumnsForm | None, WordsForm | None]:
    """The form that was sent is bound; words are asked once the columns are known."""
    if row.state not in (State.ASKING, State.CHECKED):
        return None, None
    do, given = request.POST.get("do"), {"found": row.found, "asked": row.asked}
    columns = ColumnsForm(request.POST if do == "columns" else None, **given)
    words = WordsForm(request.POST if do == "words" else None, **given) if row.asked.get("source") else None
    return columns, words


def _acted(request: HttpRequest, row: Transfer, columns: ColumnsForm | None, words: WordsForm | None) -> HttpResponse | None:
    """Does what was asked; None where a form is to be shown with what is wrong in it."""
    do = request.POST.get("do", "")
    try:
        if do == "columns" and columns is not None:
            if not columns.is_valid():
                return None
            transfer.name_columns(row.pk, columns.asked())
        elif do == "words" and words is not None:
            if not valid(words):
                return None
            transfer.name_words(row.pk, words.chosen("category"), words.chosen("status"))
        elif do == "carry_out":
            transfer.start(row.pk, seen=request.POST.get("checked_at", ""))
        elif do == "drop":
            transfer.drop(row.pk)
            if row.run is None:
                messages.success(request, _("It is dropped. Nothing was taken over."))
            else:
                words = _(
                    "It is dropped. What was taken over before it broke is import %(n)s of the list and can be taken back there."
                )
                messages.success(request, words % {"n": row.run.pk})
            return redirect("planning_taken_over")
    except ValidationError as refused:
        messages.warning(request, refused.messages[0])
    return redirect("planning_transfer", row.pk)


def _context(row: Transfer, columns: ColumnsForm | None, words: WordsForm | None) -> dict[str, Any]:
    lines = [
        {"row": number, "what": OF_ROW[code][0], "about": about, "mend": OF_ROW[code][1]}
        for number, code, about, _out in row.report
    ]
    names = dict(Category.objects.values_list("slug", "kind"))
    titles = {one.slug: str(one) for one in Category.objects.all()}
    kinds = [
        (titles.get(slug, slug), state_name(names.get(slug, "problem"), status), rows)
        for slug, status, rows in row.counts.get("kinds", [])
    ]
    return {
        "transfer": row, "columns": columns, "words": words, "seconds": SECONDS, "lines": lines[:MOST_SHOWN], "kinds": kinds,
        "by_code": [(OF_ROW[code][0], rows) for code, rows in row.counts.get("codes", [])],
        "checked": row.state in (State.CHECKED, State.DONE), "wrong": bool(row.report),
    }  # fmt: skip


@require_safe
@administrator
def state(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """What the page's script asks: {state, done, of, words, url}; state is done when the page is to be opened anew."""
    row = _found(pk)
    words = " ".join(unescape(render_to_string("planning/taken_over/_state.html", {"transfer": row})).split())
    return JsonResponse({
        "state": "done" if row.ended else "running", "done": row.done, "of": row.of, "words": words,
        "url": reverse("planning_transfer", args=[row.pk]),
    })  # fmt: skip


@require_safe
@administrator
def rows(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The rows of which there is something to say, as CSV: what is so and how to mend it, then their own cells, to be mended and sent again."""
    row = _found(pk)
    columns = row.found.get("columns", [])
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([cell(name) for name in (_("Row"), _("Left out"), _("What"), _("Where"), _("To mend"), *columns)])
    for (number, code, about, left_out), cells in transfer.wrong_rows(row):
        what, mend = OF_ROW[code]
        told = (number, _("yes") if left_out else _("no"), what, about, mend)
        writer.writerow([cell(word) for word in (*told, *(cells.get(name, "") for name in columns))])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rows-{row.pk}.csv"'
    return answer
