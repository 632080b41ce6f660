from django.db import migrations, models

NOT_OPEN = [
    "archived", "awaiting_confirmation", "awaiting_moderation", "carried_out", "duplicate", "refused", "rejected", "resolved",
    "withdrawn",
]  # fmt: skip


class Migration(migrations.Migration):
    """The desk's open work in the order of its dates, and the map of what is nobody's: a few among many that have ended."""

    dependencies = [("reports", "0012_points_one_by_one")]
    operations = [
        migrations.AddIndex(
            "report",
            models.Index(fields=["due_on", "subject"], name="report_open_due", condition=~models.Q(status__in=NOT_OPEN)),
        ),
        migrations.RunSQL(
            "CREATE INDEX reports_point_unassigned ON reports_point (m)"
            " INCLUDE (public, x, y, class_id, status, area_id, unassigned, received, due, id) WHERE unassigned"
            " AND status <> ALL ('{archived,carried_out,duplicate,refused,resolved,withdrawn}'::reports_status[])",
            "DROP INDEX reports_point_unassigned",
        ),
    ]
