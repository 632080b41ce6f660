"""The site's own collections: reports, projects, areas, events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from api.ogc.fields import Field, address, in_languages, real, text
from api.v1.report_rows import PHASES
from geoportal.kernel.geometry import BBox
from layers.credit import credited
from layers.ground import bounds
from layers.models import Project
from municipality.models import Area
from participation import filtering, workflow
from participation.models import Event
from reports import mapping
from reports import workflow as law
from reports.filters import Filters
from reports.models import Report
from reports.querysets import today

GEOMETRY = "ogc_geometry"
_MARGIN = 0.01
"""Degrees around the municipality: a report may lie a little beyond its border."""


@dataclass(frozen=True)
class Collection:
    """`rows`: the public set under the filter language, of which the names in `language` are understood. `key`: path of the feature's id.
    `shapes`: its columns with a geometry, the first filled one counts; `one_shape`: no row fills two. `time`: when it begins and ends."""

    id: str
    title: Any
    description: Any
    rows: Callable[[Filters], QuerySet[Any]]
    key: str
    shapes: tuple[str, ...]
    fields: tuple[Field, ...]
    kind: str = "any"
    one_shape: bool = True
    time: tuple[str, str] | None = None
    language: tuple[str, ...] = ()
    frame: BBox | None = None

    @property
    def shape(self) -> Any:
        if len(self.shapes) == 1:
            return F(self.shapes[0])
        return Coalesce(*self.shapes, output_field=GeometryField())

    @property
    def queryables(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields if field.asked}

    def touching(self, geometry: GEOSGeometry) -> Q:
        """Features that share a point with a WGS84 geometry: over the columns, which have indexes, where only one of them is filled."""
        if not self.one_shape:
            return Q(**{f"{GEOMETRY}__intersects": geometry})
        found = Q()
        for column in self.shapes:
            found |= Q(**{f"{column}__intersects": geometry})
        return found

    @property
    def extent(self) -> BBox:
        """West, south, east, north that hold all features."""
        if self.frame:
            return self.frame
        west, south, east, north = bounds()
        low, high = (
            (max(-180.0, west - _MARGIN), max(-90.0, south - _MARGIN)),
            (min(180.0, east + _MARGIN), min(90.0, north + _MARGIN)),
        )
        return (*low, *high)


def _phase() -> Case:
    known = sorted(set(PHASES.values()))
    return Case(
        *(When(status__in=[code for code, phase in PHASES.items() if phase == each], then=Value(each)) for each in known)
    )


def _late() -> Case:
    return Case(When(due_on__lt=today(), then=Value(True)), default=Value(False), output_field=BooleanField())


def _reference() -> Field:
    return text("reference", _("Number"), "subject__reference", role="id")


def _projects(filters: Filters) -> QuerySet[Any]:
    found = mapping.projects(filters, AnonymousUser())
    # In a condition of its own: what joins several areas or sectors gives a project more than once.
    return Project.objects.filter(pk__in=found.order_by().values("pk")) if filters.given else found


REPORTS = Collection(
    "reports", _("Reports and ideas"), credited(_("Problems and ideas that everyone may read, each at its point.")),
    lambda filters: filters.apply(Report.objects.public()), "subject__reference", ("geom",),
    (
        _reference(),
        text("kind", _("Kind"), "kind", values=tuple(kind.value for kind in law.Kind)),
        text("status", _("State"), "status", values=tuple(sorted(law.PUBLIC))),
        text("phase", _("Phase"), _phase, values=tuple(sorted({PHASES[code] for code in law.PUBLIC}))),
        Field("late", _("Its date has passed"), "boolean", _late),
        text("title", _("Title"), "subject__title"),
        text("language", _("Language of the text"), "subject__language"),
        text("sector", _("Sector"), "sector__slug"),
        text("category", _("Category"), "category__slug"),
        text("area", _("Settlement or quarter"), "area__slug"),
        text("department", _("Department"), "department__slug"),
        text("place", _("Place in words"), "place"),
        *in_languages("near", credited(_("What stands near it")), "near"),
        text("object", _("Thing that it is about"), "picked__address"),
        *in_languages("object_name", _("Name of that thing"), "picked__name"),
        Field("approximate", _("The place is approximate"), "boolean", "approximate"),
        Field("created_at", _("Sent at"), "date-time", "created_at", role="primary-instant"),
        Field("status_at", _("In this state since"), "date-time", "status_at"),
        Field("due_on", _("Due on"), "date", "due_on"),
        Field("expected_on", _("Promised for"), "date", "expected_on"),
        Field("support_count", _("Number of supports"), "integer", "subject__support_count"),
        Field("comment_count", _("Number of comments"), "integer", "subject__comment_count"),
        Field("photo_count", _("Number of photos"), "integer", "photo_count"),
        address("reports"),
    ),
    kind="point", time=("created_at", "created_at"),
    language=("kind", "sector", "category", "status", "area", "since", "until", "q"),
)  # fmt: skip
PROJECTS = Collection(
    "projects", _("Planned projects"), _("Projects of the municipality as their sources tell of them; what these do not say is null."),
    _projects, "subject__reference", ("polygon", "line", "points", "point"),
    (
        _reference(),
        *in_languages("title", _("Title"), "title"),
        *in_languages("summary", _("Summary"), "summary"),
        text("stage", _("Stage"), "stage", values=tuple(Project.Stage.values)),
        Field("as_of_year", _("Year of the knowledge"), "integer", "as_of_year"),
        Field("starts_year", _("Work begins"), "integer", "starts_year"),
        Field("ends_year", _("Work ends"), "integer", "ends_year"),
        real("amount", _("Money planned"), "amount"),
        real("spent", _("Money paid"), "spent"),
        text("currency", _("Currency"), "currency"),
        text("sector", _("Sector"), "subject__sector__slug"),
        text("area", _("Settlement or quarter"), "subject__area__slug"),
        text("department", _("Department"), "department__slug"),
        Field("approximate", _("The place is approximate"), "boolean", "approximate"),
        Field("example", _("Invented, as an example"), "boolean", "example"),
        text("source_url", _("Source"), "source_url"),
        address("projects"),
    ),
    one_shape=False, language=("sector", "area", "q"),
)  # fmt: skip
AREAS = Collection(
    "areas", _("Settlements and quarters"), _("The municipality, its settlements and quarters; each names the one above it."),
    lambda _filters: Area.objects.all(), "slug", ("polygon", "point"),
    (
        text("slug", _("Short name"), "slug", role="id"),
        text("kind", _("Kind"), "kind", values=tuple(Area.Kind.values)),
        text("code", _("Official code"), "code"),
        text("parent", _("Part of"), "parent__slug"),
        *in_languages("name", _("Name"), "name"),
        Field("population", _("People"), "integer", "population"),
        Field("population_year", _("Year of the count"), "integer", "population_year"),
        Field("schematic", _("The outline is a sketch"), "boolean", "schematic"),
    ),
    one_shape=False,
)  # fmt: skip
EVENTS = Collection(
    "events", _("Events"), _("Meetings that were announced, those that are over too."),
    filtering.events, "subject__reference", ("point",),
    (
        _reference(),
        text("title", _("Title"), "subject__title"),
        text("text", _("Text"), "text"),
        text("language", _("Language of the text"), "subject__language"),
        text("status", _("State"), "status", values=tuple(sorted(
            code for code in workflow.STATES_OF[workflow.Kind.EVENT] if workflow.STATES[code].public
        ))),
        text("form", _("In person or online"), "form", values=tuple(Event.Form.values)),
        Field("starts_at", _("Begins"), "date-time", "starts_at", role="primary-interval-start"),
        Field("ends_at", _("Ends"), "date-time", "ends_at", role="primary-interval-end"),
        text("place", _("Place in words"), "place"),
        text("link", _("Address online"), "link"),
        Field("registration", _("People register"), "boolean", "registration"),
        Field("capacity", _("Seats"), "integer", "capacity"),
        text("organisation", _("Organisation"), "organisation__slug"),
        text("sector", _("Sector"), "subject__sector__slug"),
        text("area", _("Settlement or quarter"), "subject__area__slug"),
        address("events"),
    ),
    kind="point", time=("starts_at", "ends_at"), language=("sector", "area", "since", "until", "q"),
)  # fmt: skip
OWN = {collection.id: collection for collection in (REPORTS, PROJECTS, AREAS, EVENTS)}
