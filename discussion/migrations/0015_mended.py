from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("discussion", "0014_acts_by_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="mended",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="its author's new words, unread by a moderator: everyone reads `text` until then",
            ),
        ),
        migrations.RemoveIndex(model_name="comment", name="comment_waiting"),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("state", "waiting"), models.Q(("mended", ""), _negated=True), _connector="OR"),
                fields=["id"],
                name="comment_waiting",
            ),
        ),
    ]
