"""What people write under a subject: comments and answers, mended, withdrawn, found helpful."""

from __future__ import annotations

import datetime
import re
import uuid

from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import blocks
from accounts.models import Correspondent, User
from discussion import gates
from discussion.actions import photos as shots
from discussion.actions.spine import append, lock, require_public
from discussion.models import Audience, Comment, CommentVersion, Conclusion, Helpful, Subject, SubjectPhoto
from discussion.voices import require_voice, stakeholder_of
from municipality.models import Area, Organisation
from municipality.site import installation

SAME_WORDS = datetime.timedelta(hours=1)
ANCHOR = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}", re.ASCII)
"""A section, a paragraph or a variant of the subject: short, as it stands in an address."""
State = Comment.State
OBSERVATIONS = frozenset({str(Comment.Kind.WORKS), str(Comment.Kind.FAILS)})
OBSERVED = frozenset({str(Subject.Kind.POLICY), str(Subject.Kind.SERVICE)})
"""What people observe whether it works: elsewhere the two kinds make no sense."""


def kinds_for(subject_kind: str) -> list[str]:
    """What a comment on a subject of this kind can be."""
    return [kind for kind in Comment.Kind.values if subject_kind in OBSERVED or kind not in OBSERVATIONS]


@transaction.atomic
def comment(
    subject_id: int, *, text: str, client_uuid: uuid.UUID, correspondent: Correspondent, by: User | None, public_name: str = "",
    organisation: Organisation | None = None, language: str = "", at: datetime.datetime | None = None, tells: bool = True,
    proven: bool = True, parent_id: int | None = None, kind: str = Comment.Kind.REMARK, stance: str = "", anchor: str = "",
    point: Point | None = None, place: str = "", photos: uuid.UUID | None = None, photo_words: str = "",
) -> Comment:  # fmt: skip
    """A comment, read by a moderator before everyone sees it; staff's appear at once. A repeat returns the first.

    Where the address never answered, or it is not `proven` that it is the writer's, it is asked first. A repeat has the
    client's UUID, or the words of one that its writer sent within the last hour (the browser's Back makes the form anew).
    An answer to an answer stands under the same comment. `organisation`: for whom it is said; `anchor`: what part it is about;
    `photos`: the draft that holds its photos, `photo_words`: what they show.
    Raises ValidationError where the UUID stands for another comment, a photo came too late for the words, the conversation is
    closed or not open to the writer, what is answered is not there, or the writer may not speak for the organisation.
    """
    subject, at = lock(subject_id), at or timezone.now()
    parent = _root(subject, parent_id) if parent_id is not None else None
    if known := _repeated(subject, text, client_uuid, correspondent, at, by=by, proven=proven, parent=parent):
        _sent_again(known, client_uuid, photos, photo_words, proven=proven)
        return known
    require_public(subject)
    require_open(subject)
    _require_writer(correspondent, by, organisation, proven=proven)
    _require_codes(subject, kind, stance, anchor)
    require_inside(point)
    gates.admit(subject, gates.Writing(by, correspondent, organisation, "" if parent else anchor))
    state = _first_state(by, correspondent, proven=proven)
    stakeholder = stakeholder_of(organisation)
    official = stakeholder == Comment.Stakeholder.ADMINISTRATION and kind == Comment.Kind.ANSWER
    made = Comment.objects.create(
        subject=subject, parent=parent, correspondent=correspondent, organisation=organisation, public_name=public_name, text=text,
        stakeholder=stakeholder, kind=kind, stance=stance, anchor=parent.anchor if parent else anchor, official=official,
        language=language or get_language() or settings.LANGUAGE_CODE, state=state, client_uuid=client_uuid, created_at=at,
        published_at=at if state == State.PUBLISHED else None, point=point, place=place,
    )  # fmt: skip
    shots.take(photos, made, photo_words)
    recount(subject, made)
    _written(made, by=by, at=at, tells=tells)
    return made


