from django.db import migrations

TABLES = ("reports_cell", "reports_cell_detail", "reports_cell_period")
_KEPT = "ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);"
_LEFT = "ALTER TABLE {table} RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_cost_delay);"


class Migration(migrations.Migration):
    """A day's changes leave dead rows in the sums: read again by everybody as long as somebody's long question may see them."""

    dependencies = [("reports", "0010_late_last")]
    operations = [
        migrations.RunSQL(
            "".join(_KEPT.format(table=table) for table in TABLES), "".join(_LEFT.format(table=table) for table in TABLES)
        )
    ]
