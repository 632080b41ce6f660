import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("verb", models.CharField(max_length=40)),
                ("creator", models.CharField(help_text="keyed hash of the account or browser", max_length=64)),
                ("digest", models.CharField(help_text="SHA-256 of the payload", max_length=64)),
                (
                    "reference",
                    models.CharField(blank=True, help_text="public reference, all that others may learn", max_length=40),
                ),
                ("status", models.PositiveSmallIntegerField(default=200)),
                ("body", models.JSONField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={"indexes": [models.Index(fields=["created_at"], name="answer_age")]},
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("scope", models.CharField(max_length=60)),
                ("count", models.PositiveIntegerField()),
                ("until", models.DateTimeField(help_text="end of the window; the first hit after it begins a new one")),
            ],
            options={"indexes": [models.Index(fields=["scope", "until"], name="counter_scope")]},
        ),
        # A count waits for no disk (no WAL), and its row has room to be updated in place.
        migrations.RunSQL(
            "ALTER TABLE kernel_counter SET UNLOGGED; ALTER TABLE kernel_counter SET (fillfactor = 50)",
            "ALTER TABLE kernel_counter SET LOGGED",
        ),
    ]
