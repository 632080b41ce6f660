"""What every act is called, as full sentences: one table of kind × code, worded in the reader's language when read.

Placeholders: `thing` begins a sentence („The report“, „Your report“), `object` stands inside one, `mine` after what
its author did; `department` and
`Department` likewise; `to`, `body`, `other`, `number`, `filed_on`, `extended_to` come from the act's data.
The message context is the kind, because grammatical gender follows it. A key `code state` is used when the act led there.
"""

# ruff: noqa: E501  a table: one act, one line
from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext_lazy, pgettext_lazy


class Sentence(NamedTuple):
    """`sign`: the mark on the timeline (new, active, waiting, done, refused, next)."""

    sign: str
    words: object


@dataclass(frozen=True)
class Noun:
    """How a kind of subject is called at the beginning and inside of a sentence, and as what its author does something with."""

    thing: object
    object: object
    mine: object = ""


NOUNS: dict[str, Noun] = {
    "problem": Noun(pgettext_lazy("begins", "The report"), pgettext_lazy("inside", "the report")),
    "idea": Noun(pgettext_lazy("begins", "The idea"), pgettext_lazy("inside", "the idea")),
    "project": Noun(pgettext_lazy("begins", "The project"), pgettext_lazy("inside", "the project")),
    "initiative": Noun(pgettext_lazy("begins", "The initiative"), pgettext_lazy("inside", "the initiative")),
    "event": Noun(pgettext_lazy("begins", "The event"), pgettext_lazy("inside", "the event")),
    "consultation": Noun(pgettext_lazy("begins", "The consultation"), pgettext_lazy("inside", "the consultation")),
    "practice": Noun(pgettext_lazy("begins", "The practice"), pgettext_lazy("inside", "the practice")),
    "policy": Noun(pgettext_lazy("begins", "The policy"), pgettext_lazy("inside", "the policy")),
    "goal": Noun(pgettext_lazy("begins", "The goal"), pgettext_lazy("inside", "the goal")),
    "service": Noun(pgettext_lazy("begins", "The service"), pgettext_lazy("inside", "the service")),
}
OWN_NOUNS: dict[str, Noun] = {
    "problem": Noun(
        pgettext_lazy("begins", "Your report"),
        pgettext_lazy("inside", "your report"),
        pgettext_lazy("you did with", "your report"),
    ),
    "idea": Noun(
        pgettext_lazy("begins", "Your idea"), pgettext_lazy("inside", "your idea"), pgettext_lazy("you did with", "your idea")
    ),
    **{
        kind: NOUNS[kind]
        for kind in ("project", "initiative", "event", "consultation", "practice", "policy", "goal", "service")
    },
}

S = Sentence

