from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "0012_points_one_by_one.sql"


class Migration(migrations.Migration):
    dependencies = [("reports", "0011_sums_vacuumed")]
    operations = [migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop)]
