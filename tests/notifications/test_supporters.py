"""Supporters of an idea hear of reaching, filing, decision, plan and result; of a merge they are asked, and everyone can stop it."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

import discussion.actions
from discussion.models import Subject, Support, TimelineRow
from notifications import actions
from notifications.models import Delivery, Muted, Waiting
from notifications.preferences import set_habits
from notifications.recipients import As, recipients_of
from reports.actions import hide, invite, support
from reports.models import CoAuthor, Reason
from tests import factories
from tests.reports.council.world import carried_out, decided, filed, idea, officer, step

MAIL = "supporter@levka.test"


def told(row: TimelineRow) -> None:
    mail.outbox.clear()
    for who in actions.telling.tell(row, recipients_of(row)):
        actions.deliver(who[0].pk)


def body(to: str = MAIL) -> str:
    return next(sent.body for sent in mail.outbox if sent.to == [to])


def supporters(row: TimelineRow) -> list[str]:
    return [who.correspondent.email for who in recipients_of(row) if who.role == As.SUPPORTER and who.correspondent]


def row(code: str) -> TimelineRow:
    return TimelineRow.objects.select_related("actor").filter(code=code).order_by("-pk")[0]


def test_each_step_is_told_to_who_supports_it(town):
    report, guest = idea(), factories.guest(MAIL)
    support(report.pk, guest)
    carried_out(decided(report=filed(report)))
    assert {code: supporters(row(code)) for code in ("take_up", "file_with_council", "accept", "carry_out")} == {
        "take_up": [], "file_with_council": [MAIL], "accept": [MAIL], "carry_out": [MAIL],
    }  # fmt: skip


def test_reaching_tells_supporters_the_officers_and_opens_a_case_for_them(town, client: Client):
    report, by = idea(), officer()
    for number in range(3):
        support(report.pk, factories.guest(f"s{number}@levka.test"))
    reached = row("reach_threshold")
    assert sorted(supporters(reached)) == ["s0@levka.test", "s1@levka.test", "s2@levka.test"]
    assert by.email in [who.correspondent.email for who in recipients_of(reached) if who.correspondent]
    client.force_login(by, backend="django.contrib.auth.backends.ModelBackend")
    waiting = client.get("/desk/?tab=council").text
    assert report.subject.title in waiting
    assert "За Общинския съвет" in waiting
    client.force_login(factories.official("parks"), backend="django.contrib.auth.backends.ModelBackend")
    assert "За Общинския съвет" not in client.get("/desk/").text


def test_the_letter_says_the_number_and_has_its_one_click_stop(town, client: Client):
    report, guest = idea(), factories.guest(MAIL)
    support(report.pk, guest)
    filed(report)
    told(row("file_with_council"))
    assert "94-118" in body()
    sent = next(one for one in mail.outbox if one.to == [MAIL])
    link = re.search(r"<(http[^>]+)>", sent.extra_headers["List-Unsubscribe"])[1].partition("8000")[2]
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Muted.objects.filter(correspondent=guest, subject=report.pk).exists()
    assert Support.objects.filter(correspondent=guest).exists(), "the support itself stays"
    decided("accept", type(report).objects.get(pk=report.pk))
    assert supporters(row("accept")) == []


def test_hours_and_summaries_are_respected(town):
    report, guest = idea(), factories.guest(MAIL)
    support(report.pk, guest)
    set_habits(guest, follow_frequency="weekly")
    filed(report)
    told(row("file_with_council"))
    assert [sent.to for sent in mail.outbox if sent.to == [MAIL]] == []
    assert Waiting.objects.get(correspondent=guest).role == "supporter"


def test_whoever_follows_too_hears_once_and_an_unproven_or_hidden_one_does_not(town):
    report, guest = idea(), factories.guest(MAIL)
    support(report.pk, guest)
    discussion.actions.follow(report.pk, guest)
    filed(report)
    assert [who.role for who in recipients_of(row("file_with_council")) if who.correspondent == guest] == [As.FOLLOWER]
    silent = factories.guest("silent@levka.test")
    support(report.pk, silent)
    type(guest).objects.filter(pk=silent.pk).update(verified_at=None)
    assert supporters(row("file_with_council")) == []
    hide(report.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    assert not [who for who in recipients_of(row("file_with_council")) if who.correspondent == guest]


def merged(guest) -> tuple:
    first, second = idea(title="Чешма в парка"), idea(title="Вода до люлките")
    support(second.pk, guest)
    step(second, "mark_duplicate", duplicate_of=first)
    return first, second


def test_supporters_of_a_merged_idea_are_asked_with_one_button(town, client: Client):
    guest = factories.guest(MAIL)
    first, second = merged(guest)
    told(row("mark_duplicate"))
    assert "„Чешма в парка“" in body()
    assert "не се мести" in body()
    link = re.search(r"Подкрепям и там: http://localhost:8000(\S+)", body())[1]
    assert client.get(link).status_code == 200
    assert not Support.objects.filter(subject=first.pk).exists(), "GET never acts"
    assert client.post(link).status_code == 302
    assert Support.objects.filter(subject=first.pk, correspondent=guest).exists()
    counts = dict(Subject.objects.values_list("pk", "support_count"))
    assert (counts[first.pk], counts[second.pk]) == (1, 1)


def test_who_supports_both_is_told_and_not_asked(town):
    guest = factories.guest(MAIL)
    first, _second = merged(guest)
    support(first.pk, guest)
    told(row("mark_duplicate"))
    assert "Подкрепям и там" not in body()
    assert "повтаря друга идея" in body()


def test_the_letter_to_a_co_author_leads_to_the_invitation(town):
    report = idea(title="Чешма в парка")
    invite(report.pk, "together@levka.test", by=report.author, language="bg")
    told(row("co_author_asked"))
    assert [sent.to for sent in mail.outbox] == [["together@levka.test"]]
    said = body("together@levka.test")
    assert "кани за съавтор" in said
    link = re.search(r"Вижте поканата: http://localhost:8000(\S+)", said)[1]
    assert Client().get(link).status_code == 200
    assert CoAuthor.objects.get().agreed_at is None
    assert Delivery.objects.get(row__code="co_author_asked").role == "visitor"


@pytest.mark.parametrize("code", ["file_with_council", "mark_duplicate"])
def test_who_supports_is_in_no_letter_of_another(town, code):
    report = idea()
    for number in range(2):
        support(report.pk, factories.guest(f"s{number}@levka.test"))
    if code == "file_with_council":
        filed(report)
    else:
        step(report, "mark_duplicate", duplicate_of=idea())
    told(row(code))
    for sent in mail.outbox:
        others = {f"s{number}@levka.test" for number in range(2)} - set(sent.to)
        assert not [other for other in others if other in sent.body]
