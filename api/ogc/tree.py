"""What a CQL2 text says, as a tree without any text that could be run: names, values, numbers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

Literal = str | int | float | bool | datetime.date | datetime.datetime
Bound = datetime.date | datetime.datetime | None


@dataclass(frozen=True)
class Name:
    """A property, where it stands in the text, and whether letters of both sizes are the same (CASEI)."""

    name: str
    at: int
    folded: bool = False


@dataclass(frozen=True)
class All:
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Some:
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Not:
    part: Any


@dataclass(frozen=True)
class Truth:
    value: bool


@dataclass(frozen=True)
class Compare:
    """`sign`: = <> < > <= >=. `at`: where the value stands."""

    name: Name
    sign: str
    value: Literal
    at: int


@dataclass(frozen=True)
class Among:
    name: Name
    values: tuple[tuple[Literal, int], ...]


@dataclass(frozen=True)
class Like:
    name: Name
    pattern: str
    at: int


@dataclass(frozen=True)
class Empty:
    name: Name


@dataclass(frozen=True)
class Intersects:
    """`kind`: a GeoJSON kind or BBOX. `coordinates`: positions nested as in GeoJSON, in the order of filter-crs."""

    name: Name
    kind: str
    coordinates: Any
    at: int


@dataclass(frozen=True)
class When:
    """`word`: AFTER, BEFORE, DURING, INTERSECTS. An instant has its value on both sides; None is an open side."""

    name: Name
    word: str
    first: Bound
    last: Bound
    at: int = field(default=1)


def depth(node: Any) -> int:
    """How deep the tree goes; an AND of ANDs is one."""
    match node:
        case All(parts) | Some(parts):
            return 1 + max(depth(part) for part in parts)
        case Not(part):
            return 1 + depth(part)
        case _:
            return 1
