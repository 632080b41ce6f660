"""What stands in one sign of a map: the list that opens where coming nearer would part nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.formats import number_format

from geoportal.kernel.postgis import box
from reports import beside
from reports.cards import card_rows
from reports.filters import Filters
from reports.mapping import Scope, project_rows, projects
from reports.querysets import today
from reports.wording import group_name

MOST = 100
MOST_COUNTED = 1_000
"""Reports are counted so far: the box is the reader's, and may be the world."""


@dataclass(frozen=True)
class Here:
    """`cards`: the newest of the `reports` here, at most MOST; `projects`, `beside`: cards of those whose sign stands
    here. `more`: there are more than `reports`, and nobody knows how many are late."""

    cards: list[dict[str, Any]]
    projects: list[dict[str, Any]]
    beside: list[dict[str, Any]]
    reports: int
    late: int
    more: bool = False

    @property
    def count(self) -> str:
        """How many reports, as it is said."""
        return f"{number_format(self.reports)}{'+' if self.more else ''}"

    @property
    def name(self) -> str:
        return group_name(self.reports, len(self.projects), self.late, beside=self.beside, more=self.more)


def here(filters: Filters, scope: Scope) -> Here:
    """Everything under the filters whose sign stands in their box (it must have one); four queries and those of the words."""
    found = filters.apply(scope.reports, scope.user)
    cards = scope.cards(card_rows(found).newest(True)[:MOST])
    counted = found.order_by()[: MOST_COUNTED + 1].aggregate(n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today())))
    planned = []
    if scope.projects and filters.bbox and (not filters.kind or "project" in filters.kind):
        planned = project_rows(projects(filters, scope.user).filter(point__bboverlaps=box(filters.bbox)))
    others = [item for item in beside.cards(filters) if item["lon"] is not None] if scope.projects and filters.bbox else []
    if counted["n"] > MOST_COUNTED:
        return Here(cards, planned, others, MOST_COUNTED, 0, more=True)
    return Here(cards, planned, others, counted["n"], counted["late"])
