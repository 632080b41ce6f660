from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("participation", "0018_taken_back_practices"),
    ]

    operations = [
        migrations.AddField(
            model_name="rewording",
            name="where",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
    ]
