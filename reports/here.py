"""What stands in one sign of a map: the list that opens where coming nearer would part nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from geoportal.kernel.postgis import box
from reports.cards import card_rows
from reports.filters import Filters
from reports.mapping import Scope, project_rows, projects
from reports.wording import group_name

MOST = 100


@dataclass(frozen=True)
class Here:
    """`cards`: the newest of the `reports` here, at most MOST; `projects`: cards of those whose sign stands here."""

    cards: list[dict[str, Any]]
    projects: list[dict[str, Any]]
    reports: int
    late: int

    @property
    def name(self) -> str:
        return group_name(self.reports, len(self.projects), self.late)


def here(filters: Filters, scope: Scope) -> Here:
    """Everything under the filters whose sign stands in their box (it must have one); three queries."""
    found = filters.apply(scope.reports, scope.user)
    rows = scope.cards(card_rows(found).newest(True)[:MOST])
    reports = len(rows) if len(rows) < MOST else found.count()
    planned = []
    if scope.projects and filters.bbox and (not filters.kind or "project" in filters.kind):
        planned = project_rows(projects(filters, scope.user).filter(point__bboverlaps=box(filters.bbox)))
    return Here(rows, planned, reports, found.late().count())
