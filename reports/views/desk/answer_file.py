"""`/desk/answers/`: the desk's list comes back with answers: looked through first, then done row by row."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from reports.actions.answer_rows import Told, answer
from reports.answer_rows import AnswerRow, read
from reports.forms.answer_file import AnswerFileForm
from reports.taking_over import table
from reports.views.desk.entrance import staff

MOST_ROWS, MOST_BYTES, MOST_CARRIED = 200, 5 * 1024 * 1024, 1_500_000
A_DAY = 86_400


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def answers(request: HttpRequest) -> HttpResponse:
    """The form; after a file what each row would do; after „Carry it out“ what was done. Sent twice, nothing is done twice."""
    if request.method != "POST":
        return _page(request, AnswerFileForm())
    person = cast(User, request.user)
    if carried := request.POST.get("rows"):
        return _carried_out(request, person, carried)
    form = AnswerFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            rows = _rows(form.cleaned_data["file"])
            kept = signing.dumps([row.kept() for row in rows], salt=_salt(person), compress=True)
            if len(kept) > MOST_CARRIED:
                raise ValidationError(_("The answers are too long together. Divide the file."))
        except ValidationError as refused:
            form.add_error("file", refused)
        else:
            whole = form.cleaned_data["whole"]
            told = answer(rows, by=person, whole=whole, rehearse=True)
            return _page(request, form, told=told, rows=kept, whole=whole)
    return _page(request, form, status=422)


def _rows(file: Any) -> list[AnswerRow]:
    raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise ValidationError(_("The file is larger than 5 MB. Divide it."))
    found = read(table.of_bytes(raw), MOST_ROWS)
    if not found:
        raise ValidationError(_("No answer is written in this file. Fill in its last columns and send it again."))
    return found


def _salt(person: User) -> str:
    """What one person looked through is carried out by nobody else."""
    return f"answers of {person.pk}"


def _carried_out(request: HttpRequest, person: User, carried: str) -> HttpResponse:
    form = AnswerFileForm({})
    try:
        rows = [AnswerRow.of(kept) for kept in signing.loads(carried, salt=_salt(person), max_age=A_DAY)]
    except signing.BadSignature:
        form.errors["file"] = form.error_class([_("This page is out of date. Send the file again.")])
        return _page(request, form, status=422)
    told = answer(rows, by=person, whole=bool(request.POST.get("whole")))
    return _page(request, AnswerFileForm(), told=told, over=True)


def _page(
    request: HttpRequest, form: AnswerFileForm, *, told: list[Told] | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    counts = Counter(one.outcome for one in told or ())
    context = {"form": form, "told": told, "counts": counts, "good": counts["done"] > 0, **more}
    return render(request, "desk/answers.html", context, status=status)
