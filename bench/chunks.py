"""One chunk of reports as bytes of PostgreSQL's binary COPY: the same for the same seed, rows, day and number."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np

from bench import lives, references
from bench.places import Placing
from bench.towns import SEED, Ints, Town
from bench.words import BODIES, RARE, STREETS

CHUNK = 100_000
RESTRICTED, FURTHER, IDEAS, NOWHERE = 0.02, 0.05, 0.15, 0.05
# staging.sql's columns: name and type of PostgreSQL's binary format.
COLUMNS = (
    ("id", ">i8"), ("reference", ">i8"), ("phrase", ">i4"), ("street", ">i4"), ("house", ">i4"), ("body", ">i4"),
    ("rare", ">i4"), ("area", ">i8"), ("further", ">i8"), ("lon", ">f8"), ("lat", ">f8"), ("created", ">i8"),
    ("status_at", ">i8"), ("status", ">i4"), ("restricted", ">i1"), ("answer_due", ">i4"), ("answered_on", ">i4"),
    ("expected_on", ">i4"), ("supports", ">i4"), ("comments", ">i4"), ("photos", ">i4"),
)  # fmt: skip
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"


@dataclass(frozen=True)
class Ground:
    """What the set-up rows of the database are called there. `problems`, `ideas`: phrases with their cumulated shares."""

    problems: tuple[Ints, np.ndarray]
    ideas: tuple[Ints, np.ndarray]
    sectors: Ints
    root: int
    areas: Ints  # of each town: its area, or the first of its quarters

    def phrases(self, idea: np.ndarray, chance: np.ndarray) -> Ints:
        """A phrase for each report."""
        found = np.empty(len(idea), dtype=np.int64)
        for numbers, edges, of in ((*self.ideas, idea), (*self.problems, ~idea)):
            found[of] = numbers[np.minimum(np.searchsorted(edges, chance[of]), len(numbers) - 1)]
        return found


class Chunks:
    """All chunks of a data set of `rows` reports as it stands on `day`."""

    def __init__(self, rows: int, day: datetime.date, towns: list[Town], ground: Ground) -> None:
        self.rows, self.day, self.ground = rows, day, ground
        self.placing = Placing(towns, rows)
        self.rare = np.cumsum(list(RARE.values()))

    def __len__(self) -> int:
        return (self.rows + CHUNK - 1) // CHUNK

    def count(self, number: int) -> int:
        """Reports in chunk `number`."""
        return min(CHUNK, self.rows - number * CHUNK)

    def draw(self, number: int) -> dict[str, np.ndarray]:
        """The columns of chunk `number`, counted from 0; ids begin with 1 and rise with time."""
        count = self.count(number)
        rng = np.random.default_rng([SEED, 2, self.rows, number])
        ids = np.arange(number * CHUNK + 1, number * CHUNK + 1 + count)
        idea = rng.random(count) < IDEAS
        seconds = lives.moments(number * CHUNK, count, self.rows, self.day)
        life = lives.draw(rng, seconds, idea, self.day)
        places = self.placing.draw(rng, count)
        nowhere = idea & (rng.random(count) < NOWHERE)
        sectors = self.ground.sectors
        return {
            "id": ids,
            "reference": references.of(ids),
            "phrase": self.ground.phrases(idea, rng.random(count)),
            "street": rng.integers(0, len(STREETS), count),
            "house": rng.integers(1, 140, count),
            "body": rng.integers(0, BODIES, count),
            "rare": (np.searchsorted(self.rare, rng.random(count)) + 1) % (len(RARE) + 1),
            "area": np.where(nowhere, self.ground.root, self.ground.areas[places.town] + places.quarter),
            "further": np.where(rng.random(count) < FURTHER, rng.choice(sectors, count), 0),
            "lon": np.where(nowhere, 0.0, places.lon),
            "lat": np.where(nowhere, 0.0, places.lat),
            "created": life.created,
            "status_at": life.status_at,
            "status": life.status,
            "restricted": rng.random(count) < RESTRICTED,
            "answer_due": life.answer_due,
            "answered_on": life.answered_on,
            "expected_on": life.expected_on,
            "supports": np.where(idea, rng.geometric(0.08, count) - 1, rng.geometric(0.5, count) - 1),
            "comments": rng.geometric(0.6, count) - 1,
            "photos": rng.integers(0, 4, count),
        }

    def binary(self, number: int) -> bytes:
        """Chunk `number` for COPY … (FORMAT binary) into the staging table."""
        columns = self.draw(number)
        fields: list[tuple[str, str]] = [("fields", ">i2")]
        for name, kind in COLUMNS:
            fields += [(f"{name}_bytes", ">i4"), (name, kind)]
        table = np.zeros(self.count(number), dtype=np.dtype(fields))
        table["fields"] = len(COLUMNS)
        for name, kind in COLUMNS:
            table[f"{name}_bytes"] = np.dtype(kind).itemsize
            table[name] = columns[name]
        return HEADER + table.tobytes() + TRAILER
