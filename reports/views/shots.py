"""Photos that come with a form of words: each is kept before the form is looked at, so that none is lost when something is wrong."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from discussion.actions import photos
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
    files = request.FILES.getlist("photo")
    room = MOST - len(form.kept_shots) if files else 0
    if len(files) > room:
        form.add_error("photo", _("At most %(most)s photos.") % {"most": MOST})
    for file in files[: max(0, room)]:
        try:
            throttle.limit(request, "photo")
            photos.keep(draft, uuid.uuid4(), file.read(MOST_BYTES + 1))
        except (ValidationError, throttle.Throttled) as refused:
            said = refused.messages[0] if isinstance(refused, ValidationError) else refused.detail
            form.add_error("photo", f"{file.name}: {said}")


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
