"""The conversation on a subject as a page shows it: `conversation(subject, request)` for `discussion/_conversation.html`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from accounts.browser import correspondent_of
from accounts.models import Correspondent, Role
from discussion import gates, messages, pictured
from discussion.actions.comments import ANCHOR
from discussion.actions.moderating import TAKEN_DOWN
from discussion.links import Related, related
from discussion.markup import rendered
from discussion.models import Comment, Conclusion, Follow, Helpful, Subject, Support
from discussion.shown import Shown, address_of
from geoportal.kernel.multilingual import text_in

SORTS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "newest": (pgettext_lazy("comments", "newest"), ("-pk",)),
    "helpful": (pgettext_lazy("comments", "most helpful"), ("-helpful_count", "-pk")),
    "discussed": (pgettext_lazy("comments", "most discussed"), ("-answer_count", "-pk")),
}
"""Value in the address → (in words, order). What is pinned stands first in each."""
LOADED = (Subject.Kind.PROJECT, Subject.Kind.GOAL, Subject.Kind.SERVICE)
THREADS = 20
"""Comments on one page."""
ANSWERS = 5
"""Answers shown below a comment; all of them stand on the thread's own page."""
ANSWERS_ALONE = 50
MOST_PAGES = 5000


@dataclass
class Conversation:
    """What `discussion/_conversation.html` draws. `anchor`: the one part of the subject that it is about, "" for the whole."""

    subject: Subject
    viewer: Correspondent | None
    moderates: bool
    threads: list[Shown]
    count: int
    sort: str
    anchor: str
    thread: int | None
    page: int
    more: bool
    conclusion: Conclusion | None
    works_here: bool = False
    signed_in: bool = False

    @cached_property
    def related(self) -> list[Related]:
        """What the subject is linked with, on the page of the whole; one query."""
        return [] if self.anchor else related(self.subject)

    @property
    def points(self) -> str:
        """[[longitude, latitude], …] of the shown comments that mean a place, for the page's small map; "" for none."""
        shown = [one for root in self.threads for one in (root, *root.answers)]
        found = [one.point for one in shown if one.point]
        return json.dumps(found) if found else ""

    @property
    def id(self) -> str:
        """Of its heading; several conversations of one page differ by their anchor."""
        return f"talk-{self.anchor}" if self.anchor else "talk"

    @property
    def closed(self) -> bool:
        return self.conclusion is not None and self.conclusion.closes

    @property
    def open(self) -> bool:
        return self.subject.is_public and not self.closed and not self.shut

    @cached_property
    def shut(self) -> str:
        """Why nobody may write now, in words."""
        return gates.shut(self.subject)

    @cached_property
    def sign_in(self) -> str:
        """Why this visitor signs in before writing, in words; "" where they need not."""
        return gates.guest(self.subject) if self.open and not self.signed_in else ""

    @property
    def summary(self) -> str:
        return rendered(self.conclusion.text) if self.conclusion else ""

    @property
    def sorts(self) -> list[dict[str, Any]]:
        return [
            {"words": words, "url": self._url(talk=name), "on": name == self.sort} for name, (words, _order) in SORTS.items()
        ]

    @property
    def previous_url(self) -> str:
        return self._url(talk=self.sort, thread=self.thread, talk_page=self.page - 1) if self.page > 1 else ""

    @property
    def next_url(self) -> str:
        return self._url(talk=self.sort, thread=self.thread, talk_page=self.page + 1) if self.more else ""

    @property
    def whole_url(self) -> str:
        """Back from one thread, or from one part, to all of it."""
        return self._url(about="") if self.thread or self.anchor else ""

    def thread_url(self, pk: int) -> str:
        return self._url(talk=self.sort, thread=pk)

    def _url(self, **values: Any) -> str:
        given = {"about": self.anchor} | values
        kept = {
            key: value for key, value in given.items() if value and (key, value) not in (("talk", "newest"), ("talk_page", 1))
        }
        return f"?{urlencode(kept)}#{self.id}-head"

    def _address(self, verb: str) -> str:
        return address_of(self.subject, verb)

    @property
    def comment_url(self) -> str:
        return self._address("comment") + (f"?about={self.anchor}" if self.anchor else "")

    @property
    def follow_url(self) -> str:
        return self._address("follow")

    @property
    def support_url(self) -> str:
        return self._address("support")

    @property
    def flag_url(self) -> str:
        return self._address("flag")

    @property
    def close_url(self) -> str:
        return reverse("subject_close", args=[self.subject.reference]) if self.moderates else ""

    @property
    def hides(self) -> bool:
        """A moderator may hide all of it; what the municipality's data made is not hidden but ended there."""
        return self.subject.kind not in LOADED

    @property
    def has_writer(self) -> bool:
        """Anyone could have begun it, so that its writer may be kept from writing."""
        return self.subject.kind in (
            Subject.Kind.EVENT,
            Subject.Kind.INITIATIVE,
            Subject.Kind.PRACTICE,
            Subject.Kind.ALTERNATIVE,
        )

    @property
    def link_url(self) -> str:
        """Where staff link it with another."""
        return reverse("subject_link", args=[self.subject.reference]) if self.works_here and self.subject.is_public else ""

    @cached_property
    def supports(self) -> bool:
        """This visitor supports the subject; no query for a stranger."""
        return self.viewer is not None and Support.objects.filter(subject=self.subject, correspondent=self.viewer).exists()

    @cached_property
    def follows(self) -> bool:
        """This visitor follows the subject; no query for a stranger."""
        return self.viewer is not None and Follow.objects.filter(subject=self.subject, correspondent=self.viewer).exists()


