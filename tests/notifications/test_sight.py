"""What became restricted or hidden after it was told is named nowhere: inbox, mails, summaries, pushes, the way out."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from discussion import wishes
from discussion.actions import append
from discussion.models import Follow, Subject
from notifications import actions, letters, sight
from notifications.models import Delivery, InboxEntry
from reports.actions import act, hide, restrict
from reports.actions.move import Given
from reports.models import Reason, Report
from tests import factories
from tests.participation.test_sectors import goal

GONE = "Сигналът вече не е публичен"


@pytest.fixture
def reader(town):
    return factories.resident(email="reader@levka.test")


@pytest.fixture
def page(reader, client):
    client.force_login(reader)
    return client


def followed(reader, title: str) -> Report:
    """A report on which something happened, told to this follower."""
    report = factories.report(title=title)
    Follow.objects.create(subject=report.subject, correspondent=reader.correspondent)
    actions.tell(act(report.pk, "start", by=factories.official()).pk)
    return report


def taken(report: Report) -> None:
    hide(report.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())


def restricted(report: Report) -> None:
    restrict(report.pk, restricted=True, text="Лични данни.", by=factories.official())


def names(body: str, report: Report) -> bool:
    reference = report.subject.reference
    spaced = f"{reference[:3]} {reference[3:6]} {reference[6:]}"
    return any(word in body.replace("\xa0", " ") for word in (report.subject.title, reference, spaced))


@pytest.mark.parametrize("leaves", [taken, restricted])
def test_the_inbox_names_no_report_that_left_the_public(page, reader, leaves):
    stays, goes = followed(reader, "Счупена пейка"), followed(reader, "Личен двор")
    before = page.get(reverse("notifications:inbox")).content.decode()
    assert (names(before, goes), GONE in before) == (True, False)
    leaves(goes)
    with CaptureQueriesContext(connection) as asked:
        body = page.get(reverse("notifications:inbox")).content.decode()
    assert (names(body, stays), names(body, goes), body.count(GONE)) == (True, False, 1)
    assert "започна работа" in body
    titles = [query["sql"] for query in asked if '"discussion_subject"."title"' in query["sql"]]
    fetched = {found for sql in titles for found in re.findall(r'(?:subject_id|subject"."id)" IN \(([^)]*)\)', sql)}
    assert fetched == {str(stays.pk)}


def test_author_and_official_in_charge_go_on_reading_it_by_name(town, client):
    author = factories.resident()
    report = factories.report(author=author, title="Личен двор", tells=True)
    actions.tell(report.subject.timeline.get().pk)
    worker = factories.official()
    actions.tell(act(report.pk, "assign", by=factories.dispatcher(), given=Given(person=worker)).pk)
    taken(report)
    for person, named in ((author, True), (worker, True)):
        client.force_login(person)
        assert names(client.get(reverse("notifications:inbox")).content.decode(), report) is named
    parks = factories.official("parks")
    assert sight.legible([report.pk], parks.correspondent) == set()
    assert sight.legible([report.pk], None, "roads@levka.test") == {report.pk}
    assert sight.legible([report.pk], None, "parks@levka.test") == set()


def test_a_guest_reads_the_own_hidden_report_by_name_and_nobody_elses(town):
    report = factories.report(author=None, email="guest@levka.test")
    person = report.contact.correspondent
    taken(report)
    assert sight.legible([report.pk], person) == {report.pk}
    assert sight.legible([report.pk], factories.guest()) == set()


def test_a_withdrawn_reports_page_opens_but_its_title_is_the_authors(town):
    author, stranger = factories.resident(), factories.resident()
    report = factories.report(author=author)
    act(report.pk, "withdraw", by=author, given=Given(text="Оправи се."))
    assert Report.objects.visible_to(stranger).filter(pk=report.pk).exists()
    assert not Report.objects.legible_to(stranger).filter(pk=report.pk).exists()
    assert sight.legible([report.pk], author.correspondent) == {report.pk}


def test_the_inbox_asks_as_often_for_one_that_is_gone_as_for_six(page, reader):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page.get(reverse("notifications:inbox"))
        return len(queries)

    taken(followed(reader, "Първа"))
    followed(reader, "Остава")
    asked()
    first = asked()
    for number in range(5):
        taken(followed(reader, f"Скрита {number}"))
        followed(reader, f"Остава {number}")
    assert asked() == first


def test_the_inbox_opens_where_a_goal_was_hidden(page, reader):
    hidden = goal()
    Follow.objects.create(subject=hidden.subject, correspondent=reader.correspondent)
    actions.tell(append(hidden.subject, "served", by=None, capacity="organiser", text="Алея с липи").pk)
    assert hidden.subject.title in page.get(reverse("notifications:inbox")).content.decode()
    Subject.objects.filter(pk=hidden.pk).update(is_public=False)
    answer = page.get(reverse("notifications:inbox"))
    assert answer.status_code == 200 and hidden.subject.title not in answer.content.decode()


@pytest.mark.parametrize("leaves", [taken, restricted])
def test_a_mail_that_waits_names_only_what_is_still_public(reader, mailoutbox, leaves):
    goes = followed(reader, "Личен двор")
    delivery = Delivery.objects.get(role="follower")
    stays = followed(reader, "Счупена пейка")
    leaves(goes)
    assert actions.deliver(delivery.pk) == "sent"
    (mail,) = mailoutbox
    whole = mail.subject + mail.body + mail.alternatives[0].content + str(mail.extra_headers)
    assert (names(whole, stays), names(whole, goes)) == (True, False)
    taken(stays)
    assert letters.letter(delivery, "reader@levka.test") is None


def test_a_mail_with_nothing_left_to_say_is_not_sent(reader, mailoutbox):
    report = followed(reader, "Личен двор")
    restricted(report)
    assert actions.deliver(Delivery.objects.get(role="follower").pk) == "skipped"
    assert mailoutbox == []


def test_the_stop_page_of_an_old_mail_does_not_name_it(page, reader, mailoutbox):
    report = followed(reader, "Личен двор")
    actions.deliver(Delivery.objects.get(role="follower").pk)
    link = re.search(r"http://localhost:8000(/unsubscribe/\S+)", mailoutbox[0].body)[1]
    assert names(page.get(link).content.decode(), report)
    taken(report)
    body = page.get(link).content.decode()
    assert (names(body, report), GONE in body) == (False, True)
    assert page.post(link).status_code == 200
    assert not Follow.objects.exists()


def test_entries_of_gone_reports_are_marked_as_read_too(page, reader):
    taken(followed(reader, "Личен двор"))
    mine = InboxEntry.objects.get(correspondent=reader.correspondent)
    page.post(reverse("notifications:inbox"), {"entry": mine.pk})
    mine.refresh_from_db()
    assert mine.read_at is not None


def test_an_old_mails_button_does_not_name_what_left_the_public(town, client):
    report = factories.report(title="Личен двор")
    stranger = factories.guest(verified=False)
    link = f"/reports/confirm/{wishes.token(stranger.pk, report.pk, wishes.Wish.FOLLOW)}/"
    assert names(client.get(link).content.decode(), report)
    taken(report)
    body = client.get(link).content.decode()
    assert (names(body, report), GONE in body) == (False, True)
    own = factories.report(author=None, email="guest@levka.test", title="Двор")
    mine = f"/reports/confirm/{wishes.token(own.contact.correspondent.pk, own.pk, wishes.Wish.OPEN)}/"
    taken(own)
    assert names(client.get(mine).content.decode(), own)
