"""Pages of surveys: answered without scripts, typed answers kept, results for all and for staff, what staff does."""

from __future__ import annotations

import csv
import io
import json
import uuid
from typing import Any

import pytest
from django.contrib.gis.geos import Polygon
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.browser import COOKIE, SALT
from discussion.models import TimelineRow
from layers.folding import folded
from layers.models import Place
from participation.actions import questions
from participation.actions import survey as actions
from participation.forms.answering import PlacesField
from participation.models import Question, Reply, Response, Survey
from reports.freshness import data_version
from tests import factories
from tests.participation.asked import LAT, LON, asked, by_kind, filled, opened, planned, prepared
from tests.participation.test_event_pages import signed_in
from tests.participation.test_surveys import answer

pytestmark = pytest.mark.usefixtures("town")


def sent(survey: Survey, **more: Any) -> dict[str, Any]:
    """What a browser sends of the filled-in form; `more` by kind, or whole names."""
    ids = {kind: f"q{each.pk}" for kind, each in by_kind(survey).items()}
    data: dict[str, Any] = {"client_uuid": str(uuid.uuid4()), "guardian": "on"}
    usual = {"single": "1", "multiple": ["0", "2"], "scale": "4", "text": "Повече сянка."}
    data |= {ids[kind]: value for kind, value in usual.items() if kind in ids}
    if "ranking" in ids:
        data |= {f"{ids['ranking']}_0": "2", f"{ids['ranking']}_1": "1", f"{ids['ranking']}_2": ""}
    if "point" in ids:
        data |= {f"{ids['point']}_lon": str(LON), f"{ids['point']}_lat": str(LAT)}
    if "line" in ids:
        data[ids["line"]] = f"{LAT}, {LON}\n{LAT + 0.001}, {LON}"
    return data | {ids.get(name, name): value for name, value in more.items()}


def page_of(survey: Survey) -> str:
    return f"/surveys/{survey.subject.reference}/"


def test_a_stranger_is_led_to_the_link_by_mail_and_a_known_person_answers() -> None:
    made = opened()
    address = f"{page_of(made)}answer/"
    led = Client().get(address)
    assert (led.status_code, led["Location"].startswith("/accounts/link/?next=%2Fsurveys%2F")) == (302, True)
    client = signed_in(factories.resident())
    assert "Аз съм на 14 или повече години" in client.get(address).content.decode()
    assert client.post(address, sent(made))["Location"] == page_of(made)
    kept = {each.question.kind: each for each in Reply.objects.select_related("question")}
    assert {kind: each.choices for kind, each in kept.items() if each.choices is not None} == {
        "single": [1], "multiple": [0, 2], "scale": [4], "ranking": [1, 0],
    }  # fmt: skip
    assert (kept["text"].text, kept["point"].point.coords, kept["line"].line.num_points) == ("Повече сянка.", (LON, LAT), 2)
    assert "area" not in kept


def test_a_guest_with_a_proven_address_answers_without_an_account() -> None:
    from django.core import signing

    made, client = opened(kinds=("single",)), Client()
    client.cookies[COOKIE] = signing.dumps(factories.guest().pk, salt=SALT)
    assert client.post(f"{page_of(made)}answer/", sent(made)).status_code == 302
    assert Response.objects.count() == 1


def test_twice_is_refused_with_the_reason() -> None:
    made, client = opened(kinds=("single",)), signed_in(factories.resident())
    address = f"{page_of(made)}answer/"
    first = sent(made)
    client.post(address, first)
    again = client.post(address, sent(made, single="0"))
    assert (again.status_code, "Отговорили сте вече на тази анкета." in again.content.decode()) == (409, True)
    assert client.get(address).status_code == 409
    assert client.post(address, first)["Location"] == page_of(made)
    assert list(Reply.objects.values_list("choices", flat=True)) == [[1]]


def test_what_is_wrong_is_said_at_its_question_and_what_was_typed_stays() -> None:
    made = opened(once=False)
    kinds = by_kind(made)
    ranking, point = f"q{kinds['ranking'].pk}", f"q{kinds['point'].pk}"
    for wrong, field in (
        ({"guardian": ""}, "guardian"),
        ({f"{ranking}_2": "1"}, f"{ranking}_0"),
        ({"single": "9"}, f"q{kinds['single'].pk}"),
        ({f"{point}_lon": "", f"{point}_lat": "", point: "Никъденград"}, point),
        ({f"{point}_lon": "25.0", f"{point}_lat": "42.9"}, point),
        ({"line": f"{LAT}, {LON}"}, f"q{kinds['line'].pk}"),
    ):
        answer = Client().post(f"{page_of(made)}answer/", sent(made, **wrong))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert "Повече сянка." in answer.content.decode()
    assert Response.objects.count() == 0


