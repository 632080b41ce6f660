"""Conversations of the demonstration: each comment by the verb that a person would have used, at its own time."""

from __future__ import annotations

import datetime
import random
import uuid
from typing import Any

import discussion.actions
from accounts.models import User
from discussion.models import Comment, Helpful
from municipality.models import Organisation
from reports.loading.categories import one
from reports.loading.people import People
from reports.loading.rows import Row
from reports.models import Reason

HOUR = datetime.timedelta(hours=1)


class Talk:
    """The comments on one subject. `seed`: names them, so that a second run finds them."""

    def __init__(self, subject_id: int, seed: uuid.UUID, people: People, now: datetime.datetime) -> None:
        self.subject_id, self.seed, self.people, self.now = subject_id, seed, people, now
        self.random = random.Random(str(seed))  # noqa: S311  a sample, not a secret
        self.made: list[Comment] = []

    def load(self, rows: list[Row], summary: Row | None = None) -> None:
        """Comments in their order; an answer names its comment by its number in the list. Then the summary that closes it."""
        for number, row in enumerate(rows):
            self._comment(row, number)
        if summary:
            at = self._at(summary.number("ago"))
            discussion.actions.conclude(self.subject_id, text=summary.text("text"), by=self.people.moderator, at=at)
            summary.done()

    def _at(self, ago: int) -> datetime.datetime:
        """A time of that day; today's lies an hour back at least."""
        start = self.now - datetime.timedelta(days=ago)
        end = min(start + datetime.timedelta(days=0.6), self.now - 2 * HOUR)
        return start + (end - start) * self.random.random() if end > start else end

    def _writer(self, row: Row) -> tuple[User, Organisation | None]:
        """A neighbour, as oneself or for an organisation; or the official of a department."""
        department = one(row, "department", Organisation, optional=True)
        if department is not None:
            return self.people.official_of[department.pk], department
        organisation = one(row, "organisation", Organisation, optional=True)
        writer = self.people.neighbours[row.number("by")]
        return (self.people.speaker_for(organisation, writer) if organisation else writer), organisation

    def _comment(self, row: Row, number: int) -> None:
        at = self._at(row.number("ago"))
        writer, organisation = self._writer(row)
        to, waiting = row.number("to", None), row.flag("waiting", False)
        made = discussion.actions.comment(
            self.subject_id, text=row.text("text"), client_uuid=uuid.uuid5(self.seed, f"comment {number}"), by=writer,
            correspondent=discussion.actions.correspondent_of(writer), organisation=organisation, at=at,
            public_name=writer.name if writer.pk % 2 and organisation is None else "", language=row.text("language", "bg"),
            parent_id=None if to is None else self.made[to].pk, kind=row.text("kind", "remark" if to is None else "answer"),
            stance=row.text("stance", ""), place=row.text("place", ""), anchor=row.text("about", ""), point=row.shape("at", "Point"),  # type: ignore[arg-type]
        )  # fmt: skip
        self.made.append(made)
        if not waiting and made.state == Comment.State.WAITING:
            discussion.actions.settle_comment(made.pk, publish=True, by=self.people.moderator, at=at + HOUR)
        self._later(row, made, writer, at)
        row.done()

    def _later(self, row: Row, made: Comment, writer: User, at: datetime.datetime) -> None:
        """What became of it: found helpful, put first, withdrawn, removed for a reason."""
        known: Any = self.people.supporters
        for voter in self.random.sample(known, row.number("helpful", 0)):
            discussion.actions.find_helpful(made.pk, voter)
        Helpful.objects.filter(comment=made).update(created_at=at + HOUR)
        if row.flag("pinned", False):
            discussion.actions.pin(made.pk, pinned=True, by=self.people.moderator, at=at + HOUR)
        if row.flag("withdrawn", False):
            discussion.actions.withdraw_comment(made.pk, correspondent=discussion.actions.correspondent_of(writer))
        if reason := one(row, "removed", Reason, optional=True):
            discussion.actions.settle_comment(
                made.pk, publish=False, by=self.people.moderator, reason=reason.slug, at=at + 2 * HOUR
            )
