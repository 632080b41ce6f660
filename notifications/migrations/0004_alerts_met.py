"""All alerts that an act met instead of one, also in the inbox; quiet hours that end when they begin are none.

Made before any release: it removes `alert` in the step that replaces it, so the site stands still while it runs (README).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import F, Func, Q

MET = {"default": list, "blank": True, "help_text": "those that the act met"}


def keep_what_was_met(apps, _editor):
    for name in ("Delivery", "Waiting"):
        rows = apps.get_model("notifications", name).objects.exclude(alert=None)
        rows.update(alerts=Func(F("alert_id"), template="ARRAY[%(expressions)s]"))
    apps.get_model("notifications", "Habits").objects.filter(quiet_from=F("quiet_until")).update(
        quiet_from=None, quiet_until=None
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_former_address"), ("notifications", "0003_hear")]
    operations = [
        *(
            migrations.AddField(name, "alerts", ArrayField(models.BigIntegerField(), **MET))
            for name in ("delivery", "waiting", "inboxentry")
        ),
        migrations.RunPython(keep_what_was_met, migrations.RunPython.noop),
        migrations.RemoveField("delivery", "alert"),
        migrations.RemoveField("waiting", "alert"),
        migrations.AddConstraint(
            "habits",
            models.CheckConstraint(condition=~Q(quiet_from=F("quiet_until")), name="habits_quiet_lasts"),
        ),
    ]