def test_an_empty_form_names_all_that_is_missing_in_the_order_of_the_page() -> None:
    by = factories.official()
    made = actions.prepare(planned(once=False), by=by, client_uuid=uuid.uuid4())
    small = Polygon.from_bbox((LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01))
    small.srid = 4326
    first = questions.ask(made.pk, asked(kind="single", options=["Да", "Не"], required=True), by=by)
    place = questions.ask(made.pk, asked(kind="point", area=small, required=True), by=by)
    questions.ask(made.pk, asked(kind="scale"), by=by)
    actions.open_it(made.pk, by=by)
    answer = Client().post(f"{page_of(made)}answer/", {"client_uuid": str(uuid.uuid4())})
    assert list(answer.context["form"].errors) == [f"q{first.pk}", f"q{place.pk}", "guardian"]
    page = answer.content.decode()
    assert (page.count("data-within="), "Границата е в землищата на: гр. Левка." in page) == (1, True)
    assert page.count("по желание") == 1 and '3. Въпрос: scale? <span class="opt">по желание</span></legend>' in page


def test_who_has_answered_is_not_asked_to() -> None:
    made, resident = opened(kinds=("single",)), factories.resident()
    client = signed_in(resident)
    assert client.get(page_of(made)).content.decode().count(f"{page_of(made)}answer/") == 2
    client.post(f"{page_of(made)}answer/", sent(made))
    page = client.get(page_of(made)).content.decode()
    assert ("Вие отговорихте." in page, f"{page_of(made)}answer/" in page) == (True, False)


def test_a_place_is_found_by_its_name() -> None:
    made = opened(once=False, kinds=("point",))
    question = f"q{by_kind(made)['point'].pk}"
    home = factories.Area.objects.get(slug="levka")
    for slug, name in (("clock", "Часовникова кула"), ("clock-two", "Часовникова кула в парка")):
        Place.objects.create(
            slug=slug,
            kind="landmark",
            name=factories.texts(name),
            area=home,
            folded=folded(name),
            point=factories.Point(LON, LAT, srid=4326),
        )
    address = f"{page_of(made)}answer/"
    typed = {f"{question}_lon": "", f"{question}_lat": ""}
    several = Client().post(address, sent(made, **typed, **{question: "Часовникова"}))
    assert "Няколко места се казват" in several.content.decode()
    assert Client().post(address, sent(made, **typed, **{question: "Часовникова кула"})).status_code == 302
    assert Reply.objects.get().point.coords == (LON, LAT)


def test_results_are_hidden_until_they_are_published() -> None:
    by = factories.official()
    made = opened(by, ("single",))
    filled(made, 6)
    address = f"{page_of(made)}results/"
    assert [Client().get(address).status_code, signed_in(by).get(address).status_code] == [404, 200]
    actions.close(made.pk, by=by)
    assert Client().get(address).status_code == 404
    assert Client().get(f"/api/v1/surveys/{made.subject.reference}/").json()["results"] is None
    actions.report(made.pk, by=by)
    text = Client().get(address).content.decode()
    assert "Отговориха 6 души." in text and '<svg class="chart"' in text and "<td" in text
    told = Client().get(f"/api/v1/surveys/{made.subject.reference}/").json()["results"]
    assert told["responses"] == 6
    assert told["questions"][0]["rows"][0] == {"name": "Да", "n": 6, "share": 100.0}


def test_on_the_first_day_results_say_that_todays_answers_are_counted_tomorrow() -> None:
    made = opened(None, ("single",), results="always")
    for _each in range(7):
        answer(made)
    assert "днешните отговори се броят от утре" in Client().get(f"{page_of(made)}results/").content.decode()


def test_staff_prepares_a_survey_by_forms_alone() -> None:
    by = factories.official()
    client = signed_in(by)
    form = {"form": "vision", "title": "Левка 2035", "introduction": "Какъв град искаме?", "sector": "urban", "day": "31.12.2031",
            "once": "on", "results": "at_end", "client_uuid": str(uuid.uuid4())}  # fmt: skip
    questions = client.post("/surveys/new/", form)["Location"]
    made = Survey.objects.get()
    assert (made.form, made.paper, timezone.localtime(made.closes_at).isoformat()[:16]) == ("vision", False, "2032-01-01T00:00")
    for fields in (
        {"kind": "single", "text": "Кое е най-важно?", "options": "Вода\nВъздух"},
        {"kind": "text", "text": "Друго?"},
    ):
        assert client.post(f"{questions}new/", fields)["Location"] == questions
    few = client.post(f"{questions}new/", {"kind": "single", "text": "Кое?", "options": "Едно"})
    assert (few.status_code, list(few.context["form"].errors)) == (422, ["options"])
    first, second = Question.objects.all()
    client.post(f"{questions}{second.pk}/up/")
    client.post(f"{questions}{first.pk}/", {"kind": "single", "text": "Кое е първо?", "options": "Вода\nВъздух\nТишина"})
    assert [(each.kind, each.names) for each in made.questions.all()] == [
        ("text", []),
        ("single", ["Вода", "Въздух", "Тишина"]),
    ]
    assert Client().get(page_of(made)).status_code == 404
    client.post(f"{page_of(made)}act/open/")
    assert "Кое е първо?" in Client().get(page_of(made)).content.decode()
    assert client.post(f"{questions}{second.pk}/out/").status_code == 409
    assert client.get(f"{questions}new/").status_code == 409
    assert "Левка 2035" in Client().get("/surveys/?sector=urban").content.decode()
    assert "Левка 2035" not in Client().get("/surveys/?sector=health").content.decode()


