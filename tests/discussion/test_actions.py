"""The spine's writers: append-only rows, one support for an address, comments and flags."""

from __future__ import annotations

import datetime
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction

from discussion import actions
from discussion.models import Comment, Flag, Subject, Support, TimelineRow
from reports.models import Report
from tests import factories


@pytest.fixture
def report(db):
    factories.town()
    return factories.report()


def counts(subject_id):
    subject = Subject.objects.get(pk=subject_id)
    return subject.support_count, Support.objects.filter(subject=subject).count()


@pytest.mark.parametrize("change", ["UPDATE discussion_timelinerow SET code = 'x'", "DELETE FROM discussion_timelinerow"])
def test_timeline_row_is_never_edited_or_deleted(report, change):
    with pytest.raises(IntegrityError, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert list(TimelineRow.objects.values_list("code", flat=True)) == ["submitted"]


def test_row_and_its_job_are_one_transaction(report):
    jobs = "SELECT count(*) FROM procrastinate_jobs"
    with connection.cursor() as cursor:
        cursor.execute(jobs)
        before = cursor.fetchone()[0]
        with pytest.raises(RuntimeError), transaction.atomic():
            actions.append(report.subject, "noted", capacity="system")
            cursor.execute(jobs)
            assert cursor.fetchone()[0] == before + 1
            raise RuntimeError
        cursor.execute(jobs)
        assert cursor.fetchone()[0] == before


def test_support_counts_once_and_can_be_taken_back(report):
    guest = factories.guest()
    assert [actions.support(report.pk, guest), actions.support(report.pk, guest)] == [True, False]
    assert counts(report.pk) == (1, 1)
    assert [actions.unsupport(report.pk, guest), actions.unsupport(report.pk, guest)] == [True, False]
    assert counts(report.pk) == (0, 0)


def test_support_of_an_unverified_address_is_refused(report):
    with pytest.raises(ValidationError):
        actions.support(report.pk, factories.guest(verified=False))
    assert counts(report.pk) == (0, 0)


def test_support_does_not_make_an_official_stale(report):
    actions.support(report.pk, factories.guest())
    assert Subject.objects.get(pk=report.pk).version == 1


def test_support_of_what_is_not_public_is_refused(report):
    restricted = factories.report(restricted=True)
    with pytest.raises(ValidationError):
        actions.support(restricted.pk, factories.guest())


@pytest.mark.django_db(transaction=True)
def test_64_threads_support_with_one_address_once():
    factories.town()
    report, guest = factories.report(), factories.guest()

    def vote(_number):
        try:
            return actions.support(report.pk, guest)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(vote, range(64)))
    assert answers.count(True) == 1
    assert counts(report.pk) == (1, 1)


def test_comment_of_a_resident_waits_and_a_repeat_is_the_same(report):
    guest, client_uuid = factories.guest(), uuid.uuid4()
    made = [
        actions.comment(report.pk, text="Вярно е.", client_uuid=client_uuid, correspondent=guest, by=None) for _time in range(2)
    ]
    assert made[0].pk == made[1].pk
    assert made[0].state == Comment.State.WAITING
    assert Subject.objects.get(pk=report.pk).comment_count == 0


def test_the_same_words_sent_again_from_a_new_page_are_one_comment(report):
    guest = factories.guest()
    made = [
        actions.comment(report.pk, text="Вярно е.", client_uuid=uuid.uuid4(), correspondent=guest, by=None)
        for _time in range(2)
    ]
    assert made[0].pk == made[1].pk
    other = actions.comment(report.pk, text="Вярно.", client_uuid=uuid.uuid4(), correspondent=guest, by=None)
    Comment.objects.update(created_at=other.created_at - datetime.timedelta(hours=2))
    later = actions.comment(report.pk, text="Вярно е.", client_uuid=uuid.uuid4(), correspondent=guest, by=None)
    assert len({made[0].pk, other.pk, later.pk}) == 3


def test_other_words_under_a_used_uuid_are_refused_not_thanked_for(report):
    guest, client_uuid = factories.guest(), uuid.uuid4()
    actions.comment(report.pk, text="Вярно е.", client_uuid=client_uuid, correspondent=guest, by=None)
    with pytest.raises(ValidationError):
        actions.comment(report.pk, text="Още нещо.", client_uuid=client_uuid, correspondent=guest, by=None)
    with pytest.raises(ValidationError):
        actions.comment(report.pk, text="Вярно е.", client_uuid=client_uuid, correspondent=factories.guest("b@b.test"), by=None)


def test_a_repeat_that_is_proven_goes_on_and_one_that_was_removed_is_anew(report):
    guest = factories.guest()
    made = [
        actions.comment(report.pk, text="Вярно е.", client_uuid=uuid.uuid4(), correspondent=guest, by=None, proven=proven)
        for proven in (False, True)
    ]
    assert [one.pk for one in made] == [made[0].pk] * 2 and made[1].state == Comment.State.WAITING
    actions.settle_comment(made[0].pk, publish=False, by=factories.moderator(), reason="spam")
    again = actions.comment(report.pk, text="Вярно е.", client_uuid=uuid.uuid4(), correspondent=guest, by=None)
    assert (again.pk == made[0].pk, again.state) == (False, Comment.State.WAITING)


def test_the_same_thanks_of_an_official_are_two_comments(report):
    official = factories.official()
    known = actions.correspondent_of(official)
    for _reader in range(2):
        actions.comment(report.pk, text="Благодарим.", client_uuid=uuid.uuid4(), correspondent=known, by=official)
    assert Comment.objects.count() == 2


def test_a_comment_whose_address_never_answered_goes(report):
    guest = factories.guest(verified=False)
    made = actions.comment(report.pk, text="Вярно е.", client_uuid=uuid.uuid4(), correspondent=guest, by=None)
    assert actions.forget_unconfirmed(made.created_at) == 0
    assert actions.forget_unconfirmed(made.created_at + datetime.timedelta(seconds=1)) == 1


def test_a_flag_sent_twice_stands_once_and_other_words_are_refused(report):
    client_uuid = uuid.uuid4()
    made = [actions.flag(report.pk, reason="spam", client_uuid=client_uuid).pk for _time in range(2)]
    assert made == [Flag.objects.get().pk] * 2
    for subject, text in ((report, "и още"), (factories.report(), "")):
        with pytest.raises(ValidationError):
            actions.flag(subject.pk, reason="spam", text=text, client_uuid=client_uuid)


def test_moderator_publishes_and_removes_a_comment_and_its_flags_are_settled(report):
    stoyan = factories.moderator()
    made = actions.comment(report.pk, text="Вярно е.", client_uuid=uuid.uuid4(), correspondent=factories.guest(), by=None)
    actions.settle_comment(made.pk, publish=True, by=stoyan)
    assert Subject.objects.get(pk=report.pk).comment_count == 1
    actions.flag(report.pk, reason="spam", comment_id=made.pk)
    actions.settle_comment(made.pk, publish=False, by=stoyan, reason="spam")
    assert Subject.objects.get(pk=report.pk).comment_count == 0
    assert Flag.objects.get().settled_by == stoyan


def test_facts_of_the_report_follow_the_subject(report):
    Subject.objects.filter(pk=report.pk).update(is_public=False, area=factories.Area.objects.get(slug="dabrava"))
    found = Report.objects.get(pk=report.pk)
    assert (found.is_public, found.area.slug) == (False, "dabrava")


def test_report_cannot_be_assigned_outside_its_department(report):
    stranger = factories.official("parks")
    with pytest.raises(IntegrityError, match="report_assignee_of_department"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(assignee=stranger)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
