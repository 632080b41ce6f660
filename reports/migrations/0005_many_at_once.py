from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "0005_many_at_once.sql"


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_planning")]
    operations = [migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop)]
