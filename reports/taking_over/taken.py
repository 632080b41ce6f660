"""One report of another system as it was read and checked, ready to be taken over."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field
from hashlib import sha256

from django.contrib.gis.geos import Point

from municipality.models import Area
from reports.models import Category

SPACE = uuid.UUID("0f6b1c9e-5f0e-4a3b-9a57-6d0c3b2a7e11")
"""Client UUIDs of reports taken over are named in it: the same one of the same source is never two."""


@dataclass(frozen=True)
class Said:
    """A line of the row report: `row` of the file (or the number there), `code` of wording.OF_ROW, `about` a word of the row.

    `refuses`: the row is left out; else it is taken over without what is named.
    """

    row: str
    code: str
    about: str = ""
    refuses: bool = True


@dataclass(frozen=True)
class Taken:
    """`status` is one of workflow.TAKEN_OVER; `closed`: when it came into it (`created` where that is not known).

    `point` or, where an address leads to no exact place, `settlement`.
    """

    row: str
    source: str
    external_id: str
    category: Category
    title: str
    text: str
    language: str
    status: str
    created: datetime.datetime
    closed: datetime.datetime
    point: Point | None
    place: str
    answer: str
    photos: list[str] = field(default_factory=list)
    settlement: Area | None = None

    @property
    def client_uuid(self) -> uuid.UUID:
        return uuid.uuid5(SPACE, f"{self.source}/{self.external_id}")

    @property
    def answer_digest(self) -> str:
        return sha256(self.answer.encode()).hexdigest()
