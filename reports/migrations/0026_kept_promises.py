"""An answer keeps what its question promised; and the version that still runs can write questions meanwhile."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def keep(apps, schema_editor):
    """As the questions are today; what is left of a question that is gone may be free text and stays private."""
    Answer, Question = apps.get_model("reports", "Answer"), apps.get_model("reports", "Question")
    asked = Question.objects.filter(pk=OuterRef("question"))
    Answer.objects.exclude(question=None).update(
        public=Subquery(asked.values("public")), datatype=Subquery(asked.values("datatype"))
    )


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0025_taken_over"),
    ]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="datatype",
            field=models.CharField(
                choices=[
                    ("string", "String"),
                    ("number", "Number"),
                    ("datetime", "Datetime"),
                    ("text", "Text"),
                    ("singlevaluelist", "One"),
                    ("multivaluelist", "Several"),
                ],
                db_default="string",
                default="string",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="public",
            field=models.BooleanField(db_default=False, default=False, help_text="everyone reads the answer"),
        ),
        migrations.AlterField(
            model_name="question",
            name="after_choice",
            field=models.SlugField(blank=True, db_default=""),
        ),
        migrations.AlterField(
            model_name="question",
            name="datatype",
            field=models.CharField(
                choices=[
                    ("string", "String"),
                    ("number", "Number"),
                    ("datetime", "Datetime"),
                    ("text", "Text"),
                    ("singlevaluelist", "One"),
                    ("multivaluelist", "Several"),
                ],
                db_default="singlevaluelist",
                default="singlevaluelist",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="public",
            field=models.BooleanField(db_default=False, default=False, help_text="everyone reads the answer"),
        ),
        migrations.AlterField(
            model_name="question",
            name="required",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="question",
            name="variable",
            field=models.BooleanField(db_default=True, default=True, help_text="false: a line that is told, not asked"),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("public", False), models.Q(("datatype__in", ("string", "text")), _negated=True), _connector="OR"
                ),
                name="answer_public_is_no_free_text",
                violation_error_message="What people write freely is read by the administration alone.",
            ),
        ),
    ]
