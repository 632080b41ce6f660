"""Sample reports with their histories: every step is the verb that a person would have used, at its own time."""

from __future__ import annotations

import datetime
import random
import uuid
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

import discussion.actions
from accounts.models import User
from discussion.models import Subject
from layers.models import Feature, Project
from municipality.models import Area, Organisation, Sector
from reports import actions
from reports.actions.move import Given
from reports.at_objects import chosen
from reports.loading.categories import one
from reports.loading.people import People
from reports.loading.pictures import Pictures
from reports.loading.rows import Row
from reports.loading.talks import Talk
from reports.models import Category, Channel, Reason, Report

SPACE = uuid.UUID("6f2d3f6e-8f0b-4c57-9a58-0d9ac8f2c1de")
"""Client UUIDs of sample reports are named in it, so that a second run finds them."""
AUTHORS_VERBS = frozenset(["answer", "withdraw", "request_reopen", "take_up_again"])
SYSTEM_VERBS = frozenset(["archive", "answer_lapsed", "reach_threshold"])
MODERATORS_VERBS = frozenset(["publish", "reject", "hide", "remove", "redact"])


def uuid_of(slug: str) -> uuid.UUID:
    """The client UUID of a sample report."""
    return uuid.uuid5(SPACE, slug)


class Times:
    """Moments that only go forward and never lie in the future; officials act in working hours."""

    def __init__(self, seed: str, now: datetime.datetime) -> None:
        self.random = random.Random(seed)  # noqa: S311  a sample, not a secret
        self.now, self.last = now, now - datetime.timedelta(days=4000)

    def at(self, ago: int, *, office: bool = True) -> datetime.datetime:
        day = timezone.localtime(self.now) - datetime.timedelta(days=ago)
        if office and day.weekday() > 4 and ago > 2:
            day += datetime.timedelta(days=7 - day.weekday())
        hour = self.random.uniform(8.6, 16.8) if office else self.random.uniform(7.4, 21.4)
        moment = day.replace(hour=int(hour), minute=int(hour % 1 * 60), second=self.random.randrange(60))
        if ago == 0:
            moment = self.now - datetime.timedelta(minutes=self.random.randrange(40, 160))
        return self._forward(max(moment, self.last + datetime.timedelta(minutes=7)))

    def soon(self) -> datetime.datetime:
        """A few minutes after the last one."""
        return self._forward(self.last + datetime.timedelta(minutes=9))

    def _forward(self, moment: datetime.datetime) -> datetime.datetime:
        self.last = max(min(moment, self.now - datetime.timedelta(minutes=1)), self.last + datetime.timedelta(seconds=1))
        return self.last

    def between(self, start: datetime.datetime, end: datetime.datetime) -> datetime.datetime:
        return start + (end - start) * self.random.random()


