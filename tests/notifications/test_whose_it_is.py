"""Who answers for something hears what people observe and recommend; who made or comes to something hears that it was hidden, and why."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Correspondent
from discussion import actions as spine
from discussion.models import Comment, TimelineRow
from notifications.models import InboxEntry
from participation.actions import taking_part
from participation.models import Policy
from reports.models import Reason
from tests import factories
from tests.notifications.test_letters import told
from tests.participation.conftest import event
from tests.participation.test_event_pages import signed_in
from tests.participation.test_policies import policy
from tests.participation.test_sectors import a_service

pytestmark = pytest.mark.usefixtures("town")


def letters() -> dict[str, Any]:
    return {sent.to[0]: sent for sent in mail.outbox}


def last(pk: int, code: str) -> TimelineRow:
    return TimelineRow.objects.filter(subject=pk, code=code).latest("pk")


def observed(pk: int, text: str, kind: str = "fails") -> TimelineRow:
    writer = factories.guest()
    made = spine.comment(pk, text=text, kind=kind, client_uuid=uuid.uuid4(), correspondent=writer, by=None, proven=True)
    if made.state != Comment.State.PUBLISHED:
        spine.settle_comment(made.pk, publish=True, by=factories.moderator())
    return last(pk, "comment_published")


def test_an_observation_reaches_the_department_that_answers_for_the_policy_and_a_remark_does_not() -> None:
    made = policy()
    department = Policy.objects.get(pk=made.pk).organisation
    official = factories.official(department.slug)
    told(observed(made.pk, "Липите изсъхнаха."))
    sent = letters()[department.mailbox]
    assert "> Липите изсъхнаха." in sent.body and "/desk/" not in sent.body and made.subject.title in sent.subject
    assert "#comment-" in sent.body and official.email not in letters()
    page = signed_in(official).get("/accounts/inbox/").content.decode()
    assert "Наблюдение за това, за което отговаряте: не работи." in page
    told(observed(made.pk, "Само казвам.", kind="remark"))
    assert department.mailbox not in letters()


def test_a_recommendation_reaches_the_department_that_gives_the_service_beside_that_of_the_category() -> None:
    service = a_service()
    idea = factories.report(category="park-idea", title="По-кратък срок", inspired_by=service.subject, tells=True)
    assert idea.department_id != service.department_id
    told(last(idea.pk, "submitted"))
    sent = letters()
    assert {idea.department.mailbox, service.department.mailbox} <= set(sent)
    body = sent[service.department.mailbox].body
    assert "Препоръка към услугата „Разрешение за дърво“" in body and f"/reports/{idea.subject.reference}/" in body
    told(last(factories.report(category="park-idea", tells=True).pk, "submitted"))
    assert service.department.mailbox not in letters()


def test_author_and_who_comes_hear_that_it_was_hidden_and_that_it_is_shown_again() -> None:
    author, comes, moderator = factories.official(), factories.resident(), factories.moderator()
    made = event(author, registration=True)
    who = spine.correspondent_of(comes)
    Correspondent.objects.filter(pk=who.pk).update(verified_at=made.subject.created_at)
    taking_part.register(made.pk, Correspondent.objects.get(pk=who.pk))
    reason = Reason.objects.get(slug="spam")
    told(spine.hide_whole(made.pk, reason=reason.slug, by=moderator, text="Вижте правилата."))
    sent = letters()
    assert set(sent) == {author.email, comes.email}
    assert "Мотив: Спам." in sent[author.email].body and "> Вижте правилата." in sent[author.email].body
    assert "Ако не сте съгласни, пишете на общината" in sent[author.email].body
    said = sent[comes.email].subject + sent[comes.email].body
    assert "не е публично" in said and made.subject.title not in said and "правилата" not in said
    page = signed_in(comes).get("/accounts/inbox/").content.decode()
    assert "не е публично" in page and made.subject.title not in page
    assert "Ако не сте съгласни, пишете на общината." in signed_in(author).get("/accounts/inbox/").content.decode()
    told(spine.show_whole(made.pk, public=True, by=moderator))
    assert "отново се вижда от всички" in letters()[comes.email].body and "достъпно за всички" in letters()[author.email].body
    assert InboxEntry.objects.filter(correspondent=who).count() == 2
    assert Client().get(made.subject.path).status_code == 200
