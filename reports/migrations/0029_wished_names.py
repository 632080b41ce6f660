from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0028_transfer"),
    ]

    operations = [
        migrations.AddField(
            model_name="coauthor",
            name="asked_name",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="a wished name that no moderator has read", max_length=120
            ),
        ),
    ]
