"""What the writers of comments hear, by mail and on the site, and those whom they answered."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts import organisations
from accounts.models import Invitation, User
from discussion import actions as spine
from discussion.models import Comment, TimelineRow
from municipality.models import Organisation
from notifications import link_letters, push
from notifications.models import Delivery, Muted
from notifications.recipients import recipients_of
from reports.models import Report
from tests import factories
from tests.notifications.test_letters import told
from tests.walls.world import _project


@pytest.fixture
def report(town: Any) -> Report:
    return factories.report()


def written(report: Report, by: User, **fields: Any) -> Comment:
    return spine.comment(
        report.pk, text="Купете от нас.", client_uuid=uuid.uuid4(), correspondent=by.correspondent, by=by, **fields
    )


def body(to: User) -> str:
    return str(next(sent.body for sent in mail.outbox if sent.to == [to.email]))


def last(report: Report) -> TimelineRow:
    return TimelineRow.objects.filter(subject_id=report.pk).latest("pk")


@pytest.mark.parametrize(
    ("hide", "headline"),
    [
        (False, "Коментарът Ви не е публикуван или е свален от модератор. Мотив: Спам."),
        (True, "Модератор скри коментара Ви: виждате го само Вие и модераторите. Мотив: Спам."),
    ],
)
def test_who_wrote_hears_why_it_was_taken_down_and_how_to_ask_again(report: Report, hide: bool, headline: str):
    writer = factories.resident()
    made = written(report, writer)
    spine.settle_comment(made.pk, publish=False, hide=hide, by=factories.moderator(), reason="spam", text="Това е реклама.")
    told(last(report))
    lines = body(writer)
    assert headline in lines and "> Това е реклама." in lines and "> Купете от нас." in lines
    assert mail.outbox[-1].subject.endswith(f" – {headline.partition('. ')[0]}")
    path = f"/subjects/{report.subject.reference}/comments/{made.pk}/appeal/"
    assert f"Помолете модератора да погледне отново: http://localhost:8000{path}" in lines
    assert "Стоян" not in lines  # the moderator is not named
    client = Client()
    client.force_login(writer, backend="django.contrib.auth.backends.ModelBackend")
    inbox = client.get("/accounts/inbox/").content.decode()
    assert headline in inbox and path in inbox


def test_one_line_on_a_device_speaks_of_the_own_comment(report: Report):
    writer = factories.resident()
    made = written(report, writer)
    spine.settle_comment(made.pk, publish=False, by=factories.moderator(), reason="spam")
    row = last(report)
    delivery = Delivery(row=row, role="visitor", correspondent=writer.correspondent)
    sent = push.payload(delivery, "bg")
    assert sent["body"] == "Коментарът Ви не е публикуван или е свален от модератор. Мотив: Спам."
    assert sent["url"] == f"/subjects/{report.subject.reference}/comments/{made.pk}/appeal/"


@pytest.mark.parametrize(("upheld", "says"), [(True, "остава публикуван"), (False, "остава свален")])
def test_an_appeal_is_answered_with_a_reason(report: Report, upheld: bool, says: str):
    writer, by = factories.resident(), factories.moderator()
    made = written(report, writer)
    spine.settle_comment(made.pk, publish=False, by=by, reason="spam")
    asked = spine.appeal(made.pk, text="Не е реклама.", correspondent=writer.correspondent)
    spine.settle_appeal(asked.pk, upheld=upheld, answer="Прочетох го пак.", by=by)
    told(last(report))
    assert says in body(writer) and "> Прочетох го пак." in body(writer) and "/appeal/" not in body(writer)


def test_whoever_is_answered_hears_it_once_everyone_reads_it(report: Report):
    first, second = factories.resident(), factories.resident()
    made = written(report, first)
    spine.settle_comment(made.pk, publish=True, by=factories.moderator())
    below = spine.comment(
        report.pk,
        text="Не, благодаря.",
        client_uuid=uuid.uuid4(),
        correspondent=second.correspondent,
        by=second,
        parent_id=made.pk,
    )
    assert recipients_of(last(report)) == []
    spine.settle_comment(below.pk, publish=True, by=factories.moderator())
    told(last(report))
    assert "Отговориха на Вашия коментар." in body(first) and "> Не, благодаря." in body(first)
    assert f"/reports/{report.subject.reference}/#comment-{below.pk}" in body(first)
    assert "Коментарът Ви е публикуван." in body(second)


def test_an_officials_answer_is_told_at_once_unless_muted(report: Report):
    writer, official = factories.resident(), factories.official()
    made = written(report, writer)
    spine.settle_comment(made.pk, publish=True, by=factories.moderator())
    written(report, official, parent_id=made.pk)
    answered = [who.correspondent for who in recipients_of(last(report)) if who.role == "visitor"]
    assert answered == [writer.correspondent]
    Muted.objects.create(correspondent=writer.correspondent, subject=report.subject)
    assert [who for who in recipients_of(last(report)) if who.role == "visitor"] == []


def test_nobody_hears_who_found_it_helpful(report: Report):
    made = written(report, factories.official())
    spine.find_helpful(made.pk, factories.guest())
    assert (last(report).code, last(report).tells, recipients_of(last(report))) == ("found_helpful", False, [])


def test_followers_hear_the_summary_of_reports_and_of_projects(report: Report):
    follower, by = factories.guest(), factories.moderator()
    for subject in (report.pk, _project().pk):
        spine.follow(subject, follower)
        spine.conclude(subject, text="Съгласни сме.", by=by)
        row = TimelineRow.objects.filter(subject=subject).latest("pk")
        assert follower in [who.correspondent for who in recipients_of(row)]
        assert any("Съгласни сме." in sent.body for sent in told(row))


def test_a_member_is_invited_in_words_of_its_own(town: Any):
    home = Organisation.objects.create(slug="wheels", kind="association", name=factories.texts("Колела"))
    by = factories.administrator()
    organisations.verify(home.pk, verified=True, by=by)
    organisations.invite_member("rada@levka.test", home.pk, "member", language="bg", by=by)
    mail.outbox.clear()
    link_letters.send_invitation(Invitation.objects.get().pk)
    [sent] = mail.outbox
    assert sent.subject == "Покана да говорите от името на „Колела“"
    assert "Поканени сте да говорите от името на „Колела“ на този сайт" in sent.body
