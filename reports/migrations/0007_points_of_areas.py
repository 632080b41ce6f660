from django.db import migrations


class Migration(migrations.Migration):
    """Points by area: a village's card and map read its own points alone, not every point there is."""

    dependencies = [("reports", "0006_fewer_indexes")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX reports_point_area ON reports_point (area_id, public, m)"
            " INCLUDE (x, y, class_id, status, unassigned, received, due, id)",
            "DROP INDEX reports_point_area",
        )
    ]