def test_paper_is_entered_on_the_same_form_without_the_question_of_age() -> None:
    by = factories.official()
    made = opened(by, ("single", "text"))
    client, address = signed_in(by), f"{page_of(made)}paper/"
    assert "14 или повече" not in client.get(address).content.decode()
    data = sent(made)
    del data["guardian"]
    assert client.post(address, data)["Location"] == address
    assert (Response.objects.get().paper, signed_in(factories.resident()).get(address).status_code) == (True, 404)


def test_the_export_has_a_row_for_each_and_neither_person_nor_time() -> None:
    by = factories.official()
    made = opened(by)
    filled(made, 3)
    filled(made, 1, text="=Пейки")
    client = signed_in(by)
    for kind in ("csv", "geojson"):
        early = client.get(f"{page_of(made)}answers.{kind}")
        assert (early.status_code, "Файловете идват след приключването" in early.content.decode()) == (409, True)
    assert "answers.csv" not in client.get(page_of(made)).content.decode()
    actions.close(made.pk, by=by)
    assert "answers.csv" in client.get(page_of(made)).content.decode()
    rows = list(csv.reader(io.StringIO(client.get(f"{page_of(made)}answers.csv").content.decode("utf-8-sig"))))
    assert rows[0] == ["На хартия", *(f"Въпрос: {each.kind}?" for each in made.questions.all())]
    assert sorted(row[4] for row in rows[1:]) == ["'=Пейки", "Повече сянка.", "Повече сянка.", "Повече сянка."]
    assert rows[1][:4] == ["не", "Да", "Паркове; Училища", "4"] and rows[1][5] == "Тишина > Вода > Въздух"
    marks = json.loads(client.get(f"{page_of(made)}answers.geojson").content)["features"]
    assert {each["geometry"]["type"] for each in marks} == {"Point", "LineString", "Polygon"}
    assert [set(each["properties"]) for each in marks] == [{"question"}] * 12
    assert signed_in(factories.resident()).get(f"{page_of(made)}answers.csv").status_code == 404


def test_a_moderator_shows_words() -> None:
    by = factories.official()
    made = opened(by, ("text",), results="always")
    filled(made, 5)
    filled(made, 1, text="Пейки.")
    address = f"{page_of(made)}words/"
    assert signed_in(by).get(address).status_code == 404
    bench = Reply.objects.get(text="Пейки.")
    signed_in(factories.moderator()).post(address, {f"r{bench.pk}": "on"})
    text = Client().get(f"{page_of(made)}results/").content.decode()
    assert ("Пейки." in text, "Повече сянка." in text) == (True, False)
    Survey.objects.update(status="stopped")
    late = signed_in(factories.moderator()).post(address, {})
    assert (late.status_code, Reply.objects.get(text="Пейки.").is_public) == (409, True)


def test_stopping_needs_a_reason_that_everyone_reads() -> None:
    by = factories.official()
    made = opened(by, ("single",))
    client, address = signed_in(by), f"{page_of(made)}act/stop/"
    assert client.post(address, {}).status_code == 422
    client.post(address, {"text": "Въпросът отпадна."})
    assert "Въпросът отпадна." in Client().get(page_of(made)).content.decode()
    assert signed_in(factories.resident()).get(f"{page_of(made)}answer/").status_code == 409


def test_who_follows_hears_of_the_results() -> None:
    from discussion.actions import follow
    from notifications.recipients import recipients_of

    by, who = factories.official(), factories.guest()
    made = opened(by, ("single",))
    follow(made.pk, who)
    actions.close(made.pk, by=by)
    actions.report(made.pk, by=by)
    row = TimelineRow.objects.get(subject=made.pk, code="report")
    assert [each.correspondent for each in recipients_of(row)] == [who]


@pytest.mark.parametrize("count", [1, 3])
def test_lists_pages_and_results_ask_the_same_number_of_questions(count: int, django_assert_num_queries: Any) -> None:
    by = factories.official()
    made = [opened(by, results="always") for _each in range(count)]
    prepared(by, ("single",))
    filled(made[0], 6)
    ref = page_of(made[0])
    for address in ("/surveys/", ref, f"{ref}results/"):
        Client().get(address)
    for address, most in (("/surveys/?q=", 3), (ref, 11), (f"{ref}results/", 13)):
        data_version.forget()
        with django_assert_num_queries(most):
            Client().get(address)


def test_so_many_places_are_looked_up_by_name_and_no_more() -> None:
    field = PlacesField(most=200, required=False)
    assert len(field.clean("\n".join(["42.9, 23.6"] * 40))) == 40
    with pytest.raises(ValidationError) as refused:
        field.clean("\n".join(["Левка"] * 21))
    assert "най-много 20 места по име" in refused.value.messages[0]
