"""An invented town and its people for tests: rows by the shortest way, reports by the verbs."""

from __future__ import annotations

import itertools
import uuid
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db.models import Model
from django.utils import timezone

from accounts.models import Correspondent, Membership, User
from discussion.models import Subject
from municipality import site
from municipality.models import Area, Installation, Organisation, Page, Sector
from reports.actions import Submission, submit
from reports.models import Category, MessageTemplate, Reason, Regime, Report

BOX = (23.5, 42.8, 24.0, 43.1)
"""West, south, east, north of the invented municipality: left half Левка, right half Дъбрава."""
CENTRE = (23.6, 42.9)
"""A point in Левка."""
OUTSIDE = (25.0, 42.9)
_numbers = itertools.count(1)
_OF_TOWN: tuple[type[Model], ...] = (Area, Sector, Organisation, Regime, Category, Reason, MessageTemplate)
_laid_out: list[list[Model]] = []
"""The town's rows as this process laid them out first: later towns are copies with the same numbers."""


def box(west: float, south: float, east: float, north: float) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox((west, south, east, north)), srid=4326)


def texts(bg: str, en: str = "") -> dict[str, str]:
    return {"bg": bg, "en": en or bg}


def area(slug: str, kind: str, name: str, parent: Area | None = None, **fields: Any) -> Area:
    made = Area.objects.create(slug=slug, kind=kind, name=texts(name, slug.title()), parent=parent, path=slug, **fields)
    made.path = f"{parent.path if parent else ''}{made.pk}."
    made.save(update_fields=["path"])
    return made


def town(**installation: Any) -> Installation:
    """The installation with everything a report needs; answers it. Rows are found again by their slugs."""
    site.forget()
    made = Installation.objects.create(
        name=texts("Община Левка", "Levka Municipality"), short_name=texts("Левка", "Levka"),
        tagline=texts("Сигнали и идеи", "Reports and ideas"), country="BG", register_prefix="ЛВ",
        contact={"phone": "0700 00 000", "email": "town@levka.test", "emergency": "112"},
        **{"support_threshold": 3, **installation},
    )  # fmt: skip
    if _laid_out:
        for rows in _laid_out:
            type(rows[0])._default_manager.bulk_create(rows)
    else:
        before = {model: set(model._default_manager.values_list("pk", flat=True)) for model in _OF_TOWN}
        _lay_out()
        _laid_out.extend(list(model._default_manager.exclude(pk__in=before[model]).order_by("pk")) for model in _OF_TOWN)
    Page.objects.bulk_create(
        Page(slug=slug, title=texts(slug), body=texts(slug), since=timezone.localdate()) for slug in ("privacy", "terms")
    )
    return made


def _lay_out() -> None:
    """All rows that are the same whatever is asked of a town."""
    west, south, east, north = BOX
    root = area("levka-municipality", "municipality", "Левка", polygon=box(*BOX), point=Point(23.75, 42.95))
    area("levka", "settlement", "Левка", root, prefix=texts("гр.", "town"), polygon=box(west, south, 23.75, north),
         point=Point(*CENTRE), population=9000, code="00001")  # fmt: skip
    area("dabrava", "settlement", "Дъбрава", root, prefix=texts("с.", "village"), polygon=box(23.75, south, east, north),
         point=Point(23.9, 42.9), population=800, code="00002")  # fmt: skip
    for order, (slug, name) in enumerate([("urban", "Градска среда"), ("health", "Здраве"), ("other", "Друго")]):
        Sector.objects.create(slug=slug, name=texts(name, slug), short_name=texts(name, slug), icon=slug, order=order)
    _organisations()
    _categories()


def _organisations() -> None:
    for slug, name in (("roads", "Отдел „Пътища“"), ("parks", "Отдел „Паркове“")):
        Organisation.objects.create(slug=slug, kind="department", name=texts(name, slug), mailbox=f"{slug}@levka.test")
    Organisation.objects.create(slug="water", kind="body", name=texts("ВиК", "Water company"))


