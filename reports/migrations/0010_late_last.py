from django.db import migrations

_KEY = """
ALTER TABLE {table} DROP CONSTRAINT {table}_key;
ALTER TABLE {table} ADD CONSTRAINT {table}_key UNIQUE {distinct} ({columns});
"""
KEYS = {
    "reports_cell_detail": ("", "public, level, class_id, status, {end}"),
    "reports_cell_period": ("NULLS NOT DISTINCT", "public, level, period, status, class_id, {end}"),
}


def _sql(end):
    return "".join(
        _KEY.format(table=table, distinct=distinct, columns=columns.format(end=end))
        for table, (distinct, columns) in KEYS.items()
    )


class Migration(migrations.Migration):
    """Late and timely sums of a cell lie side by side: a range of cells is one look into the index for both."""

    dependencies = [("reports", "0009_longer_questions")]
    operations = [migrations.RunSQL(_sql("cell, late"), _sql("late, cell"))]
