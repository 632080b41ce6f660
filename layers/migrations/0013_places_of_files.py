"""Places come from files of the municipality too; a line that is lent says by whom: until now by an extract of OpenStreetMap alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("layers", "0012_things_by_name")]

    operations = [
        migrations.AlterField(
            model_name="place",
            name="source",
            field=models.CharField(
                blank=True, choices=[("osm", "osm"), ("mun", "mun")], db_default="", default="",
                help_text="empty: the municipality's folder", max_length=3,
            ),
        ),
        migrations.AddField(
            model_name="place",
            name="line_source",
            field=models.CharField(
                blank=True, choices=[("osm", "osm"), ("mun", "mun")], db_default="", default="",
                help_text="where its line is lent from; empty: from where the place is", max_length=3,
            ),
        ),
        migrations.RunSQL(
            "UPDATE layers_place SET line_source = 'osm' WHERE source = '' AND line IS NOT NULL", migrations.RunSQL.noop
        ),
    ]  # fmt: skip
