"""Whoever contributed to a consultation hears what was decided on theirs and why, and reads it where they wrote."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core import mail
from django.test import Client

from accounts.models import Correspondent
from discussion import actions as spine
from discussion.markup import plain
from discussion.models import Comment, TimelineRow
from notifications import actions as notify
from notifications import comment_words
from notifications.models import Delivery, InboxEntry
from notifications.recipients import recipients_of
from participation.actions import consultation as actions
from participation.actions import table
from participation.models import Proposal
from reports.models import Report
from tests import factories
from tests.participation import consultation_world as world
from tests.participation.test_giving_ideas import idea

pytestmark = pytest.mark.usefixtures("town")


def row_of(subject_id: int, code: str) -> TimelineRow:
    return TimelineRow.objects.select_related("subject").get(subject=subject_id, code=code)


def letter_to(row: TimelineRow, who: Correspondent) -> str:
    """The text part of the one mail that this person gets of the act."""
    delivery = Delivery.objects.get(row=row, correspondent=who, channel="email")
    notify.deliver(delivery.pk)
    return str(mail.outbox[-1].body)


def answered() -> tuple[Any, Any, Correspondent, Report]:
    """A call with a comment of a guest who follows it too, one that is withdrawn, one of an erased person, and an idea."""
    by, writer, gone = factories.official("parks"), factories.guest(), factories.guest()
    Correspondent.objects.filter(pk=writer.pk).update(language="en")
    made = world.opened(by, kind="call", within=world.within())
    comment = world.said(made, "**Да** има [липи](https://example.org/).\n\n- две", who=writer)
    withdrawn = world.said(made, "Да няма пейки.", who=gone)
    erased = world.said(made, "Да има пейки.")
    spine.follow(made.pk, writer)
    given = idea(point=Point(*world.INSIDE), given_to=made.subject, title="Пейка до чешмата")
    world.over(made)
    table.collect(made.pk, by=by)
    spine.withdraw_comment(withdrawn.pk, correspondent=gone)
    Comment.objects.filter(pk=erased.pk).update(correspondent=None)
    for row in Proposal.objects.all():
        mine = row.sources.filter(comment=comment.pk).exists()
        verdict, reason = ("partly", "Две липи.") if mine else ("refused", "Няма място.")
        table.write_row(made.pk, row.pk, by=by, verdict=verdict, reason=reason)
    table.answer(made.pk, by=by)
    return made, comment, writer, given


def test_each_hears_once_what_was_decided_on_theirs_and_reads_it_where_they_wrote() -> None:
    made, comment, writer, given = answered()
    author = given.contact.correspondent
    row, page = row_of(made.pk, "answer"), f"/consultations/{made.subject.reference}/"
    assert [(who.correspondent, str(who.role)) for who in recipients_of(row)] == [(writer, "visitor"), (author, "visitor")]
    notify.tell(row.pk)
    told = letter_to(row, writer)
    parts = ("accepted in part", "> Да има липи (https://example.org/).", "> Две липи.", f"/en{page}table/")
    assert ([part for part in parts if part not in told], "Няма място." in told) == ([], False)
    of_idea = letter_to(row, author)
    assert [part for part in ("неприето", "> Пейка до чешмата", "> Няма място.", f"{page}table/") if part not in of_idea] == []
    entry = InboxEntry.objects.get(row=row, correspondent=author)
    assert "неприето" in comment_words.headline(row, entry.role, author.pk, "bg")[0]  # type: ignore[index]
    anchor = f"{page}table/#row-{comment.proposal.proposal_id}"
    assert f'<a href="{anchor}">Отговор: прието отчасти</a>. <span>Две липи.</span>' in Client().get(page).content.decode()
    (own,) = TimelineRow.objects.filter(subject=given.pk, code="table_answered")
    assert (own.data, own.words.text, own.tells, Report.objects.get(pk=given.pk).status) == (
        {"linked": made.pk, "verdict": "refused"}, "Няма място.", False, "gathering_support",
    )  # fmt: skip
    assert "отговори: неприето." in Client().get(f"/reports/{given.subject.reference}/").content.decode()


def test_followers_hear_what_was_adopted_and_tables_hold_plain_words() -> None:
    made, _comment, writer, _given = answered()
    actions.adopt(made.pk, by=factories.official("parks"), title="Наредба № 7", url="https://example.org/7")
    assert [who.correspondent for who in recipients_of(row_of(made.pk, "adopt"))] == [writer]
    page = f"/consultations/{made.subject.reference}/table"
    assert "<strong>Да</strong> има" in Client().get(f"{page}/").content.decode()
    csv = Client().get(f"{page}.csv").content.decode("utf-8-sig")
    assert ("Да има липи (https://example.org/).\n– две" in csv, "**" in csv) == (True, False)
    assert plain("*Цел*:\n\n1. а\n2. б\n\n> в\n\n<https://x.bg>") == "Цел:\n1. а\n2. б\n\nв\n\nhttps://x.bg"
