"""Sample cards of people: written by neighbours, read by the moderator."""

from __future__ import annotations

import datetime
from pathlib import Path

from municipality.models import Area, Sector
from participation.actions import profile as actions
from participation.models.profile import Profile
from reports.loading.categories import one
from reports.loading.people import People
from reports.loading.rows import Row, table
from reports.loading.upsert import Load


def cards(load: Load, folder: Path, people: People, _now: datetime.datetime) -> None:
    """Those of `cards.yaml` whose person has none yet."""
    load.each(table(folder, "cards", required=False), lambda row: _card(load, row, people))


def _card(load: Load, row: Row, people: People) -> None:
    said = actions.Card(
        name=row.text("name"), about=row.text("about"), helps=row.text("helps", ""), area=one(row, "area", Area, optional=True),
        sectors=tuple(Sector.objects.filter(slug__in=row.words("sectors"))),
    )  # fmt: skip
    by = people.author(row.raw("by"))
    if by is None:
        raise row.error("by", "0, 1, 2 …")
    row.done()
    if Profile.objects.filter(user=by).exists():
        load.count(Profile, "same")
        return
    actions.settle(actions.keep(said, by=by).pk, publish=True, by=people.moderator)
    load.count(Profile, "new")
