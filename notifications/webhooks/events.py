"""What a webhook may be told, by name, and which of it an act in the timeline is."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from discussion.models import Audience, TimelineRow
from notifications.alerts import NEW
from participation import workflow as participation
from reports.workflow import Kind

PUBLISHED, MOVED, COMMENT, NOTED = "subject.published", "subject.moved", "comment.published", "subject.noted"
CASE, TEST = "case.filed", "webhook.test"
NAMES: dict[str, Promise] = {
    PUBLISHED: _("Something new is public, or public again"),
    MOVED: _("Its state changed: taken up, planned, resolved, declined"),
    COMMENT: _("A comment was published"),
    NOTED: _("Anything else that its public history tells"),
    CASE: _("A case was filed officially and waits for the document system"),
}
"""Those that can be chosen; the last one by administrators alone."""
SHORT: dict[str, Promise] = {
    PUBLISHED: _("New in public"),
    MOVED: _("State changed"),
    COMMENT: _("Comment"),
    NOTED: _("Other news"),
    CASE: _("Case to be taken"),
    TEST: _("Test"),
}
"""The same in a log."""
COMMENT_ACT = "comment_published"
BACK = frozenset({"shown_again", "whole_shown", "unrestricted"})
"""Acts after which everyone reads again what was hidden."""


def event_of(row: TimelineRow) -> str:
    """The event that this act is for everyone; "" for one that is told to few."""
    if row.code == COMMENT_ACT:  # the row is the staff's, for it knows who wrote; the comment is everyone's
        return COMMENT
    if row.audience != Audience.PUBLIC or not row.data.get("followers", True):
        return ""
    if _comes(row):
        return PUBLISHED
    return MOVED if row.before != row.after else NOTED


def _comes(row: TimelineRow) -> bool:
    """With this act it came before everyone's eyes."""
    if row.code in BACK:
        return True
    if row.subject.kind in set(Kind):
        return row.code in NEW
    before, after = participation.STATES.get(row.before), participation.STATES.get(row.after)
    return bool(after and after.public and not (before and before.public))
