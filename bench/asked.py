"""What is asked of a server: requests as values, and sets of them drawn from the data by the seed."""

from __future__ import annotations

import json
import math
import random
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench.towns import METRES_A_DEGREE, SEED

# Replaced for each single request: a new UUID, a new client address.
UUID, ADDRESS = "{uuid}", "{address}"
SET_SIZE = 200


@dataclass(frozen=True)
class Request:
    """`headers` as pairs; `body` is text; both may hold UUID and ADDRESS."""

    path: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""

    def line(self) -> str:
        """For wrk.lua: method, path, headers, body with tabs between."""
        headers = "|".join(f"{name}: {value}" for name, value in self.headers)
        return "\t".join((self.method, self.path, headers, self.body))


@dataclass
class Drawn:
    """Places of reports drawn by the seed: towns weigh as much as they have reports. Degrees."""

    places: list[tuple[float, float]]
    rows: int
    title: list[str] = field(default_factory=list)
    category: str = ""
    sector: str = ""

    def tiles(self, zoom: int, count: int = SET_SIZE) -> list[tuple[int, int, int]]:
        """Distinct tiles (z, x, y) that hold reports, in the order in which they were met."""
        found = dict.fromkeys((zoom, *tile_of(lon, lat, zoom)) for lon, lat in self.places)
        return list(found)[:count]

    def boxes(self, half_m: float, count: int = SET_SIZE) -> list[str]:
        """`bbox` texts of squares around places, `half_m` metres to each side."""
        found = []
        for lon, lat in self.places[:count]:
            x = half_m / (METRES_A_DEGREE * math.cos(math.radians(lat)))
            y = half_m / METRES_A_DEGREE
            found.append(f"{lon - x:.5f},{lat - y:.5f},{lon + x:.5f},{lat + y:.5f}")
        return found


def tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """(x, y) of the Web Mercator tile that holds the place."""
    side = 2**zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * side), int(y * side)


def draw(connection: psycopg.Connection[Any], rows: int, count: int = 4_000) -> Drawn:
    """The same places for the same data, spread over all of it."""
    chance = random.Random(SEED)  # noqa: S311  no secret
    ids = sorted(chance.sample(range(1, rows + 1), min(rows, count)))
    found = connection.execute(
        "SELECT ST_X(r.geom), ST_Y(r.geom), s.title FROM reports_report r JOIN discussion_subject s ON s.id = r.subject_id"
        " WHERE r.subject_id = ANY(%s) AND r.geom IS NOT NULL AND r.is_public ORDER BY md5(r.subject_id::text)",
        [ids],
    ).fetchall()
    category, sector = connection.execute(
        "SELECT c.slug, s.slug FROM reports_category c JOIN municipality_sector s ON s.id = c.sector_id"
        " WHERE c.kind = 'problem' AND c.open_to = 'all' AND c.public AND c.photo <> 'required' ORDER BY c.id LIMIT 1"
    ).fetchone() or ("", "")
    titles = [title for _lon, _lat, title in found]
    return Drawn([(lon, lat) for lon, lat, _title in found], rows, titles, str(category), str(sector))


def get(path: str, **query: str | int) -> Request:
    """GET with a query."""
    return Request(f"{path}?{urlencode(query)}" if query else path)


def post(path: str, body: dict[str, Any], *headers: tuple[str, str]) -> Request:
    """POST of JSON."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Request(path, "POST", (("Content-Type", "application/json"), *headers), text)
