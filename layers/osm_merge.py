"""What a file says against the gazetteer, in SQL over all things at once: an extract of OpenStreetMap, or a file of the municipality.

`osm_thing` holds what was read, `osm_place` what becomes of it. What the municipality entered stays: a street or landmark that it has
already is not entered a second time, only the way where its street runs is drawn from the extract.
"""

from __future__ import annotations

TABLES = """DROP TABLE IF EXISTS osm_thing, osm_place, osm_given;
CREATE TEMP TABLE osm_thing (kind text, key text, name jsonb, spelt text, number text, shape geometry, town boolean,
  area bigint, at geometry, first text, street text) ON COMMIT DROP;
CREATE TEMP TABLE osm_place (slug text, kind text, name jsonb, spelt text, number text, area bigint, point geometry, line geometry,
  street text, approximate boolean, line_source text NOT NULL DEFAULT '') ON COMMIT DROP;
CREATE TEMP TABLE osm_given (slug text, id bigint, own text, line geometry) ON COMMIT DROP"""

COPY = "COPY osm_thing (kind, key, name, spelt, number, shape, town) FROM STDIN"

PLACED = (
    """UPDATE osm_thing SET at = CASE WHEN ST_Dimension(shape) = 0 THEN shape ELSE ST_PointOnSurface(shape) END,
      first = split_part(spelt, ' | ', 1)""",
    """DELETE FROM osm_thing t USING municipality_area a
    WHERE a.parent_id IS NULL AND a.polygon IS NOT NULL AND NOT ST_Covers(a.polygon, t.at)""",
    """UPDATE osm_thing t SET area = a.id FROM municipality_area a WHERE a.kind = 'settlement' AND ST_Covers(a.polygon, t.at)""",
    """UPDATE osm_thing t SET area = (
      SELECT a.id FROM municipality_area a WHERE a.kind = 'settlement' AND a.point IS NOT NULL ORDER BY a.point <-> t.at LIMIT 1)
    WHERE area IS NULL""",
    "DELETE FROM osm_thing WHERE area IS NULL",
)
"""Each thing in the settlement on whose land it lies, else in the nearest; what lies outside the municipality goes."""

NUMBER = "translate(replace(lower({0}.number), ' ', ''), 'abvgde', 'абвгде')"
"""A house's number as two of them are compared: „5 A“ is „5а“."""


def spellings(sources: str) -> str:
    """Rows of the places of those sources, one for each spelling; `area_id` is the settlement in which the place's area lies."""
    return f"""SELECT id, slug, coalesce(home, area_id) AS area_id, kind, source, name, point, unnest(string_to_array(folded, ' | ')) AS spelt
      FROM layers_place LEFT JOIN (SELECT a.id AS inner_area, h.id AS home FROM municipality_area a
        JOIN municipality_area h ON h.kind = 'settlement' AND starts_with(a.path, h.path)) homes ON inner_area = area_id
      WHERE {sources}"""


def streets(source: str) -> str:
    """The pieces of one name in one settlement are one street."""
    return f"""INSERT INTO osm_place (slug, kind, name, spelt, number, area, line, point, approximate)
    SELECT '{source}-s-' || md5(area || ' ' || first), 'street', (array_agg(name ORDER BY key))[1], (array_agg(spelt ORDER BY key))[1], '',
      area, ST_Multi(ST_LineMerge(ST_Collect(shape ORDER BY key) FILTER (WHERE ST_Dimension(shape) = 1))),
      (array_agg(at ORDER BY ST_Length(shape) DESC, key))[1], true
    FROM (SELECT kind, key, name, spelt, area, first, at, (ST_Dump(shape)).geom AS shape FROM osm_thing WHERE kind = 'street') s
    GROUP BY area, first"""


STREETS = (
    streets("osm"),
    """INSERT INTO osm_place (slug, kind, name, spelt, number, area, point, approximate)
    SELECT 'osm-s-' || md5(area || ' ' || first), 'street', (array_agg(name ORDER BY key))[1], (array_agg(spelt ORDER BY key))[1], '',
      area, (array_agg(at ORDER BY key))[1], true
    FROM osm_thing t WHERE kind = 'house'
      AND NOT EXISTS (SELECT FROM osm_place p WHERE p.slug = 'osm-s-' || md5(t.area || ' ' || t.first))
    GROUP BY area, first""",
)
"""A street that only its houses name has no way."""

HOUSES = """INSERT INTO osm_place (slug, kind, name, spelt, number, area, point, street, approximate)
  SELECT DISTINCT ON (area, first, number) 'osm-h-' || md5(area || ' ' || first || ' ' || number), 'house', name, '', number, area, at,
    'osm-s-' || md5(area || ' ' || first), false
  FROM osm_thing WHERE kind = 'house' ORDER BY area, first, number, key"""


