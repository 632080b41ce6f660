"""Planned projects from a data file; shapes are approximate, what the source does not say stays empty."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiLineString, MultiPoint, MultiPolygon
from django.core.exceptions import ValidationError
from django.utils import timezone

from layers.actions import keep_project
from layers.models import Project
from municipality.models import Area, Organisation, Sector
from reports.loading.categories import one
from reports.loading.rows import Row
from reports.loading.upsert import Load

EARLIEST = datetime.timedelta(days=400)


def project(load: Load, row: Row, today: datetime.date) -> None:
    """One project. In an invented one beginning, end and milestones are days from `today`: 30 is in thirty days."""
    example = row.flag("example", False)
    facts = _facts(row, example, today) | _shape(row)
    sectors = [_by_slug(row, "further_sectors", Sector, slug) for slug in row.words("further_sectors")]
    areas = [_by_slug(row, "areas", Area, slug) for slug in row.words("areas")]
    steps = [_milestone(step, today) for step in row.rows("milestones")]
    slug, sector = row.text("slug"), one(row, "sector", Sector)
    row.done()
    try:
        Project(slug=slug, **facts).full_clean(exclude=["subject"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise row.refuse(error) from None
    at = timezone.now() - EARLIEST
    _made, new = keep_project(
        slug, facts, sector=sector, further_sectors=sectors, areas=areas, root=Area.objects.root(), milestones=steps, at=at
    )
    load.count(Project, "new" if new else "same")


def _by_slug(row: Row, name: str, model: Any, slug: str) -> Any:
    """One of the slugs of a list; the error names the list."""
    return one(Row(row.file, row.lines[name], {name: slug}, {name: row.lines[name]}), name, model)


def _facts(row: Row, example: bool, today: datetime.date) -> dict[str, Any]:
    amount = row.amount("amount", None)
    facts: dict[str, Any] = {
        "title": row.texts("title"), "summary": row.texts("summary", None), "stage": row.text("stage"),
        "stage_note": row.texts("stage_note", None), "as_of_year": row.number("as_of", None),
        "amount": amount, "currency": row.text("currency", "" if amount is None else "BGN"),
        "amount_note": row.texts("amount_note", None), "funding": row.texts("funding", None),
        "spent": row.amount("spent", None), "department": one(row, "department", Organisation, optional=True),
        "source_url": row.text("source", ""), "example": example,
        "participation": row.text("participation", "inform"), "approximate": row.flag("approximate", True),
    }  # fmt: skip
    for name, key in (("starts_year", "starts"), ("ends_year", "ends")):
        year = row.number(key, None)
        facts[name] = (today + datetime.timedelta(days=year)).year if example and year is not None else year
    for name in ("amount", "spent"):
        facts[name] = None if facts[name] is None else f"{facts[name]:.2f}"
    return facts


def _shape(row: Row) -> dict[str, GEOSGeometry | None]:
    """At most one shape; the sign stands at its first point, in the middle of a line or inside an area."""
    point, points = row.shape("point", "Point"), row.shape("points", "MultiPoint")
    line, lines = row.shape("line", "LineString"), row.shape("lines", "MultiLineString")
    ring = row.raw("polygon", None)
    area = Row(row.file, row.line, {"polygon": [ring]}, row.lines).shape("polygon", "Polygon") if ring else None
    if line:
        lines = MultiLineString(line, srid=4326)
    if points:
        assert isinstance(points, MultiPoint)
        point = points[0]
    if lines:
        point = lines[0].interpolate_normalized(0.5)
    if area:
        point = area.point_on_surface
    if point:
        point.srid = 4326
    return {"point": point, "points": points, "line": lines, "polygon": MultiPolygon(area, srid=4326) if area else None}


def _milestone(row: Row, today: datetime.date) -> dict[str, Any]:
    found: dict[str, Any] = {"name": row.texts("name")}
    for name, key in (("due_on", "due"), ("done_on", "done")):
        days = row.number(key, None)
        found[name] = None if days is None else today + datetime.timedelta(days=days)
    row.done()
    return found