def _written(made: Comment, *, by: User | None, at: datetime.datetime, tells: bool) -> None:
    data = {"comment": made.pk, "correspondent": made.correspondent_id, **answered(made)}
    append(
        made.subject, "comment_published" if made.state == State.PUBLISHED else "commented", by=by, capacity="visitor",
        audience=Audience.STAFF, data=data, at=at, tells=tells, bumps=False,
    )  # fmt: skip


def _require_writer(correspondent: Correspondent, by: User | None, organisation: Organisation | None, *, proven: bool) -> None:
    """Who is kept from writing, and who may not speak for the organisation, is refused."""
    if proven and correspondent.verified_at:  # who writes under an address that is not theirs learns nothing of it
        blocks.require_free(correspondent)
    if organisation is not None:
        require_voice(by, organisation)


def _first_state(by: User | None, correspondent: Correspondent, *, proven: bool) -> State:
    if correspondent.verified_at is None or not proven:
        return State.UNCONFIRMED
    return State.PUBLISHED if by is not None and by.works_here else State.WAITING


def answered(made: Comment) -> dict[str, int]:
    """Whose comment is answered, for the row of an act after which everyone reads the answer."""
    if made.parent is None or made.state != State.PUBLISHED or made.parent.correspondent_id in (None, made.correspondent_id):
        return {}
    return {"answered": made.parent.correspondent_id}


def _root(subject: Subject, pk: int) -> Comment:
    """The comment under which an answer to `pk` stands."""
    found = Comment.objects.published().select_related("parent").filter(subject=subject, pk=pk).first()
    if found is None:
        raise ValidationError({"parent": _("What you answer is not here any more. Answer another comment.")}, code="parent")
    return found.parent or found


def _require_codes(subject: Subject, kind: str, stance: str, anchor: str) -> None:
    for name, value, known in (("kind", kind, kinds_for(subject.kind)), ("stance", stance, Comment.Stance.values)):
        if value not in known:
            raise ValidationError({name: _("Choose one from the list.")}, code="invalid")
    if anchor and not ANCHOR.fullmatch(anchor):
        raise ValidationError({"anchor": _("Open the page anew and write under the part that you mean.")}, code="invalid")


def require_inside(point: Point | None) -> None:
    """Raises ValidationError on `point` for a place farther beyond the border than reports are taken from."""
    if point is None or Area.objects.filter(parent=None, polygon__covers=point).exists():
        return
    border = Area.objects.nearest_border(point)
    if border is None or border[2] > installation().outside_metres:
        said = _("This place lies outside the area that this site covers. Choose one inside it.")
        raise ValidationError({"point": said}, code="outside")


def closed_words(subject: Subject) -> str:
    """Why nobody may write there: a moderator has closed the conversation, or it is shut for the time; "" when one may."""
    if why := gates.shut(subject):
        return why
    if Conclusion.objects.filter(subject=subject, opened_at=None).exists():
        return _("The conversation is closed; the summary says what came of it.")
    return ""


def require_open(subject: Subject) -> None:
    """Raises ValidationError where nobody may write."""
    if why := closed_words(subject):
        raise ValidationError(why, code="closed")


def _repeated(
    subject: Subject, text: str, client_uuid: uuid.UUID, correspondent: Correspondent, at: datetime.datetime, *,
    by: User | None, proven: bool, parent: Comment | None,
) -> Comment | None:  # fmt: skip
    """The comment that this one repeats; one that waits for its address goes on where the repeat is proven to be the writer's."""
    if known := Comment.objects.filter(client_uuid=client_uuid).first():
        if (known.subject_id, known.correspondent_id, known.text) != (subject.pk, correspondent.pk, text):
            raise ValidationError(
                _("A comment was already sent from this page. Press once more to send this one too."), code="conflict"
            )
        return known
    if by is not None and by.works_here:  # the same thanks to two people are two comments
        return None
    same = subject.comments.filter(correspondent=correspondent, text=text, parent=parent, created_at__gt=at - SAME_WORDS)
    known = same.exclude(state__in=[State.REMOVED, State.HIDDEN, State.WITHDRAWN]).first()
    if known and proven and correspondent.verified_at and known.state == State.UNCONFIRMED:
        known.state = State.WAITING
        known.save(update_fields=["state"])
    return known


