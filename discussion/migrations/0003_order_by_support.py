from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("discussion", "0002_append_only")]
    operations = [
        migrations.AddIndex(
            model_name="subject",
            index=models.Index(fields=["-support_count", "-id"], name="subject_support"),
        )
    ]
