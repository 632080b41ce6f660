"""What people hear of an initiative: the link that proves an address, the organisers' news, its result; nobody reads who else hears."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from discussion import actions as spine
from discussion.models import TimelineRow
from participation.actions import joining
from participation.actions.initiative import finish, write_to_all
from participation.actions.move import act
from reports.models import Reason
from tests import factories
from tests.notifications.test_letters import told
from tests.participation.conftest import event
from tests.participation.test_initiatives import initiative

pytestmark = pytest.mark.usefixtures("town")


def letters() -> dict[str, Any]:
    """Address → the last mail to it."""
    return {sent.to[0]: sent for sent in mail.outbox}


def test_the_news_reach_who_joined_and_followers_and_name_nobody() -> None:
    by, joined, follows = factories.official(), factories.guest(), factories.guest()
    made = initiative(by=by)
    joining.join(made.pk, joined)
    spine.follow(made.pk, follows)
    told(write_to_all(made.pk, text="Вземете ръкавици.", by=by))
    sent = letters()
    assert set(sent) == {joined.email, follows.email}
    for one in sent.values():
        assert "Новина от организаторите" in one.subject and "> Вземете ръкавици." in one.body
        assert f"http://localhost:8000/initiatives/{made.subject.reference}/" in one.body
        assert one.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert not any(other in one.body for other in (joined.email, follows.email, by.email, by.name))


def test_the_result_is_told_in_its_words() -> None:
    by, joined = factories.official(), factories.guest()
    made = initiative(by=by, status="under_way")
    joining.join(made.pk, joined)
    told(finish(made.pk, text="Дванайсет дървета.", by=by))
    assert "> Дванайсет дървета." in letters()[joined.email].body


def test_a_stranger_is_asked_by_one_link_that_says_what_for() -> None:
    made, who = initiative(), factories.guest(verified=False)
    joining.ask(made.pk, who)
    told(TimelineRow.objects.get(subject=made.pk, code="confirmation_asked"))
    found = letters()[who.email]
    assert "иска да участва в „Садим дървета“" in found.body and "/reports/confirm/" in found.body
    assert "Участвате, след като потвърдите." in found.body


def test_a_refusal_reaches_who_organises_it_though_nobody_else_reads_it() -> None:
    by = factories.resident()
    made = event(by=by)
    told(act(type(made), made.pk, "reject", by=factories.moderator(), reason=Reason.objects.get(slug="spam")))
    sent = letters()
    assert (set(sent), made.subject.title in sent[by.email].subject + sent[by.email].body) == ({by.email}, True)