PROBLEM: dict[str, Sentence] = {
    "submitted": S("new", pgettext_lazy("problem", "%(thing)s was received by %(department)s.")),
    "submitted taken_over": S("new", pgettext_lazy("problem", "%(thing)s was sent in the system used before and taken over from there.")),
    "kept_awaiting_confirmation": S("waiting", pgettext_lazy("problem", "%(thing)s is kept; it is sent once its author has confirmed the e-mail address.")),
    "kept_awaiting_moderation": S("waiting", pgettext_lazy("problem", "%(thing)s is kept and waits to be read by a moderator.")),
    "confirm": S("new", pgettext_lazy("problem", "%(thing)s was confirmed by its author and received by %(department)s.")),
    "publish": S("new", pgettext_lazy("problem", "%(thing)s was read by a moderator and received by %(department)s.")),
    "reject": S("refused", pgettext_lazy("problem", "%(thing)s was not published by the moderator.")),
    "hand_over": S("active", pgettext_lazy("problem", "%(thing)s waits to be assigned anew in %(department)s.")),
    "hand_over to": S("active", pgettext_lazy("problem", "%(thing)s was handed to %(to)s.")),
    "assign": S("active", pgettext_lazy("problem", "%(thing)s was assigned to an official in %(department)s.")),
    "reassign": S("active", pgettext_lazy("problem", "%(thing)s was given to another official in %(department)s.")),
    "assign to": S("active", pgettext_lazy("problem", "%(thing)s was handed to %(to)s and assigned to an official there.")),
    "reassign to": S("active", pgettext_lazy("problem", "%(thing)s was handed to %(to)s and assigned to an official there.")),
    "forward": S("waiting", pgettext_lazy("problem", "%(thing)s was forwarded to %(body)s.")),
    "start": S("active", pgettext_lazy("problem", "%(Department)s started work on %(object)s.")),
    "plan": S("active", pgettext_lazy("problem", "%(thing)s is planned.")),
    "ask": S("waiting", pgettext_lazy("problem", "%(Department)s asked the author a question.")),
    "answer": S("active", pgettext_lazy("problem", "The author answered.")),
    "answer_lapsed": S("active", pgettext_lazy("problem", "The author did not answer in time; work goes on.")),
    "extend": S("active", gettext_lazy("The due date was moved to %(extended_to)s.")),
    "resolve": S("done", pgettext_lazy("problem", "%(thing)s is resolved.")),
    "refuse": S("refused", pgettext_lazy("problem", "%(thing)s was declined.")),
    "mark_duplicate": S("refused", pgettext_lazy("problem", "%(thing)s repeats another one.")),
    "mark_duplicate other": S("refused", pgettext_lazy("problem", "%(thing)s repeats another one, number %(other)s.")),
    "unmark_duplicate": S("active", pgettext_lazy("problem", "%(thing)s no longer counts as a duplicate.")),
    "withdraw": S("refused", pgettext_lazy("problem", "The author withdrew %(object)s.")),
    "request_reopen": S("waiting", pgettext_lazy("problem", "The author asked to open %(object)s again.")),
    "reopen": S("active", pgettext_lazy("problem", "%(thing)s is open again in %(department)s.")),
    "keep_closed": S("done", pgettext_lazy("problem", "%(thing)s stays closed.")),
    "turned": S("new", gettext_lazy("The idea was turned into a report and received by %(department)s.")),
    "hidden": S("refused", pgettext_lazy("problem", "%(thing)s was hidden by the moderator.")),
    "removed": S("refused", pgettext_lazy("problem", "%(thing)s was removed by the moderator.")),
    "shown_again": S("active", pgettext_lazy("problem", "%(thing)s is open to everyone again.")),
    "restricted": S("waiting", pgettext_lazy("problem", "%(thing)s is now seen by its author and the administration only.")),
    "unrestricted": S("active", pgettext_lazy("problem", "%(thing)s is seen by everyone again.")),
}  # fmt: skip

IDEA: dict[str, Sentence] = {
    "submitted": S("new", pgettext_lazy("idea", "%(thing)s is published and gathers support.")),
    "submitted taken_over": S("new", pgettext_lazy("idea", "%(thing)s was sent in the system used before and taken over from there.")),
    "submitted under_review": S("new", pgettext_lazy("idea", "%(thing)s was received and is reviewed by %(department)s.")),
    "kept_awaiting_confirmation": S("waiting", pgettext_lazy("idea", "%(thing)s is kept; it is sent once its author has confirmed the e-mail address.")),
    "kept_awaiting_moderation": S("waiting", pgettext_lazy("idea", "%(thing)s is kept and waits to be read by a moderator.")),
    "confirm": S("new", pgettext_lazy("idea", "%(thing)s was confirmed by its author, is published and gathers support.")),
    "confirm under_review": S("new", pgettext_lazy("idea", "%(thing)s was confirmed by its author and is reviewed by %(department)s.")),
    "publish": S("new", pgettext_lazy("idea", "%(thing)s was read by a moderator, is published and gathers support.")),
    "publish under_review": S("new", pgettext_lazy("idea", "%(thing)s was read by a moderator and is reviewed by %(department)s.")),
    "reject": S("refused", pgettext_lazy("idea", "%(thing)s was not published by the moderator.")),
    "hand_over": S("active", pgettext_lazy("idea", "%(thing)s waits to be assigned anew in %(department)s.")),
    "hand_over to": S("active", pgettext_lazy("idea", "%(thing)s was handed to %(to)s.")),
    "reassign": S("active", pgettext_lazy("idea", "%(thing)s was given to an official in %(department)s.")),
    "reassign to": S("active", pgettext_lazy("idea", "%(thing)s was handed to %(to)s and assigned to an official there.")),
    "reach_threshold": S("active", pgettext_lazy("idea", "%(thing)s gathered the support it needed and is reviewed by %(department)s.")),
    "take_up": S("active", pgettext_lazy("idea", "%(Department)s took %(object)s up for review.")),
    "extend": S("active", gettext_lazy("The due date was moved to %(extended_to)s.")),
    "file_with_council": S("waiting", pgettext_lazy("idea", "%(thing)s was filed with the council (%(council)s) under number %(number)s on %(filed_on)s.")),
    "file_with_council unnumbered": S("waiting", pgettext_lazy("idea", "%(thing)s was filed with the council (%(council)s) on %(filed_on)s; the source names no incoming number.")),
    "accept": S("active", pgettext_lazy("idea", "%(thing)s was accepted.")),
    "partly_accept": S("active", pgettext_lazy("idea", "%(thing)s was accepted in part.")),
    "refuse": S("refused", pgettext_lazy("idea", "%(thing)s was declined.")),
    "plan": S("active", pgettext_lazy("idea", "%(thing)s is planned.")),
    "carry_out": S("done", pgettext_lazy("idea", "%(thing)s has been carried out.")),
    "mark_duplicate": S("refused", pgettext_lazy("idea", "%(thing)s repeats another one.")),
    "mark_duplicate other": S("refused", pgettext_lazy("idea", "%(thing)s repeats another one, number %(other)s.")),
    "unmark_duplicate": S("active", pgettext_lazy("idea", "%(thing)s no longer counts as a duplicate.")),
    "withdraw": S("refused", pgettext_lazy("idea", "The author withdrew %(object)s.")),
    "archive": S("refused", pgettext_lazy("idea", "%(thing)s did not gather enough support within its term and was archived.")),
    "take_up_again": S("new", pgettext_lazy("idea", "The author took %(object)s up again; it gathers support.")),
    "reconsider": S("active", pgettext_lazy("idea", "%(Department)s is reviewing %(object)s again.")),
    "turned": S("new", gettext_lazy("The report was turned into an idea and is reviewed by %(department)s.")),
    "hidden": S("refused", pgettext_lazy("idea", "%(thing)s was hidden by the moderator.")),
    "removed": S("refused", pgettext_lazy("idea", "%(thing)s was removed by the moderator.")),
    "shown_again": S("active", pgettext_lazy("idea", "%(thing)s is open to everyone again.")),
    "restricted": S("waiting", pgettext_lazy("idea", "%(thing)s is now seen by its author and the administration only.")),
    "unrestricted": S("active", pgettext_lazy("idea", "%(thing)s is seen by everyone again.")),
}  # fmt: skip

