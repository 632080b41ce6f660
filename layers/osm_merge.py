"""What an extract of OpenStreetMap says against the gazetteer, in SQL over all things at once.

`osm_thing` holds what was read, `osm_place` what becomes of it. What the municipality entered stays: a street or landmark that it has
already is not entered a second time, only the way where its street runs is drawn from the extract.
"""

from __future__ import annotations

TABLES = """CREATE TEMP TABLE osm_thing (kind text, key text, name jsonb, spelt text, number text, shape geometry, town boolean,
  area bigint, at geometry, first text) ON COMMIT DROP;
CREATE TEMP TABLE osm_place (slug text, kind text, name jsonb, spelt text, number text, area bigint, point geometry, line geometry,
  street text, approximate boolean) ON COMMIT DROP"""

COPY = "COPY osm_thing (kind, key, name, spelt, number, shape, town) FROM STDIN"

PLACED = (
    """UPDATE osm_thing SET at = CASE WHEN kind = 'street' THEN ST_PointOnSurface(shape) ELSE shape END,
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

_OWN = "SELECT area_id, kind, unnest(string_to_array(folded, ' | ')) AS spelt, point FROM layers_place WHERE source = ''"

STREETS = (
    """INSERT INTO osm_place (slug, kind, name, spelt, number, area, line, point, approximate)
    SELECT 'osm-s-' || md5(area || ' ' || first), 'street', (array_agg(name ORDER BY key))[1], (array_agg(spelt ORDER BY key))[1], '',
      area, ST_Multi(ST_LineMerge(ST_Collect(shape ORDER BY key))), (array_agg(at ORDER BY ST_Length(shape) DESC, key))[1], true
    FROM (SELECT kind, key, name, spelt, area, first, at, (ST_Dump(shape)).geom AS shape FROM osm_thing WHERE kind = 'street') s
    GROUP BY area, first""",
    """INSERT INTO osm_place (slug, kind, name, spelt, number, area, point, approximate)
    SELECT 'osm-s-' || md5(area || ' ' || first), 'street', (array_agg(name ORDER BY key))[1], (array_agg(spelt ORDER BY key))[1], '',
      area, (array_agg(at ORDER BY key))[1], true
    FROM osm_thing t WHERE kind = 'house'
      AND NOT EXISTS (SELECT FROM osm_place p WHERE p.slug = 'osm-s-' || md5(t.area || ' ' || t.first))
    GROUP BY area, first""",
)
"""The pieces of one name in one settlement are one street; one that only its houses name has no way."""

HOUSES = """INSERT INTO osm_place (slug, kind, name, spelt, number, area, point, street, approximate)
  SELECT DISTINCT ON (area, first, number) 'osm-h-' || md5(area || ' ' || first || ' ' || number), 'house', name, '', number, area, at,
    'osm-s-' || md5(area || ' ' || first), false
  FROM osm_thing WHERE kind = 'house' ORDER BY area, first, number, key"""

OTHERS = f"""INSERT INTO osm_place (slug, kind, name, spelt, number, area, point, approximate)
  SELECT DISTINCT ON (area, kind, first, ST_SnapToGrid(at, 0.003)) 'osm-' || key, kind, name, spelt, '', area, at, kind = 'quarter'
  FROM osm_thing t WHERE kind NOT IN ('street', 'house')
    AND NOT EXISTS (SELECT FROM ({_OWN}) o WHERE o.area_id = t.area AND o.spelt = t.first
      AND (o.kind = t.kind OR (t.town AND o.kind = 'settlement')) AND (o.kind <> 'landmark' OR o.point IS NULL OR
        ST_DWithin(o.point, t.at, 0.005)))
  ORDER BY area, kind, first, ST_SnapToGrid(at, 0.003), key"""
"""Landmarks, squares and quarters; the same name within some 300 m is the same thing, as the two stops of a street are."""

OWN_STREETS = (
    "UPDATE layers_place SET line = NULL WHERE source = '' AND line IS NOT NULL",
    f"""UPDATE layers_place p SET line = s.line FROM osm_place s JOIN ({_OWN}) o ON o.area_id = s.area AND o.spelt =
      split_part(s.spelt, ' | ', 1) AND o.kind IN ('street', 'square')
    WHERE s.kind = 'street' AND p.source = '' AND p.area_id = o.area_id AND p.kind IN ('street', 'square')
      AND o.spelt = ANY(string_to_array(p.folded, ' | '))""",
    """UPDATE osm_place h SET street = p.slug FROM osm_place s JOIN layers_place p ON p.source = '' AND p.area_id = s.area
      AND p.kind IN ('street', 'square') AND split_part(s.spelt, ' | ', 1) = ANY(string_to_array(p.folded, ' | '))
    WHERE s.kind = 'street' AND h.kind = 'house' AND h.street = s.slug""",
    """DELETE FROM osm_place s USING layers_place p WHERE s.kind = 'street' AND p.source = '' AND p.area_id = s.area
      AND p.kind IN ('street', 'square') AND split_part(s.spelt, ' | ', 1) = ANY(string_to_array(p.folded, ' | '))""",
)
"""The streets that the municipality entered run where the extract says; their houses stand on them."""

_FACTS = "name, number, area_id, point, line, street_id, approximate, folded, kind"
GONE = """DELETE FROM layers_place p WHERE source = 'osm' AND NOT EXISTS (SELECT FROM osm_place o WHERE o.slug = p.slug)
  RETURNING p.kind"""
_COLUMNS = "slug, source, example, also, name, number, area_id, point, line, street_id, approximate, folded, kind"
WRITTEN = f"""INSERT INTO layers_place AS p ({_COLUMNS})
  SELECT o.slug, 'osm', false, '{{}}', o.name, o.number, o.area, o.point, o.line, s.id, o.approximate, o.spelt, o.kind
  FROM osm_place o LEFT JOIN layers_place s ON s.slug = o.street WHERE (o.kind = 'house') = %s AND (o.kind <> 'house' OR s.id IS NOT NULL)
  ORDER BY o.slug
  ON CONFLICT (slug) DO UPDATE SET ({_FACTS}) = ROW({", ".join(f"excluded.{name}" for name in _FACTS.split(", "))})
  WHERE p.source = 'osm' AND ({", ".join(f"p.{name}" for name in _FACTS.split(", "))})
    IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _FACTS.split(", "))})
  RETURNING (xmax = 0)"""
"""Houses after everything on which they stand; what is the same is not written."""
COUNTED = "SELECT kind, count(*) FROM layers_place WHERE source = 'osm' GROUP BY kind"
