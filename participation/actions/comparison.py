"""Comparisons are prepared, opened, prolonged, closed by the clock, decided. Their variants are in `alternative.py`."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import MultiPolygon
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts.models import User
from discussion.models import Audience, Subject, TimelineRow, Visibility
from discussion.search import vector
from geoportal.kernel.multilingual import language_of, rewritten, text_in
from municipality.models import Area, Organisation, Sector
from participation import rules
from participation.actions.alternative import Texts, all_in_order, require_inside
from participation.actions.move import edge_of, locked, take
from participation.actions.once import once
from participation.models import Alternative, Comparison
from participation.models.comparison import LEAST, LONGEST, MOST
from participation.workflow import PUBLIC, TRANSITIONS, Kind, Who

MOST_AT_A_TIME = 200
"""Comparisons closed by one run; the next one takes the rest."""


@dataclass(kw_only=True)
class Question:
    """What a comparison asks; texts by language. `border`: where variants must lie."""

    title: Texts
    introduction: Texts
    sector: Sector
    organisation: Organisation
    closes_at: datetime.datetime
    settlement: Area | None = None
    border: MultiPolygon | None = None
    takes_own: bool = True

    def facts(self) -> dict[str, Any]:
        """Fields of Comparison."""
        names = ("title", "introduction", "organisation", "closes_at", "border", "takes_own")
        return {name: getattr(self, name) for name in names}

    @property
    def words(self) -> list[str]:
        return [*self.title.values(), *self.introduction.values()]


def prepare(said: Question, *, by: User, client_uuid: uuid.UUID, at: datetime.datetime | None = None) -> Comparison:
    """Keeps a comparison that the department alone sees; the same client UUID again answers the first one.

    Raises PermissionDenied for whoever does not work in the department, ValidationError by field.
    """
    if not rules.consults(by) or said.organisation.pk not in by.departments:
        raise PermissionDenied
    return once(Comparison, client_uuid, lambda: _prepare(said, by, client_uuid, at or timezone.now()))


@transaction.atomic
def _prepare(said: Question, by: User, client_uuid: uuid.UUID, at: datetime.datetime) -> Comparison:
    _check(said)
    _require_soon(said.closes_at, at)
    language = language_of(said.title)
    subject = Subject.objects.create(
        kind=Subject.Kind.COMPARISON, client_uuid=client_uuid, title=text_in(said.title, language)[:150], language=language,
        sector=said.sector, area=said.settlement or Area.objects.root(), is_public=False, created_at=at,
    )  # fmt: skip
    made = Comparison(subject=subject, status="preparing", status_at=at, author=by, **said.facts())
    made.full_clean(exclude=["subject", "title", "introduction"], validate_constraints=False)
    made.save(force_insert=True)
    Subject.objects.filter(pk=subject.pk).update(search=vector(*said.words))
    discussion.actions.append(
        subject, "kept_preparing", by=by, capacity=Who.ORGANISER, at=at, after="preparing", audience=Audience.AUTHOR, bumps=False,
        tells=False,
    )  # fmt: skip
    return made


def _require_soon(closes_at: datetime.datetime, now: datetime.datetime) -> None:
    """Raises ValidationError on `closes_at` for an end so far away that nobody would wait for it."""
    last = timezone.localdate(now) + datetime.timedelta(days=LONGEST)
    if timezone.localdate(closes_at - datetime.timedelta(seconds=1)) > last:
        words = _("People are asked for a year at most. Choose a day until %(day)s.")
        raise ValidationError({"closes_at": words % {"day": f"{last:%d.%m.%Y}"}}, code="far")


def _check(said: Question) -> None:
    """A border is one of the municipality's areas (drawn by hand, they may reach over its outline by a little) or lies within it."""
    if said.border is not None and not Area.objects.filter(polygon__equals=said.border).exists():
        require_inside(None, [said.border], "border")


