"""Photos that come with a form of words: each is kept before the form is looked at, so that none is lost when something is wrong."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from discussion.actions import photos
from discussion.models import SubjectPhoto
from discussion.pictures import MOST
from geoportal.kernel import throttle
from geoportal.kernel.photos import MOST_BYTES
from reports.forms.shots import ShotsForm


def kept(request: HttpRequest, form: ShotsForm) -> None:
    """Drops what is to be dropped, keeps what came; what is refused stands at the form's field."""
    draft = form.draft
    if request.method != "POST" or draft is None:
        return
    for name in request.POST.getlist("drop_photo"):
        if (known := _uuid(name)) is not None:
            photos.drop(draft, known)
    files = _new(request, draft)
    room = MOST - len(form.kept_shots) if files else 0
    if len(files) > room:
        form.add_error("photo", _("At most %(most)s photos.") % {"most": MOST})
    for key, file in list(files.items())[: max(0, room)]:
        try:
            throttle.limit(request, "photo")
            photos.keep(draft, key, file.read(MOST_BYTES + 1))
        except (ValidationError, throttle.Throttled) as refused:
            said = refused.messages[0] if isinstance(refused, ValidationError) else refused.detail
            form.add_error("photo", f"{file.name}: {said}")


def _new(request: HttpRequest, draft: uuid.UUID) -> dict[uuid.UUID, Any]:
    """{key: file} of those that have not come under this draft: the key is made from both, so that a second press, or the same
    picture chosen twice, is no second photo."""
    found = {}
    for file in request.FILES.getlist("photo"):
        found.setdefault(uuid.uuid5(draft, hashlib.file_digest(file, "sha256").hexdigest()), file)
        file.seek(0)
    there = set(SubjectPhoto.objects.filter(client_uuid__in=found).values_list("client_uuid", flat=True))
    return {key: file for key, file in found.items() if key not in there}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
