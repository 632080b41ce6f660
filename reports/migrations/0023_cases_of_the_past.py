"""What was filed officially before cases had a table of their own: each waits to be taken by the document system."""

from django.db import migrations


def open_cases(apps, schema_editor):
    Case, Number = apps.get_model("reports", "Case"), apps.get_model("reports", "RegisterNumber")
    Case.objects.bulk_create(
        (Case(report_id=report) for report in Number.objects.values_list("report", flat=True).order_by("report")),
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [("reports", "0022_cases")]

    operations = [migrations.RunPython(open_cases, migrations.RunPython.noop)]
