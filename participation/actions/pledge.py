"""Pledges are made on a public subject, read by a moderator first unless the municipality makes them, kept or withdrawn with words."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import discussion.actions
from accounts import blocks
from accounts.models import User
from discussion.actions.spine import require_public
from discussion.models import Audience, TimelineRow, TimelineText
from municipality.models import Organisation
from participation import rules, workflow
from participation.actions.event import may_speak_for
from participation.models import Pledge
from participation.workflow import Who
from reports.models import Reason

LONGEST = datetime.timedelta(days=5 * 366)
"""A promise for longer is none that anybody can look after."""
SAME_WORDS = datetime.timedelta(days=1)
"""For so long the same words of the same person are one promise."""
MOST_WAITING = 10
"""Of one person that no moderator has read yet."""


class Gone(Exception):
    """The pledge cannot take this act (any more), or has changed since it was seen."""


@transaction.atomic
def promise(
    subject_id: int, *, what: str, until: datetime.date, by: User, client_uuid: uuid.UUID,
    organisation: Organisation | None = None, public_name: str = "", language: str = "", at: datetime.datetime | None = None,
) -> Pledge:  # fmt: skip
    """Promises something in public; the same client UUID or the same words again answer the first one.

    Raises ValidationError by field, PermissionDenied for an organisation of which one is no member.
    """
    subject, at = discussion.actions.lock(subject_id), at or timezone.now()
    name = "" if organisation else public_name
    same = {"subject": subject, "organisation": organisation, "public_name": name, "what": what, "until": until}
    if known := _repeated(same, by, client_uuid, at):
        return known
    blocks.require_free_account(by)
    require_public(subject)
    may_speak_for(by, organisation)
    if not timezone.localdate(at) <= until <= timezone.localdate(at) + LONGEST:
        raise ValidationError({"until": _("Choose a day from today on, at most five years ahead.")})
    state = workflow.PLEDGE_FIRST if rules.publishes_at_once(by, organisation) else "awaiting_moderation"
    if state == "awaiting_moderation" and Pledge.objects.waiting().filter(author=by).count() >= MOST_WAITING:
        raise ValidationError(_("Several of your promises still wait for a moderator. Wait until they are read."), code="many")
    made = Pledge.objects.create(
        subject=subject, author=by, organisation=organisation, public_name=name, what=what,
        language=language or get_language() or "bg", until=until, state=state, client_uuid=client_uuid, created_at=at,
    )  # fmt: skip
    public = state in workflow.PLEDGE_PUBLIC
    _append(made, "pledged" if public else "pledge_kept", by=by, at=at, text=what, public=public)
    return made


def _repeated(said: dict[str, Any], by: User, client_uuid: uuid.UUID, at: datetime.datetime) -> Pledge | None:
    """The promise that this one repeats: of the same form, or all the same said again: sent, Back, sent once more."""
    if known := Pledge.objects.filter(client_uuid=client_uuid, author=by).first():
        return known
    same = Pledge.objects.filter(author=by, created_at__gt=at - SAME_WORDS, **said)
    return same.filter(state__in=(workflow.PLEDGE_FIRST, "awaiting_moderation")).first()


def locked(pledge_id: int, *, version: int | None = None) -> Pledge:
    """The pledge with its Subject locked first. Raises Gone when `version` is given and is not the present one."""
    discussion.actions.lock(Pledge.objects.values_list("subject_id", flat=True).get(pk=pledge_id))
    pledge = Pledge.objects.select_related("subject", "organisation").get(pk=pledge_id)
    if version is not None and version != pledge.version:
        raise Gone
    return pledge


@transaction.atomic
def act(
    pledge_id: int, name: str, *, by: User, version: int | None = None, text: str = "", reason: Reason | None = None,
    at: datetime.datetime | None = None,
) -> TimelineRow:  # fmt: skip
    """publish, reject, take_back, done, withdraw, remove, show_again: what `workflow.PLEDGES` lets happen now, by who may.

    Raises Gone, PermissionDenied, ValidationError for words or a reason that are missing.
    """
    pledge, edge, at = locked(pledge_id, version=version), workflow.PLEDGES.get(name), at or timezone.now()
    if edge is None or pledge.state not in edge.sources:
        raise Gone
    if not edge.who & rules.makers(by, pledge):
        raise PermissionDenied
    if name in ("done", "withdraw"):
        blocks.require_free_account(by)
    elif name == "publish":
        blocks.require_publishable_account(pledge.author)
    given = {"text": text, "reason": reason}
    if wrong := {field: _("This is needed here.") for field in edge.requires if not given.get(field)}:
        raise ValidationError(wrong)
    pledge.state = _state_before(pledge) if edge.target == workflow.STAYS else edge.target
    pledge.version += 1
    if "text" in edge.requires:
        pledge.note, pledge.ended_on = text, timezone.localdate(at)
    pledge.reason = reason.slug if reason else ""
    pledge.save(update_fields=["state", "version", "note", "ended_on", "reason"])
    told = TimelineText.objects.filter(row__subject=pledge.subject_id, row__data__pledge=pledge.pk)
    if name == "remove":
        told.update(original=F("text"), text="")
    elif name == "show_again":
        told.update(text=F("original"), original="")
    code = {"publish": "pledged"}.get(name, f"pledge_{name}")
    said = pledge.what if name == "publish" else text
    more = {"reason": reason.slug} if reason else {}
    public = pledge.state in workflow.PLEDGE_PUBLIC and name != "show_again"
    return _append(pledge, code, by=by, at=at, text=said, public=public, **more)


def _state_before(pledge: Pledge) -> str:
    """In which state it was taken down."""
    ends = {"pledge_done": "done", "pledge_withdraw": "withdrawn"}
    last = TimelineRow.objects.filter(subject=pledge.subject_id, data__pledge=pledge.pk, code__in=ends).order_by("-pk").first()
    return ends[last.code] if last else workflow.PLEDGE_FIRST


def hold(user: User, reason: Reason, by: User) -> list[int]:
    """Takes down what this person promised in public, while they are kept from writing; answers the keys."""
    keys = list(
        Pledge.objects.filter(author=user, state__in=workflow.PLEDGE_PUBLIC).order_by("pk").values_list("pk", flat=True)
    )
    for pk in keys:
        act(pk, "remove", by=by, reason=reason)
    return keys


def release(keys: list[int], by: User) -> None:
    """Shows again what was taken down in that act."""
    for pk in Pledge.objects.filter(pk__in=keys, state="removed").order_by("pk").values_list("pk", flat=True):
        act(pk, "show_again", by=by)


def _append(
    pledge: Pledge, code: str, *, by: User, at: datetime.datetime, text: str, public: bool, **more: Any
) -> TimelineRow:  # fmt: skip
    capacity = Who.MODERATOR if code in ("pledge_reject", "pledge_remove", "pledge_show_again") else Who.ORGANISER
    data = {"pledge": pledge.pk, **({"organisation": pledge.organisation_id} if pledge.organisation_id else {}), **more}
    return discussion.actions.append(
        pledge.subject, code, by=by, capacity=capacity, audience=Audience.PUBLIC if public else Audience.STAFF, at=at,
        data=data, text=text, tells=public, bumps=False,
    )  # fmt: skip
