"""Among many alerts those that an act meets are found by their indexes, never by reading the table."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from municipality.models import Area
from notifications.alerts import MATCHING, Where, matching, save
from tests import factories

MANY = 20_000


@pytest.mark.django_db
def test_the_table_of_alerts_is_never_read_through():
    factories.town()
    reader = factories.guest("reader@levka.test")
    mine = save(Where(areas=(Area.objects.get(slug="levka").pk,)), correspondent=reader, frequency="instant")
    with connection.cursor() as cursor:
        # Squares of about 200 m all over the invented municipality, and alerts for areas far away.
        cursor.execute(
            """INSERT INTO notifications_alert (correspondent_id, name, geom, areas, sectors, kinds, categories, words, query, new,
                                                updates, frequency, active, unproven, created_at)
               SELECT %s, '', CASE WHEN n %% 2 = 0 THEN ST_MakeEnvelope(x, y, x + 0.002, y + 0.002, 4326) END,
                      CASE WHEN n %% 2 = 1 THEN ARRAY[1000000 + n]::bigint[] ELSE '{}' END,
                      '{}', '{}', '{}', '', '', true, true, 'daily', true, false, now()
                 FROM (SELECT n, 23.5 + 0.498 * random() AS x, 42.8 + 0.298 * random() AS y FROM generate_series(1, %s) n) made""",
            [factories.guest("crowd@levka.test").pk, MANY],
        )
        cursor.execute("ANALYZE notifications_alert")
        report = factories.report(tells=True)
        cursor.execute(f"EXPLAIN (FORMAT JSON) {MATCHING}", {"report": report.pk, "new": True})
        plan = json.dumps(cursor.fetchone()[0])
    scans = [node for node in _nodes(json.loads(plan)[0]["Plan"]) if node.get("Relation Name") == "notifications_alert"]
    assert scans != []
    assert {node["Node Type"] for node in scans} <= {"Index Scan", "Bitmap Heap Scan"}
    used = {node["Index Name"] for node in _nodes(json.loads(plan)[0]["Plan"]) if "Index Name" in node}
    assert {"alert_geom", "alert_areas"} <= used
    assert mine.pk in {pk for match in matching(report.subject.timeline.get(), report) for pk in match.alerts}


def _nodes(plan: dict) -> list[dict]:
    return [plan, *(node for child in plan.get("Plans", []) for node in _nodes(child))]
