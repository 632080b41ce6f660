"""What else is at a place: similar reports, other reports, planned projects."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import Point
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, F, FloatField, Value, When

from layers.models import Project
from municipality.site import installation
from reports.cards import card, card_rows
from reports.models import Report

MOST = 5
MOST_WORDS = 150
PROJECT_METRES = 500
SAME_CATEGORY = 0.2
"""What the same category adds to the likeness of the words (0 to 1): less than words that are half the same."""


def around(
    point: Point, *, words: str = "", category: str = "", but: int | None = None, feature: int | None = None
) -> dict[str, Any]:  # fmt: skip
    """{reports: cards, projects: rows with title, reference and `metres`} within the installation's distance; likest first by
    `words` and `category` (a slug) as far as they are given, of the equally like the nearest. Those about the same `feature` (its
    number) stand before them all, `same` in their cards, however long the street that was picked.

    The box is cut out first through the spatial index; likeness is computed for its few hits alone.
    """
    near = Report.objects.public().open().near(point, installation().similar_metres)
    if but is not None:
        near = near.exclude(pk=but)
    words, category = (
        words.replace("\0", "")[:MOST_WORDS],
        category.replace("\0", ""),
    )  # as typed: no form has looked at them yet
    if words or category:
        same = Case(When(category__slug=category, then=Value(SAME_CATEGORY)), default=Value(0.0), output_field=FloatField())
        like = TrigramSimilarity("subject__title", words) if words else Value(0.0, output_field=FloatField())
        near = near.annotate(likeness=like + same).order_by("-likeness", "metres", "pk")
    projects = Project.objects.visible_to(None).near(point, PROJECT_METRES).select_related("subject")
    projects = projects.only("title", "subject__reference")
    same = [] if feature is None else _about(feature, but)
    known = {each["ref"] for each in same}
    rows = card_rows(near, away=F("metres"))[: MOST + len(known)]
    reports = [{**card(row), "metres": row.away, "sent": row.created_at} for row in rows if row.reference not in known]
    return {"reports": (same + reports)[:MOST], "projects": list(projects[:MOST])}


def _about(feature: int, but: int | None) -> list[dict[str, Any]]:
    """Cards of open reports that everyone sees about a thing, the newest first."""
    found = Report.objects.public().open().filter(picked__feature=feature).order_by("-created_at", "-pk")
    found = found if but is None else found.exclude(pk=but)
    return [{**card(row), "metres": None, "sent": row.created_at, "same": True} for row in card_rows(found)[:MOST]]
