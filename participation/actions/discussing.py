"""While an event goes on its organiser notes what is being discussed; everyone sees the list, the minutes begin with it."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts import blocks
from accounts.models import User
from discussion.models import Audience, Subject, TimelineRow
from participation.actions.move import edge_of, locked
from participation.models import Discussed, Event
from participation.workflow import Who

MOST = 100
"""Things that one event discusses."""


@transaction.atomic
def note(event_id: int, subjects: list[Subject], *, by: User, at: datetime.datetime | None = None) -> TimelineRow | None:
    """Puts them first in the list, each once; None where all stand there already. Their own histories hear of it from the minutes.

    Raises NotAllowed, PermissionDenied, ValidationError before the beginning, for the event itself and beyond MOST.
    """
    blocks.require_free_account(by)
    event, at = locked(Event, event_id), at or timezone.now()
    edge_of(event, "discuss", by)
    known = set(event.discussed.values_list("subject", flat=True))
    new = [subject for subject in subjects if subject.pk not in known]
    if any(subject.pk == event.pk for subject in new):
        raise ValidationError({"discussed": _("This is the number of the event itself. Write that of what is discussed.")})
    if len(known) + len(new) > MOST:
        raise ValidationError({"discussed": _("At most %(n)d points: join some.") % {"n": MOST}})
    if not new:
        return None
    Discussed.objects.bulk_create(Discussed(event=event, subject=subject, at=at) for subject in new)
    return _row(event, "discuss", [subject.pk for subject in new], by, at)


@transaction.atomic
def take_off(event_id: int, discussed_id: int, *, by: User) -> TimelineRow | None:
    """A wrong one leaves the list; None where it is gone already."""
    event = locked(Event, event_id)
    edge_of(event, "discuss", by)
    found = event.discussed.filter(pk=discussed_id).first()
    if found is None:
        return None
    found.delete()
    return _row(event, "take_off", [found.subject_id], by, timezone.now())


def _row(event: Event, code: str, subjects: list[int], by: User, at: datetime.datetime) -> TimelineRow:
    """Staff alone reads it; kept pages are made anew by it."""
    return discussion.actions.append(
        event.subject, code, by=by, capacity=Who.ORGANISER, audience=Audience.STAFF, at=at, before=event.status,
        after=event.status, data={"subjects": subjects}, tells=False, bumps=False,
    )  # fmt: skip
