"""„Was it solved?“: by the link of the mail or on the page, once, while reopening is possible; GET never acts."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone

import notifications.actions
from notifications import letters
from notifications.models import Delivery
from reports import actions, solved_links
from reports.actions.author import solution_of
from reports.actions.move import Given, NotAllowed
from reports.models import Report
from tests import factories
from tests.kernel.pictures import picture
from tests.reports.test_my_page import guests_report, known_browser, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town() -> Any:
    return factories.town()


def resolved(**fields: Any) -> Report:
    report = guests_report(factories.guest(), **fields)
    row = actions.act(report.pk, "resolve", by=factories.official(), given=Given(text="Запълнихме я."))
    notifications.actions.tell(row.pk)
    report.refresh_from_db()
    return report


def link_of(report: Report) -> str:
    solution = solution_of(report)
    assert solution
    return solved_links.path(solution)


def codes(report: Report) -> list[str]:
    return list(report.subject.timeline.order_by("pk").values_list("code", flat=True))


def test_the_mail_of_the_answer_asks_with_both_links():
    report = resolved()
    delivery = Delivery.objects.get(row__code="resolve", role="author")
    notifications.actions.deliver(delivery.pk)
    body = mail.outbox[-1].body
    path = solved_links.path(delivery.row).split("/")[2]
    assert path == "solved"
    assert body.count("/reports/solved/") == 2 and "?answer=no" in body
    follower = factories.guest()
    assert not Delivery.objects.filter(correspondent=follower).exists()
    assert report.status == "resolved"


def test_a_mail_with_more_news_after_the_answer_asks_too_and_one_of_a_reopened_report_does_not():
    report, official = resolved(), factories.official()
    delivery = Delivery.objects.get(row__code="resolve", role="author")
    later = actions.note(report.pk, text="За нас.", by=official)
    Delivery.objects.filter(pk=delivery.pk).update(rows=[later.pk])
    delivery.refresh_from_db()
    assert "/reports/solved/" in letters.letter(delivery, "rada@levka.test").body
    actions.act(report.pk, "request_reopen", proven_author=True, given=Given(text="Не."))
    assert "/reports/solved/" not in letters.letter(delivery, "rada@levka.test").body


def test_yes_is_recorded_once_without_signing_in():
    report = resolved()
    link = link_of(report)
    page = Client().get(link).content.decode()
    assert "Запълнихме я." in page
    assert "confirmed_solved" not in codes(report)
    answer = Client().post(link, {"answer": "yes"})
    assert answer["Location"] == f"/reports/{report.subject.reference}/"
    assert Client().post(link, {"answer": "yes"})["Location"] == answer["Location"]
    assert Client().post(link, {"answer": "no", "text": "Не."}).status_code == 410
    assert actions.confirm_solved(report.pk, proven_author=True) is None
    assert codes(report).count("confirmed_solved") == 1
    assert "Авторът потвърди, че проблемът е решен." in Client().get(f"/reports/{report.subject.reference}/").content.decode()


def test_no_with_words_and_photo_asks_to_reopen():
    report = resolved()
    link = link_of(report)
    assert "<details open>" in Client().get(f"{link}?answer=no").content.decode()
    refused = Client().post(link, {"answer": "no", "text": ""})
    assert refused.status_code == 422 and set(refused.context["form"].errors) == {"text"}
    photo = picture()
    sent = {"answer": "no", "text": "Пак е счупено.", "photo": SimpleUploadedFile("a.jpg", photo, "image/jpeg")}
    assert Client().post(link, sent).status_code == 302
    report.refresh_from_db()
    assert report.status == "reopen_requested"
    assert report.photos.filter(row__code="request_reopen").count() == 1
    assert Client().post(link, {"answer": "yes"}).status_code == 410


def test_a_second_no_shows_what_the_first_showed():
    report = resolved()
    known, own = known_browser(report.contact.correspondent), f"/reports/{report.subject.reference}/solved/"
    for client, address in ((Client(), link_of(report)), (known, own)):
        for _click in range(2):
            answer = client.post(address, {"answer": "no", "text": "Пак е счупено."})
            assert (answer.status_code, answer["Location"]) == (302, f"/reports/{report.subject.reference}/")
        assert client.post(address, {"answer": "no", "text": "Друго."}).status_code == 410
    assert codes(report).count("request_reopen") == 1
    assert Client().post(own, {"answer": "no", "text": "Пак е счупено."}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_clicks_on_no_at_once_are_one_answer():
    report = resolved()
    link = link_of(report)

    def click(_number: int) -> tuple[int, str]:
        try:
            answer = Client().post(link, {"answer": "no", "text": "Пак е счупено."})
            return answer.status_code, answer.get("Location", "")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(click, range(4)))
    assert answers == {(302, f"/reports/{report.subject.reference}/")}
    assert codes(report).count("request_reopen") == 1


def test_a_link_lasts_as_long_as_reopening_and_only_for_its_own_answer():
    report = resolved()
    link = link_of(report)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=13, hours=23)):
        assert Client().get(link).status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(days=14, hours=1)):
        assert Client().post(link, {"answer": "yes"}).status_code == 410
    official = factories.official()
    actions.act(report.pk, "request_reopen", proven_author=True, given=Given(text="Не."))
    actions.act(report.pk, "reopen", by=official, given=Given(text="Да."))
    assert Client().get(link).status_code == 410
    actions.act(report.pk, "resolve", by=official, given=Given(text="Сега вече."))
    report.refresh_from_db()
    assert Client().post(link, {"answer": "yes"}).status_code == 410
    assert Client().post(link_of(report), {"answer": "yes"}).status_code == 302


def test_only_the_author_says_it_and_only_of_what_is_resolved():
    report = resolved()
    with pytest.raises(PermissionDenied):
        actions.confirm_solved(report.pk, by=factories.resident())
    with pytest.raises(NotAllowed):
        actions.confirm_solved(factories.report(author=None, email="x@levka.test").pk, proven_author=True)
    assert Client().get("/reports/solved/forged/").status_code == 410


def test_the_author_finds_the_question_on_the_page():
    report = resolved()
    client = known_browser(report.contact.correspondent)
    own = f"/reports/{report.subject.reference}/"
    assert f'href="{own}solved/"' in client.get(own).content.decode()
    assert f'href="{own}solved/"' not in Client().get(own).content.decode()
    assert Client().post(f"{own}solved/", {"answer": "yes"}).status_code == 404
    assert client.post(f"{own}solved/", {"answer": "yes"}).status_code == 302
    assert codes(report).count("confirmed_solved") == 1
    assert f'href="{own}solved/"' not in client.get(own).content.decode()


def test_the_desk_counts_the_confirmed_ones_of_its_department():
    report = resolved()
    resolved()
    desk = signed_in(factories.official())
    assert desk.get("/desk/?tab=ended").context["confirmed"] == "0"
    actions.confirm_solved(report.pk, proven_author=True)
    assert desk.get("/desk/?tab=ended").context["confirmed"] == "1"
    assert signed_in(factories.official("parks")).get("/desk/?tab=ended").context["confirmed"] == "0"


# -- hiding the name later


def outputs(report: Report) -> list[str]:
    """What everyone reads of the report."""
    reference = report.subject.reference
    paths = (
        f"/reports/{reference}/",
        f"/en/reports/{reference}/",
        f"/api/v1/reports/{reference}/",
        "/feeds/reports.atom",
        "/reports/",
        f"/feeds/reports/{reference}.atom",
        "/embed/list/",
    )
    return [Client().get(path).content.decode() for path in paths]


def test_the_author_hides_the_name_and_shows_it_again():
    report = guests_report(factories.guest(), name="Рада Колева", public_name="Рада Колева")
    client, page = known_browser(report.contact.correspondent), f"/reports/{report.subject.reference}/name/"
    assert ["Рада Колева" in output for output in outputs(report)] == [True] * 4 + [False] * 3
    assert client.post(page, {"public_name": ""}).status_code == 302
    assert ["Рада" in output for output in outputs(report)] == [False] * 7
    assert client.post(page, {"public_name": "Иван Друг"}).status_code == 422
    assert client.post(page, {"public_name": "Рада"}).status_code == 302
    assert client.post(page, {"public_name": "Рада"}).status_code == 302
    assert ["Рада" in output for output in outputs(report)] == [True] * 4 + [False] * 3
    assert ["Колева" in output for output in outputs(report)] == [False] * 7
    assert codes(report)[-2:] == ["name_hidden", "name_shown"]
    assert Client().post(page, {"public_name": ""}).status_code == 404


def test_nobody_else_changes_the_name():
    report = factories.report(public_name="Рада Колева", name="Рада Колева")
    for who in (factories.official(), factories.moderator()):
        with pytest.raises(PermissionDenied):
            actions.show_name(report.pk, "", by=who)
    report.refresh_from_db()
    assert report.public_name == "Рада Колева"


def test_the_same_words_after_the_official_has_answered_them_are_not_thanked():
    report = resolved()
    link = link_of(report)
    assert Client().post(link, {"answer": "no", "text": "Пак е счупено."}).status_code == 302
    actions.act(report.pk, "keep_closed", by=factories.official(), given=Given(text="Готово е."))
    answer = Client().post(link, {"answer": "no", "text": "Пак е счупено."})
    assert answer.status_code in (410, 422)
    assert codes(report).count("request_reopen") == 1


def test_every_page_of_the_question_names_itself_in_its_title():
    report = resolved()
    link = link_of(report)
    client = Client()
    assert "<title>Решен ли е проблемът? – Левка</title>" in client.get(link).content.decode()
    client.post(link, {"answer": "yes"})
    assert "<title>Този въпрос вече е приключен – Левка</title>" in client.get(link).content.decode()