def _sent_again(known: Comment, client_uuid: uuid.UUID, photos: uuid.UUID | None, photo_words: str, *, proven: bool) -> None:
    """The words are there already; photos that came with them now are taken while nobody has read them without. Words of an address
    that has not answered take them from the same form alone: nobody else adds a photo to them."""
    if not shots.beside(photos):
        return
    theirs = known.state == State.WAITING and proven
    theirs |= known.state == State.UNCONFIRMED and known.client_uuid == client_uuid
    if not theirs or known.photo_count:
        said = _("These words were sent already, without this photo. Remove it, or write a comment with other words beside it.")
        raise ValidationError({"photo": said}, code="sent")
    shots.take(photos, known, photo_words)


def recount(subject: Subject, *changed: Comment) -> None:
    """Counts anew what everyone reads: of the subject, and the answers of the comments that changed."""
    count = Comment.objects.published().filter(subject=subject).count()
    Subject.objects.filter(pk=subject.pk).update(comment_count=count)
    for root in {one.parent_id for one in changed if one.parent_id}:
        answers = Comment.objects.filter(parent=root, state=State.PUBLISHED).count()
        Comment.objects.filter(pk=root).update(answer_count=answers)


def locked_comment(comment_id: int) -> tuple[Subject, Comment]:
    """The comment with its subject, which is locked until the transaction ends."""
    subject = lock(Comment.objects.values_list("subject_id", flat=True).get(pk=comment_id))
    return subject, Comment.objects.select_related("parent").get(pk=comment_id)


def _own(comment_id: int, correspondent: Correspondent) -> tuple[Subject, Comment]:
    subject, found = locked_comment(comment_id)
    if found.correspondent_id != correspondent.pk:
        raise ValidationError(_("Only who wrote it may do this."), code="forbidden")
    return subject, found


@transaction.atomic
def confirm_comments(correspondent: Correspondent, subject_id: int) -> int:
    """The address has answered: its comments on the subject go to the moderator. Answers how many."""
    asked = Comment.objects.filter(correspondent=correspondent, subject=subject_id, state=State.UNCONFIRMED)
    return asked.update(state=State.WAITING)


@transaction.atomic
def forget_unconfirmed(before: datetime.datetime) -> int:
    """Comments whose address never answered. Answers how many."""
    gone = Comment.objects.filter(state=State.UNCONFIRMED, created_at__lt=before)
    shots.let_go(SubjectPhoto.objects.filter(comment__in=gone))
    return gone.delete()[0]


def may_edit(found: Comment, now: datetime.datetime | None = None) -> bool:
    """Its author may mend it: nobody has answered, and the installation's window is open."""
    window = datetime.timedelta(hours=installation().comment_edit_hours)
    fresh = (now or timezone.now()) - found.created_at <= window
    return fresh and found.answer_count == 0 and found.state in (State.WAITING, State.PUBLISHED)


def late_words(found: Comment) -> str:
    """Why its author cannot mend it any more; "" when they can."""
    if may_edit(found):
        return ""
    said = _("It can be mended for %(hours)d hours and until somebody answers. Write an answer under it instead.")
    return said % {"hours": installation().comment_edit_hours}


