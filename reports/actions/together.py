"""Who stands with the author of an idea: co-authors whom the author invites, organisations under their own name."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts import blocks
from accounts.models import User
from discussion.models import Audience, Subject, TimelineRow
from discussion.voices import require_voice, voices
from municipality.models import Organisation
from reports import rules, workflow
from reports.actions.move import NotAllowed, locked
from reports.models import CoAuthor, Contact, Endorsement, Report
from reports.workflow import Who

MOST = 10
"""Co-authors of one idea, invited ones with them."""


def _idea(report_id: int, name: str) -> tuple[Subject, Report]:
    """The idea, locked, while everyone reads it and it has not ended; NotAllowed names what cannot be done else."""
    subject, report = locked(report_id)
    if report.kind != workflow.Kind.IDEA or report.state.ends or not report.is_public:
        raise NotAllowed(report, name)
    return subject, report


def _row(subject: Subject, report: Report, code: str, **more: Any) -> TimelineRow:
    facts: dict[str, Any] = {"capacity": "visitor", "tells": False, "bumps": False, **more}
    return discussion.actions.append(
        subject, code, department=report.department, before=report.status, after=report.status, **facts
    )


@transaction.atomic
def invite(report_id: int, email: str, *, by: User | None = None, proven_author: bool = False, language: str = "") -> CoAuthor:
    """The author asks somebody by mail to be a co-author; the same address again is the same invitation and no second mail.

    Raises PermissionDenied for everyone but the author, ValidationError on `email`, NotAllowed when the idea has ended.
    """
    subject, report = _idea(report_id, "invite")
    if Who.AUTHOR not in rules.capacities(by, report, proven_author=proven_author):
        raise PermissionDenied
    asked = discussion.actions.correspondent_for(email, language)
    if asked.pk == Contact.objects.filter(report=report).values_list("correspondent", flat=True).first() or (
        asked.user_id is not None and asked.user_id == report.author_id
    ):
        raise ValidationError({"email": _("This is your own address.")})
    if known := CoAuthor.objects.filter(report=report, correspondent=asked).first():
        return known
    if CoAuthor.objects.filter(report=report, declined_at=None).count() >= MOST:
        raise ValidationError({"email": _("An idea has at most %(most)d co-authors.") % {"most": MOST}})
    made = CoAuthor.objects.create(report=report, correspondent=asked, email=email.lower())
    data = {"correspondent": asked.pk, "co_author": made.pk}
    _row(subject, report, "co_author_asked", by=by, capacity=Who.AUTHOR, audience=Audience.AUTHOR, data=data, tells=True)
    return made


@transaction.atomic
def agree(co_author_id: int, *, public_name: str = "", at: datetime.datetime | None = None) -> tuple[CoAuthor, bool]:
    """Who was invited agrees by the mailed link: the address is proven by it. Answers (co-author, the address answered for the
    first time). Said again it changes the shown name alone. A name is shown once a moderator has read it; the one before stays until
    then."""
    found = CoAuthor.objects.select_related("correspondent").get(pk=co_author_id)
    subject, report = _idea(found.report_id, "agree")
    assert found.correspondent is not None
    if public_name:
        blocks.require_free(found.correspondent)
    first = discussion.actions.verify(found.correspondent)
    joins, found.agreed_at = found.agreed_at is None, found.agreed_at or at or timezone.now()
    unread = public_name not in ("", found.public_name)
    found.asked_name, found.public_name = (public_name, found.public_name) if unread else ("", public_name)
    found.declined_at, found.email = None, ""
    found.save(update_fields=["agreed_at", "declined_at", "public_name", "asked_name", "email"])
    if joins:
        _row(subject, report, "co_author_joined", data={"co_author": found.pk}, at=at)
        discussion.actions.follow(report.pk, found.correspondent)  # hears of every step, and can stop it as everyone can
    return found, first


@transaction.atomic
def settle_name(co_author_id: int, *, name: str, publish: bool, by: User) -> CoAuthor:
    """A moderator has read the `name` that a co-author wishes: everyone reads it, or the idea's page stays as it is. Raises
    PermissionDenied, ValidationError with the code "changed" where another name waits by now, and "blocked" where its writer is kept
    from writing."""
    if not rules.is_moderator(by):
        raise PermissionDenied
    subject, report = locked(CoAuthor.objects.values_list("report", flat=True).get(pk=co_author_id))
    found = CoAuthor.objects.select_related("correspondent").get(pk=co_author_id)
    if found.asked_name != name or not name:
        raise ValidationError(
            _("The name was changed or taken back after you opened it. Look at the queue again."), code="changed"
        )
    if publish:
        blocks.require_publishable(found.correspondent)
        found.public_name = name
    found.asked_name = ""
    found.save(update_fields=["public_name", "asked_name"])
    code = "co_author_named" if publish else "co_author_unnamed"
    _row(subject, report, code, by=by, capacity=Who.MODERATOR, audience=Audience.STAFF, data={"co_author": found.pk})
    return found


@transaction.atomic
def leave(co_author_id: int) -> None:
    """A co-author leaves, or somebody invited declines; what was written stays, and no mail asks the address again."""
    found = CoAuthor.objects.get(pk=co_author_id)
    subject, report = locked(found.report_id)
    left, found.agreed_at = found.agreed_at is not None, None
    found.public_name, found.asked_name, found.email = "", "", ""
    found.declined_at = found.declined_at or timezone.now()
    found.save(update_fields=["agreed_at", "declined_at", "public_name", "asked_name", "email"])
    if left:
        _row(subject, report, "co_author_left")


@transaction.atomic
def take_back(co_author_id: int, *, by: User | None = None, proven_author: bool = False) -> None:
    """The author ends an invitation that nobody has answered. Raises PermissionDenied, or ValidationError once somebody agreed."""
    found = CoAuthor.objects.get(pk=co_author_id)
    _subject, report = locked(found.report_id)
    if Who.AUTHOR not in rules.capacities(by, report, proven_author=proven_author):
        raise PermissionDenied
    if found.agreed_at is not None:
        raise ValidationError(_("A co-author who has agreed can only leave by themselves."))
    found.delete()


@transaction.atomic
def endorse(report_id: int, organisation: Organisation, *, by: User, at: datetime.datetime | None = None) -> Endorsement:
    """An organisation stands behind an idea under its name, once; its member says so. No person's support is counted.

    Raises ValidationError on `organisation` for whoever may not speak for it, NotAllowed when the idea has ended.
    """
    subject, report = _idea(report_id, "endorse")
    blocks.require_free_account(by)
    require_voice(by, organisation)
    if organisation.kind == Organisation.Kind.DEPARTMENT:
        raise ValidationError(
            {"organisation": _("A department of the administration answers ideas; it does not stand behind them.")}
        )
    made, new = Endorsement.objects.get_or_create(report=report, organisation=organisation, defaults={"by": by})
    if new:
        _row(subject, report, "endorsed", by=by, data={"organisation": organisation.pk}, at=at)
    return made


@transaction.atomic
def unendorse(report_id: int, organisation: Organisation, *, by: User) -> bool:
    """Takes that back; any member of the organisation may. True when it stood behind the idea."""
    subject, report = locked(report_id)
    require_voice(by, organisation)
    gone, _what = Endorsement.objects.filter(report=report, organisation=organisation).delete()
    if gone:
        _row(subject, report, "unendorsed", by=by, data={"organisation": organisation.pk})
    return bool(gone)


def may_endorse(user: Any) -> list[Organisation]:
    """The organisations in whose name this person may stand behind an idea."""
    return [found for found in voices(user) if found.kind != Organisation.Kind.DEPARTMENT]
