"""What an addressee may (still) read by name: asked when a message is sent or shown, not when it was made.

Between an act and its message a report may have been restricted, hidden or handed over.
"""

from __future__ import annotations

from collections.abc import Collection

from accounts.models import Correspondent, User
from discussion.models import Subject
from notifications.models import Delivery
from participation.actions.move import MODELS
from participation.workflow import Kind
from reports.models import Report


def legible(subjects: Collection[int], correspondent: Correspondent | None, mailbox: str = "") -> set[int]:
    """Ids of those subjects whose title this person, or the department of that mailbox, may read now.

    As many queries for one of a kind as for a hundred. What people take part in is read by who organises it before it is public.
    A tombstone's page opens for everyone, its title is its author's and staff's.
    """
    found = set(Subject.objects.filter(pk__in=subjects, is_public=True).values_list("pk", flat=True))
    left = set(subjects) - found
    if not left:
        return found
    others = Report.objects.filter(pk__in=left)
    if correspondent is not None:
        seen = others.legible_to(correspondent.user).values_list("pk", flat=True)
        return found.union(
            seen, others.sent_by(correspondent).values_list("pk", flat=True), _organised(left, correspondent.user)
        )
    if mailbox:
        found.update(others.filter(department__mailbox=mailbox).values_list("pk", flat=True))
    return found


def _organised(subjects: Collection[int], user: User | None) -> set[int]:
    """Those of them that are not public, or not yet, and whose page this account opens."""
    kinds = Subject.objects.filter(pk__in=subjects, kind__in=list(MODELS)).values_list("kind", flat=True).distinct()
    found: set[int] = set()
    for kind in kinds if user is not None else ():
        rows = MODELS[Kind(kind)].objects.visible_to(user).filter(pk__in=subjects)  # type: ignore[attr-defined]
        found.update(rows.values_list("pk", flat=True))
    return found


def may_be_named(delivery: Delivery) -> bool:
    """The report of this message may be named to its addressee now."""
    subject = delivery.row.subject_id
    return subject in legible([subject], delivery.correspondent, delivery.mailbox)