class History:
    """One sample report from its sending to the state it is in."""

    def __init__(self, row: Row, people: People, pictures: Pictures, now: datetime.datetime) -> None:
        self.row, self.people, self.pictures = row, people, pictures
        self.slug = row.text("slug")
        self.client_uuid = uuid_of(self.slug)
        self.times = Times(self.slug, now)
        self.by = row.raw("by")
        self.author = people.author(self.by)

    def load(self) -> Report | None:
        """None when it was loaded before."""
        if Subject.objects.filter(client_uuid=self.client_uuid).exists():
            return None
        row = self.row
        steps, comments, supports = row.rows("history"), row.rows("comments"), row.number("supports", 0)
        summary = row.row("summary") if row.raw("summary", None) else None
        reached, flag = row.number("reached", None), row.text("flag", "")
        report = actions.submit(self._submission(), at=self.times.at(self._ago(row), office=False))
        row.done()
        self.report_id = report.pk
        if report.status == "awaiting_confirmation" and self.by != "guest-new":
            actions.act(report.pk, "confirm", proven_author=True, at=self.times.soon())
        self._support(report, supports, reached)
        for number, step in enumerate(steps):
            self._step(step, f"step {number}")
        Talk(report.pk, self.client_uuid, self.people, self.times.now).load(comments, summary)
        if flag:
            discussion.actions.flag(report.pk, reason=flag)
        return report

    def _ago(self, row: Row) -> int:
        """Days back from the day of loading: `ago`, or those to the `day` on which something really happened."""
        if (day := row.day("day", None)) is not None:
            return max(0, (timezone.localdate(self.times.now) - day).days)
        days: int = row.number("ago")
        return days

    def _submission(self) -> actions.Submission:
        row, category = self.row, one(self.row, "category", Category)
        point, settlement = row.shape("at", "Point"), one(row, "settlement", Area, optional=True)
        if not row.flag("whole", False) and not (point or settlement):
            raise row.error("at", "at, settlement, whole")
        kinds, official = row.words("photos"), row.flag("official", False)
        title, happened = row.text("title"), row.number("happened", None)
        further = [Sector.objects.get(slug=slug) for slug in row.words("further")]
        today = timezone.localdate(self.times.now)
        sent = actions.Submission(
            kind=category.kind, category=category, title=title, text=row.text("text"), client_uuid=self.client_uuid,
            language=row.text("language", "bg"), point=point, settlement=settlement, place=row.text("place", ""),
            line=row.shape("line", "LineString"), official=official, restricted=row.flag("restricted", False),
            further_sectors=further, happened_on=today - datetime.timedelta(days=happened) if happened else None,
            photos=[self._photo(kind, f"photo {number}") for number, kind in enumerate(kinds)],
            consents=("terms", "privacy"), answers=self._answers(), object=self._object(),
        )  # fmt: skip
        self._sender(sent)
        return sent

    def _object(self) -> Feature | None:
        """`object`: „layer.feature“ of a thing that can be picked."""
        address = self.row.text("object", "")
        found = chosen(address) if address else None
        if address and found is None:
            raise self.row.error("object", _("“%(slug)s” is not known") % {"slug": address})
        return found

    def _answers(self) -> dict[str, Any]:
        """`answers`: question → what was said, by their slugs."""
        if self.row.raw("answers", None) is None:
            return {}
        below = self.row.row("answers")
        found = {name: below.raw(name) for name in below.values}
        below.done()
        return found

    def _sender(self, sent: actions.Submission) -> None:
        """Who sends: an account, a guest with or without e-mail, or an official for somebody."""
        if self.author:
            sent.author = self.author
            first, number = self.author.name.split()[0], self.author.pk % 3
            sent.public_name = {0: self.author.name, 1: first, 2: ""}[number]
            if sent.official:
                sent.name, sent.address, sent.phone = self.author.name, "ул. Примерна 1", ""
        elif self.by in ("phone", "patrol"):
            department = "inspectorate" if self.by == "patrol" else "infrastructure"
            sent.entered_by = self.people.official_of[Organisation.objects.get(slug=department).pk]
            sent.channel = Channel.PHONE if self.by == "phone" else Channel.DESK
        elif self.by in ("guest", "guest-en", "guest-new"):
            sent.email = f"gost-{self.slug}@demo.test"
        elif self.by != "guest-silent":
            raise self.row.error("by", str(self.by))

    def _photo(self, kind: str, name: str) -> uuid.UUID:
        return self.pictures.draft(kind, self.client_uuid, name)

    def _support(self, report: Report, count: int, reached: int | None) -> None:
        """Supports spread over the time since; an idea that reached the threshold has them before that day."""
        start = self.times.last
        end = self.times.at(reached) if reached is not None else self.times.now
        chosen = self.times.random.sample(self.people.supporters, count)
        if chosen:
            days = sorted(self.times.between(start, end) for _supporter in chosen)
            discussion.actions.load_supports(report.pk, list(zip(chosen, days, strict=True)))
        if reached is not None:
            actions.act(report.pk, "reach_threshold", system=True, at=self.times.last)

    def _step(self, step: Row, name: str) -> None:
        verb = step.text("do")
        at = self.times.at(self._ago(step), office=verb not in AUTHORS_VERBS)
        report = Report.objects.select_related("subject").get(pk=self.report_id)
        if verb in ("hide", "remove", "redact", "note"):
            self._moderate(verb, step, report, at)
            return
        by = self._actor(verb, report)
        given = self._given(step, report, name, at)
        if verb == "assign":
            given.person = given.person or by
        step.done()
        guest = verb in AUTHORS_VERBS and self.author is None
        actions.act(report.pk, verb, by=by, given=given, at=at, proven_author=guest, system=verb in SYSTEM_VERBS)

    def _actor(self, verb: str, report: Report) -> User | None:
        if verb in AUTHORS_VERBS:
            return self.author
        if verb in SYSTEM_VERBS:
            return None
        return self.people.moderator if verb in MODERATORS_VERBS else self.people.official_of[report.department_id]

    def _given(self, step: Row, report: Report, name: str, at: datetime.datetime) -> Given:
        day = timezone.localdate(at)
        given = Given(
            text=step.text("text", ""), reason=one(step, "reason", Reason, optional=True), notice=step.text("notice", ""),
            forwarded_to=one(step, "to", Organisation, optional=True), number=step.text("number", ""),
            department=one(step, "to_department", Organisation, optional=True), body=step.text("body", ""),
            source=step.text("source", ""), link=step.text("link", ""), decision_number=step.text("decision_number", ""),
            filed_on=step.day("filed_on", None), decided_on=step.day("decided_on", None), done_on=step.day("done_on", None),
        )  # fmt: skip
        if (sum_in_euros := step.amount("amount", None)) is not None:
            given.amount = Decimal(str(sum_in_euros))
        if step.text("project", ""):
            given.project = one(step, "project", Project).subject
        if original := step.text("of", ""):
            given.duplicate_of = Report.objects.get(subject__client_uuid=uuid_of(original))
        if (days := step.number("expected", None)) is not None:
            given.expected_on = timezone.localdate(self.times.now) + datetime.timedelta(days=days)
        if (days := step.number("to_days", None)) is not None and report.answer_due:
            given.extended_to = report.answer_due + datetime.timedelta(days=days)
        if given.number:
            given.filed_on = given.filed_on or day
        if (days := step.number("decided", None)) is not None:
            given.decided_on = timezone.localdate(self.times.now) - datetime.timedelta(days=days)
        given.photo = [self._photo(kind, f"{name} {number}") for number, kind in enumerate(step.words("photos"))]
        return given

    def _moderate(self, verb: str, step: Row, report: Report, at: datetime.datetime) -> None:
        text, reason = step.text("text", ""), one(step, "reason", Reason, optional=True)
        new_text = step.text("new_text", "")
        step.done()
        if verb == "note":
            actions.note(report.pk, text=text, by=self.people.official_of[report.department_id], at=at)
        elif verb == "redact":
            title = report.subject.title
            actions.redact(report.pk, title=title, text=new_text, reason=reason, by=self.people.moderator, at=at)
        else:
            {"hide": actions.hide, "remove": actions.remove}[verb](
                report.pk, reason=reason, by=self.people.moderator, text=text, at=at
            )
