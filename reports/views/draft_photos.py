"""Photos of a report that is not sent yet: kept one by one under its draft."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from geoportal.kernel import throttle
from geoportal.kernel.photos import MOST_BYTES
from geoportal.kernel.problems import problem
from reports.actions import drop_photo, keep_photo
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
