"""Surveyed boundaries in the place of schematic ones; reports then belong to the area that really contains them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from municipality import site
from municipality.models import Area, Installation
from reports.loading.areas import polygon_of

MOST_BYTES = 40 * 1024 * 1024
MOST_VERTICES = 200_000

REASSIGN = """
    UPDATE discussion_subject AS s SET area_id = found.area_id
      FROM (SELECT r.subject_id,
                   (SELECT a.id FROM municipality_area a WHERE ST_Covers(a.polygon, r.geom)
                     ORDER BY length(a.path) DESC, a.id LIMIT 1) AS area_id
              FROM reports_report r WHERE r.geom IS NOT NULL AND NOT r.approximate) AS found
     WHERE s.id = found.subject_id AND s.area_id <> found.area_id"""
"""The reports' own copy of the area follows by foreign key. A place in words stays in the settlement it was said to be in."""

OUTSIDE = """
    SELECT count(*) FROM reports_report r
     WHERE r.geom IS NOT NULL AND NOT EXISTS (SELECT 1 FROM municipality_area a WHERE ST_Covers(a.polygon, r.geom))"""


class BoundariesRefused(Exception):
    """The file cannot be used; the message names the feature. Nothing was changed."""


@dataclass
class Imported:
    """`replaced`: slugs of areas with a new polygon; `unknown`: values of the key that no area has;
    `outside`: reports that no area contains now and that keep the one they had."""

    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    away_from_label: list[str] = field(default_factory=list)
    moved: int = 0
    outside: int = 0


class _DryRun(Exception):
    """Ends the transaction of a dry run."""


def import_boundaries(path: Path, key: str, *, dry_run: bool = False) -> Imported:
    """Polygons of a GeoJSON FeatureCollection, matched by the property `key` with the areas' codes.

    Each polygon comes through the geometry gate; reports are re-assigned in one statement. Raises BoundariesRefused.
    """
    done = Imported()
    try:
        with transaction.atomic():
            for number, feature in enumerate(_features(path), start=1):
                _replace(done, number, feature, key)
            with connection.cursor() as cursor:
                # Each report that moves has its point moved within this statement.
                cursor.execute("SET LOCAL statement_timeout = 0")
                cursor.execute(REASSIGN)
                done.moved = cursor.rowcount
                cursor.execute(OUTSIDE)
                done.outside = cursor.fetchone()[0]
            if done.replaced or done.moved:
                Installation.objects.update(edition=F("edition") + 1)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    site.forget()
    return done


def _features(path: Path) -> list[Any]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BoundariesRefused(_("The file is too large."))
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise BoundariesRefused(_("There is no such file.")) from None
    except (ValueError, RecursionError):
        raise BoundariesRefused(_("The file is not GeoJSON.")) from None
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not features:
        raise BoundariesRefused(_("The file has no features: it must be a GeoJSON FeatureCollection."))
    if "crs" in found:
        raise BoundariesRefused(_("Send coordinates as WGS84 GeoJSON, without any other coordinate system."))
    return features


def _replace(done: Imported, number: int, feature: Any, key: str) -> None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = str((properties or {}).get(key) or "")
    if not code:
        raise BoundariesRefused(_("Feature %(number)s has no “%(key)s”.") % {"number": number, "key": key})
    area = Area.objects.filter(code=code).first()
    if area is None:
        done.unknown.append(code)
        return
    try:
        polygon = polygon_of(feature, max_vertices=MOST_VERTICES)
    except ValidationError as error:
        message = {"number": number, "code": code, "message": error.messages[0]}
        raise BoundariesRefused(_("Feature %(number)s (%(code)s): %(message)s") % message) from None
    if area.polygon is not None and area.polygon.equals_exact(polygon) and not area.schematic:
        done.unchanged.append(area.slug)
        return
    if area.point is not None and not polygon.covers(area.point):
        done.away_from_label.append(area.slug)
    area.polygon, area.schematic = polygon, False
    area.save(update_fields=["polygon", "schematic"])
    done.replaced.append(area.slug)
