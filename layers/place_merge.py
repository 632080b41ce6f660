"""What a file of the municipality says against the gazetteer, in SQL over all rows at once, with the tables of layers.osm_merge.

The municipality's folder comes first, its files next, OpenStreetMap last. `key` of a thing is the number of its row.
"""

from __future__ import annotations

from layers import osm_merge
from layers.osm_merge import NUMBER, SAME_NAME, spellings

_KINDS = "ARRAY['street', 'square', 'quarter']"
STREET_OF_HOUSE = f"""UPDATE osm_thing t SET street = f.slug FROM (
  SELECT DISTINCT ON (s.key) s.key, o.slug FROM osm_thing s JOIN ({spellings(f"kind = ANY({_KINDS})")}) o
    ON o.area_id = s.area AND o.spelt = s.first
  ORDER BY s.key, {SAME_NAME} DESC, array_position({_KINDS}, o.kind::text), array_position(ARRAY['', 'mun', 'osm'], o.source::text), o.slug
) f WHERE f.key = t.key"""
NO_STREET = "DELETE FROM osm_thing WHERE street IS NULL RETURNING key, name, area"
SAME_HOUSE = f"""DELETE FROM osm_thing t USING (
  SELECT key, row_number() OVER (PARTITION BY street, {NUMBER.format("n")} ORDER BY key) AS nth FROM osm_thing n) n
WHERE n.key = t.key AND n.nth > 1 RETURNING t.key, t.name, t.number"""
HOUSES = f"""INSERT INTO osm_place (slug, kind, name, spelt, number, area, point, street, approximate)
  SELECT 'mun-h-' || md5(area || ' ' || lower(t.name->>%s) || ' ' || {NUMBER.format("t")}), 'house', s.name, '', t.number, area, at,
    street, false FROM osm_thing t JOIN layers_place s ON s.slug = t.street"""
"""%s: the site's first language."""

_OWN = "source = ''"
STREETS = (
    osm_merge.streets("mun"),
    "UPDATE layers_place SET line = NULL, line_source = '' WHERE line_source = 'mun'",
    f"""INSERT INTO osm_given (slug, id, own, line) SELECT DISTINCT ON (s.slug) s.slug, o.id, o.slug, s.line
    FROM osm_place s JOIN ({spellings(f"{_OWN} AND kind = 'street'")}) o
      ON o.area_id = s.area AND o.spelt = split_part(s.spelt, ' | ', 1)
    ORDER BY s.slug, o.id""",
    """UPDATE layers_place p SET line = g.line, line_source = 'mun' FROM osm_given g WHERE p.id = g.id AND g.line IS NOT NULL""",
    """UPDATE layers_place h SET street_id = g.id FROM osm_given g JOIN layers_place s ON s.slug = g.slug WHERE h.street_id = s.id""",
    "DELETE FROM osm_place s USING osm_given g WHERE s.slug = g.slug",
    """UPDATE osm_place s SET line = p.line, line_source = 'osm' FROM layers_place p
    WHERE p.slug = s.slug AND s.line IS NULL AND p.line_source = 'osm'""",
)
"""A street that the folder has lends it its line alone; a street without a line keeps the one that an extract lent it."""
OWN_STREETS = "SELECT t.key, t.name FROM osm_thing t JOIN osm_given g ON g.slug = 'mun-s-' || md5(t.area || ' ' || t.first)"

OTHERS = osm_merge.others("mun", _OWN)
OWN_OTHERS = f"SELECT t.key, t.name FROM osm_thing t WHERE {osm_merge.known(_OWN)}"
NOT_ENTERED = "SELECT t.key, t.name FROM osm_thing t WHERE NOT EXISTS (SELECT FROM osm_place p WHERE p.slug = 'mun-' || t.key)"
NAMED = """UPDATE osm_place p SET slug = 'mun-' || n.kind || '-' || md5(n.area || ' ' || n.first) || CASE n.nth WHEN 1 THEN '' ELSE '-' || n.nth END
  FROM (SELECT slug, kind, area, first, row_number() OVER (PARTITION BY kind, area, first ORDER BY ST_X(point), ST_Y(point)) AS nth
    FROM (SELECT *, split_part(spelt, ' | ', 1) AS first FROM osm_place) f) n
  WHERE n.slug = p.slug"""
"""Slugs that the next file finds again: of the name, and from west to east where several are called so."""

_GONE = """p.source = 'mun' AND p.kind = %s AND NOT EXISTS (SELECT FROM osm_place o WHERE o.slug = p.slug)"""
_HELD = "EXISTS (SELECT FROM layers_place h WHERE h.street_id = p.id AND h.source = 'mun')"
HELD = f"SELECT count(*) FROM layers_place p WHERE {_GONE} AND {_HELD}"
"""Streets that the file lacks while houses of another file stand on them: they stay."""
GONE_HOUSES = f"""DELETE FROM layers_place o USING layers_place p WHERE o.street_id = p.id AND o.source = 'osm' AND {_GONE} AND NOT {_HELD}"""
GONE = f"DELETE FROM layers_place p WHERE {_GONE} AND NOT {_HELD}"
WRITTEN = osm_merge.written("mun")

GIVE_WAY = (
    "TRUNCATE osm_given",
    f"""INSERT INTO osm_given (slug, id, own, line) SELECT DISTINCT ON (s.slug) s.slug, o.id, o.slug, s.line
    FROM layers_place s JOIN ({spellings("source = 'mun' AND kind <> 'house'")}) o
      ON o.area_id = s.area_id AND o.spelt = split_part(s.folded, ' | ', 1)
    WHERE s.source = 'osm' AND (s.kind = o.kind OR (s.kind = 'street' AND o.kind = 'square' AND {SAME_NAME}))
      AND (o.kind <> 'landmark' OR ST_DWithin(o.point, s.point, 0.005))
    ORDER BY s.slug, s.kind <> o.kind, o.id""",
    """UPDATE layers_place p SET line = g.line, line_source = 'osm' FROM osm_given g
    WHERE p.id = g.id AND p.kind = 'street' AND p.line IS NULL AND g.line IS NOT NULL""",
    """UPDATE layers_place h SET street_id = g.id FROM osm_given g JOIN layers_place s ON s.slug = g.slug WHERE h.street_id = s.id""",
)
"""What an extract entered before gives way; its houses stand on the municipality's street, and its line stays where the file has none."""
GIVEN = (
    "DELETE FROM layers_place s USING osm_given g WHERE s.slug = g.slug",
    f"""DELETE FROM layers_place o USING layers_place m WHERE m.source = 'mun' AND m.kind = 'house' AND o.source = 'osm'
    AND o.kind = 'house' AND o.street_id = m.street_id AND {NUMBER.format("o")} = {NUMBER.format("m")}""",
)
COUNTED = "SELECT count(*) FROM layers_place WHERE source = 'mun' AND kind = %s"
