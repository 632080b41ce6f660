"""„Looks fixed“: somebody else says so with a photo, an official confirms it (the problem is resolved by it) or says why not."""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import discussion.actions
from accounts import blocks
from accounts.models import Correspondent, User
from discussion.models import Audience, TimelineRow
from geoportal.kernel import photos
from municipality.site import installation
from reports import rules, workflow
from reports.actions.move import Given, NotAllowed, act, locked
from reports.actions.photos import folder_of
from reports.models import FixedClaim, Photo, Report
from reports.workflow import Who

RESOLVE = workflow.TRANSITIONS[(workflow.Kind.PROBLEM, "resolve")]
LEFT_DAYS = 30
MOST_WAITING = 5
"""On one report; more of the same tell an official nothing new."""


def open_to_claims(report: Report) -> bool:
    """A public problem that an official could resolve now."""
    return report.is_public and report.kind == RESOLVE.kind and report.status in RESOLVE.sources


@transaction.atomic
def say_fixed(
    report_id: int, *, text: str, photo: uuid.UUID | None, client_uuid: uuid.UUID, correspondent: Correspondent,
    by: User | None = None, language: str = "", proven: bool = True,
) -> FixedClaim:  # fmt: skip
    """A claim with words and a kept photo (its client UUID); a repeat answers the first.

    An address that never answered, or is not `proven` to be the sender's, is asked first; the official hears of it then.
    Raises NotAllowed, ValidationError.
    """
    subject, report = locked(report_id)
    if known := FixedClaim.objects.filter(client_uuid=client_uuid).first():
        return known
    if not open_to_claims(report):
        raise NotAllowed(report, "say_fixed")
    if proven := proven and correspondent.verified_at is not None:
        blocks.require_free(correspondent)
    kept = Photo.objects.filter(client_uuid=photo, report=None, fixed_claim=None).first() if photo else None
    wrong = {} if text else {"text": _("This is needed here.")}
    if kept is None:
        wrong["photo"] = _("Send a photo of how it looks now.")
    if wrong:
        raise ValidationError(wrong)
    _check_number(report, correspondent)
    made = FixedClaim.objects.create(
        report=report, correspondent=correspondent, photo=kept, text=text, client_uuid=client_uuid,
        language=language or get_language() or settings.LANGUAGE_CODE,
        state=FixedClaim.State.WAITING if proven else FixedClaim.State.UNCONFIRMED,
    )  # fmt: skip
    Photo.objects.filter(fixed_claim=made).update(draft=None)
    if proven:
        _tell(made, by)
    else:
        data = {"correspondent": correspondent.pk, "wish": "fixed", "claim": made.pk}
        discussion.actions.append(
            subject, "confirmation_asked", capacity="visitor", audience=Audience.STAFF, data=data, bumps=False
        )
    return made


def _check_number(report: Report, correspondent: Correspondent) -> None:
    for unproven in FixedClaim.objects.filter(report=report, correspondent=correspondent, state=FixedClaim.State.UNCONFIRMED):
        _let_go(unproven)
    waiting = FixedClaim.objects.filter(report=report, state=FixedClaim.State.WAITING)
    if waiting.filter(correspondent=correspondent).exists():
        raise ValidationError(_("You have said so already; an official will look."), code="twice")
    if waiting.count() >= MOST_WAITING:
        raise ValidationError(_("Several people have said so already; an official will look."), code="many")


def _tell(claim: FixedClaim, by: User | None = None) -> TimelineRow:
    """Whoever is in charge hears of it."""
    return discussion.actions.append(
        claim.report.subject, "looks_fixed", by=by, capacity="visitor", audience=Audience.STAFF,
        department=claim.report.department, data={"claim": claim.pk}, bumps=False,
    )  # fmt: skip


@transaction.atomic
def confirm_claims(correspondent: Correspondent, report_id: int) -> int:
    """The address has answered: its claims on the report go to the officials, each with its row. Answers how many."""
    waiting = FixedClaim.objects.filter(correspondent=correspondent, report=report_id, state=FixedClaim.State.UNCONFIRMED)
    done = 0
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        locked(report_id)
        if FixedClaim.objects.filter(pk=pk, state=FixedClaim.State.UNCONFIRMED).update(state=FixedClaim.State.WAITING):
            _tell(FixedClaim.objects.select_related("report__subject", "report__department").get(pk=pk))
            done += 1
    return done


