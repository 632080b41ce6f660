"""The second line of a mail and of its preview: what comes next, by kind and state."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from discussion.words import due_sentence, in_words, named
from municipality.site import installation, support_needed
from reports.models import Report

FIXED: dict[str, object] = {
    "awaiting_moderation": gettext_lazy("A moderator will read it and you will hear from us."),
    "rejected": gettext_lazy("You can write again, or answer to this municipality if you do not agree."),
    "forwarded": gettext_lazy("The body to which it was forwarded answers for it now; what we learn is written on its page."),
    "duplicate": gettext_lazy("You will hear of everything that happens on the earlier one."),
    "withdrawn": gettext_lazy("Nothing more happens. You can always write again."),
    "reopen_requested": gettext_lazy("We will look at it again and write to you what we decided."),
    "filed_with_council": gettext_lazy("The council's decision will be written on its page."),
    "accepted": gettext_lazy("Next we plan when and how it is carried out."),
    "partly_accepted": gettext_lazy("Next we plan when and how the accepted part is carried out."),
    "carried_out": gettext_lazy("Thank you for the idea."),
    "archived": gettext_lazy("It is kept. Its author can take it up again at any time."),
}


def for_reader(report: Report, *, own: bool) -> str:
    """For author (`own`) and followers, in the active language."""
    if report.subject.visibility in ("hidden", "removed"):
        return _("If you do not agree, answer to the municipality; its address stands below.") if own else ""
    special = OWN.get((report.kind, report.status)) if own else None
    said = special(report) if special else None
    return LINES.get(report.status, _owed)(report) if said is None else said


def _kept(report: Report) -> str:
    until = in_words(timezone.localdate(report.created_at) + datetime.timedelta(days=installation().unconfirmed_days))
    return _("We keep it until %(date)s. It is not sent before you confirm.") % {"date": until}


def _asked(report: Report) -> str:
    count = installation().question_working_days
    return ngettext(
        "Please answer within %(count)s working day; after that we go on with what we know.",
        "Please answer within %(count)s working days; after that we go on with what we know.",
        count,
    ) % {"count": count}


def _gathering(report: Report) -> str:
    missing = max(0, support_needed(report.area_id) - report.subject.support_count)
    return ngettext(
        "When %(count)s more person supports it, the administration must review it.",
        "When %(count)s more people support it, the administration must review it.",
        missing,
    ) % {"count": missing}


def _ended(report: Report) -> str | None:
    if report.reopen_used:
        return None
    until = in_words(timezone.localdate(report.status_at) + datetime.timedelta(days=installation().reopen_days))
    return _("If something is still wrong, you can ask us until %(date)s to open it again.") % {"date": until}


def _owed(report: Report) -> str:
    """Who answers, and until when."""
    if report.state.ends:
        return ""
    who = {"department": named(report.department, begins=True)}
    if report.due_on is None:
        return _("%(department)s works on it and will write on its page.") % who
    when = {"date": in_words(report.due_on)}
    if report.expected_on:
        return _("%(department)s expects to be ready by %(date)s.") % (who | when)
    return _("%(department)s will answer by %(date)s.") % (who | when)


def for_desk(report: Report) -> str:
    """For the official in charge: the date in force."""
    words = due_sentence(report, timezone.localdate())
    return f"{words[:1].upper()}{words[1:]}." if words else ""


LINES: dict[str, Callable[[Report], str]] = {
    "awaiting_confirmation": _kept, "gathering_support": _gathering,
    **{state: (lambda _report, words=words: str(words)) for state, words in FIXED.items()},
}  # fmt: skip
"""State → what everybody who is written to reads."""
OWN: dict[tuple[str, str], Callable[[Report], str | None]] = {
    ("problem", "waiting_for_reporter"): _asked, ("problem", "resolved"): _ended, ("problem", "refused"): _ended,
}  # fmt: skip
"""Kind and state → what its author reads instead; None where there is nothing to add."""
