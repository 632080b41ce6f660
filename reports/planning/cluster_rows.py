"""What a cluster is made of, in words and numbers: kinds, sectors, states, first and last day, share late."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as _

from geoportal.kernel.multilingual import text_in
from municipality.models import Area
from municipality.site import sectors
from reports import workflow
from reports.planning.result import Column
from reports.wording import state_name

if TYPE_CHECKING:
    from reports.planning.clusters import Groups, Ints

EPOCH = datetime.date(1970, 1, 1)
STATES = tuple(workflow.STATES)


def described(groups: Groups, label: Ints, shapes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each cluster, the largest first; `label`: cluster of each place."""
    of = label[groups.place]
    places = {area.pk: area.full_name for area in Area.objects.filter(pk__in=np.unique(groups.area[of >= 0]).tolist())}
    names = {sector.pk: text_in(sector.short_name) for sector in sectors()}
    order = np.argsort(of, kind="stable")
    edges = np.searchsorted(of[order], np.arange(len(shapes) + 1))
    rows = []
    for number, shape in enumerate(shapes):
        members = order[edges[number] : edges[number + 1]]
        rows.append(_row(groups, members, places, names) | {"geometry": shape})
    rows.sort(key=lambda row: (-row["n"], row["first"], row["place"]))
    for number, row in enumerate(rows, start=1):
        row["cluster"], row["weight"] = number, row["n"] / rows[0]["n"]
    return rows


def _row(groups: Groups, members: Ints, places: dict[int, str], names: dict[int, str]) -> dict[str, Any]:
    n = groups.n[members]
    total, ideas = int(n.sum()), int(n[groups.idea[members] == 1].sum())
    states = groups.idea[members] * len(STATES) + groups.status[members]
    return {
        "place": _most(groups.area[members], n, lambda key: places.get(key, ""), 1, plain=True),
        "n": total,
        "problems": total - ideas,
        "ideas": ideas,
        "sectors": _most(groups.sector[members], n, lambda key: names.get(key, "")),
        "first": EPOCH + datetime.timedelta(days=int(groups.first[members].min())),
        "last": EPOCH + datetime.timedelta(days=int(groups.last[members].max())),
        "states": _most(states, n, _state),
        "late": int(groups.late[members].sum()) * 100 / total,
    }


def _state(key: int) -> str:
    kind = workflow.Kind.IDEA if key >= len(STATES) else workflow.Kind.PROBLEM
    return state_name(kind.value, STATES[key % len(STATES)])


def _most(keys: Ints, n: Ints, name: Callable[[int], str], shown: int = 4, *, plain: bool = False) -> str:
    """„Градска среда 12, Здраве 3“: the most frequent of them with their numbers."""
    sums: dict[str, int] = defaultdict(int)
    for key, count in zip(keys.tolist(), n.tolist(), strict=True):
        sums[name(key)] += count
    best = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    said = ", ".join(word if plain else f"{word} {count}" for word, count in best[:shown])
    return said if plain or len(best) <= shown else said + ", …"


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
