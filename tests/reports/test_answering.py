"""Questions of categories: six kinds of answers read alike by pages, `/api/v1/` and Open311; conditional, required, private by default."""

from __future__ import annotations

import json
import uuid
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.forms import model_to_dict, modelform_factory
from django.test import Client

from municipality.admin import seen_of
from reports import actions, answering
from reports.actions.move import Given
from reports.actions.person import erase
from reports.admin import QuestionForm
from reports.forms.submit import WhatForm
from reports.loading import categories
from reports.loading.rows import table
from reports.loading.upsert import Load
from reports.models import Answer, Category, Question, Report
from reports.my_copy import copy_of
from tests import factories
from tests.api.client import Api, with_token
from tests.api.open311.asking import post, program, read, whole

pytestmark = pytest.mark.django_db
CHOICES = [
    {"slug": slug, "text": factories.texts(name), "advice": None, "stops": False}
    for slug, name in (("tyres", "Гуми"), ("rubble", "Строителни"), ("other", "Друго"))
]
STOPS = {"slug": "fire", "text": factories.texts("Гори"), "advice": factories.texts("100 % опасно: 112."), "stops": True}
WHAT = {"kind": "problem", "category": "lamp", "title": "Не свети", "text": ""}


@pytest.fixture(autouse=True)
def asked(db: None) -> dict[str, Question]:
    """One question of each kind at „lamp“, a line, and one that follows a choice."""
    factories.town()
    lamp = Category.objects.get(slug="lamp")
    made: dict[str, Question] = {}
    for order, (slug, datatype, more) in enumerate(
        [
            ("post", "string", {"note": factories.texts("На височината на очите.")}), ("bags", "number", {"public": True}),
            ("since", "datetime", {"public": True}), ("seen", "text", {}),
            ("how", "singlevaluelist", {"choices": [*CHOICES, STOPS], "required": True}),
            ("what", "multivaluelist", {"choices": CHOICES, "public": True}), ("line", "string", {"variable": False}),
        ]
    ):  # fmt: skip
        made[slug] = Question.objects.create(
            slug=slug, category=lamp, text=factories.texts(f"Въпрос {slug}?"), datatype=datatype, order=order, **more
        )
    made["later"] = Question.objects.create(
        slug="later", category=lamp, text=factories.texts("Въпрос later?"), datatype="string", required=True, order=9,
        after=made["how"], after_choice="other",
    )  # fmt: skip
    return made


def _read(**given: Any) -> tuple[dict[str, Any], dict[str, str]]:
    kept, wrong = answering.read(Category.objects.get(slug="lamp"), {"how": "tyres", **given})
    return {one.question.slug: (one.value, one.words) for one in kept if one.question.slug != "how"}, wrong


def test_every_kind_has_one_spelling_and_words() -> None:
    for given, value, words in (
        ({"post": "  СТ-14  б "}, "СТ-14 б", "СТ-14 б"), ({"bags": "12,50"}, "12.50", "12,50"), ({"bags": "-3"}, "-3", "-3"),
        ({"bags": "0,125"}, "0.125", "0,125"), ({"bags": "1 000"}, "1000", "1 000"),
        ({"since": "2026-01-31"}, "2026-01-31", "31.01.2026"), ({"since": "1.2.2026 г., 8.30 ч."}, "2026-02-01T08:30+02:00", "01.02.2026, 08:30"),
        ({"since": "31.01.2026"}, "2026-01-31", "31.01.2026"), ({"since": "2026-01-31T08:00"}, "2026-01-31T08:00+02:00", "31.01.2026, 08:00"),
        ({"since": "2026-07-31T08:00:00Z"}, "2026-07-31T11:00+03:00", "31.07.2026, 11:00"), ({"seen": "един\r\nдва"}, "един\nдва", "един\nдва"),
        ({"what": ["tyres", "other", "tyres"]}, ["tyres", "other"], "Гуми, Друго"), ({"what": "rubble"}, ["rubble"], "Строителни"),
    ):  # fmt: skip
        kept, wrong = _read(**given)
        assert (wrong, list(kept.values())) == ({}, [(value, words)]), given
    assert _read(post="  ", bags=[], what=[""]) == ({}, {})


