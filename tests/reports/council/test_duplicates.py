"""Ideas merged: shown from both ends, counts stay, supporters are asked, never moved; no circle, also of two at once."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client

from discussion.models import Link, Subject, Support
from reports.actions import act, hide, support, withdraw_support
from reports.actions.move import Given
from reports.models import Reason, Report
from tests import factories
from tests.reports.council.world import idea, officer, step


@pytest.fixture
def town(db):
    return factories.town(support_threshold=10)


def refused(report: Report, original: Report) -> str:
    with pytest.raises(ValidationError) as found:
        step(report, "mark_duplicate", duplicate_of=original)
    assert Report.objects.get(pk=report.pk).status == report.status
    return found.value.message_dict["duplicate_of"][0]


def test_both_pages_name_the_other_and_the_counts_stay(town):
    first, second = idea(title="Чешма в парка"), idea(title="Вода до люлките")
    for number in range(3):
        support((first, second, second)[number].pk, factories.guest())
    step(second, "mark_duplicate", duplicate_of=first)
    assert list(
        Subject.objects.filter(pk__in=[first.pk, second.pk]).order_by("pk").values_list("support_count", flat=True)
    ) == [1, 2]
    assert Support.objects.filter(subject=first.pk).count() == 1
    page = Client().get(f"/reports/{second.subject.reference}/").text
    assert f"/reports/{first.subject.reference}/" in page
    page = Client().get(f"/reports/{first.subject.reference}/").text
    assert "Същото е казано в" in page
    assert f"/reports/{second.subject.reference}/" in page
    assert "Вода до люлките" in Client().get("/reports/?kind=idea").text


def test_nobody_new_supports_the_repeated_one_but_a_support_can_be_taken_back(town):
    first, second, guest = idea(), idea(), factories.guest()
    support(second.pk, guest)
    step(second, "mark_duplicate", duplicate_of=first)
    with pytest.raises(ValidationError):
        support(second.pk, factories.guest())
    assert withdraw_support(second.pk, guest)


def test_taken_back_it_is_where_it_was_and_no_link_stays(town):
    first, second = idea(), step(idea(), "take_up")
    second = step(second, "mark_duplicate", duplicate_of=first)
    second = step(second, "unmark_duplicate", text="Не е същото.")
    assert (second.status, Link.objects.count()) == ("under_review", 0)


def test_into_itself_in_a_circle_into_a_problem_or_a_hidden_one_is_refused_with_the_reason(town):
    first, second, third = idea(), idea(), idea()
    assert "себе си" in refused(first, first)
    second = step(second, "mark_duplicate", duplicate_of=first)
    assert "вече е отбелязана като повторение на тази" in refused(first, second)
    assert refused(third, second)
    assert refused(third, factories.report())
    hide(first.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    assert refused(third, Report.objects.get(pk=first.pk))
    assert Link.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_each_into_the_other_at_once_is_one_merge():
    factories.town()
    first, second, by = idea(), idea(), officer()
    barrier, said = threading.Barrier(2), []

    def merge(report: Report, original: Report) -> None:
        try:
            barrier.wait(10)
            act(report.pk, "mark_duplicate", by=by, given=Given(duplicate_of=original), tells=False)
            said.append("merged")
        except ValidationError:
            said.append("refused")
        except Exception as error:
            said.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=merge, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(said) == ["merged", "refused"]
    assert Link.objects.filter(kind="duplicate_of").count() == 1
