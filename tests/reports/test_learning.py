"""Categories learned from texts whose structure is known: used where it beats the rules, left where it does not, and never in the way."""

from __future__ import annotations

import json
import logging
import random
import subprocess
import sys

import numpy as np
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from discussion.models import Subject
from discussion.search import lemma
from municipality import site
from reports import jobs, learned, learning, learning_child
from reports.models import Category, Report, Words
from reports.suggesting import LIKELY, by_learning, by_rules, lemmas_of, suggest
from tests import factories

pytestmark = pytest.mark.django_db
TOPICS, EACH = 6, 90
NOISE = [f"шум{n}ж" for n in range(30)]


@pytest.fixture(autouse=True)
def town(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    factories.town()
    cache.clear()


def own(topic: int) -> list[str]:
    return [f"тема{topic}щ{n}" for n in range(8)]


def categories() -> list[Category]:
    """One for each topic; its rule knows one of the topic's eight words."""
    first = Category.objects.get(slug="pothole")
    made = []
    for topic in range(TOPICS):
        first.pk, first.slug, first.name, first.keywords = (
            None,
            f"topic-{topic}",
            factories.texts(f"Име{topic}"),
            own(topic)[:1],
        )
        first._state.adding = True
        first.save()
        made.append(Category.objects.get(slug=first.slug))
    site.forget()
    return made


def publish(rows: list[tuple[Category, str]]) -> None:
    """Public reports with these words, by the shortest way."""
    like = factories.report()
    facts = {"sector": like.sector, "area": like.area, "is_public": True}
    subjects = Subject.objects.bulk_create(
        Subject(kind="problem", title=text[:150], language="bg", created_at=timezone.now(), **facts) for _category, text in rows
    )
    made = Report.objects.bulk_create(
        Report(
            subject=subject, kind="problem", category=category, department=like.department, status=like.status, geom=like.geom,
            created_at=subject.created_at, **facts,
        )
        for subject, (category, _text) in zip(subjects, rows, strict=True)
    )  # fmt: skip
    Words.objects.bulk_create(Words(report=report, text="") for report in made)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reports_report, reports_words, discussion_subject")  # else each row is sought among all


def clear_and_doubtful(seed: int = 3) -> list[tuple[Category, str]]:
    """Two words of the topic among six of noise; half of what speaks of topic 4 belongs to category 5."""
    dice, all_of = random.Random(seed), categories()
    rows = []
    for topic in range(TOPICS):
        for n in range(EACH):
            text = " ".join([*dice.sample(own(topic), 2), *dice.sample(NOISE, 6)])
            rows.append((all_of[5] if topic == 4 and n % 2 == 0 else all_of[topic], text))
    dice.shuffle(rows)
    return rows


def known_to_rules_alone() -> list[tuple[Category, str]]:
    """Every report has one word that no other has and that its category's rule knows: nothing can be learned from them."""
    dice, all_of, rows = random.Random(5), categories(), []
    for category in all_of:
        category.keywords = [f"само{category.slug[-1]}щ{n}" for n in range(EACH)]
        category.save()
        rows += [(category, " ".join([word, *dice.sample(NOISE, 6)])) for word in category.keywords]
    site.forget()
    return rows


def test_what_is_learned_beats_the_rules_and_says_how_sure(capsys):
    publish(clear_and_doubtful())
    call_command("learn_categories")
    told, kept = capsys.readouterr().out, json.loads(learned.path().read_text())
    print(told)
    assert kept["learned"] > kept["rules"] and kept["held"] == 108
    assert f"learned {kept['learned']:.1%}, rules {kept['rules']:.1%}" in told and "is used" in told
    word = own(1)[5]  # the rule does not know it
    assert by_rules(word) == []
    clear = suggest(f"{word} {own(1)[6]} {NOISE[0]}")
    assert (clear[0].slug, clear[0].sure, clear[0].name) == ("topic-1", True, "Име1") and word in clear[0].words
    assert suggest("съвсем непознато") == []
    lamp = Category.objects.get(slug="lamp")
    Category.objects.filter(pk=lamp.pk).update(keywords=["осветление"])
    cache.clear()
    assert "lamp" in [one.slug for one in suggest("осветление")]  # learned from too few: the rules still know it


def test_likely_is_right_in_three_of_four_or_more():
    """Of fresh texts, in all; of the doubtful topic the probability is lower."""
    publish(clear_and_doubtful())
    learning.learn()
    dice, made, likely, doubtful, clear = random.Random(23), learned.model(), [], [], []
    for topic in range(TOPICS):
        for n in range(40):
            line = [lemma(word) for word in [*dice.sample(own(topic), 2), *dice.sample(NOISE, 6)]]
            slug, share, _words = made.says(line)[0]
            (doubtful if topic == 4 else clear).append(share)
            if share >= LIKELY:
                likely.append(slug == ("topic-5" if topic == 4 and n % 2 == 0 else f"topic-{topic}"))
    print(f"likely {len(likely)} of 240, right {sum(likely) / len(likely):.2f}")
    assert len(likely) > 120 and sum(likely) / len(likely) >= LIKELY
    assert sum(doubtful) / len(doubtful) < sum(clear) / len(clear) - 0.1


def test_pure_reckoning_says_what_the_library_says():
    publish(clear_and_doubtful())
    learning.learn()
    made, rows = learned.model(), learning.examples()
    lemmas = [lemmas_of(text) for text, _slug in rows]
    fitted = learning_child.pipeline().fit([" ".join(one) for one in lemmas], [slug for _text, slug in rows])
    scores = fitted.decision_function([" ".join(one) for one in lemmas[:25]]) / made.temperature
    expected = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    for words, row in zip(lemmas[:25], expected, strict=True):
        said = {slug: share for slug, share, _words in made.says(words)}
        assert [said[slug] for slug in fitted.classes_] == pytest.approx(list(row), abs=0.01)


def test_a_worse_model_is_not_used_and_takes_an_older_one_away(capsys):
    learned.write(tiny())
    publish(known_to_rules_alone())
    call_command("learn_categories")
    told, kept = capsys.readouterr().out, json.loads(learned.path().read_text())
    print(told)
    assert kept["learned"] < kept["rules"] and kept["model"] is None and "the rules stay" in told
    assert by_learning(f"само1щ7 {NOISE[0]}") == [] and suggest("само1щ7")[0].slug == "topic-1"


@pytest.mark.parametrize("keep", [499, 90])
def test_too_little_changes_nothing(capsys, keep):
    rows = clear_and_doubtful()
    publish(rows[:keep])
    call_command("learn_categories")
    assert "nothing changed" in capsys.readouterr().out and not learned.path().exists()


def test_hidden_reports_and_closed_or_small_categories_teach_nothing():
    rows = clear_and_doubtful()
    publish(rows)
    Subject.objects.filter(report__category__slug="topic-0").update(is_public=False)
    Category.objects.filter(slug="topic-1").update(open_to="staff")
    few = Report.objects.filter(category__slug="topic-2").values_list("pk", flat=True)[: learning.FEWEST_EACH - 1]
    Report.objects.filter(category__slug="topic-2").exclude(pk__in=list(few)).update(
        category=Category.objects.get(slug="topic-3")
    )
    assert {slug for _text, slug in learning.examples()} == {"topic-3", "topic-4", "topic-5"}


def tiny() -> dict:
    model = {
        "categories": ["lamp", "pothole"],
        "offsets": [0.0, 0.0],
        "temperature": 1.0,
        "words": {lemma("крушка"): [1.0, 2.0, -2.0]},
    }
    return {"version": learned.VERSION, "learned": 0.9, "rules": 0.5, "rows": 600, "held": 120, "model": model}


def broken(**more) -> str:
    return json.dumps({**tiny(), "model": {**tiny()["model"], **more}})


@pytest.mark.parametrize("content", [
    "", "{", "[]", "null", "7", json.dumps({**tiny(), "version": 99}), json.dumps({**tiny(), "model": "x"}),
    broken(temperature=0), broken(offsets=[0.0]), broken(words={"крушка": [1.0]}), broken(words=None), broken(offsets=[0.0, "nan"]),
    "[" * 100_000,
])  # fmt: skip
def test_wrong_file_is_logged_once_and_the_rules_suggest(content, caplog):
    learned.path().parent.mkdir()
    learned.path().write_text(content)
    Category.objects.filter(slug="lamp").update(keywords=["крушка"])
    site.forget()
    with caplog.at_level(logging.WARNING, "reports"):
        assert [one.slug for one in suggest("крушка")] == [one.slug for one in suggest("крушка")] == ["lamp"]
    assert len([line for line in caplog.records if "cannot be read" in line.message]) == 1


def test_new_file_is_read_without_a_restart():
    assert by_learning("крушка") == []
    learned.write(tiny())
    assert [(one.slug, one.sure) for one in by_learning("крушка")] == [("lamp", True)]
    learned.path().unlink()
    assert by_learning("крушка") == []


def test_failed_learning_leaves_what_was_learned_before(monkeypatch, caplog):
    learned.write(tiny())
    publish(clear_and_doubtful())
    monkeypatch.setattr(learning, "SECONDS", 0.05)
    with pytest.raises(CommandError, match="slow"):
        call_command("learn_categories")
    with caplog.at_level(logging.WARNING, "reports"):
        jobs.learn(0)
    assert "learning was not finished" in caplog.text
    assert learned.model().categories == ["lamp", "pothole"]


def test_site_never_imports_the_library():
    code = (
        "import django, sys; django.setup(); import reports.jobs, reports.views.said, reports.learning;"
        "print([name for name in sys.modules if name.startswith(('sklearn', 'scipy'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip().splitlines()[-1] == "[]"
