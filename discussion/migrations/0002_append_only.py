from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "0002_append_only.sql"


class Migration(migrations.Migration):
    dependencies = [("discussion", "0001_initial")]
    operations = [migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop)]
