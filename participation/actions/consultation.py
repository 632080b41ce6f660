"""Consultations are prepared, opened, prolonged, closed by the clock, adopted. The table that answers them is in `table.py`."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import MultiPolygon
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

import discussion.actions
from accounts.models import User
from discussion.models import Audience, Link, Subject, TimelineRow
from discussion.search import vector
from municipality.models import Area, Organisation, Sector
from participation import rules, workflow
from participation.actions.move import edge_of, locked, take
from participation.models import Consultation, ConsultationKind, PaperKind
from participation.wording_consultation import PAPER_NAMES
from participation.workflow import Kind, Who
from reports.models import Report

MOST = 200
"""Consultations closed at a time; the next run takes the rest."""
MOST_NAMED = 5
"""Ideas whose names a refusal says."""


@dataclass(kw_only=True)
class Terms:
    """What a consultation says of itself before it is open. `within`: where ideas given to it must lie."""

    kind: ConsultationKind
    title: str
    text: str
    sector: Sector
    organisation: Organisation
    closes_on: datetime.date
    contact_name: str
    contact_email: str = ""
    contact_phone: str = ""
    level: str = Consultation.Level.CONSULT
    who_may: str = Consultation.WhoMay.ANYONE
    short_reason: str = ""
    settlement: Area | None = None
    within: MultiPolygon | None = None
    earlier: Consultation | None = None
    language: str = ""

    @property
    def least_days(self) -> int:
        """The days that must pass: fewer than usual where the kind allows it and a reason is stated."""
        fewer = self.kind.least_days_with_reason
        return fewer if self.short_reason and fewer is not None else self.kind.least_days

    def facts(self) -> dict[str, Any]:
        """Fields of Consultation."""
        names = (
            "kind", "text", "organisation", "closes_on", "contact_name", "contact_email", "contact_phone", "level", "who_may",
            "short_reason", "within", "earlier",
        )  # fmt: skip
        clock = {"usual_days": self.kind.least_days, "least_days": self.least_days}
        return {name: getattr(self, name) for name in names} | clock


def clock_refusal(kind: ConsultationKind, closes_on: datetime.date, short_reason: str, day: datetime.date) -> str:
    """Why it cannot run from `day` until `closes_on`, in words; "" when it can."""
    fewer = kind.least_days_with_reason
    least = fewer if short_reason and fewer is not None else kind.least_days
    if (closes_on - day).days >= least:
        return ""
    values = {
        "kind": str(kind),
        "days": kind.least_days,
        "fewer": fewer,
        "day": f"{day + datetime.timedelta(days=least):%d.%m.%Y}",
    }
    if fewer is None or fewer == kind.least_days:
        return _("%(kind)s: at least %(days)d days are needed. The last day can be %(day)s or later.") % values
    words = _(
        "%(kind)s: at least %(days)d days are needed, or %(fewer)d with a stated reason, never fewer. "
        "The last day can be %(day)s or later."
    )
    return words % values


def _check(said: Terms, day: datetime.date) -> None:
    wrong: dict[str, str] = {}
    if refusal := clock_refusal(said.kind, said.closes_on, said.short_reason, day):
        wrong["closes_on"] = refusal
    if not (said.contact_email or said.contact_phone):
        wrong["contact_email"] = _("Give an e-mail address or a telephone number for questions.")
    if said.within is not None and not said.kind.takes_ideas:
        wrong["within"] = _("This kind takes no ideas with a place, so it needs no border.")
    if wrong:
        raise ValidationError(wrong)


def prepare(said: Terms, *, by: User, client_uuid: uuid.UUID, at: datetime.datetime | None = None) -> Consultation:
    """Keeps the consultation, seen by who prepares it alone; the same client UUID again answers the first one.

    Raises ValidationError by field, PermissionDenied for whoever does not work in the department.
    """
    for tries in (1, 0):
        known = Consultation.objects.filter(subject__client_uuid=client_uuid).select_related("subject").first()
        if known is not None:
            return known
        try:
            return _prepare(said, by, client_uuid, at or timezone.now())
        except IntegrityError:  # sent twice at the same moment, or a reference that is somebody's
            if not tries:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def _prepare(said: Terms, by: User, client_uuid: uuid.UUID, at: datetime.datetime) -> Consultation:
    if not rules.consults(by) or said.organisation.pk not in by.departments:
        raise PermissionDenied
    _check(said, timezone.localdate(at))
    status = workflow.FIRST[Kind.CONSULTATION]
    subject = Subject.objects.create(
        kind=Subject.Kind.CONSULTATION, client_uuid=client_uuid, title=said.title, sector=said.sector, created_at=at,
        language=said.language or get_language() or "bg", area=said.settlement or Area.objects.root(), is_public=False,
    )  # fmt: skip
    made = Consultation(subject=subject, status=status, status_at=at, author=by, **said.facts())
    made.full_clean(exclude=["subject"], validate_constraints=False)
    made.save(force_insert=True)
    index(made)
    if said.earlier is not None:
        Link.objects.get_or_create(source=subject, target=said.earlier.subject, kind=Link.Kind.INSPIRED_BY)
    discussion.actions.append(
        subject, f"kept_{status}", by=by, capacity=Who.ORGANISER, at=at, after=status, audience=Audience.AUTHOR, tells=False,
        bumps=False,
    )  # fmt: skip
    return made


def index(consultation: Consultation) -> None:
    """What the search finds it by: its words and those of its sections."""
    words = [part for section in consultation.sections.all() for part in (section.title, section.text)]
    title = consultation.subject.title
    Subject.objects.filter(pk=consultation.pk).update(search=vector(title, consultation.text, *words))


@transaction.atomic
def change(consultation_id: int, said: Terms, *, by: User, version: int | None = None) -> TimelineRow:
    """Other terms, while it is prepared."""
    found = locked(Consultation, consultation_id, version=version)
    edge = edge_of(found, "change", by)
    if said.organisation.pk not in by.departments and said.organisation != found.organisation:
        raise PermissionDenied
    _check(said, timezone.localdate())
    _hold_ideas(found, said.within)
    for name, value in said.facts().items():
        if name != "earlier":
            setattr(found, name, value)
    found.full_clean(exclude=["subject"], validate_constraints=False)
    found.save()
    area = said.settlement or Area.objects.root()
    Subject.objects.filter(pk=found.pk).update(title=said.title, sector=said.sector, area=area)
    found.subject.title = said.title
    index(found)
    return take(found, edge, by=by, capacity=Who.ORGANISER, tells=False)


def _hold_ideas(found: Consultation, border: MultiPolygon | None) -> None:
    """Raises ValidationError with the names of ideas that were given and would lie outside the new border."""
    if border is None:
        return
    outside = Q(geom=None, line=None, polygon=None) & ~Q(area__polygon__coveredby=border)
    for shape in ("geom", "line", "polygon"):
        outside |= Q(**{f"{shape}__isnull": False}) & ~Q(**{f"{shape}__coveredby": border})
    given = Link.objects.filter(target=found.pk, kind=Link.Kind.GIVEN_TO).values("source")
    titles = list(Report.objects.filter(outside, pk__in=given).order_by("pk").values_list("subject__title", flat=True))
    if titles:
        words = ngettext(
            "%(n)d idea that was given lies outside this border: %(titles)s. Draw the border around it too.",
            "%(n)d ideas that were given lie outside this border: %(titles)s. Draw the border around them too.", len(titles),
        )  # fmt: skip
        named = "; ".join([*titles[:MOST_NAMED], *(["…"] if len(titles) > MOST_NAMED else [])])
        raise ValidationError({"within": words % {"n": len(titles), "titles": named}}, code="border")


def missing_papers(consultation: Consultation) -> list[str]:
    """Names of the papers that its kind asks for and that are not there; sections are a draft too."""
    there = set(consultation.papers.values_list("kind", flat=True))
    if consultation.sections.exists():
        there.add(PaperKind.DRAFT)
    return [str(PAPER_NAMES[kind]) for kind in consultation.kind.required_papers if kind not in there]


@transaction.atomic
def open_to_all(
    consultation_id: int, *, by: User, version: int | None = None, at: datetime.datetime | None = None
) -> TimelineRow:
    """Everyone reads it and may write until its last day. Raises ValidationError while a paper is missing or the time too short."""
    at = at or timezone.now()
    found, day = locked(Consultation, consultation_id, version=version), timezone.localdate(at)
    edge = edge_of(found, "open", by)
    if missing := missing_papers(found):
        words = _("It cannot open yet. Missing: %(papers)s. Add them, then open it.")
        raise ValidationError(words % {"papers": ", ".join(missing)}, code="papers")
    if refusal := clock_refusal(found.kind, found.closes_on, found.short_reason, day):
        raise ValidationError(refusal, code="clock")
    found.opens_on = day
    found.save(update_fields=["opens_on"])
    Subject.objects.filter(pk=found.pk).update(created_at=at)
    return take(found, edge, by=by, capacity=Who.ORGANISER, at=at, data={"until": found.closes_on.isoformat()})


@transaction.atomic
def prolong(consultation_id: int, closes_on: datetime.date, *, by: User, text: str, version: int | None = None) -> TimelineRow:
    """More time, with a reason that everyone reads; never less."""
    found = locked(Consultation, consultation_id, version=version)
    edge = edge_of(found, "prolong", by)
    if closes_on <= found.closes_on:
        words = _("The last day is %(day)s now. Only a later one can take its place.")
        raise ValidationError({"closes_on": words % {"day": f"{found.closes_on:%d.%m.%Y}"}})
    if found.is_over():
        raise ValidationError(_("Its time is over already."), code="over")
    if not text:
        raise ValidationError({"text": _("This is needed here.")})
    found.closes_on = closes_on
    found.save(update_fields=["closes_on"])
    return take(found, edge, by=by, capacity=Who.ORGANISER, text=text, data={"until": closes_on.isoformat()})


def close_over(today: datetime.date | None = None, *, only: int | None = None) -> int:
    """Those whose last day has passed are closed; answers how many."""
    rows = Consultation.objects.over(today)
    rows = rows.filter(pk=only) if only is not None else rows
    return sum(_close(pk, today) for pk in rows.order_by("pk").values_list("pk", flat=True)[:MOST])


@transaction.atomic
def _close(pk: int, today: datetime.date | None) -> bool:
    found = locked(Consultation, pk)
    if found.status != "open" or not found.is_over(today):
        return False
    ended = timezone.make_aware(datetime.datetime.combine(found.closes_on + datetime.timedelta(days=1), datetime.time.min))
    take(found, edge_of(found, "close", None, system=True), by=None, capacity=Who.SYSTEM, at=min(ended, timezone.now()))
    return True


@transaction.atomic
def adopt(
    consultation_id: int, *, by: User, title: str, url: str, day: datetime.date | None = None, version: int | None = None,
    at: datetime.datetime | None = None,
) -> TimelineRow:  # fmt: skip
    """What was adopted in the end, with the address where it is read."""
    found = locked(Consultation, consultation_id, version=version)
    edge = edge_of(found, "adopt", by)
    _link_act(found, title, url, day)
    return take(found, edge, by=by, capacity=Who.ORGANISER, at=at)


@transaction.atomic
def correct(
    consultation_id: int, *, by: User, title: str, url: str, text: str, day: datetime.date | None = None,
    version: int | None = None,
) -> TimelineRow:  # fmt: skip
    """Another title, address or day of the act, with the reason; followers hear so."""
    found = locked(Consultation, consultation_id, version=version)
    edge = edge_of(found, "correct", by)
    if not text:
        raise ValidationError({"text": _("This is needed here.")})
    _link_act(found, title, url, day)
    return take(found, edge, by=by, capacity=Who.ORGANISER, text=text)


def _link_act(found: Consultation, title: str, url: str, day: datetime.date | None) -> None:
    """Raises ValidationError by field."""
    wrong = {name: _("This is needed here.") for name, value in (("adopted_title", title), ("adopted_url", url)) if not value}
    if day is not None and day > timezone.localdate():
        wrong["adopted_on"] = _("This day is still to come: link the act once it is adopted.")
    if wrong:
        raise ValidationError(wrong)
    found.adopted_title, found.adopted_url, found.adopted_on = title, url, day
    found.full_clean(exclude=["subject"], validate_constraints=False)
    found.save(update_fields=["adopted_title", "adopted_url", "adopted_on"])


@transaction.atomic
def renew_link(consultation_id: int, *, by: User, version: int | None = None) -> TimelineRow:
    """Preview links given before open nothing any more; `participation.previewing` reads them by this row."""
    found = locked(Consultation, consultation_id, version=version)
    edge = edge_of(found, "renew_link", by)
    return take(found, edge, by=by, capacity=Who.ORGANISER, tells=False)
