"""What a municipality's data say of its sectors: guides, services, figures."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from municipality.models import Area, Organisation, Sector
from participation.actions.service import keep_service
from participation.models import Figure, Indicator, SectorGuide, Service
from reports.loading.categories import one
from reports.loading.people import People
from reports.loading.rows import Row, table
from reports.loading.upsert import Load


def sectors(load: Load, folder: Path) -> None:
    """`guides`, `services` and `indicators` of the folder, where there are such."""
    load.each(table(folder, "guides", required=False), lambda row: _guide(load, row))
    load.in_order(table(folder, "services", required=False), _service)
    load.in_order(table(folder, "indicators", required=False), _indicator)


def sample_indicators(load: Load, folder: Path, people: People, now: datetime.datetime) -> None:
    """Invented figures of a demonstration, after the others."""
    for order, row in enumerate(table(folder, "indicators", required=False)):
        load.each([row], lambda row, order=order: _indicator(load, row, 500 + order))


def _guide(load: Load, row: Row) -> None:
    values = {name: row.texts(name, None) for name in ("who", "money")}
    values |= {"does": row.texts("does"), "papers": [_paper(below) for below in row.rows("papers")]}
    load.upsert(row, SectorGuide, {"sector": one(row, "sector", Sector)}, values)


def _paper(row: Row) -> dict[str, Any]:
    found = {"name": row.texts("name"), "url": row.text("url", "")}
    row.done()
    try:
        if found["url"]:
            URLValidator(schemes=["https", "http"])(found["url"])
    except ValidationError as error:
        raise row.error("url", error.messages[0]) from None
    return found


def _service(load: Load, row: Row, order: int) -> None:
    slug, sector = row.text("slug"), one(row, "sector", Sector)
    facts = {
        "name": row.texts("name"), "what": row.texts("what"), "who": row.texts("who", None), "how": row.texts("how", None),
        "department": one(row, "department", Organisation, optional=True), "url": row.text("url", ""), "phone": row.text("phone", ""),
        "order": order,
    }  # fmt: skip
    row.done()
    try:
        _made, what = keep_service(slug, facts, sector=sector)
    except ValidationError as error:
        raise row.refuse(error) from None
    load.count(Service, what)


def _indicator(load: Load, row: Row, order: int) -> None:
    yearly, figures = row.flag("yearly", True), row.row("figures")
    values = {
        "sector": one(row, "sector", Sector), "area": one(row, "area", Area, optional=True), "name": row.texts("name"),
        "unit": row.texts("unit", None), "digits": row.number("digits", 0), "yearly": yearly, "source_name": row.texts("source_name"),
        "source_url": row.text("source_url", ""), "note": row.texts("note", None), "example": row.flag("example", False), "order": order,
    }  # fmt: skip
    made = load.upsert(row, Indicator, {"slug": row.text("slug")}, values)
    for name in figures.values:
        key = {"indicator": made, "on": _day(figures, name, yearly=yearly)}
        value = Decimal(str(figures.amount(name)))
        load.upsert(Row(row.file, figures.lines[name], {}, {}), Figure, key, {"value": value})


def _day(row: Row, name: str, *, yearly: bool) -> datetime.date:
    """A year stands for its last day."""
    try:
        return datetime.date.fromisoformat(f"{name}-12-31" if yearly else name)
    except ValueError:
        raise row.error(name, _("must be a year") if yearly else _("must be a date: year-month-day")) from None