@transaction.atomic
def edit_comment(comment_id: int, *, text: str, correspondent: Correspondent, by: User | None = None) -> Comment:
    """Its author mends the words; the words before stay readable beside it. A moderator reads them again, except staff's: of a comment
    that everyone reads, the words before stand until then (`Comment.mended`).

    Nothing happens where they are the same; the words that stand take back new ones that wait. Raises ValidationError once somebody
    answered or the window is over.
    """
    subject, found = _own(comment_id, correspondent)
    if text == (found.mended or found.text):
        return found
    blocks.require_free(correspondent)
    require_open(subject)
    if why := late_words(found):
        raise ValidationError(why, code="late")
    if found.state == State.PUBLISHED and not (by is not None and by.works_here):
        found.mended = "" if text == found.text else text
        found.save(update_fields=["mended"])
    else:
        say_anew(found, text)
    _row(subject, "comment_edited", found, by=by)
    return found


def say_anew(found: Comment, text: str) -> None:
    """From now on the comment says this; what it said before is kept, with whether everyone could read it."""
    CommentVersion.objects.create(comment=found, text=found.text, public=found.state == State.PUBLISHED)
    found.text, found.mended, found.edited_at = text, "", timezone.now()
    found.save(update_fields=["text", "mended", "edited_at"])


@transaction.atomic
def withdraw_comment(comment_id: int, *, correspondent: Correspondent, by: User | None = None) -> Comment:
    """Its author takes it back: words, their history, place and photos are gone, its line in the thread stays.

    A second time changes nothing. What a moderator took down cannot be withdrawn: its reason stays readable.
    """
    subject, found = _own(comment_id, correspondent)
    if found.state == State.WITHDRAWN:
        return found
    if found.state in (State.REMOVED, State.HIDDEN):
        raise ValidationError(_("A moderator took it down already."), code="state")
    found.state, found.text, found.original, found.mended, found.point, found.place = State.WITHDRAWN, "", "", "", None, ""
    found.pinned_at = None
    found.save(update_fields=["state", "text", "original", "mended", "point", "place", "pinned_at"])
    CommentVersion.objects.filter(comment=found).delete()
    shots.let_go(SubjectPhoto.objects.filter(comment=found))
    shots.recount(found)
    recount(subject, found)
    _row(subject, "comment_withdrawn", found, by=by)
    return found


@transaction.atomic
def find_helpful(comment_id: int, correspondent: Correspondent) -> bool:
    """One verified address finds it helpful, once; True when that is new. Not one's own."""
    if correspondent.verified_at is None:
        raise ValidationError(_("Confirm your e-mail first."), code="unverified")
    subject, found = locked_comment(comment_id)
    require_public(subject)
    if found.correspondent_id == correspondent.pk:
        raise ValidationError(_("Your own comment is for others to judge."), code="own")
    if not Comment.objects.published().filter(pk=found.pk).exists():
        raise ValidationError(_("This comment is not here any more."), code="gone")
    _vote, new = Helpful.objects.get_or_create(comment=found, correspondent=correspondent)
    if new:
        Comment.objects.filter(pk=found.pk).update(helpful_count=F("helpful_count") + 1)
        _row(subject, "found_helpful", found, tells=False, who=False)
    return new


@transaction.atomic
def unfind_helpful(comment_id: int, correspondent: Correspondent) -> bool:
    """Takes that back; True when there was something to take back."""
    subject, found = locked_comment(comment_id)
    gone, _what = Helpful.objects.filter(comment=found, correspondent=correspondent).delete()
    if gone:
        Comment.objects.filter(pk=found.pk).update(helpful_count=F("helpful_count") - 1)
        _row(subject, "not_helpful", found, tells=False, who=False)
    return bool(gone)


def _row(subject: Subject, code: str, found: Comment, *, by: User | None = None, tells: bool = False, who: bool = True) -> None:
    """The act's row; `who`: with its writer, which an act of somebody else never names."""
    data = {"comment": found.pk} | ({"correspondent": found.correspondent_id} if who else {})
    append(subject, code, by=by, capacity="visitor", audience=Audience.STAFF, data=data, tells=tells, bumps=False)
