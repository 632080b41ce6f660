"""A comment as one reader sees it, and where a visitor does what with a subject."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from discussion.actions.comments import may_edit
from discussion.actions.moderating import TAKEN_DOWN
from discussion.gates import Outcome
from discussion.markup import rendered
from discussion.models import Comment, Subject, SubjectPhoto
from discussion.pictured import items
from discussion.read import mark_of
from discussion.voices import STAKEHOLDERS

KINDS: dict[str, Any] = {
    Comment.Kind.REMARK: pgettext_lazy("comment", "remark"),
    Comment.Kind.QUESTION: pgettext_lazy("comment", "question"),
    Comment.Kind.ARGUMENT: pgettext_lazy("comment", "argument"),
    Comment.Kind.WORDING: pgettext_lazy("comment", "suggested wording"),
    Comment.Kind.ANSWER: pgettext_lazy("comment", "answer"),
    Comment.Kind.WORKS: pgettext_lazy("comment", "it works"),
    Comment.Kind.FAILS: pgettext_lazy("comment", "it does not work"),
}
STANCES: dict[str, tuple[Any, str]] = {
    Comment.Stance.FOR: (pgettext_lazy("stance", "for"), "i-plus"),
    Comment.Stance.NEUTRAL: (pgettext_lazy("stance", "neutral"), "i-minus"),
    Comment.Stance.AGAINST: (pgettext_lazy("stance", "against"), "i-close"),
}
"""Stance → (in words, sign): never by colour alone."""


@dataclass
class Shown:
    """One comment as this reader sees it."""

    comment: Comment
    own: bool
    found_helpful: bool
    moderates: bool
    open: bool
    reason: str = ""
    answers: list[Shown] = field(default_factory=list)
    more_url: str = ""
    pictures: list[SubjectPhoto] = field(default_factory=list)
    part: str = ""
    """Name of the part of the subject that it is about."""
    outcome: Outcome | None = None
    """What was decided on it."""

    @property
    def read(self) -> str:
        """The mark of what is shown, for the button that publishes it."""
        return mark_of(self.comment, self.pictures)

    @property
    def by(self) -> str:
        """The organisation spoken for, the name given, or a resident."""
        if self.comment.organisation:
            return str(self.comment.organisation)
        return self.comment.public_name or _("a resident")

    @property
    def by_url(self) -> str:
        """The page of the organisation spoken for."""
        found = self.comment.organisation
        return reverse("organisation", args=[found.slug]) if found and found.active else ""

    @property
    def speaks_as(self) -> str:
        """The badge of whoever speaks for others than themselves."""
        stakeholder = self.comment.stakeholder
        return "" if stakeholder == Comment.Stakeholder.CITIZEN else str(STAKEHOLDERS[stakeholder])

    @property
    def kind(self) -> str:
        """In words; "" for a plain remark, and for the official answer, which says more."""
        plain = self.comment.kind == Comment.Kind.REMARK or self.comment.official
        return "" if plain else str(KINDS[self.comment.kind])

    @property
    def stance(self) -> tuple[Any, str] | None:
        return STANCES.get(self.comment.stance)

    @property
    def readable(self) -> bool:
        """Its words are shown: to everyone, or because it is one's own or a moderator looks."""
        return self.comment.state == Comment.State.PUBLISHED or (self.for_few and (self.own or self.moderates))

    @property
    def for_few(self) -> bool:
        return self.comment.state in (Comment.State.WAITING, Comment.State.HIDDEN, Comment.State.REMOVED)

    @property
    def point(self) -> tuple[float, float] | None:
        """(longitude, latitude) of the place that is meant, while its words are shown."""
        found = self.comment.point
        return (found.x, found.y) if found is not None and self.readable else None

    @property
    def map_query(self) -> str:
        return "?at={:.6f},{:.6f},17".format(*self.point) if self.point else ""

    @property
    def photos(self) -> list[dict[str, Any]]:
        """Shown while its words are."""
        return items(self.pictures, self.by) if self.readable else []

    @property
    def html(self) -> str:
        return rendered(self.comment.text)

    @property
    def mended_html(self) -> str:
        """Its author's new words, which nobody else but moderators reads yet; "" without."""
        seen = self.own or self.moderates
        return rendered(self.comment.mended) if seen and self.comment.mended else ""

    @property
    def may_edit(self) -> bool:
        return self.own and self.open and may_edit(self.comment)

    @property
    def may_withdraw(self) -> bool:
        return self.own and self.comment.state in (Comment.State.PUBLISHED, Comment.State.WAITING)

    @property
    def may_appeal(self) -> bool:
        return self.own and self.comment.state in TAKEN_DOWN

    @property
    def has_acts(self) -> bool:
        """Anything at all can be done with it here."""
        shown = self.comment.state == Comment.State.PUBLISHED or self.may_withdraw or self.may_appeal
        return shown or (self.moderates and self.comment.state != Comment.State.WITHDRAWN)

    @property
    def may_answer(self) -> bool:
        return self.open and self.comment.state == Comment.State.PUBLISHED

    def _address(self, verb: str) -> str:
        return reverse(f"comment_{verb}", args=[self.comment.subject.reference, self.comment.pk])

    @property
    def helpful_url(self) -> str:
        return self._address("helpful")

    @property
    def edit_url(self) -> str:
        return self._address("edit")

    @property
    def withdraw_url(self) -> str:
        return self._address("withdraw")

    @property
    def appeal_url(self) -> str:
        return self._address("appeal")

    @property
    def moderate_url(self) -> str:
        return self._address("moderate")

    @property
    def answer_url(self) -> str:
        return f"{address_of(self.comment.subject, 'comment')}?answer={self.comment.pk}"

    @property
    def flag_url(self) -> str:
        return f"{address_of(self.comment.subject, 'flag')}?comment={self.comment.pk}"


def address_of(subject: Subject, verb: str) -> str:
    """Where a visitor does it: `verb` is support, follow, comment or flag."""
    if subject.kind in (Subject.Kind.PROBLEM, Subject.Kind.IDEA):
        return reverse(f"report_{verb}", args=[subject.reference])
    return reverse(f"subject_{verb}", args=[subject.reference])
