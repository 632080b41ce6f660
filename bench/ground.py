"""The set-up rows under the reports: the municipality's own files, 250 towns as areas, officials, words with their lemmas."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import psycopg

from bench import schema
from bench.chunks import Ground
from bench.lives import HAS_PERSON, STATES
from bench.target import REPO, Target, place
from bench.towns import BOX, QUARTERS_A_SIDE, Ints, Town
from bench.words import BODIES, RARE, SENTENCES, SENTENCES_A_BODY, STREETS, TAILS

Connection = psycopg.Connection[Any]
# Sectors of a town are uneven: the n-th category of a kind gets n^-0.6 of the first one's reports.
UNEVEN = 0.6
LANGUAGE = "bg"


def lay(target: Target, towns: list[Town], day: datetime.date) -> None:
    """Migrations, municipality and our own set-up rows; done once, in one transaction after the municipality's."""
    with target.connect() as connection:
        if setting(connection, "ground") == "laid":
            return
    place.say(f"{target.name}: migrating, loading the municipality")
    target.manage("migrate", "-v0")
    import database  # of deploy/

    target.manage("load_municipality", str(database.municipality_folder().relative_to(REPO)), "-v0")
    with target.connect() as connection, connection.transaction():
        lay_rows(connection, towns, day)
        schema.keep(connection)


def lay_rows(connection: Connection, towns: list[Town], day: datetime.date) -> None:
    """Our own set-up rows, on top of a loaded municipality."""
    _areas(connection, towns)
    _people(connection)
    _words(connection)
    connection.execute("INSERT INTO bench.setting VALUES ('day', %s), ('ground', 'laid')", [day.isoformat()])


def setting(connection: Connection, name: str) -> str | None:
    found = connection.execute("SELECT value FROM bench.setting WHERE name = %s", [name]).fetchone()
    return found[0] if found else None


def read(connection: Connection) -> Ground:
    """The ids that the chunks need."""
    phrases = connection.execute(
        "SELECT p.id, c.kind, c.order, c.id FROM bench.phrase p JOIN reports_category c ON c.id = p.category_id ORDER BY p.id"
    ).fetchall()
    areas = connection.execute(
        "SELECT min(id) FROM municipality_area WHERE slug LIKE 'bench-%' AND NOT EXISTS"
        " (SELECT 1 FROM municipality_area c WHERE c.parent_id = municipality_area.id)"
        " GROUP BY split_part(slug, '-', 2) ORDER BY split_part(slug, '-', 2)"
    ).fetchall()
    sectors = connection.execute("SELECT id FROM municipality_sector ORDER BY id").fetchall()
    (root,) = connection.execute("SELECT id FROM municipality_area WHERE parent_id IS NULL").fetchone() or (0,)
    return Ground(
        problems=_shares([(row[0], row[3]) for row in phrases if row[1] == "problem"]),
        ideas=_shares([(row[0], row[3]) for row in phrases if row[1] == "idea"]),
        sectors=np.array([row[0] for row in sectors]),
        root=root,
        areas=np.array([row[0] for row in areas]),
    )


def _shares(phrases: list[tuple[int, int]]) -> tuple[Ints, np.ndarray]:
    """(phrases, cumulated shares): the category's share, the same for each of its phrases."""
    categories = list(dict.fromkeys(category for _phrase, category in phrases))
    weight = {category: 1 / (number + 1) ** UNEVEN for number, category in enumerate(categories)}
    edges = np.cumsum([weight[category] for _phrase, category in phrases])
    return np.array([phrase for phrase, _category in phrases]), edges / edges[-1]


def _areas(connection: Connection, towns: list[Town]) -> None:
    """The root becomes the whole country's box; the towns and their quarters are under it."""
    west, south, east, north = BOX
    root, path = connection.execute(
        "UPDATE municipality_area SET polygon = ST_Multi(ST_MakeEnvelope(%s, %s, %s, %s, 4326)) WHERE parent_id IS NULL"
        " RETURNING id, path",
        [west, south, east, north],
    ).fetchone() or (0, "")
    for town in towns:
        half, slug = town.half, f"bench-{town.number:03}"
        name = f"Град {town.number + 1}"
        square = town.square(-half, -half, half, half)
        parent, own = _area(connection, slug, "settlement", (root, path), name, square, round(town.share * 6_500_000))
        step = 2 * half / town.quarters
        for number in range(town.quarters**2 if town.quarters > 1 else 0):
            row, column = divmod(number, QUARTERS_A_SIDE)
            x, y = -half + column * step, -half + row * step
            cell = town.square(x, y, x + step, y + step)
            _area(connection, f"{slug}-{number:02}", "quarter", (parent, own), f"{name}, квартал {number + 1}", cell, None)


