"""`/desk/new/`: a report by telephone, at the counter or on paper, entered on behalf of a person by the same verb."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from geoportal.kernel.photos import MOST_BYTES
from geoportal.kernel.references import display
from reports import rules
from reports.actions import Expired, Submission, keep_photo, submit
from reports.actions.submit import MOST_PHOTOS
from reports.forms.desk import IntakeForm
from reports.forms.errors import errors_by_field
from reports.forms.place import PlaceForm
from reports.forms.submit import PhotosForm, WhatForm, shown_name
from reports.models import Photo
from reports.views.beside_draft import beside_place
from reports.views.desk.entrance import staff
from reports.views.drafts import posted, uuid_of
from reports.views.page import photo_items
from reports.views.places import lookup

SEVERAL = ("answers", "further_sectors")
"""Fields that are sent several times."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """One page, four groups of fields; what was typed and every photo stay when something is wrong. `go`=questions or search: the same page
    with what the chosen category asks and the places that were looked up, for those without scripts."""
    if not rules.may_enter_for_others(request.user):
        raise Http404
    data = posted(request) if request.method == "POST" else None
    quiet = data is not None and data.get("go") in ("questions", "search")
    forms = _forms(request, data, quiet=quiet)
    if data is None:
        return _page(request, forms, uuid.uuid4())
    if quiet:
        draft = uuid_of(data.get("client_uuid", "")) or uuid.uuid4()
        _keep_photos(request, forms["photos"], draft)
        return _page(request, forms, draft, find=data.get("find", ""))
    for form in forms.values():
        form.full_clean()
    valid = not any(form.errors for form in forms.values())
    draft = forms["who"].cleaned_data.get("client_uuid") or uuid.uuid4()
    _keep_photos(request, forms["photos"], draft)
    if not valid or forms["photos"].errors:
        return _page(request, forms, draft, status=422)
    try:
        report = submit(_submission(request, forms, draft))
    except Expired:
        forms["who"].add_error(None, _("This form lay too long. Look through it and send it again."))
        return _page(request, forms, uuid.uuid4(), status=422)
    except ValidationError as refused:
        _place_errors(forms, refused)
        return _page(request, forms, draft, status=422)
    number = display(report.subject.reference)
    notes.success(request, _("Entered under number %(number)s. Tell it to the person.") % {"number": number})
    return redirect("desk_report", report.subject.reference)


def _forms(request: HttpRequest, data: QueryDict | None, *, quiet: bool) -> dict[str, Form]:
    """`quiet`: asked in the midst of it: what was typed stands there, and nothing is wrong yet."""
    first: dict[str, Any] = {}
    photos = PhotosForm(data)
    if quiet and data is not None:
        first = {name: values if name in SEVERAL else values[-1] for name, values in data.lists() if values}
        data = None
    return {
        "place": PlaceForm(data, initial=first), "what": WhatForm(data, user=request.user, for_others=True, initial=first),
        "photos": photos, "who": IntakeForm(data, initial=first),
    }  # fmt: skip


def _keep_photos(request: HttpRequest, form: Form, draft: uuid.UUID) -> None:
    for file in request.FILES.getlist("photo")[:MOST_PHOTOS]:
        try:
            keep_photo(draft, uuid.uuid4(), file.read(MOST_BYTES + 1))
        except ValidationError as refused:
            form.add_error("photo", refused)


def _submission(request: HttpRequest, forms: dict[str, Form], draft: uuid.UUID) -> Submission:
    place, what, who = (forms[name].cleaned_data for name in ("place", "what", "who"))
    shape = place["shape"]
    kind = shape.geom_type if shape else ""
    return Submission(
        kind=what["kind"], category=what["category"], title=what["title"], text=what["text"],
        further_sectors=list(what["further_sectors"]), client_uuid=draft, language=get_language() or "bg",
        answers=what["answers"],
        object=place["object"], point=place["point"], settlement=place["settlement"], place=place["place"],
        line=shape if kind == "LineString" else None, polygon=shape if kind == "Polygon" else None,
        photos=list(Photo.objects.filter(draft=draft, report=None).values_list("client_uuid", flat=True)[:MOST_PHOTOS]),
        official=who["official"], happened_on=who["happened_on"], restricted=who["restricted"], email=who["email"],
        name=who["name"], address=who["address"], phone=who["phone"],
        public_name=shown_name(who["public_name"], who["name"]), channel=who["channel"], entered_by=request.user,
    )  # fmt: skip


def _place_errors(forms: dict[str, Form], refused: ValidationError) -> None:
    """Each refusal of the verb at its field, in whichever group that stands."""
    for name, errors in errors_by_field(refused).items():
        wanted = "photo" if name == "photos" else name
        home = next((form for form in forms.values() if wanted in form.fields), forms["who"])
        home.add_error(wanted if wanted in home.fields else None, errors)


def _page(request: HttpRequest, forms: dict[str, Form], draft: uuid.UUID, *, find: str = "", status: int = 200) -> HttpResponse:
    kept = photo_items(Photo.objects.filter(draft=draft, report=None))
    context = {
        **forms,
        "kept": kept,
        "things": beside_place(forms["place"]),
        **lookup(find, forms["place"]["hit"].value()),
        "draft": draft,
        "wrong": [form for form in forms.values() if form.is_bound and form.errors],
    }
    return render(request, "desk/new.html", context, status=status)
