"""What reports live by: legal regimes, categories, routing, reasons and ready answers."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from municipality.models import Area, Organisation, Sector
from reports import workflow
from reports.loading.rows import Row
from reports.loading.upsert import Load
from reports.models import Category, MessageTemplate, Question, Reason, Regime, RoutingRule
from reports.questions import never_asked

MOST_NAME = Category._meta.get_field("internal_name").max_length or 0


def one(row: Row, name: str, model: type[models.Model], *, optional: bool = False) -> Any:
    """The object whose slug the field holds; LoadError names the slug that is unknown."""
    slug = row.text(name, None if optional else row.text(name))
    if slug is None:
        return None
    found = model._default_manager.filter(slug=slug).first()
    if found is None:
        raise row.error(name, _("“%(slug)s” is not known") % {"slug": slug})
    return found


def verbs(row: Row) -> list[str]:
    found = row.words("for")
    for name in found:
        if name not in workflow.VERBS:
            raise row.error("for", _("“%(slug)s” is not known") % {"slug": name})
    return found


def regime(load: Load, row: Row) -> None:
    values = {
        "name": row.texts("name"), "note": row.texts("note", None), "term": row.number("term", None),
        "unit": row.text("unit", "months"), "forward_days": row.number("forward_days", 7),
        "stops_on_question": row.flag("stops_on_question", False),
    }  # fmt: skip
    load.upsert(row, Regime, {"slug": row.text("slug")}, values)


def _department(row: Row) -> Organisation:
    found: Organisation = one(row, "department", Organisation)
    if found.kind != Organisation.Kind.DEPARTMENT:
        raise row.error("department", _("“%(slug)s” is not a department") % {"slug": found.slug})
    return found


def _name(row: Row) -> dict[str, str]:
    found: dict[str, str] = row.texts("name")
    if max(map(len, found.values())) > MOST_NAME:
        raise row.error("name", _("must be at most %(most)d characters") % {"most": MOST_NAME})
    return found


def ideas(load: Load, rows: list[Row]) -> None:
    """Every sector must take ideas, which are routed by their category."""
    taken = set(Category.objects.filter(kind="idea").values_list("sector__slug", flat=True))
    for row in rows:
        if (slug := row.text("slug", "")) and slug not in taken:
            load.tell(row.error("slug", _("“%(slug)s” has no category of ideas") % {"slug": slug}))


def premoderated(load: Load, row: Row) -> None:
    """The categories that wait for a moderator must be there."""
    if row.raw("premoderation", None) is None:
        return
    below = row.row("premoderation")
    known = set(Category.objects.values_list("slug", flat=True))
    for slug in below.words("categories"):
        if slug not in known:
            load.tell(below.error("categories", _("“%(slug)s” is not known") % {"slug": slug}))


def category(load: Load, row: Row, order: int) -> None:
    department = _department(row)
    values = {
        "kind": row.text("kind"), "sector": one(row, "sector", Sector), "department": department,
        "regime": one(row, "regime", Regime, optional=True), "term": row.number("term", None),
        "unit": row.text("unit", "working_days"), "photo": row.text("photo", "optional"),
        "photo_on_resolve": row.flag("photo_on_resolve", False), "public": row.flag("public", True),
        "open_to": row.text("open_to", "all"), "name": _name(row), "internal_name": row.text("internal_name", ""),
        "hint": row.texts("hint", None), "icon": row.icon("icon", "c", ""), "keywords": row.words("keywords"), "order": order,
        "not_ours": row.texts("not_ours", None), "not_ours_phone": row.text("not_ours_phone", ""),
        "not_ours_url": row.text("not_ours_url", ""),
    }  # fmt: skip
    load.upsert(row, Category, {"slug": row.text("slug")}, values)


def question(load: Load, row: Row, order: int) -> None:
    """What a category asks; a choice that stops says why in its advice."""
    choices = []
    for below in row.rows("choices"):
        advice, stops = below.texts("advice", None), below.flag("stops", False)
        choices.append({"slug": below.text("slug"), "text": below.texts("text"), "advice": advice, "stops": stops})
        below.done()
        if stops and not advice:
            raise below.error("advice", _("is missing"))
    datatype = row.text("datatype", Question.Datatype.ONE.value)
    least = 2 if datatype in (Question.Datatype.ONE, Question.Datatype.SEVERAL) else 0
    if len({one["slug"] for one in choices}) < max(len(choices), least):
        raise row.error("choices", _("give at least two, each with a slug of its own"))
    values = {
        "category": one(row, "category", Category), "text": row.texts("text"), "note": row.texts("note", None), "choices": choices,
        "datatype": datatype, "variable": row.flag("variable", True), "required": row.flag("required", False),
        "public": row.flag("public", False), "after": one(row, "after", Question, optional=True),
        "after_choice": row.text("after_choice", ""), "order": order,
    }  # fmt: skip
    load.upsert(row, Question, {"slug": row.text("slug")}, values)


def chains(load: Load, rows: list[Row]) -> None:
    """Once all are in: each can be asked, and those that follow it too."""
    for row in rows:
        found = Question.objects.select_related("after").filter(slug=row.text("slug")).first()
        if found is not None and (wrong := never_asked(found)):
            load.tell(row.error(*wrong))


def routing(load: Load, row: Row) -> None:
    """One record may name several categories and areas; without categories it holds for all."""
    department = _department(row)
    categories, areas = row.words("categories"), row.words("areas")
    row.done()
    for area_slug in areas:
        area = Area.objects.filter(slug=area_slug).first()
        if area is None:
            raise row.error("areas", _("“%(slug)s” is not known") % {"slug": area_slug})
        for slug in categories or [""]:
            found = Category.objects.filter(slug=slug).first() if slug else None
            if slug and found is None:
                raise row.error("categories", _("“%(slug)s” is not known") % {"slug": slug})
            load.upsert(row, RoutingRule, {"category": found, "area": area}, {"department": department})


def reason(load: Load, row: Row, order: int) -> None:
    values = {"name": row.texts("name"), "text": row.texts("text", None), "serves": verbs(row), "order": order}
    load.upsert(row, Reason, {"slug": row.text("slug")}, values)


def template(load: Load, row: Row, order: int) -> None:
    values = {"name": row.texts("name"), "text": row.texts("text"), "serves": verbs(row), "order": order}
    load.upsert(row, MessageTemplate, {"slug": row.text("slug")}, values)
