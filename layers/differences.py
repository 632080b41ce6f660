"""A file against its layer, in SQL over all rows at once: what is new, changed, gone and the same; the writing of it and the way back.

A feature is known by its key, one that never had a key by its slug. Rows without a key are always new.
Parameters of every statement: `import` (its key), `layer`.
"""

from __future__ import annotations

_FACTS = "name, approximate, properties, key, point, line, polygon"
_ALL = "slug, key, name, icon, approximate, properties, point, line, polygon"
_OLD = """(SELECT *, CASE WHEN key = '' THEN slug ELSE key END AS known
  FROM layers_feature WHERE layer_id = %(layer)s)"""
_COMING = """(SELECT *, nullif(key, '') AS known FROM layers_importrow
  WHERE imported_id = %(import)s AND role = 'coming')"""
_OTHER = (
    f"({', '.join(f'f.{name}' for name in _FACTS.split(', '))}) IS DISTINCT FROM"
    f" ({', '.join(f'r.{name}' for name in _FACTS.split(', '))})"
)

COUNT = f"""SELECT count(*) FILTER (WHERE f.id IS NULL), count(*) FILTER (WHERE f.id IS NOT NULL AND r.id IS NOT NULL AND {_OTHER}),
  count(*) FILTER (WHERE f.id IS NOT NULL AND r.id IS NOT NULL AND NOT ({_OTHER})), count(*) FILTER (WHERE r.id IS NULL)
FROM {_OLD} f FULL JOIN {_COMING} r ON f.known = r.known"""
"""(new, changed, same, gone)"""

OUTSIDE = """SELECT r.number FROM layers_importrow r, municipality_area a
WHERE r.imported_id = %(import)s AND r.role = 'coming' AND a.parent_id IS NULL AND a.polygon IS NOT NULL
  AND NOT ST_Intersects(a.polygon, coalesce(r.polygon, r.line, r.point)) ORDER BY r.number"""

_KEEP = f"""INSERT INTO layers_importrow (imported_id, role, number, feature, {_ALL})
SELECT %(import)s, '{{role}}', 0, f.id, {", ".join(f"f.{name}" for name in _ALL.split(", "))} FROM {_OLD} f """

CARRY_OUT = (
    _KEEP.format(role="changed") + f"JOIN {_COMING} r ON f.known = r.known WHERE {_OTHER}",
    _KEEP.format(role="gone") + f"WHERE NOT %(keeps)s AND NOT EXISTS (SELECT FROM {_COMING} r WHERE r.known = f.known)",
    f"""INSERT INTO layers_importrow (imported_id, role, number, slug, key, name, icon, approximate, properties)
    SELECT %(import)s, 'made', r.number, r.slug, '', '{{}}', '', false, '{{}}' FROM {_COMING} r
    WHERE NOT EXISTS (SELECT FROM {_OLD} f WHERE f.known = r.known)""",
    """DELETE FROM layers_feature WHERE layer_id = %(layer)s AND slug IN (
      SELECT slug FROM layers_importrow WHERE imported_id = %(import)s AND role = 'gone')""",
    f"""UPDATE layers_feature t SET name = r.name, approximate = r.approximate, properties = r.properties, key = r.key,
      point = r.point, line = r.line, polygon = r.polygon
    FROM {_OLD} f JOIN {_COMING} r ON f.known = r.known AND r.number BETWEEN %(first)s AND %(last)s
    WHERE t.id = f.id AND {_OTHER}""",
    f"""INSERT INTO layers_feature (layer_id, {_ALL})
    SELECT %(layer)s, {", ".join(f"r.{name}" for name in _ALL.split(", "))} FROM layers_importrow r
    WHERE r.imported_id = %(import)s AND r.role = 'coming' AND r.number BETWEEN %(first)s AND %(last)s AND r.number IN (
      SELECT number FROM layers_importrow WHERE imported_id = %(import)s AND role = 'made'
        AND number BETWEEN %(first)s AND %(last)s) ORDER BY r.number""",
    "DELETE FROM layers_importrow WHERE imported_id = %(import)s AND role = 'coming'",
)
"""One after the other, in one transaction; `keeps`: what the file lacks stays. Those with `first` and `last` take the rows of the
file from one number to another, so that it can be said how far they are."""

UNDO = (
    """DELETE FROM layers_feature WHERE layer_id = %(layer)s AND slug IN (
      SELECT slug FROM layers_importrow WHERE imported_id = %(import)s AND role = 'made')""",
    """UPDATE layers_feature t SET name = r.name, properties = r.properties, key = r.key, point = r.point, line = r.line,
      polygon = r.polygon, icon = r.icon, approximate = r.approximate
    FROM layers_importrow r WHERE r.imported_id = %(import)s AND r.role = 'changed' AND t.layer_id = %(layer)s AND t.slug = r.slug""",
    f"""INSERT INTO layers_feature (id, layer_id, {_ALL})
    SELECT coalesce(r.feature, nextval(pg_get_serial_sequence('layers_feature', 'id'))), %(layer)s,
      {", ".join(f"r.{name}" for name in _ALL.split(", "))} FROM layers_importrow r
    WHERE r.imported_id = %(import)s AND r.role = 'gone'""",
    "DELETE FROM layers_importrow WHERE imported_id = %(import)s",
)
"""What went comes back under its old number, which is never given to others: addresses and reports that name it are right again."""
