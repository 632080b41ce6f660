from pathlib import Path

from django.conf import settings
from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "0003_points.sql"
# Of the keys in one array the planner knows no number: what is quick for hundreds is quadratic for a hundred thousand.
PORTIONS = """DO $$
DECLARE
  ids bigint[] := ARRAY(SELECT subject_id FROM reports_report ORDER BY subject_id);
  portion CONSTANT integer := 400;
BEGIN
  FOR at IN 1 .. coalesce(cardinality(ids), 0) BY portion LOOP
    PERFORM reports_points_follow(ids[at : at + portion - 1]);
  END LOOP;
END $$"""


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
                (PORTIONS, []),
            ],
            migrations.RunSQL.noop,
        ),
    ]
