"""Pages of events: reading, announcing, coming, closing; their calendar files; the moderator's queue."""

from __future__ import annotations

import datetime
import re
import uuid
from typing import Any

import icalendar
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from discussion.models import TimelineRow
from discussion.wishes import Wish, token
from notifications.recipients import recipients_of
from participation.actions import taking_part
from participation.calendar import my_address
from participation.freshness import turns
from participation.models import Event, TakingPart
from reports.freshness import data_version
from tests import factories
from tests.participation.conftest import event, past

pytestmark = pytest.mark.usefixtures("town")
HOUR = datetime.timedelta(hours=1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def form(**fields: Any) -> dict[str, Any]:
    day = timezone.localdate() + datetime.timedelta(days=5)
    return {
        "title": "Засаждане", "text": "С лопати.", "sector": "urban", "day": day.isoformat(), "begins": "10:00", "ends": "12:00",
        "form": "in_person", "settlement": "levka", "place": "паркът", "remind_hours": "24", "agenda": "Събиране\n- Работа",
        "client_uuid": str(uuid.uuid4()), **fields,
    }  # fmt: skip


def test_a_resident_announces_a_moderator_publishes_everyone_reads() -> None:
    client = signed_in(factories.resident())
    made = client.post("/events/new/", form())
    page = made["Location"]
    assert Client().get(page).status_code == 404
    assert "Модератор го прочита" in client.get(page).content.decode()
    moderator = signed_in(factories.moderator())
    queue = moderator.get("/desk/moderation/").content.decode()
    assert "Засаждане" in queue and f"{page}act/publish/" in queue
    assert moderator.post(f"{page}act/publish/", {"version": Event.objects.get().subject.version}).status_code == 302
    text = Client().get(page).content.decode()
    assert all(words in text for words in ("Засаждане", "10:00 – 12:00", "паркът, гр. Левка", "Събиране", "Работа"))
    assert "Засаждане" in Client().get("/events/").content.decode()


def test_the_same_form_sent_twice_is_one_event() -> None:
    client, sent = signed_in(factories.official()), form()
    assert client.post("/events/new/", sent)["Location"] == client.post("/events/new/", sent)["Location"]
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": "31.12.1999"}, "day"),
        ({"ends": "09:00"}, "ends"),
        ({"begins": "осем"}, "begins"),
        ({"form": "online"}, "link"),
        ({"capacity": "5"}, "registration"),
        ({"lon": "25.0", "lat": "42.9"}, "lon"),
        ({"agenda": "х" * 201}, "agenda"),
        ({"sector": "няма"}, "sector"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(wrong: dict[str, str], field: str) -> None:
    answer = signed_in(factories.official()).post("/events/new/", form(**wrong))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "С лопати." in answer.content.decode()
    assert Event.objects.count() == 0


def test_minutes_name_the_line_that_cannot_be_read_and_the_number_that_is_unknown() -> None:
    by = factories.official()
    made = past(event(by=by))
    send = {"text": "Говорихме.", "attendance": "3", "version": made.subject.version}
    client, page = signed_in(by), f"/events/{made.subject.reference}/minutes/"
    for field, value, words in (
        ("decisions", "Пейки; Паркове; утре", "Ред 1: напишете деня като 31.12.2026."),
        ("discussed", "123", "„123“ не е номер на нищо публично тук."),
    ):
        answer = client.post(page, send | {field: value})
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert client.post(page, send | {"decisions": "Пейки; Паркове; 31.12.2026"}).status_code == 302
    assert "Дошли са 3 души." in Client().get(f"/events/{made.subject.reference}/").content.decode()


def test_a_guest_comes_by_one_letter_and_gives_the_seat_back() -> None:
    made = event(registration=True, capacity=1)
    page = f"/events/{made.subject.reference}/"
    client = Client()
    for _press in range(2):
        assert "Погледнете пощата си" in client.post(f"{page}come/", {"email": "rada@levka.test"}).content.decode()
    (row,) = TimelineRow.objects.filter(subject=made.pk, code="confirmation_asked")
    assert TakingPart.objects.count() == 0
    link = token(row.data["correspondent"], made.pk, Wish.COME)
    client.post(f"/reports/confirm/{link}/")
    assert TakingPart.objects.get().state == "going"
    assert "Имате място" in client.get(page).content.decode()
    client.post(f"{page}leave/")
    assert TakingPart.objects.get().state == "left"
    Event.objects.update(starts_at=timezone.now() - datetime.timedelta(hours=1))
    for answer in (client.get(f"{page}come/"), Client().post(f"{page}come/", {"email": "ana@levka.test"})):
        html = answer.content.decode()
        assert (answer.status_code, "Записването за това събитие приключи" in html, "<form" in html.partition("<main")[2]) == (
            409,
            True,
            False,
        )
    assert TimelineRow.objects.filter(subject=made.pk, code="confirmation_asked").count() == 1


def test_who_comes_hears_of_a_call_off_and_each_only_of_the_own_seat() -> None:
    by, comes = factories.official(), factories.guest()
    made = event(by=by, registration=True)
    taking_part.register(made.pk, comes)
    taken = TimelineRow.objects.get(subject=made.pk, code="taken")
    assert [who.correspondent for who in recipients_of(taken)] == [comes]
    page = f"/events/{made.subject.reference}/act/cancel/"
    signed_in(by).post(page, {"text": "Ще вали.", "version": Event.objects.get().subject.version})
    called_off = TimelineRow.objects.get(subject=made.pk, code="cancel")
    assert [who.correspondent for who in recipients_of(called_off)] == [comes]


def test_calendars_hold_what_they_say() -> None:
    made = event(title="Среща, със запетая; и точка " + "дълга дума " * 9)
    event(by=factories.resident())
    ref = made.subject.reference
    for address in ("/events.ics", f"/events/{ref}/event.ics", "/events.ics?sector=urban&area=levka"):
        (entry,) = icalendar.Calendar.from_ical(Client().get(address).content).walk("VEVENT")
        assert (str(entry["summary"]), entry["dtstart"].dt) == (made.subject.title, made.starts_at.replace(microsecond=0))
    assert icalendar.Calendar.from_ical(Client().get("/events.ics?sector=health").content).walk("VEVENT") == []
    assert Client().get("/events.ics?sector=няма").status_code == 400


def test_my_calendar_is_private_and_holds_mine() -> None:
    mine, other, who = event(registration=True), event(registration=True, title="Друго"), factories.guest()
    taking_part.register(mine.pk, who)
    (entry,) = icalendar.Calendar.from_ical(Client().get(my_address(who)).content).walk("VEVENT")
    assert str(entry["summary"]) == mine.subject.title != other.subject.title
    assert Client().get("/events/mine/x.ics").status_code == 404
    assert who.email not in my_address(who)


def test_the_month_shows_each_day_of_an_event() -> None:
    begins = timezone.make_aware(datetime.datetime(2031, 5, 9, 18))
    event(starts_at=begins, ends_at=begins + datetime.timedelta(days=2))
    text = Client().get("/events/?month=2031-05").content.decode()
    days = re.findall(r'<time datetime="(2031-05-\d\d)">.*?</time>((?:<a .*?</a>)*)</td>', text)
    assert [day for day, links in days if links] == ["2031-05-09", "2031-05-10", "2031-05-11"]
    for none in ("няма", "2026-13"):
        wrong = Client().get(f"/events/?month={none}")
        assert (wrong.status_code, "Напишете месеца като 2026-12." in wrong.content.decode()) == (200, True)
    assert "Напишете месеца" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_lists_and_pages_ask_the_same_number_of_questions(count: int, django_assert_num_queries: Any) -> None:
    made = [event() for _each in range(count)]
    Client().get("/events/"), Client().get(f"/events/{made[0].subject.reference}/")
    data_version.forget(), turns.forget()
    with django_assert_num_queries(6):
        Client().get("/events/?q=")
    data_version.forget(), turns.forget()
    with django_assert_num_queries(16):
        Client().get(f"/events/{made[0].subject.reference}/")


def test_its_page_and_the_list_turn_by_themselves_when_it_begins_and_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    made, now = event(), timezone.localtime().replace(hour=12, minute=0)
    Event.objects.filter(pk=made.pk).update(starts_at=now + HOUR, ends_at=now + 2 * HOUR)
    words = ("Сега</span>", "Мина, чака протокол</span>")
    for path in (made.subject.path, "/events/"):
        tag, answers = "", []
        for hours in (0, 0, 1.5, 1.6, 2.5, 2.6):
            with monkeypatch.context() as later:
                later.setattr(timezone, "now", lambda hours=hours: now + hours * HOUR)
                turns.forget(), data_version.forget()
                answer = Client().get(path, HTTP_IF_NONE_MATCH=tag)
            tag, html = answer["ETag"], answer.content.decode()
            answers.append((answer.status_code, [each for each in words if each in html]))
        assert answers == [(200, []), (304, []), (200, [words[0]]), (304, []), (200, [words[1]]), (304, [])]


def test_the_api_tells_numbers_and_minutes() -> None:
    made = event(registration=True, agenda=["Едно"])
    taking_part.register(made.pk, factories.guest())
    found = Client().get("/api/v1/events/?area=levka").json()
    assert [(one["id"], one["geometry"]["type"]) for one in found["features"]] == [(made.subject.reference, "Point")]
    one = Client().get(f"/api/v1/events/{made.subject.reference}/").json()
    assert (one["agenda"], one["going"], one["waiting"], one["minutes"]) == (["Едно"], 1, 0, None)
