"""What is over and waits for its organisation: a table, results, a choice. For the desk, and for the letter when the time is over."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from discussion.models import Subject, TimelineRow

OWED: dict[str, tuple[Promise, Promise, str]] = {
    "consultation": (_("The table of proposals is due"), _("Answer the proposals"), "answers/"),
    "survey": (_("The results are due"), _("Look at the answers, then publish the results"), ""),
    "comparison": (_("The choice is due"), _("Choose one, with the reason"), "decide/"),
}
"""Kind of what is closed → (what is due, what one does, where below its page)."""
MOST = 50


@dataclass(frozen=True)
class Due:
    """One of them. `since`: when it ended."""

    title: str
    language: str
    words: str
    url: str
    since: datetime.datetime


def due_to(user: Any) -> list[Due]:
    """What waits for this person's organisations, the longest first; one query, none for who is in none."""
    bodies = [each.organisation_id for each in user.held]
    if not bodies:
        return []
    wanted = Q(survey__status="closed", survey__organisation=None, survey__author=user)
    for kind in OWED:
        wanted |= Q(**{f"{kind}__status": "closed", f"{kind}__organisation__in": bodies})
    rows = Subject.objects.filter(wanted, is_public=True)
    rows = rows.annotate(since=Coalesce(*(F(f"{kind}__status_at") for kind in OWED))).order_by("since", "pk")[:MOST]
    return [
        Due(
            one.title,
            one.language,
            str(OWED[one.kind][0]),
            reverse(one.kind, args=[one.reference]) + OWED[one.kind][2],
            one.since,
        )
        for one in rows
    ]


def ended(row: TimelineRow) -> bool:
    """By this act it is over and something is due."""
    return row.code == "close" and row.subject.kind in OWED


def members(subject: Subject) -> Iterator[User]:
    """The people of the organisation that asked."""
    matter = getattr(subject, subject.kind)
    if matter.organisation_id is not None:
        of = {"memberships__active": True, "memberships__organisation": matter.organisation_id}
        yield from User.objects.filter(is_active=True, **of).distinct().order_by("pk")
    elif matter.author is not None and matter.author.is_active:
        yield matter.author
