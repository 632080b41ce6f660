"""`/media/<photo>/<size>.jpg`: a photo's bytes after what it belongs to was found visible; hidden is the same as missing."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts.browser import correspondent_of
from discussion.models import SubjectPhoto
from geoportal.kernel.conditional import is_public, keep_private
from reports import workflow
from reports.access import proven_author
from reports.models import Photo

PUBLIC_SECONDS = 60


@require_safe
def photo(request: HttpRequest, photo_id: uuid.UUID, size: str) -> HttpResponseBase:
    """One size of one photo; `?draft=<UUID>` shows what was uploaded to a draft to whoever holds its UUID."""
    found: Photo | SubjectPhoto | None = Photo.objects.visible_to(request.user, _draft(request)).filter(pk=photo_id).first()
    own = None if found else _of_proven_author(request, photo_id)
    found = found or own or _of_words(request, photo_id)
    if found is None:
        raise Http404
    response = _bytes(found, size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = f'inline; filename="{found.pk}-{size}.jpg"'
    if is_public(request) and not own and _everyones(found):
        patch_cache_control(response, public=True, max_age=PUBLIC_SECONDS)
        return response
    return keep_private(response)


def _of_proven_author(request: HttpRequest, photo_id: uuid.UUID) -> Photo | None:
    """A photo of a report that is not public, for the browser whose confirmed address sent it."""
    found = Photo.objects.filter(pk=photo_id, hidden=False).exclude(report=None).select_related("report").first()
    return found if found and proven_author(request, found.report) else None


def _of_words(request: HttpRequest, photo_id: uuid.UUID) -> SubjectPhoto | None:
    """A photo of a comment or an act."""
    seen = SubjectPhoto.objects.visible_to(request.user, correspondent_of(request), _draft(request)).filter(pk=photo_id)
    if not getattr(request.user, "works_here", False):
        seen = seen.exclude(subject__report__status__in=sorted(workflow.WORDLESS))
    return seen.first()


def _everyones(found: Photo | SubjectPhoto) -> bool:
    if isinstance(found, SubjectPhoto):
        return SubjectPhoto.objects.public().filter(pk=found.pk).exists()
    return found.report_id is not None


def _draft(request: HttpRequest) -> tuple[str, ...]:
    try:
        return (str(uuid.UUID(request.GET.get("draft", "")[:40])),)
    except ValueError:
        return ()


def _bytes(found: Photo | SubjectPhoto, size: str) -> HttpResponseBase:
    """The file; where a web server stands in front (MEDIA_ACCEL names its internal address), it sends the bytes itself."""
    if accel := settings.MEDIA_ACCEL:
        response = HttpResponse(content_type="image/jpeg")
        response["X-Accel-Redirect"] = f"{accel.rstrip('/')}/{found.pk}/{size}.jpg"
        return response
    try:
        return FileResponse((Path(settings.MEDIA_ROOT) / str(found.pk) / f"{size}.jpg").open("rb"), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
