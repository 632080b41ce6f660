from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "0009_gifts_inside.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("participation", "0008_consultations"),
        ("discussion", "0010_given_to"),
        ("reports", "0020_co_authors_address"),
    ]

    operations = [migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop)]
