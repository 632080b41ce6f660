"""Drawing a typed link between two subjects, and taking it away."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from discussion.actions.spine import append, lock, require_public
from discussion.links import BY_HAND, JOINS, WORDS
from discussion.models import Link, Subject


def _require(by: User, kind: str) -> None:
    if not by.works_here:
        raise PermissionDenied
    if kind not in BY_HAND:
        raise ValidationError({"kind": _("Links of this kind come from an act of their own.")}, code="kind")


@transaction.atomic
def connect(subject_id: int, other: Subject, kind: str, *, by: User) -> Link:
    """The subject says of the other what `kind` says; said again, it stays one link. Raises ValidationError for a link with itself,
    for one that stands the other way round, for ends that this kind does not join, and for subjects that are not public."""
    _require(by, kind)
    if other.pk == subject_id:
        raise ValidationError({"other": _("That is the same one. Name another.")}, code="itself")
    # Both are locked, in one order: two people who draw it from both ends at once get one link.
    first, second = (lock(pk) for pk in sorted((subject_id, other.pk)))
    subject, other = (first, second) if first.pk == subject_id else (second, first)
    require_public(subject)
    require_public(other)
    if (subject.kind, other.kind) not in JOINS[kind]:
        words = _("“%(link)s” cannot be said of these two. Choose what fits, or name another.") % {"link": WORDS[kind][0]}
        raise ValidationError({"other": words}, code="ends")
    if Link.objects.filter(source=other, target=subject, kind=kind).exists():
        raise ValidationError({"other": _("They are linked the other way round already.")}, code="round")
    link, new = Link.objects.get_or_create(source=subject, target=other, kind=kind)
    if new:
        append(subject, "linked", by=by, capacity="official", data={"linked": other.pk, "kind": kind}, tells=False)
    return link


@transaction.atomic
def disconnect(subject_id: int, link_id: int, *, by: User) -> None:
    """Takes a link away that was drawn by hand; nothing where it is gone already."""
    subject = lock(subject_id)
    link = Link.objects.filter(pk=link_id, source=subject).first()
    if link is None:
        return
    _require(by, link.kind)
    data = {"linked": link.target_id, "kind": link.kind}
    link.delete()
    append(subject, "unlinked", by=by, capacity="official", data=data, tells=False)
