"""Keeping somebody from writing: with reason and term, what they wrote held in the same act, all of it undone by one press."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from accounts import blocks
from accounts.models import Block, Correspondent, User
from discussion import actions as spine
from discussion import wishes
from discussion.models import Comment, Subject, TimelineRow
from notifications.link_letters import send_block
from participation.actions import move
from participation.actions import pledge as pledges
from participation.actions.initiative import propose
from participation.actions.profile import keep, settle
from reports import actions
from reports.models import Contact, Reason, Report
from tests import factories
from tests.participation.conftest import event
from tests.participation.test_initiatives import initiative
from tests.participation.test_initiatives import said as proposed
from tests.participation.test_people import card as person_card
from tests.participation.test_pledges import pledge

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> None:
    factories.town()
    Reason.objects.create(slug="insult", name=factories.texts("Обиди", "Insults"), serves=["hide", "comment"])


@pytest.fixture
def writer(town: None) -> User:
    return factories.resident(email="writer@levka.test")


def of(user: User) -> Correspondent:
    return spine.correspondent_of(user)


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def blocked(user: User, *, days: int = 14, by: User | None = None) -> Block:
    return actions.block(
        of(user), reason=Reason.objects.get(slug="insult"), until=in_days(days), by=by or factories.moderator()
    )


def says(user: User, subject: Subject) -> Comment:
    return spine.comment(subject.pk, text=f"Дума {uuid.uuid4()}", client_uuid=uuid.uuid4(), correspondent=of(user), by=user)


def wrote(user: User) -> tuple[Any, Comment, Any]:
    """A report, a comment that everyone reads, an event."""
    report = factories.report(author=user)
    said = says(user, factories.report().subject)
    spine.settle_comment(said.pk, publish=True, by=factories.moderator())
    made = event(by=user)
    from participation.actions.move import act

    act(type(made), made.pk, "publish", by=factories.moderator())
    return report, said, made


def open_to_all(report: Any, said: Comment, made: Any) -> list[bool]:
    said.refresh_from_db()
    flags = Subject.objects.in_bulk([report.pk, made.pk])
    return [flags[report.pk].is_public, said.state == Comment.State.PUBLISHED, flags[made.pk].is_public]


def test_all_that_was_written_is_held_in_the_same_act_and_comes_back(writer: User) -> None:
    things = wrote(writer)
    other = factories.report()
    assert open_to_all(*things) == [True, True, True]
    made = blocked(writer)
    assert open_to_all(*things) == [False, False, False]
    assert Subject.objects.get(pk=other.pk).is_public
    actions.lift(made.pk, by=factories.moderator())
    assert open_to_all(*things) == [True, True, True]
    rows = TimelineRow.objects.count()
    actions.lift(made.pk, by=factories.moderator())
    assert TimelineRow.objects.count() == rows


def test_what_a_moderator_hid_before_stays_hidden_when_the_block_is_lifted(writer: User) -> None:
    report, said, made = wrote(writer)
    actions.hide(report.pk, reason=Reason.objects.get(slug="insult"), by=factories.moderator())
    block = blocked(writer)
    actions.lift(block.pk, by=factories.moderator())
    assert open_to_all(report, said, made) == [False, True, True]


def test_what_was_hidden_anew_or_rejected_during_the_term_stays_so_when_the_block_is_lifted(writer: User) -> None:
    moderator, insult = factories.moderator(), Reason.objects.get(slug="insult")
    report, said, made = wrote(writer)
    rejected = wrote(writer)[2]
    block = blocked(writer, by=moderator)
    actions.publish_again(report.pk, by=moderator, text="Беше грешка.")
    actions.hide(report.pk, reason=insult, by=moderator)
    spine.settle_comment(said.pk, publish=True, by=moderator)
    spine.settle_comment(said.pk, publish=False, hide=True, by=moderator, reason="insult")
    spine.show_whole(made.pk, public=True, by=moderator)
    spine.hide_whole(made.pk, reason="insult", by=moderator)
    type(rejected).objects.filter(pk=rejected.pk).update(status="rejected")
    actions.lift(block.pk, by=moderator)
    assert open_to_all(report, said, made) == [False, False, False]
    left = Subject.objects.get(pk=rejected.pk)
    assert (left.is_public, left.visibility) == (False, "public")


def test_nothing_is_written_during_the_term_and_the_reason_is_read(writer: User) -> None:
    subject = factories.report().subject
    blocked(writer)
    for does in (
        lambda: says(writer, subject),
        lambda: factories.report(author=writer),
        lambda: event(by=writer),
        lambda: initiative(by=writer),
    ):
        with pytest.raises(ValidationError) as refused:
            does()
        assert refused.value.code == "blocked"
        assert f"{in_days(14):%d.%m.%Y}" in refused.value.messages[0]
        assert "Обиди" in refused.value.messages[0] or "Insults" in refused.value.messages[0]
    assert Comment.objects.count() == 0


def test_the_term_ends_by_itself(writer: User) -> None:
    made = blocked(writer, days=0)
    assert blocks.in_force(of(writer)) == made
    Block.objects.update(until=in_days(-1))
    assert blocks.in_force(of(writer)) is None
    assert says(writer, factories.report().subject).pk
    assert blocked(writer).pk != made.pk
    assert Block.objects.filter(lifted_at=None).count() == 1


def test_who_may_be_blocked_until_when_by_whom(writer: User) -> None:
    for days in (-1, 366):
        with pytest.raises(ValidationError) as refused:
            blocked(writer, days=days)
        assert list(refused.value.message_dict) == ["until"]
    with pytest.raises(ValidationError):
        blocked(factories.official())
    with pytest.raises(PermissionDenied):
        blocked(writer, by=factories.official())
    blocked(writer)
    with pytest.raises(ValidationError):
        blocked(writer)
    assert Block.objects.count() == 1


def test_the_pages_name_nobody_and_do_it(writer: User, client: Client) -> None:
    report, said, _made = wrote(writer)
    client.force_login(factories.moderator())
    address = f"/subjects/{said.subject.reference}/comments/{said.pk}/block/"
    assert client.post(address, {"reason": "insult", "until": "вчера"}).status_code == 422
    assert client.post(address, {"reason": "insult", "until": in_days(3).isoformat(), "text": "Без обиди."}).status_code == 302
    page = client.get("/desk/moderation/blocks/").content.decode()
    assert "Обиди" in page
    assert writer.email not in page
    assert client.get(f"/subjects/{report.subject.reference}/block/").status_code == 200
    client.post(f"/desk/moderation/blocks/{Block.objects.get().pk}/lift/")
    assert Block.objects.get().lifted_at is not None


def test_a_whole_event_is_hidden_and_shown_again(town: None, client: Client) -> None:
    made = event()
    client.force_login(factories.moderator())
    address = f"/subjects/{made.subject.reference}/moderate/"
    assert client.post(address, {"reason": "insult"}).status_code == 302
    assert (Client().get(made.subject.path).status_code, client.get(made.subject.path).status_code) == (404, 200)
    assert client.post(address, {"text": ""}).status_code == 422
    assert client.post(address, {"text": "Беше грешка."}).status_code == 302
    assert Client().get(made.subject.path).status_code == 200


def test_a_report_is_moderated_at_the_desk(town: None, client: Client) -> None:
    report = factories.report()
    client.force_login(factories.moderator())
    answer = client.get(f"/subjects/{report.subject.reference}/moderate/")
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/{report.subject.reference}/")
    with pytest.raises(ValidationError):
        spine.hide_whole(report.pk, reason="insult", by=factories.moderator())


def test_who_writes_under_a_blocked_address_that_is_not_theirs_learns_nothing(writer: User) -> None:
    subject = factories.report().subject
    blocked(writer)
    made = spine.comment(
        subject.pk, text="Чужд адрес", client_uuid=uuid.uuid4(), correspondent=of(writer), by=None, proven=False
    )
    assert made.state == Comment.State.UNCONFIRMED


def test_hidden_twice_from_two_old_pages_it_stays_hidden(town: None) -> None:
    made = event()
    first, second = Client(), Client()
    for client in (first, second):
        client.force_login(factories.moderator())
    address = f"/subjects/{made.subject.reference}/moderate/"
    assert 'value="hide"' in second.get(address).content.decode()
    data = {"reason": "insult", "text": "Обиди.", "seen": "hide"}
    assert first.post(address, data).status_code == 302
    assert second.post(address, data).status_code == 422
    assert not Subject.objects.get(pk=made.pk).is_public


def test_two_addresses_become_one_and_the_longer_block_holds_what_both_held(writer: User) -> None:
    guest = factories.guest("other@levka.test")
    report, _said, _made = wrote(writer)
    mine = blocked(writer, days=3)
    Block.objects.create(
        correspondent=guest, reason="insult", until=in_days(9), by=factories.moderator(), held={"comments": [], "subjects": []}
    )
    from reports.actions.person import take_over

    take_over(guest, of(writer))
    [left] = Block.objects.filter(correspondent=of(writer), lifted_at=None)
    assert left.until == in_days(9)
    assert report.pk in left.held["subjects"]
    assert Block.objects.get(pk=mine.pk).lifted_at is not None


def test_erased_no_words_about_the_person_are_left(writer: User) -> None:
    made = blocked(writer)
    Block.objects.update(text="Обиждахте Рада Колева.")
    from reports.actions.person import erase

    erase(of(writer))
    assert Block.objects.values_list("pk", "text", "reason", "until").get() == (made.pk, "", "insult", in_days(14))


def test_whoever_is_kept_from_writing_is_told_until_when_and_why_by_mail_and_on_their_page(writer: User) -> None:
    moderator, insult = factories.moderator(), Reason.objects.get(slug="insult")
    made = actions.block(of(writer), reason=insult, until=in_days(14), by=moderator, text="Моля, без обиди.")
    send_block(made.pk)
    (letter,) = [sent for sent in mail.outbox if sent.to == [writer.email]]
    client = Client()
    client.force_login(writer)
    for said in (letter.body, client.get("/accounts/").content.decode()):
        assert f"{in_days(14):%d.%m.%Y}" in said and "Моля, без обиди." in said and "Обиди" in said
    actions.lift(made.pk, by=moderator)
    send_block(made.pk)
    assert len(mail.outbox) == 1
    assert "Моля, без обиди." not in client.get("/accounts/").content.decode()


def test_what_nobody_has_read_yet_is_not_published_during_the_term_and_the_queue_says_so(writer: User) -> None:
    moderator, subject = factories.moderator(), factories.report().subject
    promised, card = pledge(subject.pk, by=writer), keep(person_card(), by=writer)
    begun = propose(proposed(), by=writer, client_uuid=uuid.uuid4())
    client = Client()
    client.force_login(moderator)
    publish = f"/pledges/{promised.pk}/act/publish/?"
    assert publish in client.get("/desk/moderation/").content.decode()
    block = blocked(writer, by=moderator)
    page = client.get("/desk/moderation/").content.decode()
    assert publish not in page and page.count(f"до {in_days(14):%d.%m.%Y}: дотогава") == 3
    for does in (
        lambda: pledges.act(promised.pk, "publish", by=moderator),
        lambda: settle(card.pk, publish=True, by=moderator),
        lambda: move.act(type(begun), begun.pk, "publish", by=moderator),
    ):
        with pytest.raises(ValidationError) as refused:
            does()
        assert refused.value.code == "blocked"
    actions.lift(block.pk, by=moderator)
    assert pledges.act(promised.pk, "publish", by=moderator).code == "pledged"


def unread(report: Report, status: str, guest: Correspondent) -> None:
    Subject.objects.filter(pk=report.pk).update(is_public=False)  # the report's copy follows
    Report.objects.filter(pk=report.pk).update(status=status)
    Contact.objects.update_or_create(report=report, defaults={"correspondent": guest})


def kept_by_guest() -> tuple[Correspondent, Any, Any, Comment]:
    """A guest, their problem and idea and a comment, all unread."""
    guest = factories.guest("guest@levka.test")
    made = [factories.report(**given) for given in ({}, {"category": "park-idea"})]
    for report in made:
        unread(report, "awaiting_moderation", guest)
    said = spine.comment(
        factories.report().subject_id, text="Нечетено", client_uuid=uuid.uuid4(), correspondent=guest, by=None, proven=True
    )
    return guest, *made, said


def refused_with(does: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        does()
    return str(refused.value.code)


def test_unread_reports_ideas_and_comments_of_a_blocked_guest_are_not_published_and_the_queue_says_so(town: None) -> None:
    moderator, insult = factories.moderator(), Reason.objects.get(slug="insult")
    guest, problem, idea, said = kept_by_guest()
    taken = spine.comment(said.subject_id, text="Свалено", client_uuid=uuid.uuid4(), correspondent=guest, by=None, proven=True)
    spine.settle_comment(taken.pk, publish=False, by=moderator, reason="insult")
    asked = spine.appeal(taken.pk, text="Моля.", correspondent=guest)
    client = Client()
    client.force_login(moderator)
    offered = (f"/desk/{problem.subject.reference}/act/publish/", f"/desk/{idea.subject.reference}/act/publish/")
    buttons = ('name="publish"', 'name="uphold"')
    page = client.get("/desk/moderation/").content.decode()
    assert [each in page for each in (*offered, *buttons)] == [True] * 4
    made = actions.block(guest, reason=insult, until=in_days(14), by=moderator)
    page = client.get("/desk/moderation/").content.decode()
    assert [each in page for each in (*offered, *buttons)] == [False] * 4
    assert page.count(f"до {in_days(14):%d.%m.%Y}: дотогава") == 4
    verbs = (
        lambda: actions.act(problem.pk, "publish", by=moderator),
        lambda: actions.act(idea.pk, "publish", by=moderator),
        lambda: spine.settle_comment(said.pk, publish=True, by=moderator),
        lambda: spine.settle_comment(taken.pk, publish=True, by=moderator),
        lambda: spine.settle_appeal(asked.pk, upheld=True, answer="Да.", by=moderator),
    )
    assert [refused_with(verb) for verb in verbs] == ["blocked"] * 5
    actions.lift(made.pk, by=moderator)
    for verb in (*verbs[:3], verbs[4]):
        verb()
    assert Subject.objects.filter(pk__in=[problem.pk, idea.pk], is_public=True).count() == 2
    assert set(Comment.objects.filter(correspondent=guest).values_list("state", flat=True)) == {Comment.State.PUBLISHED}


def test_who_is_kept_from_writing_confirms_no_report_and_withdraws_a_problem_all_the_same(writer: User, client: Client) -> None:
    guest = factories.guest("guest@levka.test")
    sent, problem, idea = (
        factories.report(),
        factories.report(author=writer),
        factories.report(author=writer, category="park-idea"),
    )
    unread(sent, "awaiting_confirmation", guest)
    actions.block(guest, reason=Reason.objects.get(slug="insult"), until=in_days(14), by=factories.moderator())
    token = wishes.token(guest.pk, sent.pk, wishes.Wish.REPORT)
    page = client.post(f"/reports/confirm/{token}/", follow=True).content.decode()
    assert f"{in_days(14):%d.%m.%Y}" in page
    assert Report.objects.get(pk=sent.pk).status == "awaiting_confirmation"
    blocked(writer)
    away = actions.Given(text="Поправено е.")
    assert refused_with(lambda: actions.act(idea.pk, "withdraw", by=writer, given=away)) == "blocked"
    actions.act(problem.pk, "withdraw", by=writer, given=away)
    assert Report.objects.get(pk=problem.pk).status == "withdrawn"


def test_a_block_of_an_older_version_releases_what_it_held_and_counts_the_answers_anew(writer: User) -> None:
    things = wrote(writer)
    below = spine.comment(
        things[0].pk, text="Да", client_uuid=uuid.uuid4(), correspondent=of(factories.resident()), by=None, proven=True
    )
    spine.settle_comment(below.pk, publish=True, by=factories.moderator())
    made = blocked(writer)
    old = {name: made.held[name] for name in ("comments", "subjects")}
    Block.objects.filter(pk=made.pk).update(held=old)
    Subject.objects.filter(pk=things[0].pk).update(comment_count=0)
    actions.lift(made.pk, by=factories.moderator())
    assert open_to_all(*things) == [True, True, True]
    assert Subject.objects.get(pk=things[0].pk).comment_count == 1
