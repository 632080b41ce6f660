"""What is told afterwards: promises kept on a possible day, minutes corrected, the list of who waits, one's own waiting things."""

from __future__ import annotations

import datetime
import html
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from discussion import actions as spine
from discussion.models import TimelineRow, TimelineText
from participation.actions import event as events
from participation.actions import policy as policies
from participation.actions import taking_part
from participation.actions.move import act
from participation.models import Event, Minutes, Policy, Practice
from tests import factories
from tests.participation.conftest import event, past
from tests.participation.test_event_pages import signed_in
from tests.participation.test_initiatives import initiative
from tests.participation.test_policies import policy, promised
from tests.participation.test_practices import practice

pytestmark = pytest.mark.usefixtures("town")


def page(client: Client, path: str) -> str:
    return html.unescape(client.get(path).content.decode())


def test_a_promise_is_kept_neither_before_it_was_made_nor_before_the_programme_was_adopted() -> None:
    by = factories.official()
    made = policy(by)
    now = timezone.now()
    kept, late = promised(made, by, days=-1), promised(made, by, days=-1, text="Сто пейки")  # made a year ago
    first = min(
        filter(None, [Policy.objects.get(pk=made.pk).adopted_on, timezone.localdate(now - datetime.timedelta(days=365))])
    )
    with pytest.raises(ValidationError) as refused:
        policies.keep(made.pk, kept.pk, by=by, done_on=first - datetime.timedelta(days=1), note="Готово.")
    assert list(refused.value.message_dict) == ["done_on"]
    address, client = f"/policies/{made.subject.reference}/promises/{{}}/{{}}/", signed_in(by)
    sent = {"done_on": "01.01.1900", "note": "Готово."}
    assert client.post(address.format(kept.pk, "keep"), sent).status_code == 422
    policies.keep(made.pk, kept.pk, by=by, done_on=first, note="Готово.")
    policies.keep(made.pk, late.pk, by=by, done_on=first, note="Готово.", at=now - datetime.timedelta(days=2))
    for promise, optional, status in ((late, False, 422), (kept, True, 302)):
        back = address.format(promise.pk, "take-back")
        assert ("по желание" in page(client, back)) == optional
        assert client.post(back, {"text": ""}).status_code == status


def test_nothing_is_promised_in_a_measure_whose_programme_is_over() -> None:
    by = factories.official()
    programme = policy(by)
    measure = policy(by, parent=programme, adopted_on=None, act=None)
    act(Policy, programme.pk, "end", by=by, text="Свърши.")
    assert signed_in(by).get(f"/policies/{measure.subject.reference}/promise/").status_code == 409
    with pytest.raises(ValidationError):
        promised(Policy.objects.get(pk=measure.pk), by)


def test_minutes_are_corrected_with_a_reason_and_decisions_are_due_after_the_event() -> None:
    made = past(event())
    by, client = made.author, signed_in(made.author)
    address = f"/events/{made.subject.reference}/minutes/"
    sent: dict[str, Any] = {"text": "Говорихме.", "attendance": "3", "decisions": "Пейки; Парковете; 01.01.2001"}
    refused = client.post(address, sent)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["decisions"])
    day = timezone.localdate() + datetime.timedelta(days=30)
    assert client.post(address, sent | {"decisions": f"Пейки; Парковете; {day:%d.%m.%Y}"}).status_code == 302
    assert "Поправете протокола" in page(client, made.subject.path)
    assert f"Пейки; Парковете; {day:%d.%m.%Y}" in page(client, address)
    again = sent | {"text": "Говорихме за пейките.", "attendance": "4", "decisions": "Две пейки; ; "}
    assert list(client.post(address, again).context["form"].errors) == ["why"]
    assert client.post(address, again | {"why": "Сгрешихме броя."}).status_code == 302
    minutes = Minutes.objects.get(event=made.pk)
    assert (minutes.text, minutes.attendance) == ("Говорихме за пейките.", 4)
    assert [(one.text, one.until) for one in minutes.decisions.all()] == [("Две пейки", None)]
    row = TimelineRow.objects.get(subject=made.pk, code="correct")
    said = TimelineText.objects.get(row=row).text
    assert said.splitlines()[0] == "Сгрешихме броя." and "„Говорихме.“" in said and "„Пейки“" in said
    assert Event.objects.get(pk=made.pk).status == "held"
    assert signed_in(factories.resident()).get(address).status_code == 404
    with pytest.raises(ValidationError):
        events.correct(made.pk, events.Held(text="Друго.", attendance=1), by=by, why="")


