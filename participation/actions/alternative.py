"""Variants of a comparison: the municipality's, while it is prepared; residents', while it is open, read by a moderator first."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiLineString, MultiPoint, MultiPolygon
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts import blocks
from accounts.models import User
from discussion.models import Audience, Subject, TimelineRow
from discussion.search import vector
from geoportal.kernel.multilingual import language_of, rewritten, text_in
from municipality.models import Area, Organisation
from participation.actions.event import may_speak_for
from participation.actions.move import NotAllowed, edge_of, locked, take
from participation.actions.once import once
from participation.models import Alternative, Comparison
from participation.models.comparison import MOST
from participation.workflow import Who
from reports.models import Reason

Texts = dict[str, str]
TEXTS = ("title", "description", "cost_source")
COLUMNS: dict[str, tuple[str, Any]] = {
    "Point": ("points", MultiPoint), "MultiPoint": ("points", MultiPoint), "LineString": ("lines", MultiLineString),
    "MultiLineString": ("lines", MultiLineString), "Polygon": ("polygons", MultiPolygon), "MultiPolygon": ("polygons", MultiPolygon),
}  # fmt: skip
MOST_WAITING = 3
"""Variants of one person in one comparison that a moderator has not read yet."""


@dataclass(kw_only=True)
class Variant:
    """What is said of one variant; texts by language, `shapes` through the kernel's gate, costs in euros, times in months."""

    title: Texts
    description: Texts
    shapes: Sequence[GEOSGeometry]
    cost_from: int | None = None
    cost_to: int | None = None
    cost_source: Texts | None = None
    months_from: int | None = None
    months_to: int | None = None
    place: str = ""
    public_name: str = ""
    organisation: Organisation | None = None
    settlement: Area | None = field(default=None)

    def facts(self) -> dict[str, Any]:
        """Fields of Alternative. Of a range with one end both are the same."""
        ends = {
            f"{name}_{end}": _end(getattr(self, f"{name}_from"), getattr(self, f"{name}_to"), first=end == "from")
            for name in ("cost", "months") for end in ("from", "to")
        }  # fmt: skip
        texts = {name: getattr(self, name) for name in TEXTS}
        return {**texts, **ends, **_columns(self.shapes), "place": self.place, "public_name": self.public_name}

    @property
    def words(self) -> list[str]:
        return [*self.title.values(), *self.description.values(), self.place]


def _end(low: int | None, high: int | None, *, first: bool) -> int | None:
    one, other = (low, high) if first else (high, low)
    return other if one is None else one


def _columns(shapes: Sequence[GEOSGeometry]) -> dict[str, GEOSGeometry | None]:
    """The shapes by their kind, those of one kind joined; areas that touch or overlap as one."""
    parts: dict[str, list[GEOSGeometry]] = {"points": [], "lines": [], "polygons": []}
    for shape in shapes:
        name, _multi = COLUMNS[shape.geom_type]
        parts[name] += list(shape) if shape.geom_type.startswith("Multi") else [shape]  # type: ignore[call-overload]
    made: dict[str, Any] = {"points": MultiPoint, "lines": MultiLineString, "polygons": MultiPolygon}
    joined = {name: made[name](*found, srid=4326) if found else None for name, found in parts.items()}
    if joined["polygons"] is not None and not joined["polygons"].valid:  # areas that share an edge are one
        united = joined["polygons"].unary_union
        joined["polygons"] = united if united.geom_type == "MultiPolygon" else MultiPolygon(united, srid=4326)
    return joined


def require_inside(border: MultiPolygon | None, shapes: Sequence[GEOSGeometry], name: str = "places") -> None:
    """Raises ValidationError on `name` for what reaches outside the border, or outside the municipality."""
    if border is not None:
        if not all(border.covers(shape) for shape in shapes):
            said = _("This reaches outside the border within which alternatives lie. Draw only what lies inside it.")
            raise ValidationError({name: said}, code="border")
        return
    whole = Area.objects.filter(parent=None, polygon__isnull=False)
    inside = [Q(polygon__covers=shape) for shape in shapes]
    if not whole.filter(*inside).exists() and whole.exists():
        said = _("This reaches outside the municipality. Draw only what lies inside it.")
        raise ValidationError({name: said}, code="outside")