EVERY: dict[str, Sentence] = {
    "edited": S("active", gettext_lazy("The author mended the words.")),
    "added": S("active", gettext_lazy("The author added to %(object)s.")),
    "added co": S("active", gettext_lazy("A co-author added to %(object)s.")),
    "co_author_asked": S("active", gettext_lazy("The author invited somebody to be a co-author.")),
    "co_author_joined": S("active", gettext_lazy("A co-author joined %(object)s.")),
    "co_author_named": S("active", gettext_lazy("The moderator has read the name of a co-author: everyone reads it.")),
    "co_author_unnamed": S("refused", gettext_lazy("The moderator did not publish the name that a co-author wished.")),
    "co_author_left": S("active", gettext_lazy("A co-author left %(object)s.")),
    "endorsed": S("active", gettext_lazy("%(organisation)s stands behind %(object)s.")),
    "unendorsed": S("active", gettext_lazy("%(organisation)s does not stand behind %(object)s any more.")),
    "name_hidden": S("active", gettext_lazy("The author hid the name.")),
    "name_shown": S("active", gettext_lazy("The author shows the name.")),
    "confirmed_solved": S("done", gettext_lazy("The author confirmed that the problem is gone.")),
    "looks_fixed": S("waiting", gettext_lazy("Somebody sent a photo and says that it looks fixed.")),
    "fixed_dismissed": S("active", gettext_lazy("An official looked: it is not fixed yet.")),
    "photo_covered": S("active", gettext_lazy("A part of a photo was covered, to protect somebody.")),
    "unassigned": S("waiting", gettext_lazy("The official in charge left the department; somebody else must be assigned.")),
    "case_sent": S("active", gettext_lazy("The document system was told of the case.")),
    "case_failed": S("refused", gettext_lazy("The document system could not be told of the case.")),
    "case_again": S("active", gettext_lazy("The case is sent to the document system once more.")),
    "case_retried": S("active", gettext_lazy("The case is sent to the document system once more.")),
    "case_registered": S("done", gettext_lazy("The case was entered into the document system under number %(number)s.")),
    "noted": S("active", gettext_lazy("An internal note was written.")),
    "discussed": S("active", gettext_lazy("It was discussed at an event: %(event)s.")),
    "whole_hidden": S("refused", gettext_lazy("It was hidden by the moderator.")),
    "whole_shown": S("active", gettext_lazy("It is open to everyone again.")),
    "linked": S("active", gettext_lazy("Linked – %(link)s: %(linked)s.")),
    "unlinked": S("active", gettext_lazy("A link was taken away – %(link)s: %(linked)s.")),
    "organised": S("active", gettext_lazy("People act together on it: %(linked)s.")),
    "relocated": S("active", gettext_lazy("The place or the category was changed.")),
    "relocated department": S("active", gettext_lazy("The place or the category was changed; %(department)s answers now.")),
    "redacted": S("active", gettext_lazy("The moderator took out a part of the words or photos.")),
    "commented": S("active", gettext_lazy("A comment was written.")),
    "comment_published": S("active", gettext_lazy("A comment was published.")),
    "comment_removed": S("refused", gettext_lazy("A comment was not published or was taken down by the moderator.")),
    "comment_hidden": S("refused", gettext_lazy("A comment was hidden by the moderator.")),
    "comment_kept": S("refused", gettext_lazy("The moderator left a comment as it was before it was mended.")),
    "comment_edited": S("active", gettext_lazy("The writer of a comment mended its words.")),
    "comment_withdrawn": S("refused", gettext_lazy("A comment was withdrawn by its writer.")),
    "said_photo_covered": S(
        "active", gettext_lazy("A part of a comment's or an act's photo was covered, to protect somebody.")
    ),
    "said_photo_hidden": S("active", gettext_lazy("The moderator hid a photo.")),
    "comment_pinned": S("active", gettext_lazy("The moderator put a comment first.")),
    "comment_unpinned": S("active", gettext_lazy("A comment does not stand first any more.")),
    "found_helpful": S("active", gettext_lazy("One more person finds a comment helpful.")),
    "not_helpful": S("active", gettext_lazy("One person took back that a comment is helpful.")),
    "appealed": S("waiting", gettext_lazy("The writer of a comment asks the moderator to look at it again.")),
    "appeal_upheld": S("done", gettext_lazy("The moderator looked again: the comment stands.")),
    "appeal_declined": S("refused", gettext_lazy("The moderator looked again: the comment stays taken down.")),
    "talk_closed": S("done", gettext_lazy("The moderator closed the conversation with a summary.")),
    "talk_opened": S("active", gettext_lazy("The moderator opened the conversation again.")),
    "flagged": S("waiting", gettext_lazy("Somebody wrote that the rules are broken here.")),
    "flag_settled": S("done", gettext_lazy("The moderator looked at what was flagged and left it as it is.")),
    "supported": S("active", gettext_lazy("One more person supports %(object)s.")),
    "unsupported": S("active", gettext_lazy("One person took the support back.")),
    "followed": S("active", gettext_lazy("One more person follows %(object)s.")),
    "unfollowed": S("active", gettext_lazy("One person stopped following %(object)s.")),
    "claimed": S("active", gettext_lazy("The author has an account now; the report belongs to it.")),
    "commenter_erased": S("active", gettext_lazy("The name under a comment was erased.")),
    "author_erased": S("active", gettext_lazy("The author's name and contact were erased.")),
    "due_soon": S("active", gettext_lazy("The due date comes near: %(due_on)s.")),
    "not_delivered": S("refused", gettext_lazy("A message could not be delivered.")),
    "confirmation_asked": S("waiting", gettext_lazy("A link was sent to a visitor's address, to be confirmed.")),
}

