"""`/subjects/<ref>/photos/<photo>/`: a moderator covers parts of a photo beside words, or hides it."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion.actions import photos
from discussion.addresses import page_of
from discussion.models import Subject, SubjectPhoto
from reports import rules
from reports.forms.cover import CoverForm
from reports.views.acknowledged import acknowledge
from reports.views.visitor import of_any


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: HttpRequest, ref: str, photo_id: uuid.UUID) -> HttpResponse:
    """Boxes in numbers, which a script lets be drawn; `hide=1`: everyone reads the words without it."""
    if not rules.is_moderator(request.user):
        raise Http404
    subject = of_any(request, ref)
    found = SubjectPhoto.objects.visible_to(request.user).filter(pk=photo_id, subject=subject).first()
    if found is None:
        raise Http404
    by: Any = request.user
    hides = request.method == "POST" and bool(request.POST.get("hide"))
    form = CoverForm(request.POST if request.method == "POST" and not hides else None)
    try:
        if hides:
            photos.hide(found.pk, by=by)
            return _back(request, subject, found, _("The photo is hidden."))
        if form.is_valid():
            photos.cover(found.pk, form.cleaned_data["boxes"], by=by)
            return _back(request, subject, found, _("The covered copy stands there now."))
    except ValidationError as refused:
        form = form if form.is_bound else CoverForm({})
        form.add_error(None, refused.messages)
    context = {"subject": subject, "form": form, "picture": found.url("large"), "back": page_of(subject)}
    return render(request, "discussion/photo.html", context, status=422 if form.errors else 200)


def _back(request: HttpRequest, subject: Subject, found: SubjectPhoto, said: str) -> HttpResponse:
    acknowledge(request, said)
    return redirect(page_of(subject) + (f"#comment-{found.comment_id}" if found.comment_id else ""))
