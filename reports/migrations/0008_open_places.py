from django.contrib.postgres.indexes import GistIndex
from django.db import migrations, models

NOT_OPEN = [
    "archived", "awaiting_confirmation", "awaiting_moderation", "carried_out", "duplicate", "refused", "rejected", "resolved",
    "withdrawn",
]  # fmt: skip


class Migration(migrations.Migration):
    """Open reports by place: similar ones nearby are a few among many that have ended."""

    dependencies = [("reports", "0007_points_of_areas")]
    operations = [
        migrations.AddIndex(
            "report",
            GistIndex(
                fields=["geom", "created_at"],
                name="report_open_place",
                condition=models.Q(is_public=True) & ~models.Q(status__in=NOT_OPEN),
            ),
        ),
    ]