def _let_go(claim: FixedClaim) -> None:
    """The claim counts no more: its words' row stays dismissed, its photo goes for good."""
    photo = claim.photo
    FixedClaim.objects.filter(pk=claim.pk).update(state=FixedClaim.State.DISMISSED, photo=None)
    if photo is not None:
        folder = folder_of(photo)
        photo.delete()
        transaction.on_commit(lambda: photos.discard(folder))


def forget_claims(correspondent: Correspondent) -> None:
    """The person is erased: what is not settled goes with its photo, and no words stay. A photo that an official confirmed has become
    the answer that everyone reads, as words and photos of reports. The reports are locked already, in the order of their keys."""
    theirs = FixedClaim.objects.filter(correspondent=correspondent)
    for claim in theirs.filter(state__in=[FixedClaim.State.UNCONFIRMED, FixedClaim.State.WAITING]):
        _let_go(claim)
    theirs.update(text="")


def let_go_of_old(now: datetime.datetime) -> int:
    """Claims whose address never answered, and those that nobody settled before the report ended; answers how many."""
    unproven = Q(
        state=FixedClaim.State.UNCONFIRMED, created_at__lt=now - datetime.timedelta(days=installation().unconfirmed_days)
    )
    left = Q(state=FixedClaim.State.WAITING, created_at__lt=now - datetime.timedelta(days=LEFT_DAYS))
    old = list(
        FixedClaim.objects.filter(unproven | left & ~Q(report__status__in=RESOLVE.sources)).values_list("pk", "report_id")[:500]
    )
    for pk, report_id in old:
        with transaction.atomic():
            locked(report_id)
            for claim in FixedClaim.objects.filter(pk=pk, state__in=[FixedClaim.State.UNCONFIRMED, FixedClaim.State.WAITING]):
                _let_go(claim)
    return len(old)


def _waiting(claim_id: int, report: Report) -> FixedClaim:
    found = FixedClaim.objects.filter(pk=claim_id, report=report, state=FixedClaim.State.WAITING).first()
    if found is None:
        raise NotAllowed(report, "settle_fixed")
    return found


@transaction.atomic
def accept_fixed(
    claim_id: int, *, text: str, by: User, version: int | None = None, at: datetime.datetime | None = None
) -> TimelineRow:
    """The problem is resolved with the official's words and the claim's photo, which everyone sees from now on.

    Whoever said so is told of it.
    """
    report_id = FixedClaim.objects.values_list("report_id", flat=True).get(pk=claim_id)
    _subject, report = locked(report_id)
    claim = _waiting(claim_id, report)
    photo = [claim.photo.client_uuid] if claim.photo else []
    row = act(report_id, RESOLVE.name, by=by, version=version, given=Given(text=text, photo=photo, claim=claim_id), at=at)
    FixedClaim.objects.filter(pk=claim_id).update(state=FixedClaim.State.CONFIRMED)
    return row


@transaction.atomic
def dismiss_fixed(
    claim_id: int, *, text: str, by: User, version: int | None = None, at: datetime.datetime | None = None
) -> TimelineRow:
    """It is not fixed: who said so is told why; the photo goes for good."""
    report_id = FixedClaim.objects.values_list("report_id", flat=True).get(pk=claim_id)
    subject, report = locked(report_id, version=version)
    if Who.OFFICIAL not in rules.capacities(by, report):
        raise PermissionDenied
    if not text:
        raise ValidationError({"text": _("This is needed here.")})
    claim = _waiting(claim_id, report)
    _let_go(claim)
    return discussion.actions.append(
        subject, "fixed_dismissed", by=by, capacity=Who.OFFICIAL, audience=Audience.STAFF, at=at, text=text,
        department=report.department, data={"claim": claim_id, "correspondent": claim.correspondent_id}, bumps=False,
    )  # fmt: skip
