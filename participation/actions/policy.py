"""Policies are entered once they are adopted; their owners promise, keep, move what they promised, and say when it is over."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import discussion.actions
from accounts.models import User
from discussion.models import Link, Subject, TimelineRow
from discussion.search import vector
from geoportal.kernel.multilingual import language_of, text_in
from municipality.models import Area, Organisation, Sector
from participation import workflow
from participation.actions.move import edge_of, locked, take
from participation.models import Policy, Promise
from participation.workflow import Kind, Who

Texts = dict[str, str]
FARTHEST = datetime.timedelta(days=20 * 366)
"""So far ahead a promise may lie."""


@dataclass(kw_only=True)
class Adopted:
    """A programme (without `parent`) or a measure; texts by language."""

    sector: Sector
    organisation: Organisation
    title: Texts
    what: Texts
    parent: Policy | None = None
    area: Area | None = None
    order: int = 0
    weight: int = 1
    adopted_on: datetime.date | None = None
    act: Texts | None = None
    act_url: str = ""
    until: datetime.date | None = None
    example: bool = False
    further_sectors: list[Sector] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        """Fields of Policy."""
        aside = ("sector", "area", "further_sectors")
        level = Policy.Level.PROGRAMME if self.parent is None else Policy.Level.MEASURE
        return {"level": level} | {name: value for name, value in vars(self).items() if name not in aside}


@dataclass(kw_only=True)
class Promised:
    """What is promised until when."""

    text: Texts
    due_on: datetime.date
    weight: int = 1


@transaction.atomic
def adopt(said: Adopted, *, by: User, client_uuid: uuid.UUID, at: datetime.datetime | None = None) -> Policy:
    """Enters a policy; the same client UUID again answers the first one. Raises ValidationError by field."""
    known = Policy.objects.filter(subject__client_uuid=client_uuid).select_related("subject").first()
    if known is not None:
        return known
    at, language = at or timezone.now(), language_of(said.title)
    subject = Subject.objects.create(
        kind=Subject.Kind.POLICY, client_uuid=client_uuid, title=text_in(said.title, language)[:150], language=language,
        sector=said.sector, area=said.area or Area.objects.root(), is_public=True, created_at=at,
    )  # fmt: skip
    made = Policy(subject=subject, status=workflow.FIRST[Kind.POLICY], status_at=at, author=by, **said.facts())
    made.full_clean(exclude=["subject", "point", "title", "what", "act"])
    made.save(force_insert=True)
    words = [*said.title.values(), *said.what.values()]
    Subject.objects.filter(pk=subject.pk).update(search=vector(*words))
    subject.further_sectors.set(said.further_sectors)
    discussion.actions.append(subject, "submitted", by=by, capacity=Who.ORGANISER, at=at, after=made.status, bumps=False)
    return made


@transaction.atomic
def promise(
    policy_id: int, said: Promised, *, by: User, version: int | None = None, at: datetime.datetime | None = None
) -> Promise:
    """One more promise; whoever follows the policy hears of it. Raises ValidationError for a day that has passed."""
    policy = locked(Policy, policy_id, version=version)
    edge = edge_of(policy, "promise", by)
    day = timezone.localdate(at)
    if not day <= said.due_on <= day + FARTHEST:
        raise ValidationError({"due_on": _("Promise for a day that is still to come, within 20 years.")})
    made = Promise(policy=policy, text=said.text, due_on=said.due_on, first_due_on=said.due_on, weight=said.weight)
    made.full_clean(exclude=["policy", "text"])
    made.save(force_insert=True)
    take(policy, edge, by=by, capacity=Who.ORGANISER, text=text_in(said.text), data=_data(made), at=at)
    return made


def _open(policy: Policy, promise_id: int) -> Promise:
    found = policy.promises.filter(pk=promise_id).first()
    if found is None or found.done_on is not None:
        raise ValidationError(_("This promise is kept already, or it is not here any more."), code="closed")
    return found


@transaction.atomic
def keep(
    policy_id: int, promise_id: int, *, by: User, done_on: datetime.date, note: str = "", evidence_url: str = "",
    version: int | None = None, at: datetime.datetime | None = None,
) -> TimelineRow:  # fmt: skip
    """Says that a promise was kept, when, and with what evidence: an address or words. Raises ValidationError by field."""
    policy = locked(Policy, policy_id, version=version)
    edge, found = edge_of(policy, "keep", by), _open(policy, promise_id)
    wrong: dict[str, str] = {}
    if done_on > timezone.localdate(at):
        wrong["done_on"] = _("This day is still to come. Write the day on which it was done.")
    if not (note or evidence_url):
        wrong["note"] = _("Show the evidence: an address, or where it can be seen.")
    if wrong:
        raise ValidationError(wrong)
    found.done_on, found.note, found.evidence_url = done_on, note, evidence_url
    found.full_clean(exclude=["policy", "text"])
    found.save(update_fields=["done_on", "note", "evidence_url"])
    return take(policy, edge, by=by, capacity=Who.ORGANISER, text=_told(found, note), data=_data(found), at=at)


@transaction.atomic
def postpone(
    policy_id: int, promise_id: int, *, by: User, due_on: datetime.date, text: str, version: int | None = None,
    at: datetime.datetime | None = None,
) -> TimelineRow:  # fmt: skip
    """Moves a promise to a later day, with the reason; the day promised first stays to be seen."""
    policy = locked(Policy, policy_id, version=version)
    edge, found = edge_of(policy, "postpone", by), _open(policy, promise_id)
    wrong: dict[str, str] = {}
    if due_on <= found.due_on:
        wrong["due_on"] = _("A promise can be moved to a later day only.")
    elif not timezone.localdate(at) <= due_on <= timezone.localdate(at) + FARTHEST:
        wrong["due_on"] = _("Promise for a day that is still to come, within 20 years.")
    if not text:
        wrong["text"] = _("Say why: everyone reads it.")
    if wrong:
        raise ValidationError(wrong)
    found.due_on = due_on
    found.save(update_fields=["due_on"])
    return take(policy, edge, by=by, capacity=Who.ORGANISER, text=_told(found, text), data=_data(found), at=at)


def _data(found: Promise) -> dict[str, Any]:
    """Which promise, and the day that it is about."""
    if found.done_on:
        return {"promise": found.pk, "done_on": found.done_on.isoformat()}
    return {"promise": found.pk, "due_on": found.due_on.isoformat()}


def _told(found: Promise, words: str) -> str:
    """The promise and what is said to it, for the timeline."""
    return "\n".join(part for part in (text_in(found.text, get_language()), words) if part)


@transaction.atomic
def carry_out(policy_id: int, project: Subject, *, by: User, at: datetime.datetime | None = None) -> bool:
    """Says by which planned project it is carried out; whether that is new."""
    subject = discussion.actions.lock(policy_id)
    _made, new = Link.objects.get_or_create(source=subject, target=project, kind=Link.Kind.CARRIED_OUT_BY)
    if new:
        discussion.actions.append(
            subject, "carried_out_by", by=by, capacity=Who.ORGANISER, at=at, data={"carried": project.pk}, text=project.title,
            bumps=False,
        )  # fmt: skip
    return new