def _check(comparison: Comparison, said: Variant) -> None:
    facts, wrong = said.facts(), {}
    for name, words in (
        ("cost", _("The cost goes from a smaller number to a larger one.")),
        ("months", _("The time goes from a smaller number to a larger one.")),
    ):
        low, high = facts[f"{name}_from"], facts[f"{name}_to"]
        if low is not None and high < low:
            wrong[f"{name}_to"] = words
    if not said.shapes:
        wrong["places"] = _("Show where it lies: draw it, or write its places.")
    if wrong:
        raise ValidationError(wrong)
    require_inside(comparison.border, said.shapes)


def all_in_order(comparison: Comparison) -> QuerySet[Alternative]:
    """The municipality's variants that were not dropped."""
    found: QuerySet[Alternative] = Alternative.objects.filter(comparison=comparison, own=True, order__isnull=False)
    return found.select_related("subject").order_by("order")


def add(
    comparison_id: int, said: Variant, *, by: User, client_uuid: uuid.UUID, version: int | None = None,
    at: datetime.datetime | None = None,
) -> Alternative:  # fmt: skip
    """One more variant of the municipality; the same client UUID again answers the first one."""
    return once(Alternative, client_uuid, lambda: _add(comparison_id, said, by, client_uuid, version, at or timezone.now()))


@transaction.atomic
def _add(
    comparison_id: int, said: Variant, by: User, client_uuid: uuid.UUID, version: int | None, at: datetime.datetime
) -> Alternative:
    comparison = locked(Comparison, comparison_id, version=version)
    edge_of(comparison, "add", by)
    there = all_in_order(comparison).count()
    if there >= MOST:
        raise ValidationError(_("At most four alternatives fit: more cannot be compared at a glance."), code="many")
    _check(comparison, said)
    area = said.settlement or comparison.subject.area
    made = _made(comparison, said, by, client_uuid, area, status="preparing", at=at, own=True, order=there + 1)
    _kept(made, by, at)
    return made


def _made(
    comparison: Comparison, said: Variant, by: User, client_uuid: uuid.UUID, area: Area, *, at: datetime.datetime, own: bool,
    **fields: Any,
) -> Alternative:  # fmt: skip
    language = language_of(said.title)
    subject = Subject.objects.create(
        kind=Subject.Kind.ALTERNATIVE, client_uuid=client_uuid, title=text_in(said.title, language)[:150], language=language,
        sector=comparison.subject.sector, area=area, is_public=False, created_at=at,
    )  # fmt: skip
    organisation = comparison.organisation if own else said.organisation
    made = Alternative(
        subject=subject,
        comparison=comparison,
        author=by,
        organisation=organisation,
        own=own,
        status_at=at,
        **said.facts(),
        **fields,
    )
    made.full_clean(exclude=["subject", "comparison", *TEXTS], validate_constraints=False)
    made.save(force_insert=True)
    Subject.objects.filter(pk=subject.pk).update(search=vector(*said.words))
    return made


def _kept(made: Alternative, by: User, at: datetime.datetime) -> None:
    discussion.actions.append(
        made.subject, f"kept_{made.status}", by=by, capacity=Who.ORGANISER, at=at, after=made.status, audience=Audience.AUTHOR,
        bumps=False, tells=not made.own,
    )  # fmt: skip


@transaction.atomic
def change(alternative_id: int, said: Variant, *, by: User, version: int | None = None) -> TimelineRow:
    """Before everyone sees it; texts of other languages stay."""
    made = _with_its_comparison(alternative_id, version)
    edge = edge_of(made, "change", by)
    if made.late_for(by):
        raise ValidationError(_("No alternatives are taken here any more."), code="closed")
    _check(made.comparison, said)
    facts = said.facts()
    # In whose name it stands is its author's word: a moderator mends what is written.
    if not made.own and made.author_id == by.pk:
        may_speak_for(by, said.organisation)
        made.organisation = said.organisation
    else:
        del facts["public_name"]
    for name, value in facts.items():
        setattr(made, name, rewritten(getattr(made, name), value) if isinstance(value, dict) else value)
    made.full_clean(exclude=["subject", "comparison", *TEXTS], validate_constraints=False)
    made.save()
    title = text_in(made.title, made.subject.language)[:150]
    words = [*made.title.values(), *made.description.values(), made.place]
    area = said.settlement or (made.comparison.subject.area if made.own else made.subject.area)
    Subject.objects.filter(pk=made.pk).update(title=title, area=area, search=vector(*words))
    return take(made, edge, by=by, capacity=Who.ORGANISER, tells=False)