OWN: dict[tuple[str, str], object] = {
    ("problem", "ask"): pgettext_lazy("problem", "%(Department)s has a question about your report."),
    ("problem", "answer"): gettext_lazy("You answered."),
    ("problem", "answer_lapsed"): gettext_lazy("We did not receive your answer in time; work on %(object)s goes on."),
    ("problem", "withdraw"): gettext_lazy("You withdrew %(mine)s."),
    ("idea", "withdraw"): gettext_lazy("You withdrew %(mine)s."),
    ("problem", "request_reopen"): gettext_lazy("You asked to open %(mine)s again."),
    ("idea", "take_up_again"): gettext_lazy("You took %(mine)s up again; it gathers support."),
    ("problem", "kept_awaiting_confirmation"): pgettext_lazy(
        "problem", "%(thing)s is kept; it is sent once you have confirmed your e-mail address."
    ),
    ("idea", "kept_awaiting_confirmation"): pgettext_lazy(
        "idea", "%(thing)s is kept; it is sent once you have confirmed your e-mail address."
    ),
    ("problem", "confirm"): pgettext_lazy("problem", "%(thing)s is confirmed and was received by %(department)s."),
    ("idea", "confirm"): pgettext_lazy("idea", "%(thing)s is confirmed, published and gathers support."),
    ("problem", "edited"): gettext_lazy("You mended the words."),
    ("idea", "edited"): gettext_lazy("You mended the words."),
    ("problem", "added"): gettext_lazy("You added to %(mine)s."),
    ("idea", "added"): gettext_lazy("You added to %(mine)s."),
    ("idea", "co_author_asked"): gettext_lazy("You invited somebody to be a co-author."),
    ("problem", "name_hidden"): gettext_lazy("You hid your name."),
    ("idea", "name_hidden"): gettext_lazy("You hid your name."),
    ("problem", "name_shown"): gettext_lazy("You show your name."),
    ("idea", "name_shown"): gettext_lazy("You show your name."),
    ("problem", "confirmed_solved"): gettext_lazy("You confirmed that the problem is gone."),
    ("problem", "restricted"): pgettext_lazy("problem", "%(thing)s is now seen by you and the administration only."),
    ("idea", "restricted"): pgettext_lazy("idea", "%(thing)s is now seen by you and the administration only."),
}
"""To the author in person, where the sentence is another one."""

