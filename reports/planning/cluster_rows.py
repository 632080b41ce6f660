"""What a cluster is made of, in words and numbers: kinds, sectors, states, first and last day, share late."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from geoportal.kernel.multilingual import text_in
from municipality.models import Area
from municipality.site import sectors
from reports.planning.result import Column
from reports.wording import state_name


class Member(NamedTuple):
    """So many reports of one cluster (`label`) that are alike in kind, sector, area and state; days are local."""

    label: int
    kind: str
    sector: int
    area: int
    status: str
    n: int
    late: int
    first: datetime.date
    last: datetime.date


def described(members: Iterable[Member], shapes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each cluster 0, 1, … with its shape, in their order; one query for the areas' names."""
    of: dict[int, list[Member]] = defaultdict(list)
    for member in members:
        of[member.label].append(member)
    keys = {member.area for parts in of.values() for member in parts}
    places = {area.pk: area.full_name for area in Area.objects.filter(pk__in=keys)}
    names = {sector.pk: text_in(sector.short_name) for sector in sectors()}
    rows = [_row(of[label], places, names) | {"geometry": shape} for label, shape in enumerate(shapes)]
    for number, row in enumerate(rows, start=1):
        row["cluster"], row["weight"] = number, row["n"] / rows[0]["n"]
    return rows


def _row(parts: list[Member], places: dict[int, str], names: dict[int, str]) -> dict[str, Any]:
    total = sum(part.n for part in parts)
    ideas = sum(part.n for part in parts if part.kind == "idea")
    return {
        "place": _frequent((places[part.area], part.n) for part in parts)[0][0],
        "n": total,
        "problems": total - ideas,
        "ideas": ideas,
        "sectors": _mix((names[part.sector], part.n) for part in parts),
        "first": min(part.first for part in parts),
        "last": max(part.last for part in parts),
        "states": _mix((state_name(part.kind, part.status), part.n) for part in parts),
        "late": sum(part.late for part in parts) * 100 / total,
    }


def _frequent(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    sums: dict[str, int] = defaultdict(int)
    for name, count in counts:
        sums[name] += count
    return sorted(sums.items(), key=lambda item: (-item[1], item[0]))


def _mix(counts: Iterable[tuple[str, int]]) -> str:
    """„Градска среда 12, Здраве 3“: all of them with their numbers, the most frequent first."""
    return ", ".join(f"{word} {number_format(count, force_grouping=True)}" for word, count in _frequent(counts))


def columns() -> tuple[Column, ...]:
    """The columns of `described`."""
    return (
        Column("cluster", _("Cluster")),
        Column("place", _("Mostly in")),
        Column("n", _("Reports")),
        Column("problems", _("Problems")),
        Column("ideas", _("Ideas")),
        Column("sectors", _("Sectors")),
        Column("first", _("First")),
        Column("last", _("Last")),
        Column("states", _("States")),
        Column("late", _("Late now"), "%", 0),
    )