@transaction.atomic
def change(comparison_id: int, said: Question, *, by: User, version: int | None = None) -> TimelineRow:
    """While it is prepared; texts of other languages stay. Raises ValidationError on `border` for one that leaves a variant outside."""
    found = locked(Comparison, comparison_id, version=version)
    edge = edge_of(found, "change", by)
    if said.organisation.pk not in by.departments and said.organisation != found.organisation:
        raise PermissionDenied
    _check(said)
    _require_soon(said.closes_at, timezone.now())
    for name, value in said.facts().items():
        setattr(found, name, rewritten(getattr(found, name), value) if isinstance(value, dict) else value)
    if said.border is not None:
        _require_holds(found, said.border)
    found.full_clean(exclude=["subject", "title", "introduction"], validate_constraints=False)
    found.save()
    area = said.settlement or Area.objects.root()
    title = text_in(found.title, found.subject.language)[:150]
    words = [*found.title.values(), *found.introduction.values()]
    Subject.objects.filter(pk=found.pk).update(title=title, sector=said.sector, area=area, search=vector(*words))
    facts = {"sector": said.sector, "area": area}
    Subject.objects.filter(alternative__comparison=found, alternative__own=True).update(**facts)
    Alternative.objects.filter(comparison=found, own=True).update(organisation=said.organisation)
    return take(found, edge, by=by, capacity=Who.ORGANISER, tells=False)


def _require_holds(found: Comparison, border: MultiPolygon) -> None:
    for each in all_in_order(found):
        if not all(border.covers(shape) for shape in each.shapes):
            said = _("The alternative “%(title)s” lies outside this border. Draw it wider, or change the alternative first.")
            raise ValidationError({"border": said % {"title": text_in(each.title)}}, code="border")


@transaction.atomic
def open_it(comparison_id: int, *, by: User, version: int | None = None, at: datetime.datetime | None = None) -> TimelineRow:
    """Everyone sees it and its variants and may write; from now on neither changes."""
    found = locked(Comparison, comparison_id, version=version)
    edge, now = edge_of(found, "open", by), at or timezone.now()
    variants = list(all_in_order(found))
    if not LEAST <= len(variants) <= MOST:
        raise ValidationError(_("Two to four alternatives can be compared. Add some, then open it."), code="few")
    if found.closes_at <= now:
        raise ValidationError(_("The last day has passed. Choose a later one first."), code="late")
    found.opened_at = now
    found.save(update_fields=["opened_at"])
    _put_sign(found)
    for each in variants:
        one = locked(Alternative, each.pk)
        Subject.objects.filter(pk=one.pk).update(created_at=now)
        take(one, edge_of(one, "show", None, system=True), by=by, capacity=Who.SYSTEM, at=now, tells=False)
    Subject.objects.filter(pk=found.pk).update(created_at=now)
    return take(found, edge, by=by, capacity=Who.ORGANISER, at=at, data={"until": found.last_day.isoformat()})


SPOT = """UPDATE participation_comparison c SET point = ST_PointOnSurface(coalesce(c.border, (
    SELECT ST_Collect(coalesce(a.polygons, a.lines, a.points)) FROM participation_alternative a
     WHERE a.comparison_id = c.subject_id AND a.own AND a."order" IS NOT NULL))) WHERE c.subject_id = %s"""


def _put_sign(found: Comparison) -> None:
    """Its sign on the map stands on the border's surface, else on the variants'."""
    with connection.cursor() as cursor:
        cursor.execute(SPOT, [found.pk])


@transaction.atomic
def prolong(
    comparison_id: int, closes_at: datetime.datetime, *, by: User, text: str, version: int | None = None
) -> TimelineRow:
    """More time, with a reason that everyone reads; never less."""
    found = locked(Comparison, comparison_id, version=version)
    edge = edge_of(found, "prolong", by)
    if found.closes_at <= timezone.now():
        raise ValidationError(_("Its time is over already."), code="over")
    if closes_at <= found.closes_at:
        words = _("The last day is %(day)s now. Only a later one can take its place.")
        raise ValidationError({"day": words % {"day": f"{found.last_day:%d.%m.%Y}"}})
    _require_soon(closes_at, timezone.now())
    if not text:
        raise ValidationError({"text": _("This is needed here.")})
    found.closes_at = closes_at
    found.save(update_fields=["closes_at"])
    return take(found, edge, by=by, capacity=Who.ORGANISER, text=text, data={"until": found.last_day.isoformat()})


