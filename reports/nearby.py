"""What else is at a place: similar reports, other reports, planned projects."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import Point
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import F

from layers.models import Project
from municipality.site import installation
from reports.cards import card, card_rows
from reports.models import Report

MOST = 5
MOST_WORDS = 150
PROJECT_METRES = 500


def around(point: Point, *, words: str = "", but: int | None = None) -> dict[str, Any]:
    """{reports: cards, projects: rows with title, reference and `metres`} within the installation's distance; by likeness to
    `words` if given.

    The box is cut out first through the spatial index; likeness is computed for its few hits alone.
    """
    near = Report.objects.public().open().near(point, installation().similar_metres)
    if but is not None:
        near = near.exclude(pk=but)
    if words := words.replace("\0", "")[:MOST_WORDS]:  # as typed: not yet looked at by a form
        near = near.annotate(likeness=TrigramSimilarity("subject__title", words)).order_by("-likeness", "metres", "pk")
    projects = Project.objects.visible_to(None).near(point, PROJECT_METRES).select_related("subject")
    projects = projects.only("title", "subject__reference")
    reports = [{**card(row), "metres": row.away, "sent": row.created_at} for row in card_rows(near, away=F("metres"))[:MOST]]
    return {"reports": reports, "projects": list(projects[:MOST])}
