"""What of the points is asked for: the filter language in the terms of points and classes, and the part of the grid."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from geoportal.kernel.postgis import keys_of, numbered
from reports import workflow
from reports.filters import Filters
from reports.inside import inside
from reports.models import Report
from reports.querysets import today
from reports.rules import can_see_all_restricted
from reports.spatial import grid

PUBLIC, EVERY = (True,), (True, False)
OPEN = frozenset(workflow.STATES) - workflow.ENDS - workflow.DRAFTS
"""States of open reports."""
_ENDED = "{" + ",".join(sorted(workflow.ENDS - workflow.OFF_MAP)) + "}"


@dataclass(frozen=True)
class Place:
    """Answers are grouped by cells of `level`. `cells`: which, in cells `depth` levels finer; None: all, what has no place too."""

    level: int
    cells: grid.CellBox | None = None
    depth: int = 0

    @property
    def cells_level(self) -> int:
        return self.level + self.depth


@dataclass(frozen=True)
class Wanted:
    """Empty tuples and None let everything through. `ids`: SQL and parameters of the keys, for what no point holds.
    `box`: degrees, where it is a filter beside the place; exact to a unit of the grid (0.15 m)."""

    public: tuple[bool, ...] = PUBLIC
    kind: tuple[str, ...] = ()
    sector: tuple[int, ...] = ()
    category: tuple[int, ...] = ()
    department: tuple[int, ...] | None = None
    status: tuple[str, ...] = ()
    late: bool = False
    since: datetime.date | None = None
    until: datetime.date | None = None
    area: tuple[int, ...] = ()
    zone: tuple[int, ...] = ()
    unassigned: bool = False
    ids: tuple[str, Sequence[Any]] | None = None
    box: grid.BBox | None = None

    @classmethod
    def public_set(cls, filters: Filters, user: Any = None) -> Self:
        """The public set, the same for everyone."""
        return cls._of(filters, user, PUBLIC, None)

    @classmethod
    def for_desk(cls, filters: Filters, user: Any) -> Self:
        """What `ReportQuerySet.for_desk` lets this person work with. Points hold no drafts."""
        departments = None if can_see_all_restricted(user) else tuple(user.departments)
        return cls._of(filters, user, EVERY, departments)

    @classmethod
    def _of(cls, filters: Filters, user: Any, public: tuple[bool, ...], departments: tuple[int, ...] | None) -> Self:
        department = departments
        if filters.department:
            own = departments is None or filters.department in departments
            department = (filters.department,) if own else ()
        found = cls(
            public=public, kind=filters.kind, sector=filters.sector, category=filters.category, department=department,
            status=filters.status, late=filters.overdue, since=filters.since, until=filters.until, area=filters.area,
            zone=filters.zone,
            unassigned=filters.assigned == "none",
        )  # fmt: skip
        if filters.q or filters.supported or filters.assigned == "me":
            rare = filters.only("q", "supported", "assigned")
            found = replace(found, ids=keys_of(rare.apply(Report.objects.all(), user)))
        return found

    @property
    def live_only(self) -> bool:
        """Something is asked for that no summary holds."""
        return bool(self.area or self.zone or self.unassigned or self.ids or self.box)

    def over_classes(self, k: str) -> list[str]:
        """Conditions on a row `k` of reports_class; see `parameters`."""
        asked = {
            f"{k}.kind = ANY (%(kind)s)": self.kind,
            f"{k}.sectors && %(sector)s::bigint[]": self.sector,
            f"{k}.category_id = ANY (%(category)s)": self.category,
        }
        found = [condition for condition, values in asked.items() if values]
        if self.department is not None:
            found.append(f"{k}.department_id = ANY (%(department)s::bigint[])")
        return found

    def over_changes(self, p: str) -> list[str]:
        """Conditions on a row `p` of reports_point or reports_delta, without those of a class or square."""
        found = [f"{p}.public = ANY (%(public)s)"]
        if self.status:
            found.append(f"{p}.status = ANY (%(status)s::reports_status[])")
        if self.since:
            found.append(f"{p}.received >= %(since)s")
        if self.until:
            found.append(f"{p}.received <= %(until)s")
        return found

    def classes(self, rank: int) -> str:
        """SQL of an array of the classes of this rank that the filter lets through."""
        asked = " AND ".join([f"k.rank = {rank}", *self.over_classes("k")])
        return f"ARRAY(SELECT k.id FROM reports_class k WHERE {asked})"

    def over_points(self, p: str) -> list[str]:
        """Every condition on a row `p` of reports_point but that of its square."""
        found = self.over_changes(p)
        if self.over_classes("k"):
            found.append(f"{p}.class_id = ANY ({self.classes(3)})")
        if self.late:
            found.append(f"{p}.due < %(today)s")
        if self.zone:
            found.append(inside(f"{p}.id", f"{p}.area_id", areas=bool(self.area)))
        elif self.area:
            found.append(f"{p}.area_id = ANY (%(area)s)")
        if self.unassigned:
            found.append(f"{p}.unassigned")
            if self.status and OPEN.issuperset(self.status):  # said once more as the index over exactly these says it
                found.append(f"{p}.status <> ALL ('{_ENDED}'::reports_status[])")
        if self.box:
            found.append(f"{p}.x BETWEEN %(box_x0)s AND %(box_x1)s AND {p}.y BETWEEN %(box_y0)s AND %(box_y1)s")
        if self.ids:
            found.append(f"{p}.id IN ({numbered(self.ids[0], 'id')})")
        return found

    @property
    def parameters(self) -> dict[str, Any]:
        # No point has a state that is on no map, and the type of their states does not know it: asked for alone it finds nothing.
        states = [code for code in self.status if code not in workflow.OFF_MAP]
        return {
            "public": list(self.public), "kind": list(self.kind), "sector": list(self.sector), "category": list(self.category),
            "department": list(self.department or ()), "status": states, "since": self.since, "until": self.until,
            "area": list(self.area), "zone": list(self.zone), "today": today(), **_corners(self.box),
            **{f"id{number}": value for number, value in enumerate(self.ids[1] if self.ids else ())},
        }  # fmt: skip


def _corners(box: grid.BBox | None) -> dict[str, int]:
    if box is None:
        return {}
    x0, x1, y0, y1 = grid.cells_of(box, grid.UNITS_LEVEL)
    return {"box_x0": x0, "box_x1": x1, "box_y0": y0, "box_y1": y1}