def conversation(subject: Subject, request: HttpRequest, *, anchor: str | None = None) -> Conversation:
    """The conversation as this request sees it, at most eight queries however long it is, nine where it was answered.

    The address says `talk` (a key of SORTS), `talk_page`, `thread` (one comment with all its answers) and `about` (an anchor);
    what it says wrongly is passed over. With `anchor` given it is about that part alone.
    """
    wanted, viewer = request.GET, correspondent_of(request)
    user: Any = request.user
    moderates = user.is_authenticated and user.has_role(Role.MODERATOR)
    sort = wanted.get("talk", "newest") if wanted.get("talk") in SORTS else "newest"
    anchor = _anchor(wanted.get("about", "")) if anchor is None else anchor
    thread, page = _number(wanted, "thread"), _number(wanted, "talk_page", MOST_PAGES) or 1
    seen = _seen(subject, viewer, moderates)
    roots = seen.filter(parent=None)
    if thread is not None and not (alone := roots.filter(pk=thread)).exists():
        thread = None
    if thread is not None:
        found, more = list(alone), False
    else:
        if anchor:
            roots = roots.filter(anchor=anchor)
        order = [F("pinned_at").desc(nulls_last=True), *SORTS[sort][1]]
        found = list(roots.order_by(*order)[(page - 1) * THREADS : page * THREADS + 1])
        found, more = found[:THREADS], len(found) > THREADS
    answers, more_answers = _answers(seen, found, page if thread else None)
    conclusion = Conclusion.objects.filter(subject=subject).first()
    made = Conversation(
        subject, viewer, moderates, [], _count(subject, anchor), sort, anchor, thread, page, more or more_answers, conclusion,
        works_here=user.is_authenticated and user.works_here, signed_in=user.is_authenticated,
    )  # fmt: skip
    made.threads = _shown(made, found, answers)
    return made


def counts_by_anchor(subject: Subject) -> dict[str, int]:
    """{anchor: comments with their answers that everyone reads} of a subject's parts; one query."""
    rows = Comment.objects.published().filter(subject=subject).exclude(anchor="").order_by("anchor")
    return {row["anchor"]: row["n"] for row in rows.values("anchor").annotate(n=Count("pk"))}


def _count(subject: Subject, anchor: str) -> int:
    if not anchor:
        return subject.comment_count
    return Comment.objects.published().filter(subject=subject, anchor=anchor).count()


def _anchor(text: str) -> str:
    return text if ANCHOR.fullmatch(text) else ""


def _number(wanted: Mapping[str, Any], name: str, most: int = 2**62) -> int | None:
    text = str(wanted.get(name, ""))[:20]
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) <= most else None


def _seen(subject: Subject, viewer: Correspondent | None, moderates: bool) -> Any:
    """The comments that have a place here for this reader: their own too, and to moderators those that they hid."""
    own = Q(correspondent=viewer, state__in=[Comment.State.WAITING, *TAKEN_DOWN]) if viewer else Q(pk__in=[])
    hidden = Q(state=Comment.State.HIDDEN) if moderates else Q(pk__in=[])
    placed = Q(pk__in=Comment.objects.placed().filter(subject=subject).values("pk"))
    return Comment.objects.filter(subject=subject).filter(placed | own | hidden).select_related("organisation", "subject")


def _answers(seen: Any, roots: list[Comment], page: int | None) -> tuple[dict[int, list[Comment]], bool]:
    """Comment → its answers in their order: the first ANSWERS, or one `page` of a thread that stands alone; whether more follow."""
    found: dict[int, list[Comment]] = {}
    if not roots:
        return found, False
    rows = seen.filter(parent__in=[root.pk for root in roots]).annotate(
        nth=Window(RowNumber(), partition_by=F("parent"), order_by=F("pk").asc())
    )
    first = 0 if page is None else (page - 1) * ANSWERS_ALONE
    last = ANSWERS if page is None else page * ANSWERS_ALONE
    rows = list(rows.filter(nth__gt=first, nth__lte=last + 1).order_by("pk"))
    for row in rows:
        if row.nth <= last:
            found.setdefault(row.parent_id, []).append(row)
    return found, page is not None and any(row.nth > last for row in rows)


def _shown(made: Conversation, roots: list[Comment], answers: dict[int, list[Comment]]) -> list[Shown]:
    every = [*roots, *(answer for below in answers.values() for answer in below)]
    helpful: set[int] = set()
    if made.viewer and every:
        mine = Helpful.objects.filter(correspondent=made.viewer, comment__in=[one.pk for one in every])
        helpful = set(mine.values_list("comment", flat=True))
    reasons = messages.reasons_of({one.reason for one in every if one.reason})
    pictures = pictured.of_comments(every)
    parts = gates.parts(made.subject) if any(root.anchor for root in roots) else {}
    decided = gates.outcomes(made.subject, [one.pk for one in every])

    def one(comment: Comment) -> Shown:
        own = made.viewer is not None and comment.correspondent_id == made.viewer.pk
        reason = text_in(reasons[comment.reason]) if comment.reason in reasons else ""
        seen = pictures.get(comment.pk, [])
        return Shown(
            comment,
            own,
            comment.pk in helpful,
            made.moderates,
            made.open,
            reason,
            pictures=seen,
            outcome=decided.get(comment.pk),
        )

    shown = []
    for root in roots:
        below = one(root)
        below.part = parts.get(root.anchor, "")
        below.answers = [one(answer) for answer in answers.get(root.pk, [])]
        if made.thread is None and root.answer_count > len(below.answers):
            below.more_url = made.thread_url(root.pk)
        shown.append(below)
    return shown