STATUS: dict[str, dict[str, object]] = {
    "problem": {
        "awaiting_confirmation": pgettext_lazy("problem", "Kept, waits for its author's confirmation"),
        "awaiting_moderation": pgettext_lazy("problem", "Kept, waits for a moderator"),
        "rejected": pgettext_lazy("problem", "Not published"),
        "received": pgettext_lazy("problem", "Received"),
        "assigned": pgettext_lazy("problem", "Assigned"),
        "in_progress": pgettext_lazy("problem", "In progress"),
        "planned": pgettext_lazy("problem", "Planned"),
        "forwarded": pgettext_lazy("problem", "Forwarded"),
        "waiting_for_reporter": pgettext_lazy("problem", "Waiting for its author's answer"),
        "resolved": pgettext_lazy("problem", "Resolved"),
        "refused": pgettext_lazy("problem", "Declined"),
        "duplicate": pgettext_lazy("problem", "Duplicate"),
        "withdrawn": pgettext_lazy("problem", "Withdrawn"),
        "reopen_requested": pgettext_lazy("problem", "Reopening was asked for"),
        "reopened": pgettext_lazy("problem", "Reopened"),
    },
    "idea": {
        "awaiting_confirmation": pgettext_lazy("idea", "Kept, waits for its author's confirmation"),
        "awaiting_moderation": pgettext_lazy("idea", "Kept, waits for a moderator"),
        "rejected": pgettext_lazy("idea", "Not published"),
        "gathering_support": pgettext_lazy("idea", "Gathering support"),
        "under_review": pgettext_lazy("idea", "Under review"),
        "filed_with_council": pgettext_lazy("idea", "Filed with the council"),
        "accepted": pgettext_lazy("idea", "Accepted"),
        "partly_accepted": pgettext_lazy("idea", "Accepted in part"),
        "planned": pgettext_lazy("idea", "Planned"),
        "carried_out": pgettext_lazy("idea", "Carried out"),
        "refused": pgettext_lazy("idea", "Declined"),
        "duplicate": pgettext_lazy("idea", "Duplicate"),
        "withdrawn": pgettext_lazy("idea", "Withdrawn"),
        "archived": pgettext_lazy("idea", "Archived"),
    },
}


TABLES: dict[str, dict[str, Sentence]] = {"problem": PROBLEM, "idea": IDEA}


def add(kind: str, noun: Noun, own: Noun, table: dict[str, Sentence], status: dict[str, object]) -> None:
    """The app that owns a kind of subject says here how it and its acts are called."""
    NOUNS[kind], OWN_NOUNS[kind], TABLES[kind], STATUS[kind] = noun, own, table, status


def find(kind: str, code: str, *details: str) -> Sentence:
    """The sentence of an act; with the first of `details` that has its own. KeyError names an act without one."""
    for key in (*(f"{code} {detail}" for detail in details if detail), code):
        for table in (TABLES.get(kind, {}), EVERY):
            if key in table:
                return table[key]
    raise KeyError(f"{kind} {code}")
