"""When the address of a stranger's alert was last asked; rows from before: never, so the next press asks once."""

from django.db import migrations, models

LAST = "when the address of an unproven one was last asked"


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_alerts_met")]
    operations = [
        migrations.AddField("alert", "asked_at", models.DateTimeField(blank=True, null=True, help_text=LAST)),
    ]