def known(own: str) -> str:
    """Whether the landmark, square or quarter t is entered by `own` (a condition on the source)."""
    return f"""EXISTS (SELECT FROM ({spellings(own)}) o WHERE o.area_id = t.area AND o.spelt = t.first
      AND (o.kind = t.kind OR (t.town AND o.kind = 'settlement')) AND (o.kind <> 'landmark' OR o.point IS NULL OR
        ST_DWithin(o.point, t.at, 0.005)))"""


def others(source: str, own: str) -> str:
    """Landmarks, squares and quarters that `own` has not; the same name within some 300 m is the same thing, as the two stops of a
    street are."""
    return f"""INSERT INTO osm_place (slug, kind, name, spelt, number, area, point, approximate)
  SELECT DISTINCT ON (area, kind, first, ST_SnapToGrid(at, 0.003)) '{source}-' || key, kind, name, spelt, '', area, at, kind = 'quarter'
  FROM osm_thing t WHERE kind NOT IN ('street', 'house') AND NOT {known(own)}
  ORDER BY area, kind, first, ST_SnapToGrid(at, 0.003), key"""


OTHERS = others("osm", "source <> 'osm'")
SAME_NAME = """EXISTS (SELECT FROM jsonb_each_text(s.name) one JOIN jsonb_each_text(o.name) other USING (key)
  WHERE lower(one.value) = lower(other.value))"""
"""Whether s and o are called the same with the kind of street too."""

OWN_STREETS = (
    "UPDATE layers_place SET line = NULL, line_source = '' WHERE line_source = 'osm'",
    f"""INSERT INTO osm_given (slug, id, own, line) SELECT DISTINCT ON (s.slug) s.slug, o.id, o.slug, s.line
    FROM osm_place s JOIN ({spellings("source <> 'osm' AND kind IN ('street', 'square')")}) o
      ON o.area_id = s.area AND o.spelt = split_part(s.spelt, ' | ', 1)
    WHERE s.kind = 'street' AND (o.source = '' OR o.kind = 'street' OR {SAME_NAME})
    ORDER BY s.slug, o.kind = 'square', o.source, o.id""",
    """UPDATE layers_place p SET line = g.line, line_source = 'osm' FROM osm_given g
    WHERE p.id = g.id AND p.line IS NULL AND g.line IS NOT NULL""",
    "UPDATE osm_place h SET street = g.own FROM osm_given g WHERE h.kind = 'house' AND h.street = g.slug",
    """UPDATE layers_place h SET street_id = g.id FROM osm_given g JOIN layers_place s ON s.slug = g.slug
    WHERE h.street_id = s.id AND h.source = 'mun'""",
    "DELETE FROM osm_place s USING osm_given g WHERE s.slug = g.slug",
    f"""DELETE FROM osm_place h USING layers_place s JOIN layers_place m ON m.street_id = s.id AND m.source = 'mun'
    WHERE h.kind = 'house' AND s.slug = h.street AND {NUMBER.format("h")} = {NUMBER.format("m")}""",
)
"""The streets that the municipality has run where the extract says, unless its own file says it; their houses stand on them, but those
that its file has."""

_FACTS = "name, number, area_id, point, line, street_id, approximate, folded, kind, line_source"
_HELD = "EXISTS (SELECT FROM layers_place h WHERE h.street_id = p.id AND h.source = 'mun')"
GONE = f"""DELETE FROM layers_place p WHERE source = 'osm' AND NOT EXISTS (SELECT FROM osm_place o WHERE o.slug = p.slug)
  AND NOT {_HELD} RETURNING p.kind"""
"""A street that is named no more stays while houses of the municipality's file stand on it."""
_COLUMNS = "slug, source, example, also, name, number, area_id, point, line, street_id, approximate, folded, kind, line_source"


def written(source: str) -> str:
    """Houses (%s: whether) after everything on which they stand; what is the same is not written."""
    return f"""INSERT INTO layers_place AS p ({_COLUMNS})
  SELECT o.slug, '{source}', false, '{{}}', o.name, o.number, o.area, o.point, o.line, s.id, o.approximate, o.spelt, o.kind, o.line_source
  FROM osm_place o LEFT JOIN layers_place s ON s.slug = o.street WHERE (o.kind = 'house') = %s AND (o.kind <> 'house' OR s.id IS NOT NULL)
  ORDER BY o.slug
  ON CONFLICT (slug) DO UPDATE SET ({_FACTS}) = ROW({", ".join(f"excluded.{name}" for name in _FACTS.split(", "))})
  WHERE p.source = '{source}' AND ({", ".join(f"p.{name}" for name in _FACTS.split(", "))})
    IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _FACTS.split(", "))})
  RETURNING (xmax = 0)"""


WRITTEN = written("osm")
KNOWN = "SELECT count(*) FROM layers_place WHERE source = 'osm' AND kind = 'street'"
"""Of earlier extracts."""
COUNTED = """SELECT kind, count(*) FROM layers_place p WHERE source = 'osm' AND EXISTS (SELECT FROM osm_place o WHERE o.slug = p.slug)
  GROUP BY kind"""
