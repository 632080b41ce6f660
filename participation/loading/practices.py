"""Practices of other places, from a data file; facts of the sources named there."""

from __future__ import annotations

import datetime
import uuid
from pathlib import Path

from django.core.exceptions import ValidationError

from municipality.models import Sector
from participation.actions.practice import Summary, sum_up
from participation.models import Practice
from reports.loading.categories import one
from reports.loading.people import People
from reports.loading.rows import Row, table
from reports.loading.upsert import Load

SPACE = uuid.UUID("b4f0f6c7-7f0d-4a53-8f0e-51d2f4a0c9d2")


def practices(load: Load, folder: Path, people: People, now: datetime.datetime) -> None:
    """Those of `practices.yaml` that are missing; the summaries are the municipality's."""
    for number, row in enumerate(table(folder, "practices", required=False)):
        load.each([row], lambda row, number=number: _practice(load, row, people, now - datetime.timedelta(days=40 + number)))


def _practice(load: Load, row: Row, people: People, at: datetime.datetime) -> None:
    key = uuid.uuid5(SPACE, row.text("slug"))
    said = Summary(
        sector=one(row, "sector", Sector), title=row.texts("title"), city=row.texts("city"), country=row.texts("country"),
        year=row.number("year"), until=row.number("until", None), source_url=row.text("source"),
        source_name=row.text("source_name"), what=row.texts("what"), result=row.texts("result", None),
        lesson=row.texts("lesson", None), cost=row.text("cost", "unknown"), cost_note=row.texts("cost_note", None),
        point=row.shape("point", "Point"), further_sources=row.words("also"),
    )  # fmt: skip
    row.done()
    new = not Practice.objects.filter(subject__client_uuid=key).exists()
    try:
        sum_up(said, by=people.moderator, client_uuid=key, at=at)
    except ValidationError as error:
        raise row.refuse(error) from None
    load.count(Practice, "new" if new else "same")
