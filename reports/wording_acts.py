"""What an official's buttons say: one verb for each edge of the workflow."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ACTS: dict[str, Promise] = {
    "publish": pgettext_lazy("act", "Publish"),
    "reject": pgettext_lazy("act", "Reject"),
    "hand_over": pgettext_lazy("act", "Hand over"),
    "assign": pgettext_lazy("act", "Assign"),
    "reassign": pgettext_lazy("act", "Assign to another"),
    "forward": pgettext_lazy("act", "Forward"),
    "start": pgettext_lazy("act", "Begin"),
    "plan": pgettext_lazy("act", "Plan"),
    "ask": pgettext_lazy("act", "Ask the reporter"),
    "extend": pgettext_lazy("act", "Extend the term"),
    "resolve": pgettext_lazy("act", "Resolve"),
    "refuse": pgettext_lazy("act", "Decline"),
    "mark_duplicate": pgettext_lazy("act", "Mark as duplicate"),
    "unmark_duplicate": pgettext_lazy("act", "Not a duplicate"),
    "reopen": pgettext_lazy("act", "Reopen"),
    "keep_closed": pgettext_lazy("act", "Keep as it ended"),
    "take_up": pgettext_lazy("act", "Take under review"),
    "file_with_council": pgettext_lazy("act", "File with the council"),
    "accept": pgettext_lazy("act", "Accept"),
    "partly_accept": pgettext_lazy("act", "Accept in part"),
    "carry_out": pgettext_lazy("act", "Carried out"),
    "reconsider": pgettext_lazy("act", "Review again"),
}
UNKNOWN = _("Act")


def act_name(name: str) -> str:
    """The button's words."""
    return str(ACTS.get(name, UNKNOWN))