def _categories() -> None:
    roads, parks = (Organisation.objects.get(slug=slug) for slug in ("roads", "parks"))
    urban = Sector.objects.get(slug="urban")
    regime = Regime.objects.create(slug="apk", name=texts("АПК", "APC"), term=2, unit="months", stops_on_question=True)
    common: dict[str, Any] = {"sector": urban, "regime": regime}
    for slug, kind, department, name, fields in (
        ("pothole", "problem", roads, "Дупка", {"term": 10}),
        ("lamp", "problem", roads, "Лампа", {"term": 5, "photo_on_resolve": True}),
        ("tree", "problem", parks, "Дърво", {"photo": "required", "term": 20}),
        ("private", "problem", parks, "Лично", {"public": False, "term": 5}),
        ("staff-only", "problem", roads, "Служебна", {"open_to": "staff"}),
        ("closed", "problem", roads, "Затворена", {"open_to": "closed"}),
        ("park-idea", "idea", parks, "Идея за парк", {}),
        ("road-idea", "idea", roads, "Идея за път", {}),
    ):
        Category.objects.create(slug=slug, kind=kind, department=department, name=texts(name, slug), **{**common, **fields})
    Reason.objects.create(slug="not_ours", name=texts("Не е наше", "Not ours"), serves=["refuse", "partly_accept"])
    Reason.objects.create(
        slug="spam", name=texts("Спам", "Spam"), serves=["reject", "hide", "remove", "redact", "flag", "comment"]
    )
    MessageTemplate.objects.create(
        slug="thanks", name=texts("Благодарим", "Thanks"), text=texts("Благодарим Ви.", "Thank you."), serves=["resolve"]
    )


def person(*roles: str, organisation: str = "roads", email: str = "", **fields: Any) -> User:
    """An account; with roles, a membership in that organisation. Its correspondent is verified."""
    number = next(_numbers)
    user = User.objects.create_user(email or f"person{number}@levka.test", "correct horse battery", **fields)
    Correspondent.objects.create(email=user.email, user=user, verified_at=timezone.now())
    if roles:
        home = Organisation.objects.get(slug=organisation)
        Membership.objects.create(user=user, organisation=home, roles=list(roles))
    return user


def resident(**fields: Any) -> User:
    return person(name="Рада Колева", **fields)


def official(organisation: str = "roads", **fields: Any) -> User:
    return person("official", organisation=organisation, name="Иван Петров", **fields)


def dispatcher(**fields: Any) -> User:
    return person("dispatcher", organisation="parks", name="Мария Димова", **fields)


def moderator(**fields: Any) -> User:
    return person("moderator", organisation="parks", name="Стоян Илиев", **fields)


def planner(**fields: Any) -> User:
    return person("planner", organisation="parks", name="Нели Ганева", **fields)


def administrator(**fields: Any) -> User:
    return person("administrator", organisation="parks", name="Ана Тодорова", **fields)


def guest(email: str = "", verified: bool = True) -> Correspondent:
    return Correspondent.objects.create(
        email=email or f"guest{next(_numbers)}@levka.test", verified_at=timezone.now() if verified else None
    )


def submission(**fields: Any) -> Submission:
    """A complete submission of a pothole in Левка; any field can be given."""
    slug = fields.pop("category", "pothole")
    category = slug if isinstance(slug, Category) else Category.objects.get(slug=slug)
    lon, lat = fields.pop("at_point", CENTRE)
    defaults: dict[str, Any] = {
        "kind": category.kind, "category": category, "title": "Дупка пред училището", "text": "Голяма дупка на пътя.",
        "client_uuid": uuid.uuid4(), "language": "bg", "point": Point(lon, lat, srid=4326),
        "consents": ("terms", "privacy"), "happened_on": timezone.localdate() if fields.get("official") else None,
    }  # fmt: skip
    return Submission(**{**defaults, **fields})


def report(*, at: Any = None, tells: bool = False, **fields: Any) -> Report:
    """A report received from a resident's account (give `author=None` and `email=…` for a guest's)."""
    if "author" not in fields:
        fields["author"] = resident()
    return submit(submission(**fields), at=at, tells=tells)


def reports(count: int, **fields: Any) -> list[Report]:
    """So many reports: the first by the verb, the others its copies by the shortest way, without timeline."""
    first = report(**fields)
    spine = first.subject
    subjects = Subject.objects.bulk_create(
        Subject(
            kind=spine.kind, title=spine.title, language="bg", sector=spine.sector, area=spine.area, is_public=True,
            created_at=spine.created_at,
        )
        for _n in range(count - 1)
    )  # fmt: skip
    return [first, *Report.objects.bulk_create(
        Report(
            subject=made, kind=first.kind, is_public=True, sector=first.sector, area=first.area, created_at=made.created_at,
            category=first.category, department=first.department, status=first.status, geom=first.geom,
        )
        for made in subjects
    )]  # fmt: skip
