"""What is kept here about one person: given out, moved to another address of the same person, erased."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

import discussion.actions
from accounts.models import Correspondent
from discussion.models import Audience, Subject
from participation.actions import joining, profile, taking_part
from participation.models import (
    Alternative,
    Comparison,
    Consultation,
    Event,
    Initiative,
    Joining,
    Pledge,
    Practice,
    Profile,
    Rewording,
    TakingPart,
)
from participation.workflow import ENDS, Who

CARD = ("name", "about", "helps", "area__slug", "state", "reason", "changed_at")


def copy_of(known: Correspondent) -> dict[str, Any]:
    """For the person's copy: events and initiatives taken part in, promises made, what was organised, the card."""
    user = known.user
    organised = [
        {"reference": ref, "kind": kind}
        for model in (Event, Initiative, Practice, Consultation, Comparison, Alternative)
        for ref, kind in model.objects.filter(author=user).order_by("pk").values_list("subject__reference", "subject__kind")
    ]
    return {
        "events": list(
            TakingPart.objects.filter(correspondent=known).order_by("pk").values("subject__reference", "state", "since")
        ),
        "initiatives": list(
            Joining.objects.filter(correspondent=known).order_by("pk")
            .values("initiative__subject__reference", "task__title", "state", "since")
        ),
        "promises": list(
            Pledge.objects.filter(author=user).order_by("pk").values("subject__reference", "what", "until", "state", "note")
        ) if user else [],
        "organised": organised if user else [],
        "new_words": list(Rewording.objects.filter(by=user).values("subject__reference", "title", "text", "lines")) if user else [],
        "card": Profile.objects.filter(user=user).values(*CARD).first() if user else None,
    }  # fmt: skip


def erase(known: Correspondent) -> None:
    """Names go; what was said and counted in public stays. A row tells kept pages that they are old."""
    _give_places_back(known)
    user = known.user
    if user is None:
        return
    profile.take_away(user)
    Rewording.objects.filter(by=user).delete()
    named = [
        model.objects.filter(author=user).exclude(public_name="")
        for model in (Event, Initiative, Practice, Pledge, Alternative)
    ]
    shown = Q(pk__in=[])
    for rows in named:
        shown |= Q(pk__in=rows.values_list("subject", flat=True))
    for subject in Subject.objects.filter(shown).order_by("pk"):
        discussion.actions.append(
            discussion.actions.lock(subject.pk), "name_erased", capacity=Who.SYSTEM, audience=Audience.STAFF, tells=False,
            bumps=False,
        )  # fmt: skip
    for rows in named:
        rows.update(public_name="")
    for model in (Event, Initiative, Practice, Pledge, Consultation, Comparison, Alternative):
        model.objects.filter(author=user).update(author=None)


def _give_places_back(known: Correspondent) -> None:
    """A seat or task of somebody who is gone is the next one's."""
    seats = TakingPart.objects.in_force().filter(correspondent=known, subject__event__status="announced")
    for part in seats.filter(subject__event__starts_at__gt=timezone.now()).order_by("subject"):
        taking_part.leave(part.subject_id, known)
    tasks = Joining.objects.filter(correspondent=known, state=Joining.State.GOING).exclude(initiative__status__in=ENDS)
    for initiative in sorted(set(tasks.values_list("initiative", flat=True))):
        joining.leave(initiative, known)


def take_over(guest: Correspondent, into: Correspondent) -> None:
    """What the guest takes part in is the other address's; what both take part in stands once."""
    for part in TakingPart.objects.in_force().filter(correspondent=guest).order_by("subject"):
        twin = TakingPart.objects.filter(subject=part.subject_id, correspondent=into).first()
        if twin is not None and twin.state != TakingPart.State.LEFT:
            taking_part.leave(part.subject_id, guest)  # the second seat is somebody else's
            continue
        if twin is not None:
            twin.delete()
        TakingPart.objects.filter(pk=part.pk).update(correspondent=into)
    for one in Joining.objects.filter(correspondent=guest).order_by("pk"):
        twin = Joining.objects.filter(initiative=one.initiative_id, task=one.task_id, correspondent=into).first()
        if twin is None:
            Joining.objects.filter(pk=one.pk).update(correspondent=into)
            continue
        if one.state == Joining.State.GOING:
            Joining.objects.filter(pk=twin.pk).update(state=Joining.State.GOING)
        one.delete()
