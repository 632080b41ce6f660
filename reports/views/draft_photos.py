"""Photos of a report that is not sent yet: kept one by one under its draft."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from geoportal.kernel import throttle
from geoportal.kernel.photos import MOST_BYTES
from geoportal.kernel.problems import problem
from reports.actions import cover_draft, drop_photo, keep_photo
from reports.forms.cover import CoverForm
from reports.models import Photo


def of_draft(draft: uuid.UUID) -> list[Photo]:
    return list(Photo.objects.filter(draft=draft, report=None))


def shot(photo: Photo) -> dict[str, Any]:
    return {"client_uuid": str(photo.client_uuid), "thumb": photo.url("small")}


@never_cache
@require_http_methods(["POST"])
def draft_photo(request: HttpRequest) -> HttpResponse:
    """One photo sent by the page's script under its own UUID; with `remove` it is taken away again."""
    try:
        draft, client_uuid = (uuid.UUID(request.POST.get(name, "")) for name in ("draft", "client_uuid"))
    except ValueError:
        return problem(400, _("The form is not whole. Open it again."))
    if request.POST.get("remove"):
        drop_photo(draft, client_uuid)
        return HttpResponse(status=204)
    file = request.FILES.get("photo")
    if file is None:
        return problem(400, _("Choose a photo."))
    throttle.limit(request, "photo")
    try:
        photo = keep_photo(draft, client_uuid, file.read(MOST_BYTES + 1))
    except ValidationError as refused:
        return problem(422, refused.messages[0])
    return JsonResponse(shot(photo), status=201)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cover(request: HttpRequest, client_uuid: uuid.UUID) -> HttpResponse:
    """Covers a face or a number before sending, where there is no script: boxes in numbers. `draft` opens the photo."""
    try:
        draft = uuid.UUID((request.GET.get("draft") or "")[:40])
    except ValueError:
        raise Http404 from None
    photo = Photo.objects.filter(draft=draft, client_uuid=client_uuid, report=None).first()
    if photo is None:
        raise Http404
    back = f"{reverse('report_new')}?draft={draft}&step=photos"
    form = CoverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            throttle.limit(request, "photo")
            cover_draft(draft, client_uuid, form.cleaned_data["boxes"])
            return redirect(back)
        except (ValidationError, throttle.Throttled) as refused:
            form.add_error(None, refused.messages if isinstance(refused, ValidationError) else refused.detail)
    context = {"form": form, "picture": photo.url("large"), "back": back}
    return render(request, "reports/cover.html", context, status=422 if form.errors else 200)