def close_over(now: datetime.datetime | None = None, *, only: int | None = None) -> int:
    """Those whose time is over are closed by the clock; answers how many."""
    now = now or timezone.now()
    rows = Comparison.objects.due(now)
    rows = rows.filter(pk=only) if only is not None else rows
    return sum(_close(pk, now) for pk in rows.values_list("pk", flat=True)[:MOST_AT_A_TIME])


@transaction.atomic
def _close(pk: int, now: datetime.datetime) -> bool:
    found = locked(Comparison, pk)
    if not found.run_out_at(now):
        return False
    _closed(found)
    return True


def _closed(found: Comparison) -> None:
    """At the moment of its end, whenever that is noticed."""
    take(found, edge_of(found, "close", None, system=True), by=None, capacity=Who.SYSTEM, at=found.closes_at)


def seen_with_parts(comparison_id: int, public: bool) -> None:
    """Its variants go out of everyone's sight with it and come back with it, but for those that were hidden by themselves."""
    parts = Subject.objects.filter(alternative__comparison=comparison_id)
    if public:
        parts = parts.filter(alternative__status__in=PUBLIC, visibility=Visibility.PUBLIC)
    parts.update(is_public=public)


def whole_is_seen(alternative_id: int) -> bool:
    """Whether everyone may see the comparison of this variant."""
    return bool(Comparison.objects.public().filter(alternatives=alternative_id).exists())


@transaction.atomic
def decide(
    comparison_id: int, preferred: Alternative | None, *, by: User, text: str, language: str, version: int | None = None,
    at: datetime.datetime | None = None,
) -> TimelineRow:  # fmt: skip
    """One variant of those compared is preferred, with the reason in `language`. Followers of it and of each variant hear it. Where the clock has
    not closed it yet, that happens first, with a row of its own."""
    found, now = locked(Comparison, comparison_id, version=version), at or timezone.now()
    if found.run_out:
        _closed(found)
    edge = edge_of(found, "decide", by)
    chosen = Alternative.objects.compared().filter(comparison=found, pk=preferred.pk if preferred else 0).first()
    wrong = {} if chosen else {"preferred": _("Choose one of the alternatives that everyone sees.")}
    if not text:
        wrong["text"] = _("Say why: everyone reads it.")
    if wrong or chosen is None:
        raise ValidationError(wrong)
    # The database lets the choice and its state only come together.
    Comparison.objects.filter(pk=found.pk).update(preferred=chosen, why={language: text}, status=edge.target)
    row = take(found, edge, by=by, capacity=Who.ORGANISER, text=text, at=now, data={"code": chosen.code})
    for pk in Alternative.objects.compared().filter(comparison=found).order_by("pk").values_list("pk", flat=True):
        one = locked(Alternative, pk)
        said = edge_of(one, "prefer" if pk == chosen.pk else "pass_over", None, system=True)
        take(one, said, by=by, capacity=Who.SYSTEM, at=now)
    _lapse(found, by, now)
    return row


def _lapse(found: Comparison, by: User, at: datetime.datetime | None = None) -> None:
    """What no moderator has read before the end is not published any more; who sent it hears so."""
    waiting = Alternative.objects.filter(comparison=found, status__in=TRANSITIONS[Kind.ALTERNATIVE, "lapse"].sources)
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        one = locked(Alternative, pk)
        take(one, edge_of(one, "lapse", None, system=True), by=by, capacity=Who.SYSTEM, at=at)


@transaction.atomic
def stop(comparison_id: int, *, by: User, text: str, version: int | None = None) -> TimelineRow:
    """It ends without a choice, with the reason."""
    found = locked(Comparison, comparison_id, version=version)
    edge = edge_of(found, "stop", by)
    if not text:
        raise ValidationError({"text": _("This is needed here.")})
    row = take(found, edge, by=by, capacity=Who.ORGANISER, text=text)
    _lapse(found, by)
    return row
