"""Many reports for tests of plans: copies of one, so that a hundred thousand take seconds."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.db.models import Model

from discussion.models import Subject
from municipality.models import Area
from reports.models import Report
from reports.querysets import today
from reports.spatial import summary
from tests import factories

LON, LAT = factories.CENTRE


def fill(rows: int) -> None:
    """Copies of one report in a new town, summed; in the transaction of who asks."""
    with connection.cursor() as cursor:
        # Row by row they would be followed for minutes; made anew they take seconds.
        cursor.execute("ALTER TABLE reports_report DISABLE TRIGGER points_insert")
    factories.town()
    first = factories.report()
    _copy(first, rows)
    summary.rebuild(today(), settings.TIME_ZONE)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = on")
        cursor.execute("SET LOCAL enable_nestloop = on")  # the rebuild's own wish lasts until its transaction ends
        cursor.execute("ANALYZE")
        # Here once, where the end of each test would check all rows again and take that back.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _columns(model: type[Model], changed: dict[str, str]) -> tuple[str, str]:
    """(names, expressions) of a copied row `t`: every column as it is but the changed ones."""
    names = [field.column for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
    return ", ".join(names), ", ".join(changed.get(name, f"t.{name}") for name in names)


def _copy(first: Report, rows: int) -> None:
    sent = "t.created_at - (n % 3650) * interval '1 day' - n * interval '1 second'"
    area = f"CASE WHEN n % 100 = 1 THEN {Area.objects.get(slug='dabrava').pk} ELSE t.area_id END"
    names, values = _columns(
        Subject,
        {
            "id": f"{first.pk} + n",
            "reference": "lpad((n + 1000000000)::text, 10, '1')",
            "client_uuid": "NULL",
            "created_at": sent,
            "area_id": area,
            "support_count": "CASE WHEN n % 50 = 0 THEN n % 97 ELSE 0 END",
        },
    )
    report_names, report_values = _columns(
        Report,
        {
            "subject_id": f"{first.pk} + n", "created_at": sent, "area_id": area,
            "status": "CASE WHEN n % 3 = 0 THEN 'received' WHEN n % 3 = 1 THEN 'resolved' ELSE 'in_progress' END",
            "answer_due": "CASE WHEN n % 7 = 0 THEN t.answer_due - n % 60 ELSE NULL END",
            # Gauss around the centre, about 10 km wide.
            "geom": f"ST_SetSRID(ST_MakePoint({LON} + 0.1 * sqrt(-2 * ln(random())) * cos(6.2832 * random()),"
                    f" {LAT} + 0.07 * sqrt(-2 * ln(random())) * sin(6.2832 * random())), 4326)",
        },
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '120s'")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(
            f"""INSERT INTO discussion_subject ({names}) SELECT {values} FROM discussion_subject t,
                generate_series(1, {rows}) n WHERE t.id = {first.pk}"""
        )
        # Each report is checked against its subject by five columns, of which the copies share three. As long as the table is
        # thought to be empty, a plan is made for that which may read all copies for each one, in a new connection too.
        cursor.execute("ANALYZE discussion_subject")
        cursor.execute(
            f"""INSERT INTO reports_report ({report_names}) SELECT {report_values} FROM reports_report t,
                generate_series(1, {rows}) n WHERE t.subject_id = {first.pk}"""
        )
