"""What was just done, said in one sentence at the top of the page that comes next."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Correspondent
from discussion.models import Comment, Subject
from discussion.wishes import Wish
from reports.models import FixedClaim


def acknowledge(request: HttpRequest, words: str, *, level: int = messages.SUCCESS) -> None:
    """On the next page, once: a second click says nothing twice. Nothing for no words."""
    waiting = messages.get_messages(request)
    said = {str(message) for message in waiting}
    waiting.used = False  # they were only looked at
    if words and words not in said:
        messages.add_message(request, level, words)


def done_words(wish: str, subject: Subject, *, back: bool = False) -> str:
    """After supporting or following, or taking that `back`."""
    if wish == Wish.FOLLOW:
        return _("You do not follow it any more.") if back else _("You follow it and will hear what becomes of it.")
    if back:
        return _("Your support was taken back.")
    if subject.kind == "problem":
        return _("It is noted that it affects you too. Thank you.")
    return _("Your support counts. Thank you.")


def waiting_words(wish: str, subject: Subject, correspondent: Correspondent) -> str:
    """After an address was confirmed: who looks at the comment or at „looks fixed“. "" when that is settled already."""
    if wish == Wish.COMMENT:
        waits = Comment.objects.filter(subject=subject, correspondent=correspondent, state=Comment.State.WAITING).exists()
        return _("Thank you for the comment. A moderator reads it before it appears.") if waits else ""
    if wish == Wish.FIXED:
        waits = said_fixed(subject.pk, correspondent)
        return _("Thank you. An official will look whether it is fixed.") if waits else ""
    return ""


def said_fixed(report_id: int, correspondent: Correspondent | None) -> bool:
    """This person said that it looks fixed, and no official has looked yet."""
    if correspondent is None:
        return False
    waiting = FixedClaim.State.WAITING
    return FixedClaim.objects.filter(report=report_id, correspondent=correspondent, state=waiting).exists()
