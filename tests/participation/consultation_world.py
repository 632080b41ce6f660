"""A consultation in the invented town, at each of its stages."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.contrib.gis.geos import MultiPolygon
from django.utils import timezone

from accounts.models import Correspondent, User
from discussion import actions as spine
from discussion.models import Comment
from municipality.models import Organisation, Sector
from participation.actions import consultation as actions
from participation.actions import papers, sections
from participation.actions.consultation import Terms
from participation.models import Consultation, ConsultationKind
from tests import factories

INSIDE, BESIDE = (23.6, 42.9), (23.7, 42.95)
"""A point within the border of a call for ideas, and one of the town outside it."""
BORDER = (23.58, 42.88, 23.62, 42.92)


def kinds() -> None:
    for slug, name, fields in (
        (
            "ordinance",
            "Наредба",
            {"least_days": 30, "least_days_with_reason": 14, "required_papers": ["draft", "motives", "impact"]},
        ),
        ("call", "Покана", {"least_days": 14, "takes_ideas": True}),
    ):
        ConsultationKind.objects.get_or_create(slug=slug, defaults={"name": factories.texts(name, slug), **fields})


def within() -> MultiPolygon:
    return factories.box(*BORDER)


def terms(kind: str = "ordinance", **fields: Any) -> Terms:
    """Of an ordinance for 40 days."""
    kinds()
    defaults: dict[str, Any] = {
        "kind": ConsultationKind.objects.get(slug=kind), "title": "Наредба за градините", "text": "Какво да пазим?",
        "sector": Sector.objects.get(slug="urban"), "organisation": Organisation.objects.get(slug="parks"),
        "closes_on": timezone.localdate() + datetime.timedelta(days=40), "contact_name": "Отдел „Паркове“",
        "contact_email": "parks@levka.test",
    }  # fmt: skip
    return Terms(**{**defaults, **fields})


def prepared(by: User | None = None, **fields: Any) -> Consultation:
    by = by or factories.official("parks")
    return actions.prepare(terms(**fields), by=by, client_uuid=uuid.uuid4())


def written(by: User, **fields: Any) -> Consultation:
    """With two sections and the papers that an ordinance needs."""
    made = prepared(by, **fields)
    sections.add_section(made.pk, title="Чл. 1. Дървета", text="Дърветата се пазят.\n\nСечта иска разрешение.", by=by)
    sections.add_section(made.pk, title="Чл. 2. Пейки", text="Пейките се поддържат.", by=by)
    for kind in ("motives", "impact"):
        papers.add_paper(made.pk, kind=kind, title=kind, link="https://example.org/paper", by=by)
    return made


def opened(by: User | None = None, **fields: Any) -> Consultation:
    by = by or factories.official("parks")
    made = written(by, **fields)
    actions.open_to_all(made.pk, by=by)
    return Consultation.objects.with_page_facts().get(pk=made.pk)


def over(made: Consultation) -> Consultation:
    """The consultation a day after its last one, closed by the clock."""
    today = timezone.localdate()
    days = {"opens_on": today - datetime.timedelta(days=60), "closes_on": today - datetime.timedelta(days=1)}
    Consultation.objects.filter(pk=made.pk).update(**days)
    actions.close_over()
    return Consultation.objects.with_page_facts().get(pk=made.pk)


def said(made: Consultation, text: str = "Да има липи.", *, by: User | None = None, who: Correspondent | None = None,
         **fields: Any) -> Comment:  # fmt: skip
    """A suggested wording that a moderator published."""
    who = who or (spine.correspondent_of(by) if by else factories.guest())
    defaults: dict[str, Any] = {"kind": "wording"}
    comment = spine.comment(made.pk, text=text, client_uuid=uuid.uuid4(), correspondent=who, by=by, **{**defaults, **fields})
    if comment.state == Comment.State.WAITING:
        spine.settle_comment(comment.pk, publish=True, by=factories.moderator())
        comment.refresh_from_db()
    return comment