def test_a_full_event_offers_the_waiting_list_says_the_place_and_speaks_of_the_past_once_over() -> None:
    made, people = event(registration=True, capacity=1), [factories.resident() for _each in range(3)]
    assert "Ще дойда</a>" in page(Client(), made.subject.path)
    for person in people:
        taking_part.register(made.pk, person.correspondent)
    assert "Запишете се в чакащите" in page(Client(), made.subject.path)
    assert "В списъка на чакащите сте под номер 2" in page(signed_in(people[2]), made.subject.path)
    assert "Вие сте модератор" in page(signed_in(factories.moderator()), made.subject.path)
    assert "Вие сте организатор" in page(signed_in(made.author), made.subject.path)
    begins = timezone.now() - datetime.timedelta(days=1)
    Event.objects.filter(pk=made.pk).update(starts_at=begins, ends_at=begins + datetime.timedelta(hours=1))
    assert "Беше записан 1 човек, чакаха 2 души" in page(Client(), made.subject.path)


def test_ones_own_page_names_what_one_made_and_a_waiting_practice_is_taken_back() -> None:
    author = factories.resident()
    meeting, action, told = event(author), initiative(author, status="awaiting_moderation"), practice(author)
    client = signed_in(author)
    mine = page(client, "/accounts/")
    for heading, one in (
        ("Събития, които организирам", meeting), ("Инициативи, които започнах", action), ("Практики, които изпратих", told),
    ):  # fmt: skip
        assert heading in mine and f'href="{one.subject.path}"' in mine, heading
    assert "take_back" in page(client, told.subject.path)
    assert client.post(f"/practices/{told.subject.reference}/act/take_back/", {}).status_code == 302
    assert Practice.objects.get(pk=told.pk).status == "taken_back"
    assert "Оттеглена" in page(client, "/accounts/")


def test_an_idea_from_vienna_says_as_in_with_the_longer_word() -> None:
    found = {city: practice(factories.official(), city=factories.texts(city)) for city in ("Виена", "Тарту")}
    for city, word in (("Виена", "във"), ("Тарту", "в")):
        answer = Client().get(f"/practices/{found[city].subject.reference}/apply/", follow=True)
        assert f"Както {word} {city}" in answer.content.decode()
    new = {"title": "Т", "city": "Г", "country": "Д", "sector": "urban", "what": "К", "cost": "low", "year": "2199"}
    more = {"source_url": "https://example.org/", "source_name": "И", "client_uuid": "7f0d1c1a-7a86-4d8e-8d7f-0f3a5a2f1b11"}
    answer = signed_in(factories.resident()).post("/practices/new/", new | more)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["year"])


def test_english_pages_use_english_titles_and_mark_what_is_bulgarian() -> None:
    by = factories.official()
    meeting, model, idea = event(by, place="ул. Рила 4"), practice(by), factories.report(title="Пейки")
    made = policy(by)
    policies.keep(made.pk, promised(made, by).pk, by=by, done_on=timezone.localdate(), note="Засадени са.")
    spine.connect(meeting.pk, model.subject, "inspired_by", by=by)
    spine.connect(meeting.pk, idea.subject, "inspired_by", by=by)
    shown = page(Client(), f"/en/events/{meeting.subject.reference}/")
    assert "Linked – came from: “A shared budget”." in shown and ">A shared budget</a>" in shown
    assert 'Linked – came from: “<span lang="bg">Пейки</span>”.' in shown
    assert '<span lang="bg">ул. Рила 4</span>, ' in shown
    shown = page(Client(), f"/en/policies/{made.subject.reference}/")
    assert '<span lang="bg">Засадени са.</span>' in shown
    assert "Пейки" in page(Client(), meeting.subject.path) and "Жителите делят част от бюджета" in page(
        Client(), meeting.subject.path
    )
