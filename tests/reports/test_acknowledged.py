"""What was just done is said once at the top of the next page; what waits is not offered again."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from discussion import actions as spine
from discussion import wishes
from reports import actions
from reports.actions import person
from reports.models import FixedClaim
from tests import factories
from tests.reports.test_citizen import PLACE, WHAT, walk
from tests.reports.test_fixed import said
from tests.reports.test_my_page import guests_report, known_browser, signed_in, titles
from tests.reports.test_solved import link_of, resolved

pytestmark = pytest.mark.django_db
WRITTEN, CONFIRMED = "Сигналът Ви", "Сигналът е потвърден от подателя"


@pytest.fixture(autouse=True)
def town() -> Any:
    return factories.town()


def top(client: Client, path: str) -> list[str]:
    """The messages at the top of the page."""
    body = client.get(path).content.decode()
    found = re.search(r'<div class="messages" role="status">(.*?)\n</div>', body, re.S)
    return re.findall(r"<p>([^<]+)</p>", found[1]) if found else []


def confirmed(wish: wishes.Wish, who: Any, report: Any, times: int = 1, **data: str) -> tuple[Client, list[str]]:
    client = Client()
    link = f"/reports/confirm/{wishes.token(who.pk, report.pk, wish)}/"
    for _click in range(times):
        answer = client.post(link, data)
    return client, top(client, answer["Location"])


@pytest.mark.parametrize(
    ("category", "wish", "data", "words"),
    [
        ("pothole", wishes.Wish.SUPPORT, {}, "Отбелязано е, че засяга и Вас. Благодарим Ви."),
        ("park-idea", wishes.Wish.SUPPORT, {}, "Подкрепата Ви е отчетена. Благодарим Ви."),
        ("pothole", wishes.Wish.SUPPORT, {"back": "1"}, "Подкрепата Ви е оттеглена."),
        ("pothole", wishes.Wish.FOLLOW, {}, "Вече го следите и ще научавате какво се случва."),
    ],
)
def test_a_wish_confirmed_by_mail_is_acknowledged_once_however_often_it_is_pressed(category, wish, data, words):
    report, guest = factories.report(category=category), factories.guest(verified=False)
    client, seen = confirmed(wish, guest, report, times=3, **data)
    assert (seen, top(client, report.subject.path)) == ([words], [])


def test_a_comment_confirmed_by_mail_is_acknowledged_while_it_waits():
    report, guest, moderator = factories.report(), factories.guest(verified=False), factories.moderator()
    comment = spine.comment(report.pk, text="Вярно е.", client_uuid=uuid.uuid4(), correspondent=guest, by=None)
    waits = "Благодарим за коментара. Модератор го прочита, преди да се появи."
    assert confirmed(wishes.Wish.COMMENT, guest, report)[1] == [waits]
    spine.settle_comment(comment.pk, publish=True, by=moderator)
    assert confirmed(wishes.Wish.COMMENT, guest, report)[1] == []


def test_what_cannot_be_counted_any_more_is_said_and_not_thanked_for():
    report, guest = factories.report(), factories.guest(verified=False)
    actions.act(report.pk, "withdraw", by=report.author, given=actions.Given(text="Не е вярно."))
    (words,) = confirmed(wishes.Wish.SUPPORT, guest, report)[1]
    assert "Благодарим" not in words


def test_looks_fixed_is_acknowledged_not_offered_again_and_stands_on_my_page():
    report, guest = factories.report(title="Дупка на ъгъла"), factories.guest(verified=False)
    said(report, guest)
    client, seen = confirmed(wishes.Wish.FIXED, guest, report)
    assert seen == ["Благодарим Ви. Служител ще провери дали е решен."]
    offer = f'href="{report.subject.path}fixed/"'
    body = client.get(report.subject.path).content.decode()
    assert (offer in body, "Казали сте, че изглежда решен." in body) == (False, True)
    form = client.get(f"{report.subject.path}fixed/").content.decode()
    assert ("Вече сте го казали" in form, 'name="photo"' in form) == (True, False)
    assert titles(client.get("/accounts/")) == ["Дупка на ъгъла"]
    assert titles(client.get("/accounts/mine/fixed/")) == ["Дупка на ъгъла"]
    other = Client().get(report.subject.path).content.decode()
    assert (offer in other, "Казали сте, че изглежда решен." in other) == (True, False)
    actions.dismiss_fixed(FixedClaim.objects.get().pk, text="Още е там.", by=factories.official())
    assert offer in client.get(report.subject.path).content.decode()
    assert (titles(client.get("/accounts/")), confirmed(wishes.Wish.FIXED, guest, report)[1]) == ([], [])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"answer": "yes"}, "Благодарим Ви. Отбелязано е, че проблемът е решен."),
        ({"text": "Още е там."}, "Благодарим Ви. Записано е какво още не е наред и служител ще го прочете."),
    ],
)
def test_the_answer_to_was_it_solved_is_acknowledged(answer, words):
    report, client = resolved(), Client()
    for _click in range(2):
        onward = client.post(link_of(report), answer)["Location"]
    assert (top(client, onward), top(client, onward)) == ([words], [])


def test_a_known_visitors_buttons_are_acknowledged():
    report, client = factories.report(), known_browser(factories.guest())
    page = report.subject.path
    seen = []
    for verb, data in (("support", {}), ("support", {"back": "1"}), ("follow", {}), ("follow", {"back": "1"})):
        client.post(f"{page}{verb}/", data)
        seen += top(client, page)
    assert seen == [
        "Отбелязано е, че засяга и Вас. Благодарим Ви.", "Подкрепата Ви е оттеглена.",
        "Вече го следите и ще научавате какво се случва.", "Вече не го следите.",
    ]  # fmt: skip


def test_forgetting_the_browser_is_acknowledged():
    client = known_browser(factories.guest())
    assert top(client, client.post("/accounts/leave/")["Location"]) == [
        "Този браузър вече не Ви познава. С връзка по пощата отново отваряте страниците си."
    ]


@pytest.mark.parametrize("restricted", [False, True])
def test_staff_read_a_strangers_report_as_a_strangers(restricted):
    report = factories.report(author=None, email="new@levka.test", restricted=restricted)
    actions.act(report.pk, "confirm", proven_author=True)
    guest = report.contact.correspondent
    spine.verify(guest)
    page = report.subject.path
    own = known_browser(guest).get(page).content.decode()
    assert (WRITTEN in own, "· Вие<" in own) == (True, True)
    for user in (factories.official(), factories.administrator()):
        body = signed_in(user).get(page).content.decode()
        assert (WRITTEN in body, "· Вие<" in body, CONFIRMED in body) == (False, False, True)
        assert ("Сигналът е запазен; изпраща се" in body) is restricted  # where nobody else reads it, they read all of it


def test_an_official_reads_the_own_report_as_an_author():
    official = factories.official()
    report = factories.report(author=official)
    assert WRITTEN in signed_in(official).get(report.subject.path).content.decode()


def test_a_known_guests_address_is_filled_in_and_the_report_stands_on_my_page():
    guest = factories.guest("rada@levka.test")
    client, draft = known_browser(guest), str(uuid.uuid4())
    for step, fields in (("place", PLACE), ("what", WHAT), ("photos", {})):
        page = client.post("/reports/new/", {**fields, "client_uuid": draft, "step": step, "go": "next"}, follow=True)
    (email,) = re.findall(r'<input[^>]*name="email"[^>]*>', page.content.decode())
    assert 'value="rada@levka.test"' in email
    assert 'value="rada' not in Client().get("/reports/new/").content.decode()
    walk(client, email="rada@levka.test")
    assert titles(client.get("/accounts/mine/reports/")) == [WHAT["title"]]


def test_a_link_after_erasure_says_what_may_have_become_of_it():
    guest = factories.guest()
    report = guests_report(guest)
    link = f"/reports/confirm/{wishes.token(guest.pk, report.pk, wishes.Wish.OPEN)}/"
    person.erase(guest)
    answer = Client().get(link)
    body = answer.content.decode()
    assert (answer.status_code, "личните данни за адреса са изтрити" in body, "отново" in body) == (410, True, False)
    assert "<title>Тази връзка вече не работи" in body
