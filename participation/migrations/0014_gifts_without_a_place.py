from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "0014_gifts_without_a_place.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("participation", "0013_discussed"),
        ("municipality", "0004_support_by_people"),
    ]

    operations = [migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop)]
