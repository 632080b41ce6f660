"""Policies are entered once they are adopted; their owners promise, keep, move what they promised, and say when it is over."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import discussion.actions
from accounts.models import User
from discussion.models import Subject, TimelineRow
from discussion.search import vector
from geoportal.kernel.multilingual import language_of, rewritten, text_in
from municipality.models import Area, Organisation, Sector
from participation import rules, workflow
from participation.actions.goal import serve
from participation.actions.move import edge_of, locked, take
from participation.actions.once import once
from participation.models import Goal, Policy, Promise
from participation.workflow import Kind, Who

Texts = dict[str, str]
TEXTS = ("title", "what", "act", "money")
SLIP_OF_THE_PEN = datetime.timedelta(days=1)
"""So long that a promise was kept is taken back without words."""
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
    budget: Decimal | None = None
    money: Texts | None = None
    further_sectors: list[Sector] = field(default_factory=list)
    goal: Goal | None = None

    def facts(self) -> dict[str, Any]:
        """Fields of Policy."""
        aside = ("sector", "area", "further_sectors", "goal")
        level = Policy.Level.PROGRAMME if self.parent is None else Policy.Level.MEASURE
        return {"level": level} | {name: value for name, value in vars(self).items() if name not in aside}


@dataclass(kw_only=True)
class Promised:
    """What is promised until when."""

    text: Texts
    due_on: datetime.date
    weight: int = 1


def adopt(said: Adopted, *, by: User, client_uuid: uuid.UUID, at: datetime.datetime | None = None) -> Policy:
    """Enters a policy; the same client UUID again answers the first one. Raises ValidationError by field.

    Raises PermissionDenied for whoever does not work in the department, or, of a measure, in that of its programme.
    """
    return once(Policy, client_uuid, lambda: _adopt(said, by, client_uuid, at))


@transaction.atomic
def _adopt(said: Adopted, by: User, client_uuid: uuid.UUID, at: datetime.datetime | None) -> Policy:
    if said.parent is not None:
        said.parent = locked(Policy, said.parent.pk)
        edge_of(said.parent, "weigh", by)
    elif not rules.adopts_for(by, said.organisation.pk):
        raise PermissionDenied
    at, language = at or timezone.now(), language_of(said.title)
    subject = Subject.objects.create(
        kind=Subject.Kind.POLICY, client_uuid=client_uuid, title=text_in(said.title, language)[:150], language=language,
        sector=said.sector, area=said.area or Area.objects.root(), is_public=True, created_at=at,
    )  # fmt: skip
    _check(said, at)
    made = Policy(subject=subject, status=workflow.FIRST[Kind.POLICY], status_at=at, author=by, **said.facts())
    made.full_clean(exclude=["subject", *TEXTS])
    made.save(force_insert=True)
    words = [*said.title.values(), *said.what.values()]
    Subject.objects.filter(pk=subject.pk).update(search=vector(*words))
    subject.further_sectors.set(said.further_sectors)
    discussion.actions.append(subject, "submitted", by=by, capacity=Who.ORGANISER, at=at, after=made.status, bumps=False)
    if said.goal is not None:
        serve(said.goal.pk, subject, by=by, at=at)
    return made


def _check(said: Adopted, at: datetime.datetime) -> None:
    wrong: dict[str, str] = {}
    if said.adopted_on is not None and said.adopted_on > timezone.localdate(at):
        wrong["adopted_on"] = _("A programme is entered once it is adopted: this day is still to come.")
    if said.adopted_on is not None and said.until is not None and said.until < said.adopted_on:
        wrong["until"] = _("The end lies before the beginning.")
    if wrong:
        raise ValidationError(wrong)


@transaction.atomic
def change(
    policy_id: int, said: Adopted, *, by: User, why: str, version: int | None = None, at: datetime.datetime | None = None
) -> TimelineRow:
    """The policy anew, with the reason; its place in the tree, its weight and further sectors stay, so do texts of other languages.

    What title and words said before stands in the history. Raises ValidationError by field.
    """
    policy = locked(Policy, policy_id, version=version)
    edge = edge_of(policy, "change", by)
    if not why:
        raise ValidationError({"why": _("Say why: everyone reads it.")})
    _check(said, at or timezone.now())
    before = [policy.title, policy.what]
    for name, value in said.facts().items():
        if name not in ("level", "parent", "order", "weight", "example"):
            setattr(policy, name, rewritten(getattr(policy, name), value) if isinstance(value, dict) else value)
    policy.full_clean(exclude=["subject", *TEXTS], validate_unique=False)
    policy.save()
    words = [text for texts in (policy.title, policy.what) for text in texts.values()]
    title = text_in(policy.title, policy.subject.language)[:150]
    area = said.area or Area.objects.root()
    Subject.objects.filter(pk=policy.pk).update(title=title, sector=said.sector, area=area, search=vector(*words))
    was = [
        _("It said before: “%s”") % text_in(old)
        for old, new in zip(before, [policy.title, policy.what], strict=True)
        if old != new
    ]
    return take(policy, edge, by=by, capacity=Who.ORGANISER, text="\n".join([why, *was]), at=at)


@transaction.atomic
def promise(
    policy_id: int, said: Promised, *, by: User, version: int | None = None, at: datetime.datetime | None = None
) -> Promise:
    """One more promise; whoever follows the policy hears of it. Raises ValidationError for a day that has passed."""
    policy = locked(Policy, policy_id, version=version)
    edge = edge_of(policy, "promise", by)
    if over := over_above(policy):
        raise ValidationError(over, code="closed")
    day = timezone.localdate(at)
    if not day <= said.due_on <= day + FARTHEST:
        raise ValidationError({"due_on": _("Promise for a day that is still to come, within 20 years.")})
    made = Promise(policy=policy, text=said.text, due_on=said.due_on, first_due_on=said.due_on, weight=said.weight)
    made.full_clean(exclude=["policy", "text"])
    made.save(force_insert=True)
    take(policy, edge, by=by, capacity=Who.ORGANISER, text=text_in(said.text), data=_data(made), at=at)
    return made


def over_above(policy: Policy) -> str:
    """Why nothing is promised in a measure any more whose programme is over; "" where it goes on."""
    ended = policy.parent is not None and policy.parent.state.ends
    return _("The programme is over: nothing more is promised in its measures.") if ended else ""


def _open(policy: Policy, promise_id: int) -> Promise:
    found = policy.promises.filter(pk=promise_id).first()
    if found is None or found.done_on is not None:
        raise ValidationError(_("This promise is kept already, or it is not here any more."), code="closed")
    return found


@transaction.atomic
def keep(
    policy_id: int, promise_id: int, *, by: User, done_on: datetime.date, note: str = "", evidence_url: str = "",
    version: int | None = None, at: datetime.datetime | None = None, photos: uuid.UUID | None = None, photo_words: str = "",
) -> TimelineRow:  # fmt: skip
    """Says that a promise was kept, when, and with what evidence: an address or words, and photos. Raises ValidationError by field."""
    policy = locked(Policy, policy_id, version=version)
    edge, found = edge_of(policy, "keep", by), _open(policy, promise_id)
    wrong: dict[str, str] = {}
    if done_on > timezone.localdate(at):
        wrong["done_on"] = _("This day is still to come. Write the day on which it was done.")
    elif done_on < (first := _earliest(policy, found, at)):
        wrong["done_on"] = _("It was adopted or promised on %(day)s; it cannot be kept before.") % {"day": f"{first:%d.%m.%Y}"}
    if not (note or evidence_url):
        wrong["note"] = _("Say in a few words what was done, or give an address: a photo alone is not enough.")
    if wrong:
        raise ValidationError(wrong)
    found.done_on, found.note, found.evidence_url = done_on, note, evidence_url
    found.full_clean(exclude=["policy", "text"])
    found.save(update_fields=["done_on", "note", "evidence_url"])
    return take(
        policy, edge, by=by, capacity=Who.ORGANISER, text=_told(found, note), data=_data(found), at=at, photos=photos,
        photo_words=photo_words,
    )  # fmt: skip


def _earliest(policy: Policy, promise: Promise, at: datetime.datetime | None) -> datetime.date:
    """The day on which it was promised, or its programme adopted where that was before."""
    made = TimelineRow.objects.filter(subject=policy.pk, code="promise", data__promise=promise.pk).order_by("pk").first()
    days = [
        policy.adopted_on,
        policy.parent.adopted_on if policy.parent else None,
        timezone.localdate((made and made.at) or at),
    ]
    return min(day for day in days if day is not None)


@transaction.atomic
def unkeep(
    policy_id: int, promise_id: int, *, by: User, text: str = "", version: int | None = None, at: datetime.datetime | None = None
) -> TimelineRow:  # fmt: skip
    """Takes back that a promise was kept, within a day, later with words. Raises ValidationError where it is not kept."""
    policy = locked(Policy, policy_id, version=version)
    edge = edge_of(policy, "unkeep", by)
    found = policy.promises.filter(pk=promise_id).exclude(done_on=None).first()
    if found is None:
        raise ValidationError(_("This promise is not kept yet, or it is not here any more."), code="closed")
    if not text and not said_lately(policy_id, promise_id, at or timezone.now()):
        raise ValidationError({"text": _("More than a day has passed. Say why it is taken back: everyone reads it.")})
    found.done_on, found.note, found.evidence_url = None, "", ""
    found.save(update_fields=["done_on", "note", "evidence_url"])
    return take(policy, edge, by=by, capacity=Who.ORGANISER, text=_told(found, text), data={"promise": found.pk}, at=at)


def said_lately(policy_id: int, promise_id: int, now: datetime.datetime) -> bool:
    """Whether it was said within a day, the last time, that the promise was kept."""
    rows = TimelineRow.objects.filter(subject=policy_id, code="keep", data__promise=promise_id)
    last = rows.order_by("-pk").first()
    return last is not None and last.at > now - SLIP_OF_THE_PEN


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
