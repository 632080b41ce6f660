"""What the loader of the demonstration does with other days and broken data."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from reports.loading.demo import load_demo
from reports.loading.municipality import Refused
from reports.models import Report

FOLDER = settings.BASE_DIR / "fixtures/botevgrad"


def test_the_day_of_loading_does_not_matter(botevgrad, db, tmp_path):
    """Sundays, the last of a month and the New Year: dates go back from any day."""
    (tmp_path / "reports.yaml").write_text((FOLDER / "demo/reports.yaml").read_text().split("- {slug: bins-levski")[0])
    for name in ("projects", "accounts"):
        (tmp_path / f"{name}.yaml").write_text((FOLDER / f"demo/{name}.yaml").read_text())
    load = load_demo(tmp_path, now=datetime.datetime(2027, 1, 3, 0, 5, tzinfo=datetime.UTC))
    assert load.counts["reports.Report"] == Counter(new=1)


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("category: street-lights", "category: none", "category"), ("photos: [lamp", "photos: [mountain", "photos"),
        ("by: resident", "by: nobody", "by"), ("do: assign", "do: assign, text2: x", "text2"), ("ago: 27", "ago: x", "ago"),
        ("title:", "titel:", "titel"),
    ],
)  # fmt: skip
def test_broken_report_names_file_and_line(botevgrad, db, tmp_path, old, new, word):
    text = (FOLDER / "demo/reports.yaml").read_text().split("- {slug: bins-levski")[0]
    assert old in text
    (tmp_path / "reports.yaml").write_text(text.replace(old, new, 1))
    (tmp_path / "projects.yaml").write_text((FOLDER / "demo/projects.yaml").read_text())
    (tmp_path / "accounts.yaml").write_text((FOLDER / "demo/accounts.yaml").read_text())
    with pytest.raises(Refused) as refused:
        load_demo(tmp_path)
    assert str(tmp_path / "reports.yaml") in str(refused.value)
    assert Report.objects.count() == 0


def test_command_refuses_where_there_is_no_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("load_demo")
