"""Pages of initiatives: begun, joined, written to, finished; the list, the API, the moderator's queue."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from discussion.models import Link, TimelineRow
from discussion.wishes import Wish, token
from participation.actions import joining
from participation.actions.initiative import act, finish
from participation.models import Initiative, Joining
from reports.freshness import data_version
from tests import factories
from tests.participation.test_event_pages import signed_in
from tests.participation.test_initiatives import initiative

pytestmark = pytest.mark.usefixtures("town")


def form(**fields: Any) -> dict[str, Any]:
    return {
        "title": "Боядисваме оградата", "text": "С бои от магазина.", "sector": "urban", "settlement": "levka", "place": "училището",
        "people_needed": "8", "tasks": "Боядисване; 6; 31.12.2099\n- Вода", "client_uuid": str(uuid.uuid4()), **fields,
    }  # fmt: skip


def address(made: Initiative, rest: str = "") -> str:
    return f"/initiatives/{made.subject.reference}/{rest}"


def test_a_resident_begins_a_moderator_publishes_everyone_reads() -> None:
    client = signed_in(factories.resident())
    page = client.post("/initiatives/new/", form())["Location"]
    assert Client().get(page).status_code == 404
    assert "Модератор го прочита" in client.get(page).content.decode()
    moderator = signed_in(factories.moderator())
    queue = moderator.get("/desk/moderation/").content.decode()
    assert "Боядисваме оградата" in queue and f"{page}act/publish/" in queue
    moderator.post(f"{page}act/publish/", {"version": Initiative.objects.get().subject.version})
    text = Client().get(page).content.decode()
    assert all(
        words in text
        for words in ("Боядисваме оградата", "училището, гр. Левка", "заети места: 0 от 6", "до 31.12.2099", "Вода")
    )
    assert "нужни са 8" in text
    assert "Боядисваме оградата" in Client().get("/initiatives/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"tasks": "Вода; много"}, "tasks", "Ред 1: напишете колко души са нужни като число от 1 до 1000."),
        ({"tasks": "Пясък\nВода; 2; утре"}, "tasks", "Ред 2: напишете деня като 31.12.2026."),
        ({"starts_on": "31.12.1999"}, "starts_on", "Денят е минал."),
        ({"linked": "123"}, "linked", "„123“ не е номер на нищо публично тук."),
        ({"people_needed": "0"}, "people_needed", ""),
        ({"lon": "25.0", "lat": "42.9"}, "lon", ""),
        ({"text": ""}, "text", ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(wrong: dict[str, str], field: str, words: str) -> None:
    answer = signed_in(factories.official()).post("/initiatives/new/", form(**wrong))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert words in answer.content.decode() and "Боядисваме оградата" in answer.content.decode()
    assert Initiative.objects.count() == 0


def test_together_begins_with_the_number_of_what_it_belongs_to() -> None:
    idea, client = factories.report(category="park-idea"), signed_in(factories.official())
    page = client.get(f"/initiatives/new/?with={idea.subject.reference}").content.decode()
    assert f">\n{idea.subject.reference}</textarea>" in page and idea.subject.title in page
    assert re.search(r'<option value="levka"[^>]* selected', page)
    made = client.post("/initiatives/new/", form(linked=idea.subject.reference, organisation="roads"))["Location"]
    assert Link.objects.filter(source=idea.pk, target__initiative__isnull=False, kind="carried_out_by").count() == 1
    assert idea.subject.title in Client().get(made).content.decode()
    assert "Боядисваме оградата" in Client().get(f"/reports/{idea.subject.reference}/").content.decode()


def test_a_guest_takes_a_task_by_one_letter_and_gives_it_back() -> None:
    made, client = initiative(), Client()
    tea = made.tasks.get(title="Чай")
    for _press in range(2):
        page = client.post(address(made, "join/"), {"email": "rada@levka.test", "task": tea.pk}).content.decode()
        assert "Погледнете пощата си" in page
    (row,) = TimelineRow.objects.filter(subject=made.pk, code="confirmation_asked")
    assert (Joining.objects.get().state, joining.counts(made)["people"]) == ("asked", 0)
    client.post(f"/reports/confirm/{token(row.data['correspondent'], made.pk, Wish.JOIN)}/")
    assert (Joining.objects.get().state, joining.counts(made)["tasks"]) == ("going", {tea.pk: 1})
    text = client.get(address(made)).content.decode()
    assert "Вие участвате" in text and "заети места: 1 от 1" in text
    client.post(address(made, f"leave/?task={tea.pk}"))
    assert Joining.objects.get().state == "left"


def test_a_place_taken_before_the_letter_was_answered_is_said() -> None:
    made, client = initiative(), Client()
    tea = made.tasks.get(title="Чай")
    client.post(address(made, "join/"), {"email": "rada@levka.test", "task": tea.pk})
    row = TimelineRow.objects.get(subject=made.pk, code="confirmation_asked")
    joining.join(made.pk, factories.guest(), tea.pk)
    answer = client.post(f"/reports/confirm/{token(row.data['correspondent'], made.pk, Wish.JOIN)}/", follow=True)
    assert "Всички места за задачата „Чай“ са заети." in answer.content.decode()
    assert joining.counts(made)["people"] == 1


def test_a_full_task_is_refused_at_its_field() -> None:
    made, client = initiative(), signed_in(factories.resident())
    tea = made.tasks.get(title="Чай")
    joining.join(made.pk, factories.guest(), tea.pk)
    offered = client.get(address(made, "join/")).content.decode()
    assert all(words in offered for words in ("Копаем (остават 2 места)", "Чай (всички места са заети)", "без задача"))
    answer = client.post(address(made, "join/"), {"task": tea.pk})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["task"])
    assert client.post(address(made, "join/"), {"task": ""}).status_code == 302
    assert joining.counts(made)["people"] == 2


def test_news_stand_on_the_page_and_the_fourth_of_a_day_is_refused() -> None:
    by = factories.official()
    made, client = initiative(by=by), signed_in(by)
    for n in range(3):
        client.post(address(made, "message/"), {"text": f"Новина {n}", "followers": "on"})
    assert client.post(address(made, "message/"), {"text": "Новина 3"}).status_code == 422
    text = Client().get(address(made)).content.decode()
    assert [f"Новина {n}" in text for n in range(4)] == [True, True, True, False]


def test_the_result_closes_it_and_a_stopped_one_stays_in_the_list() -> None:
    by = factories.official()
    done, over = initiative(by=by, status="under_way"), initiative(by=by, title="Кино в двора")
    client = signed_in(by)
    send = {"version": Initiative.objects.get(pk=done.pk).subject.version, "text": "Дванайсет дървета."}
    assert client.post(address(done, "result/"), {**send, "text": ""}).status_code == 422
    assert client.post(address(done, "result/"), {**send, "link": "https://example.org/s"}).status_code == 302
    text = Client().get(address(done)).content.decode()
    assert "Дванайсет дървета." in text and "https://example.org/s" in text and "Участвам</a>" not in text
    act(Initiative, over.pk, "stop", by=by, text="Дворът се строи.")
    found = Client().get("/initiatives/?q=кино").content.decode()
    assert "Кино в двора" in found and "Садим дървета" not in found
    chosen = Client().get("/initiatives/?status=finished").content.decode()
    assert "Садим дървета" in chosen and "Кино в двора" not in chosen
    assert "„nope“ е пропуснато" in Client().get("/initiatives/?status=nope").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_lists_and_pages_ask_the_same_number_of_questions(count: int, django_assert_num_queries: Any) -> None:
    made = [initiative() for _each in range(count)]
    for each in made:
        for task in each.tasks.all():
            joining.join(each.pk, factories.guest(), task.pk)
    Client().get("/initiatives/"), Client().get(address(made[0]))
    data_version.forget()
    with django_assert_num_queries(4):
        Client().get("/initiatives/?q=")
    data_version.forget()
    with django_assert_num_queries(13):
        Client().get(address(made[0]))


def test_the_api_tells_numbers_tasks_and_results() -> None:
    by = factories.official()
    made = initiative(by=by, status="under_way")
    joining.join(made.pk, factories.guest(), made.tasks.get(title="Чай").pk)
    finish(made.pk, text="Готово.", by=by)
    found = Client().get("/api/v1/initiatives/?area=levka").json()
    assert [(one["id"], one["geometry"]["type"]) for one in found["features"]] == [(made.subject.reference, "Point")]
    assert found["features"][0]["properties"]["people"] == 1
    one = Client().get(f"/api/v1/initiatives/{made.subject.reference}/").json()
    assert [(task["title"], task["taken"], task["needed"]) for task in one["tasks"]] == [("Копаем", 0, 2), ("Чай", 1, 1)]
    assert (one["status"], one["result"], one["belongs_to"]) == ("finished", "Готово.", [])


def test_a_full_task_is_refused_at_once_and_not_after_the_letter() -> None:
    made = initiative()
    tea = made.tasks.get(title="Чай")
    for _each in range(tea.needed):
        joining.join(made.pk, factories.guest(), tea.pk)
    refused = Client().post(f"{made.subject.path}join/", {"email": "rada@levka.test", "task": tea.pk})
    assert (refused.status_code, "Всички места за задачата" in refused.content.decode()) == (422, True)
    assert not TimelineRow.objects.filter(code="confirmation_asked").exists()
    assert not Joining.objects.filter(state=Joining.State.ASKED).exists()
