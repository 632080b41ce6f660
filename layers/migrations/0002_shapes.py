import django.contrib.gis.db.models.fields
from django.db import migrations, models

import geoportal.kernel.geometry


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="feature",
            name="feature_point",
        ),
        migrations.AddField(
            model_name="feature",
            name="line",
            field=django.contrib.gis.db.models.fields.MultiLineStringField(blank=True, null=True, srid=4326),
        ),
        migrations.AddField(
            model_name="feature",
            name="polygon",
            field=django.contrib.gis.db.models.fields.MultiPolygonField(blank=True, null=True, srid=4326),
        ),
        migrations.AddField(
            model_name="layer",
            name="areas",
            field=models.BooleanField(default=False, help_text="its polygons are areas to look at and to filter by"),
        ),
        migrations.AddField(
            model_name="layer",
            name="published",
            field=models.BooleanField(default=True, help_text="everyone may look at it and has it as tiles"),
        ),
        migrations.AlterField(
            model_name="feature",
            name="point",
            field=django.contrib.gis.db.models.fields.PointField(blank=True, null=True, srid=4326),
        ),
        migrations.AddConstraint(
            model_name="feature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("line__isnull", True), ("point__isnull", False), ("polygon__isnull", True)),
                    models.Q(("line__isnull", False), ("point__isnull", True), ("polygon__isnull", True)),
                    models.Q(("line__isnull", True), ("point__isnull", True), ("polygon__isnull", False)),
                    _connector="OR",
                ),
                name="feature_one_shape",
                violation_error_message="Give exactly one shape: a point, a line or a polygon.",
            ),
        ),
        migrations.AddConstraint(
            model_name="feature",
            constraint=models.CheckConstraint(
                condition=geoportal.kernel.geometry.OnTheGlobeOrNull(models.F("point")),
                name="feature_point",
                violation_error_message="This shape cannot be used: lines cross or something is missing. Draw it again.",
            ),
        ),
        migrations.AddConstraint(
            model_name="feature",
            constraint=models.CheckConstraint(
                condition=geoportal.kernel.geometry.OnTheGlobeOrNull(models.F("line")),
                name="feature_line",
                violation_error_message="This shape cannot be used: lines cross or something is missing. Draw it again.",
            ),
        ),
        migrations.AddConstraint(
            model_name="feature",
            constraint=models.CheckConstraint(
                condition=geoportal.kernel.geometry.OnTheGlobeOrNull(models.F("polygon")),
                name="feature_polygon",
                violation_error_message="This shape cannot be used: lines cross or something is missing. Draw it again.",
            ),
        ),
    ]
