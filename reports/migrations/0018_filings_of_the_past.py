"""Ideas filed before filings had a table of their own: what their timeline tells."""

from django.db import migrations

OUTCOMES = {"accept": "accepted", "partly_accept": "partly_accepted", "refuse": "refused"}


def tell(apps, schema_editor):
    Row = apps.get_model("discussion", "TimelineRow")
    Filing = apps.get_model("reports", "Filing")
    codes = ["file_with_council", "plan", "carry_out", *OUTCOMES]
    ideas = Row.objects.filter(code="file_with_council", subject__report__kind="idea").values("subject")
    latest = {}
    for row in Row.objects.filter(subject__in=ideas, code__in=codes).order_by("pk").iterator():
        data = row.data
        if row.code == "file_with_council":
            latest[row.subject_id] = Filing(
                report_id=row.subject_id,
                number=data.get("number", "")[:60],
                filed_on=data.get("filed_on") or row.at.date(),
                body=data.get("body", "")[:120],
            )
        found = latest.get(row.subject_id)
        if found is None:
            continue
        if row.code in OUTCOMES and row.before == "filed_with_council":
            decided = data.get("decided_on") or row.at.date().isoformat()
            found.outcome, found.source = OUTCOMES[row.code], data.get("source", "")[:300]
            found.decided_on = max(str(decided), str(found.filed_on))
        elif row.code == "plan" and data.get("project"):
            found.project_id = data["project"]
        elif row.code == "carry_out":
            found.done_on = row.at.date()
        found.save()


class Migration(migrations.Migration):
    dependencies = [("reports", "0017_council")]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
