from django.db import migrations, models


class Migration(migrations.Migration):
    """What can be asked can be kept: the length is the form's to check."""

    dependencies = [("reports", "0008_open_places")]
    operations = [
        migrations.AlterField(model_name="run", name="query", field=models.TextField()),
        migrations.AlterField(model_name="savedanalysis", name="query", field=models.TextField()),
    ]