def _area(
    connection: Connection, slug: str, kind: str, parent: tuple[int, str], name: str, polygon: str, population: int | None
) -> tuple[int, str]:
    """(id, path) of the new area."""
    found: Any = connection.execute(
        """INSERT INTO municipality_area (id, slug, kind, code, parent_id, path, name, polygon, point, population, schematic)
           SELECT n.id, %(slug)s, %(kind)s, '', %(parent)s, %(path)s::text || n.id || '.',
                  jsonb_build_object('bg', %(name)s::text, 'en', %(name)s::text), g.g, ST_Centroid(g.g), %(population)s, true
             FROM (SELECT nextval(pg_get_serial_sequence('municipality_area', 'id')) AS id) n,
                  (SELECT ST_GeomFromText(%(polygon)s, 4326) AS g) g
           RETURNING id, path""",
        {"slug": slug, "kind": kind, "parent": parent[0], "path": parent[1], "name": name, "polygon": polygon,
         "population": population},
    ).fetchone()  # fmt: skip
    return found


def _people(connection: Connection) -> None:
    """One official for each department: assigned reports need a person of the department."""
    connection.execute(
        """WITH made AS (
             INSERT INTO accounts_user (password, email, name, language, is_active, created_at)
             SELECT '!', 'official-' || id || '@bench.test', 'Official ' || id, 'bg', true, now()
               FROM municipality_organisation WHERE kind = 'department' RETURNING id, email),
           held AS (
             INSERT INTO accounts_membership (roles, active, organisation_id, user_id)
             SELECT ARRAY['official'], true, split_part(split_part(email, '@', 1), '-', 2)::bigint, id FROM made
             RETURNING organisation_id, user_id)
           INSERT INTO bench.official SELECT organisation_id, user_id FROM held"""
    )


def _words(connection: Connection) -> None:
    """Phrases, streets, bodies, rare words and states; the vectors are those of the product's own lemmas."""
    from discussion.search import lemmas

    categories = connection.execute(
        "SELECT id, name ->> %s FROM reports_category ORDER BY kind DESC, id", [LANGUAGE]
    ).fetchall()
    phrases = [(category, f"{name} {tail}") for category, name in categories for tail in TAILS]
    streets = [f"ул. „{name}“" for name in STREETS]
    rng = np.random.default_rng([7, 3])
    bodies = [
        " ".join(SENTENCES[n] for n in rng.choice(len(SENTENCES), SENTENCES_A_BODY, replace=False)) for _ in range(BODIES)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO bench.phrase VALUES (%s, %s, %s, to_tsvector('simple', %s))",
            [(number, category, text, lemmas(text)) for number, (category, text) in enumerate(phrases)],
        )
        for table, texts, first in (("street", streets, 0), ("rare", list(RARE), 1)):
            cursor.executemany(
                f"INSERT INTO bench.{table} VALUES (%s, %s, to_tsvector('simple', %s))",
                [(number, text, lemmas(text)) for number, text in enumerate(texts, first)],
            )
        cursor.executemany(
            "INSERT INTO bench.body VALUES (%s, to_tsvector('simple', %s))",
            [(number, lemmas(text)) for number, text in enumerate(bodies)],
        )
        _states(cursor)


def _states(cursor: psycopg.Cursor[Any]) -> None:
    from reports import workflow

    cursor.executemany(
        "INSERT INTO bench.state VALUES (%s, %s, %s, %s, %s)",
        [
            (number, code, workflow.is_public("problem", code), workflow.STATES[code].ends, code in HAS_PERSON)
            for number, code in enumerate(STATES)
        ],
    )