@transaction.atomic
def drop(alternative_id: int, *, by: User, version: int | None = None) -> TimelineRow:
    """It is not compared; those after it move up."""
    made = _with_its_comparison(alternative_id, version)
    edge = edge_of(made, "drop", by)
    made.order = None
    made.save(update_fields=["order"])
    for order, each in enumerate(all_in_order(made.comparison), 1):
        Alternative.objects.filter(pk=each.pk).update(order=order)
    return take(made, edge, by=by, capacity=Who.ORGANISER, tells=False)


def _with_its_comparison(alternative_id: int, version: int | None) -> Alternative:
    """The comparison is locked first, so that numbers are given one after another."""
    comparison = locked(Comparison, Alternative.objects.values_list("comparison", flat=True).get(pk=alternative_id))
    made = locked(Alternative, alternative_id, version=version)
    made.comparison = comparison
    return made


def propose(
    comparison_id: int, said: Variant, *, by: User, client_uuid: uuid.UUID, at: datetime.datetime | None = None
) -> Alternative:
    """A resident's variant, kept until a moderator has read it; the same client UUID again answers the first one.

    Raises ValidationError by field, and while it takes none; PermissionDenied for an organisation of which one is no member.
    """
    return once(Alternative, client_uuid, lambda: _propose(comparison_id, said, by, client_uuid, at or timezone.now()))


@transaction.atomic
def _propose(comparison_id: int, said: Variant, by: User, client_uuid: uuid.UUID, at: datetime.datetime) -> Alternative:
    blocks.require_free_account(by)
    comparison = locked(Comparison, comparison_id)
    if not comparison.shown:
        raise PermissionDenied
    if not (comparison.takes_own and comparison.takes_part):
        raise ValidationError(_("No alternatives are taken here any more."), code="closed")
    may_speak_for(by, said.organisation)
    waiting = Alternative.objects.filter(comparison=comparison, author=by, status="awaiting_moderation")
    if waiting.count() >= MOST_WAITING:
        words = _("%(n)d of your alternatives wait for a moderator. Send the next one once they were read.")
        raise ValidationError(words % {"n": MOST_WAITING}, code="often")
    _check(comparison, said)
    area = said.settlement or comparison.subject.area
    made = _made(comparison, said, by, client_uuid, area, status="awaiting_moderation", at=at, own=False)
    _kept(made, by, at)
    return made


@transaction.atomic
def publish(alternative_id: int, *, by: User, version: int | None = None, at: datetime.datetime | None = None) -> TimelineRow:
    """A moderator has read it: it gets its number. Not once the choice is made."""
    made = _with_its_comparison(alternative_id, version)
    edge = edge_of(made, "publish", by)
    if not made.comparison.undecided:
        raise NotAllowed(made, "publish")
    if not made.comparison.subject.is_public:
        raise ValidationError(
            _("The comparison is hidden: nothing of it becomes public before it is shown again."), code="hidden"
        )
    last = Alternative.objects.filter(comparison=made.comparison, own=False).aggregate(last=Max("order"))["last"]
    made.order = (last or 0) + 1
    made.save(update_fields=["order"])
    return take(made, edge, by=by, capacity=Who.MODERATOR, at=at)


@transaction.atomic
def withdraw(alternative_id: int, *, by: User, text: str, version: int | None = None) -> TimelineRow:
    """A resident's own, with the reason, while people are asked: its page stays, with its number and what was said of it."""
    made = _with_its_comparison(alternative_id, version)
    edge = edge_of(made, "withdraw", by)
    if not made.can_go:
        raise NotAllowed(made, "withdraw")
    if not text:
        raise ValidationError({"text": _("This is needed here.")})
    return take(made, edge, by=by, capacity=Who.ORGANISER, text=text)


@transaction.atomic
def settle(
    alternative_id: int, name: str, *, by: User, version: int | None = None, reason: Reason | None = None, text: str = ""
) -> TimelineRow:
    """`reject` with a reason, or `take_back` by who sent it."""
    made = locked(Alternative, alternative_id, version=version)
    edge = edge_of(made, name, by)
    if "reason" in edge.requires and reason is None:
        raise ValidationError({"reason": _("This is needed here.")})
    (capacity,) = edge.who
    return take(made, edge, by=by, capacity=capacity, text=text, data={"reason": reason.slug} if reason else None)