def test_what_is_wrong_names_the_question() -> None:
    for given in (
        {"bags": "много"}, {"bags": "1e5"}, {"bags": ["1", "2"]}, {"since": "вчера"}, {"since": "2026-02-30"}, {"since": "0001-01-01"},
        {"since": "9999-12-31"}, {"post": "x" * 201}, {"post": "а\x00б"}, {"seen": "я" * 3901}, {"what": ["tyres", "nothing"]},
        {"how": "nothing"}, {"how": ["tyres", "rubble"]}, {"line": "x"}, {"bags": "1,000"},
        {"how": ""}, {"how": "other"},
    ):  # fmt: skip
        _kept, wrong = _read(**given)
        name = "later" if given == {"how": "other"} else next(iter(given))
        assert list(wrong) == [name] and f"Въпрос {name}?" in wrong[name], (given, wrong)
    assert _read(how="fire")[1] == {"how": "100 % опасно: 112."}
    assert list(_read(nothing="x")[1]) == [""]
    assert _read(how="", bags="много", since="x")[1] != _read(bags="много")[1]
    assert _read(later="казано без избора")[0] == {"later": ("казано без избора", "казано без избора")}


def test_the_page_asks_keeps_and_names_them() -> None:
    client, draft = Client(), str(uuid.uuid4())
    given = {**WHAT, "step": "what", "client_uuid": draft, "settlement": "levka", "place": "тук"}
    typed = {
        "answer_post": "СТ-14",
        "answer_bags": "много",
        "answer_seen": "един\nдва: три",
        "answers": ["what:tyres", "what:other"],
    }
    page = client.post("/reports/new/", {**given, **typed, "go": "next"})
    html = page.content.decode()
    assert page.status_code == 422
    assert "Отговорете: Въпрос how?" in html and "Напишете число: Въпрос bags?" in html
    for slug in ("how", "bags"):  # at its question, and in the list above with a link to it
        assert (html.count(f'id="id_answer_{slug}_error"'), html.count(f'href="#id_answer_{slug}"')) == (1, 1), slug
    assert html.count('aria-invalid="true" aria-describedby="id_answer_') == 2
    for field in ('name="answer_post"', 'value="СТ-14"', 'value="много"', ">един\nдва: три</textarea>",
                  "Деня и часа, ако го знаете: 31.12.2026, 08:30.",
                  'value="what:tyres" id="id_answer_what_1" checked', 'data-if="how:other"', "Ако сте избрали „Друго“ по-горе.",
                  "На височината на очите.", "Всички четат отговора."):  # fmt: skip
        assert field in html, field
    assert 'name="answer_line"' not in html and "Въпрос line?" in html
    right = {**typed, "answer_bags": "12", "answers": ["how:tyres", "what:tyres", "what:other"], "photos": ""}
    onward = client.post("/reports/new/", {**given, **right, "go": "next"})
    assert onward.status_code == 302
    sent = client.post("/reports/new/", {"step": "send", "client_uuid": draft, "go": "send", "terms": "on"})
    assert sent.status_code == 302, sent.content.decode()[:2000]
    assert dict(Answer.objects.values_list("question__slug", "value")) == {
        "post": "СТ-14", "bags": "12", "seen": "един\nдва: три", "how": "tyres", "what": ["tyres", "other"],
    }  # fmt: skip


def test_answers_are_private_unless_the_question_is_public() -> None:
    author = factories.resident()
    said = {"post": "СТ-14", "bags": "12", "how": "tyres", "what": ["tyres", "other"]}
    made = actions.submit(factories.submission(category="lamp", author=author, answers=said))
    public, own, desk = Client(), Client(), Client()
    own.force_login(author)
    desk.force_login(factories.official())
    address = f"/reports/{made.subject.reference}/"
    assert ["СТ-14" in client.get(address).content.decode() for client in (public, own)] == [False, True]
    assert "Гуми, Друго" in public.get(address).content.decode()
    assert "СТ-14" in desk.get(f"/desk/{made.subject.reference}/").content.decode()
    one = read(f"v2/requests/{made.subject.reference}", {"extensions": "true"}).tree[0]
    assert one["attributes"] == [
        {"code": "bags", "name": "Въпрос bags?", "value": "12"}, {"code": "what", "name": "Въпрос what?", "value": "Гуми, Друго"},
    ]  # fmt: skip
    actions.act(made.pk, "withdraw", by=author, given=Given(text="Сбърках."))
    assert "Гуми" not in public.get(address).content.decode()


