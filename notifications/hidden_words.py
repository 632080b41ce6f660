"""What whoever made or comes to something is told when a moderator hides the whole of it. Its title is not repeated to those who come."""

from __future__ import annotations

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from discussion import messages
from discussion.models import TimelineRow
from discussion.words import in_words
from notifications.comment_words import Told
from participation.models import Event

HIDDEN = "whole_hidden"
WHOLE = frozenset({HIDDEN, "whole_shown"})


def appeal(row: TimelineRow) -> str:
    """To its author: what one can do about it; "" for other acts."""
    if row.code != HIDDEN:
        return ""
    return _("Only you and moderators see it. If you do not agree, answer to the municipality; its address stands below.")


def appeal_here(row: TimelineRow) -> str:
    """The same on the site, where the contacts stand at the foot of the page."""
    return _("If you do not agree, write to the municipality.") if row.code == HIDDEN else ""


def rename(row: TimelineRow, language: str) -> None:
    """In this instance its title becomes words that say nothing of what was hidden."""
    with translation.override(language):
        event = Event.objects.filter(pk=row.subject_id).first()
        name = (
            _("An event on %(day)s") % {"day": in_words(timezone.localdate(event.starts_at))} if event else _("An initiative")
        )
    row.subject.title, row.subject.language = name, language


def told(row: TimelineRow, language: str) -> Told | None:
    """To whoever comes to it or joined it; None for acts of another kind."""
    if row.code not in WHOLE:
        return None
    with translation.override(language):
        if row.code != HIDDEN:
            headline = _("“%(title)s”, in which you take part, is open to everyone again.") % {"title": row.subject.title}
            return Told([messages.Message(headline, at=row.at)], row.subject.path, _("See it here"))
        headline = _("What you take part in is not public now: a moderator hid it. You hear of it when it is shown again.")
        path = "/events/" if row.subject.kind == "event" else "/initiatives/"
        return Told([messages.Message(headline, at=row.at)], path, _("See what else there is"))
