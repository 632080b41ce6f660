"""Flags: somebody says that the rules are broken, a moderator settles it."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from discussion.actions.comments import SAME_WORDS
from discussion.actions.spine import append, lock
from discussion.models import Audience, Comment, Flag


@transaction.atomic
def flag(
    subject_id: int, *, reason: str, text: str = "", comment_id: int | None = None, by: User | None = None,
    client_uuid: uuid.UUID | None = None,
) -> Flag:  # fmt: skip
    """Somebody says that this breaks the rules; a moderator will look. A repeat returns the first: under the client's
    UUID, or in the same words within the hour (whoever says them, the moderator reads them once).
    """
    subject = lock(subject_id)
    if client_uuid and (known := Flag.objects.filter(client_uuid=client_uuid).first()):
        if (known.subject_id, known.comment_id, known.reason, known.text) != (subject.pk, comment_id, reason, text):
            raise ValidationError(
                _("This was already sent from this page. Press once more to send the other words too."), code="conflict"
            )
        return known
    same = Flag.objects.open().filter(subject=subject, comment=comment_id, reason=reason, text=text)
    if known := same.filter(created_at__gt=timezone.now() - SAME_WORDS).first():  # the browser's Back makes the form anew
        return known
    found = Comment.objects.filter(subject=subject, pk=comment_id).first() if comment_id else None
    made = Flag.objects.create(subject=subject, comment=found, reason=reason, text=text, client_uuid=client_uuid)
    append(
        subject,
        "flagged",
        by=by,
        capacity="visitor",
        audience=Audience.STAFF,
        data={"flag": made.pk, "reason": reason},
        bumps=False,
    )
    return made


@transaction.atomic
def settle_flag(flag_id: int, *, by: User) -> Flag:
    """The moderator leaves the flagged thing as it is."""
    subject = lock(Flag.objects.values_list("subject_id", flat=True).get(pk=flag_id))
    found = Flag.objects.get(pk=flag_id)
    found.settled_at, found.settled_by = timezone.now(), by
    found.save(update_fields=["settled_at", "settled_by"])
    append(
        subject,
        "flag_settled",
        by=by,
        capacity="moderator",
        audience=Audience.STAFF,
        data={"flag": found.pk},
        tells=False,
        bumps=False,
    )
    return found