def test_they_are_in_the_persons_copy_and_free_words_go_with_the_person() -> None:
    author = factories.resident()
    said = {"post": "СТ-14", "seen": "бял бус", "bags": "12", "how": "tyres"}
    made = actions.submit(
        factories.submission(category="lamp", author=author, answers=said, told=(("Изпратено от", "Град 311"),))
    )
    copied = copy_of(author.correspondent)["reports"][0]["answers"]
    assert [one["said"] for one in copied] == ["СТ-14", "12", "бял бус", "Гуми", "Град 311"]
    document = Api(author).get(f"reports/{made.subject.reference}/").json()["answers"]
    assert document[1] == {"question": "bags", "asked": "Въпрос bags?", "said": "12", "value": "12"}
    assert [one["said"] for one in document] == [one["said"] for one in copied]
    assert [one["said"] for one in Api().get(f"reports/{made.subject.reference}/").json()["answers"]] == ["12"]
    erase(author.correspondent)
    assert list(made.answers.order_by("pk").values_list("said", flat=True)) == ["12", "Гуми"]


def test_a_question_that_changes_later_publishes_nothing_and_keeps_no_free_words(asked: dict[str, Question]) -> None:
    author = factories.resident()
    said = {"post": "Иван Тайнев", "bags": "12", "how": "tyres", "what": ["other"]}
    made = actions.submit(factories.submission(category="lamp", author=author, answers=said))
    Question.objects.filter(slug="post").update(datatype="number", public=True)
    Question.objects.filter(slug__in=["how", "what"]).update(public=True)
    Question.objects.filter(slug="bags").update(public=False)
    promised = ["12", "Друго"]
    page = Client().get(f"/reports/{made.subject.reference}/").content.decode()
    assert "Иван Тайнев" not in page and "Гуми" not in page and "Друго" in page
    assert [one["said"] for one in Api().get(f"reports/{made.subject.reference}/").json()["answers"]] == promised
    one = read(f"v2/requests/{made.subject.reference}", {"extensions": "true"}).tree[0]
    assert [each["value"] for each in one["attributes"]] == promised
    asked["what"].delete()
    one = read(f"v2/requests/{made.subject.reference}", {"extensions": "true"}).tree[0]
    assert [each["value"] for each in one["attributes"]] == ["12"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(said="Иван Тайнев").update(public=True)
    erase(author.correspondent)
    assert list(made.answers.order_by("pk").values_list("said", flat=True)) == ["12", "Гуми", "Друго"]


def test_the_migration_keeps_what_the_questions_say_and_the_running_version_can_write() -> None:
    sent = factories.submission(
        category="lamp",
        author=factories.resident(),
        answers={"post": "СТ-14", "bags": "12", "how": "tyres"},
        told=(("а", "б"),),
    )
    made = actions.submit(sent)
    Answer.objects.update(public=False, datatype="string")
    import_module("reports.migrations.0026_kept_promises").keep(apps, None)
    assert list(made.answers.order_by("pk").values_list("datatype", "public")) == [
        ("string", False), ("number", True), ("singlevaluelist", False), ("string", False),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO reports_question (slug, category_id, text, choices, "order")'
            """ SELECT 'old', category_id, text, '[]', 1 FROM reports_question LIMIT 1"""
        )
        cursor.execute(
            "INSERT INTO reports_answer (report_id, asked, said) VALUES (%s, 'а', 'в') RETURNING datatype, public", [made.pk]
        )
        assert cursor.fetchone() == ("string", False)
    old = Question.objects.get(slug="old")
    assert (old.datatype, old.variable, old.required, old.public, old.after_choice) == (
        "singlevaluelist",
        True,
        False,
        False,
        "",
    )


def test_programs_send_them_and_read_what_is_asked() -> None:
    told = {row["slug"]: row for row in Api().get("categories/").json()["categories"]}["lamp"]["questions"]
    assert {row["slug"]: (row["datatype"], row["variable"], row["required"], row["public"]) for row in told}["bags"] == (
        "number", True, False, True,
    )  # fmt: skip
    assert told[-1]["shown_if"] == {"question": "how", "choice": "other"}
    lon, lat = factories.CENTRE
    body = {
        "kind": "problem",
        "category": "lamp",
        "title": "Не свети",
        "point": {"type": "Point", "coordinates": [lon, lat]},
        "agree": True,
    }
    author = with_token(factories.resident(), "report")
    refused = author.post("reports/", {**body, "answers": {"bags": "много"}})
    assert (refused.status_code, len(refused.json()["errors"]["answers"])) == (400, 2)
    for wrong in ({"how": 5}, {"how": {"a": "b"}}, {"how": ["tyres", 5]}, {"how": "а\x00б"}, ["how"]):
        assert author.post("reports/", {**body, "answers": wrong}).status_code == 400
    assert author.post("reports/", {**body, "answers": {"how": "tyres", "what": ["tyres", "rubble"]}}).status_code == 201
    assert dict(Answer.objects.values_list("question__slug", "said")) == {"how": "Гуми", "what": "Гуми, Строителни"}


def test_open311_describes_and_takes_them() -> None:
    shown = {one["code"]: one for one in read("v2/services/lamp").tree["attributes"]}
    assert [shown[code]["datatype"] for code in shown] == [
        "string", "number", "datetime", "text", "singlevaluelist", "multivaluelist", "string", "string",
    ]  # fmt: skip
    assert [one["order"] for one in shown.values()] == list(range(1, 9))
    assert (shown["line"]["variable"], shown["how"]["required"], shown["later"]["required"]) == (False, True, False)
    assert shown["later"]["datatype_description"] == "Ако сте избрали „Друго“ по-горе."
    Question.objects.filter(slug="bags").update(required=True)
    key = program("enter", account=factories.official())
    missing = post(whole(key, service_code="lamp"))
    assert missing.sentences == ["attribute: Отговорете: Въпрос bags?", "attribute: Отговорете: Въпрос how?"]
    lon, lat = factories.CENTRE
    body = (
        f"api_key={key}&service_code=lamp&lat={lat}&long={lon}&attribute[how]=tyres&attribute%5Bbags%5D=3"
        "&attribute[what][]=tyres&attribute%5Bwhat%5D%5B%5D=other&attribute%255Bpost%255D=7"
    )
    sent = Client().post("/open311/v2/requests.json", body, content_type="application/x-www-form-urlencoded")
    assert sent.status_code == 200, sent.json()
    values = {"how": "tyres", "bags": "3", "what": ["tyres", "other"], "post": "7"}
    assert dict(Answer.objects.filter(question__isnull=False).values_list("question__slug", "value")) == values
    Report.objects.get()
    as_json = {"attribute": {"how": "tyres", "bags": 3, "what": ["tyres", "other"]}, "attribute[post]": "7"}
    again = Client().post(
        "/open311/v2/requests.json", {**whole(key, service_code="lamp"), **as_json}, content_type="application/json"
    )
    assert again.status_code == 200, again.json()
    assert Answer.objects.filter(question__slug="what", value=["tyres", "other"]).count() == 2


def test_officials_at_the_counter_are_shown_what_to_ask_and_need_not() -> None:
    desk = Client()
    desk.force_login(factories.official())
    said = {
        **WHAT,
        "channel": "phone",
        "client_uuid": str(uuid.uuid4()),
        "settlement": "levka",
        "place": "тук",
        "public_name": "none",
    }
    asking = desk.post(
        "/desk/new/", {**said, "go": "questions", "title": "", "answers": ["what:tyres", "what:other"], "answer_post": "СТ-14"}
    )
    html = asking.content.decode()
    assert asking.status_code == 200 and 'class="error"' not in html and 'id="errors"' not in html
    for field in ('value="what:other" id="id_answer_what_3" checked', 'name="answer_post"', 'value="СТ-14"', 'value="тук"',
                  f'value="{said["client_uuid"]}"', 'data-if="how:other"'):  # fmt: skip
        assert field in html, field
    wrong = desk.post("/desk/new/", {**said, "answer_bags": "много"})
    assert wrong.status_code == 422 and "Напишете число: Въпрос bags?" in wrong.content.decode()
    assert desk.post("/desk/new/", {**said, "answer_bags": "3", "answers": ["what:tyres", "what:other"]}).status_code == 302
    kept = {"bags": ("3", True), "what": ("Гуми, Друго", True)}
    assert {slug: tuple(told) for slug, *told in Answer.objects.values_list("question__slug", "said", "public")} == kept
    assert desk.post("/desk/new/", {**said, "client_uuid": str(uuid.uuid4())}).status_code == 302
    sent = factories.submission(category="lamp", entered_by=factories.official(), channel="phone")
    assert actions.submit(sent).answers.count() == 0
    with pytest.raises(ValidationError) as refused:
        actions.submit(factories.submission(category="lamp", author=factories.resident()))
    assert refused.value.message_dict == {"answers": ["Отговорете: Въпрос how?"]}


def _saved(question: Question, **changed: Any) -> Any:
    """The form of /admin/ with the question as it is but for `changed`."""
    form = modelform_factory(Question, form=QuestionForm, exclude=())
    data = {**model_to_dict(question), "seen": seen_of(question), "note": None, **changed}
    data |= {name: json.dumps(data[name]) for name in ("text", "choices")}
    return form({name: value for name, value in data.items() if value is not None and value is not False}, instance=question)


def test_questions_that_follow_each_other_can_all_be_asked(asked: dict[str, Question], tmp_path: Path) -> None:
    what, how, bags = asked["what"], asked["how"], asked["bags"]
    assert _saved(Question.objects.get(pk=what.pk), after=how.pk, after_choice="rubble").is_valid()
    Question.objects.filter(slug="what").update(after=how, after_choice="rubble")
    sign = factories.texts("Знак")
    other = Category.objects.exclude(slug="lamp").first()
    for slug, field, name, changed in (
        ("how", "after", "how", {"after": what.pk, "after_choice": "other"}),
        ("how", "choices", "what", {"choices": [*CHOICES[::2], STOPS]}),
        ("how", "choices", "later", {"choices": [*CHOICES[:2], {**CHOICES[2], "advice": sign, "stops": True}]}),
        ("how", "choices", "what", {"datatype": "number", "choices": []}),
        ("how", "category", "what", {"category": other.pk}),
        ("what", "after", "", {"category": other.pk}),
        ("bags", "after", "", {"after": how.pk, "after_choice": "fire"}),
        ("bags", "after", "", {"after": bags.pk, "after_choice": "x"}),
    ):
        errors = _saved(Question.objects.get(slug=slug), **changed).errors
        expected = f"Въпрос {name}?" if name and field != "after" else ("how" if name else "Назовете друг въпрос")
        assert list(errors) == [field] and expected in errors[field][0], (changed, errors)
    lists = "datatype: singlevaluelist, choices: [{slug: x, text: {bg: x, en: x}}, {slug: y, text: {bg: y, en: y}}]"
    rows = [
        f"- {{slug: {slug}, category: lamp, text: {{bg: {slug}, en: {slug}}}, {lists}{more}}}"
        for slug, more in (("a", ""), ("b", ", after: a, after_choice: x"), ("c", ", after: b, after_choice: y"))
    ]
    assert _loaded(tmp_path, rows) == []
    first = f"{rows[0][:-1]}, after: c, after_choice: x}}"
    circle = _loaded(tmp_path, [first, *rows[1:]])
    assert [one.split(": ", 1)[1] for one in circle] == [
        f"after: „{slug}“ би се задавал само след самия себе си: изберете въпрос, който не следва от него." for slug in "abc"
    ]
    dropped = _loaded(tmp_path, [rows[0], rows[1].replace("slug: y,", "slug: z,"), rows[2]])
    assert len(dropped) == 2 and "choices: „c“ се задава след избора „y“" in dropped[0] and "after: Назовете" in dropped[1]
    moved = rows[2].replace("after_choice: y", "after_choice: z")
    assert _loaded(tmp_path, [rows[0], rows[1].replace("slug: y,", "slug: z,"), moved]) == []


def _loaded(folder: Path, rows: list[str]) -> list[str]:
    """What a municipality's file is told."""
    (folder / "questions.yaml").write_text("\n".join(rows), "utf-8")
    load, found = Load(), table(folder, "questions")
    load.in_order(found, categories.question)
    categories.chains(load, found)
    return [str(one) for one in load.problems]


def test_the_database_holds_the_rules(asked: dict[str, Question]) -> None:
    for slug, wrong in (
        ("post", {"choices": CHOICES}), ("post", {"public": True}), ("line", {"required": True}), ("post", {"after": asked["how"]}),
        ("post", {"after_choice": "other"}), ("how", {"after": asked["how"], "after_choice": "other"}),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Question.objects.filter(slug=slug).update(**wrong)


def test_the_phones_page_knows_what_is_asked_without_asking() -> None:
    told = {one["slug"]: one for one in Client().get("/reports/new/offline/").context["categories"]["lamp"]["questions"]}
    assert {slug: one["datatype"] for slug, one in told.items() if not one["line"]}["what"] == "multivaluelist"
    assert (told["line"]["line"], told["later"]["follows"], told["how"]["missing"]) == (
        True,
        "how:other",
        "Отговорете: Въпрос how?",
    )
    assert (told["bags"]["hint"], told["bags"]["opt"], told["how"]["opt"]) == ("Всички четат отговора.", "по желание", "")
    assert told["later"]["hint"] == "Ако сте избрали „Друго“ по-горе. Отговора вижда само общината."


def test_the_form_hides_nothing_without_scripts() -> None:
    form = WhatForm({**WHAT, "answers": ["how:tyres"]})
    assert {one["question"].slug: one["follows"] for one in form.questions if one["follows"]} == {"later": "how:other"}
    assert form.is_valid(), form.errors
