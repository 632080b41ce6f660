"""What is written: every collection of `/ogc/`, and what has rows but no collection of its own there."""

from __future__ import annotations

from django.db.models import CharField, DateField, F, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from api.ogc import catalogue
from api.ogc.collections import Collection
from api.ogc.fields import Field, address, in_languages, real, text
from api.open_data.surveys import RESULTS
from layers.models import Layer
from participation import workflow
from participation.models import Consultation, Figure, Initiative, Practice
from reports.council.rows import Filing, Outcome


def _reference() -> Field:
    return text("reference", _("Number"), "subject__reference", role="id")


def _day(name: str, title: object, source: str) -> Field:
    return Field(name, title, "date", lambda: Cast(source, DateField()))


INITIATIVES = Collection(
    "initiatives", _("Initiatives"), _("What people do together; who takes part is nowhere."),
    lambda _filters: Initiative.objects.public(), "subject__reference", ("point",),
    (
        _reference(),
        text("title", _("Title"), "subject__title"),
        text("language", _("Language of the text"), "subject__language"),
        text("status", _("State"), "status", values=workflow.public_states(workflow.Kind.INITIATIVE)),
        Field("starts_on", _("Begins"), "date", "starts_on"),
        Field("people_needed", _("People needed"), "integer", "people_needed"),
        text("result", _("Result"), "result"),
        text("sector", _("Sector"), "subject__sector__slug"),
        text("area", _("Settlement or quarter"), "subject__area__slug"),
        text("organisation", _("Organisation"), "organisation__slug"),
        address("initiatives"),
    ),
    kind="point",
)  # fmt: skip
PRACTICES = Collection(
    "practices", _("Practices of other places"), _("What other towns did, in the words of a summary, with the source."),
    lambda _filters: Practice.objects.public(), "subject__reference", ("point",),
    (
        _reference(),
        *(field for name, title in (
            ("title", _("Title")), ("city", _("Town")), ("country", _("Country")), ("what", _("What was done")),
            ("result", _("Result")), ("lesson", _("Lesson")),
        ) for field in in_languages(name, title, name)),
        Field("year", _("Year"), "integer", "year"),
        Field("until", _("Ends"), "integer", "until"),
        text("cost", _("Cost"), "cost", values=tuple(Practice.Cost.values)),
        text("sector", _("Sector"), "subject__sector__slug"),
        text("source_name", _("Source"), "source_name"),
        text("source_url", _("Address of the source"), "source_url"),
        address("practices"),
    ),
    kind="point",
)  # fmt: skip
CONSULTATIONS = Collection(
    "consultations", _("Consultations"), _("What the municipality asks people about, those that are over too."),
    lambda _filters: Consultation.objects.public(), "subject__reference", ("within", "point"),
    (
        _reference(),
        text("title", _("Title"), "subject__title"),
        text("language", _("Language of the text"), "subject__language"),
        text("kind", _("Kind"), "kind__slug"),
        text("status", _("State"), "status", values=workflow.public_states(workflow.Kind.CONSULTATION)),
        Field("opens_on", _("Begins"), "date", "opens_on"),
        Field("closes_on", _("Ends"), "date", "closes_on"),
        text("organisation", _("Organisation"), "organisation__slug"),
        text("sector", _("Sector"), "subject__sector__slug"),
        text("area", _("Settlement or quarter"), "subject__area__slug"),
        Field("comment_count", _("Number of comments"), "integer", "subject__comment_count"),
        address("consultations"),
    ),
    one_shape=False,
)  # fmt: skip
COUNCIL = Collection(
    "council", _("Ideas filed with the Council"), _("Each filing with its number and what was decided; an idea can have more than one."),
    lambda _filters: Filing.objects.public(), "report__subject__reference", ("report__geom",),
    (
        text("idea", _("Number of the idea"), "report__subject__reference"),
        text("title", _("Title"), "report__subject__title"),
        text("number", _("Register number"), "number"),
        Field("filed_on", _("Filed on"), "date", "filed_on"),
        text("body", _("Body"), "body"),
        text("outcome", _("Decision"), "outcome", values=tuple(Outcome.values)),
        Field("decided_on", _("Decided on"), "date", "decided_on"),
        text("decision_number", _("Number of the decision"), "decision_number"),
        text("source", _("Source"), "source"),
        text("project", _("Number of the project"), "project__reference"),
        Field("done_on", _("Done on"), "date", "done_on"),
        real("amount", _("Money paid"), "amount"),
        address("reports", "report__subject__reference"),
    ),
    kind="point",
)  # fmt: skip


def _figure_key() -> Concat:
    return Concat(F("indicator__slug"), Value(" "), Cast("on", CharField()), output_field=CharField())


FIGURES = Collection(
    "figures", _("Figures"), _("People, work, air, budget: each value of each series, with who measured it."),
    lambda _filters: Figure.objects.all(), "indicator__slug", ("indicator__area__point",),
    (
        text("key", _("Short name"), _figure_key, role="id"),
        text("indicator", _("Series"), "indicator__slug"),
        *in_languages("name", _("Name"), "indicator__name"),
        *in_languages("unit", _("Unit"), "indicator__unit"),
        _day("on", _("Day"), "on"),
        real("value", _("Value"), "value"),
        text("sector", _("Sector"), "indicator__sector__slug"),
        text("area", _("Settlement or quarter"), "indicator__area__slug"),
        *in_languages("source_name", _("Source"), "indicator__source_name"),
        text("source_url", _("Address of the source"), "indicator__source_url"),
        Field("example", _("Invented, as an example"), "boolean", "indicator__example"),
    ),
    kind="point",
)  # fmt: skip
RESERVED = {"all", "dictionary"}
"""Names of files: a layer of such a name, or of a dataset's, is read at `/ogc/` alone."""
FURTHER = (INITIATIVES, PRACTICES, CONSULTATIONS, RESULTS, COUNCIL, FIGURES)


def every() -> list[Collection]:
    """All of them, the site's own first."""
    layers = [found for found in catalogue.every() if found.id not in catalogue.OWN]
    taken = {dataset.id for dataset in FURTHER} | RESERVED
    return [*known(), *(layer for layer in layers if layer.id not in taken)]


def known() -> list[Collection]:
    """Those that stand in the code, without the layers."""
    return [*catalogue.OWN.values(), *FURTHER]


def ids() -> set[str]:
    """Names of those whose files anyone may have, without looking into any."""
    return {dataset.id for dataset in known()} | set(Layer.objects.public().held().values_list("slug", flat=True))
