from pathlib import Path

from django.conf import settings
from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "0003_points.sql"


class Migration(migrations.Migration):
    """Points and summaries; those of reports that are there already are made at once."""

    dependencies = [("reports", "0002_walls"), ("discussion", "0002_append_only")]
    operations = [
        migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop),
        migrations.RunSQL(
            [
                (
                    "INSERT INTO reports_summary (day, zone) VALUES ((now() AT TIME ZONE %s)::date, %s)",
                    [settings.TIME_ZONE] * 2,
                ),
                ("SELECT reports_points_follow(ARRAY(SELECT subject_id FROM reports_report))", []),
            ],
            migrations.RunSQL.noop,
        ),
    ]
