"""What every act is called on events, practices, initiatives and consultations, as in `discussion.sentences`."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy, pgettext_lazy

from discussion import sentences
from discussion.sentences import Noun
from discussion.sentences import Sentence as S

EVENT: dict[str, S] = {
    "submitted": S("new", pgettext_lazy("event", "The event was announced.")),
    "kept_awaiting_moderation": S("waiting", pgettext_lazy("event", "The event is kept and waits to be read by a moderator.")),
    "publish": S("new", pgettext_lazy("event", "The event was read by a moderator and announced.")),
    "reject": S("refused", pgettext_lazy("event", "The event was not published by the moderator.")),
    "change": S("active", pgettext_lazy("event", "The event was changed.")),
    "reword": S("active", pgettext_lazy("event", "A moderator has read the new words of the event. Before, it said:")),
    "keep_words": S(
        "refused", pgettext_lazy("event", "The event keeps its words: the moderator did not publish the new ones.")
    ),
    "change waits": S("waiting", pgettext_lazy("event", "The event was changed; its new words wait for a moderator.")),
    "reword unquoted": S(
        "active", pgettext_lazy("event", "A moderator has read the new words of the event. What it said before is not kept.")
    ),
    "change overtaken": S("active", pgettext_lazy("event", "The event was changed; other new words that waited fell away.")),
    "change time": S("active", pgettext_lazy("event", "The event was moved to another time or place.")),
    "take_back": S("refused", pgettext_lazy("event", "The event was taken back before it was public.")),
    "cancel": S("refused", pgettext_lazy("event", "The event is called off.")),
    "hold": S("done", pgettext_lazy("event", "The event took place; its minutes are public.")),
    "correct": S("active", pgettext_lazy("event", "The organiser corrected the minutes.")),
    "discuss": S("active", pgettext_lazy("event", "The organiser noted what is being discussed.")),
    "take_off": S("active", pgettext_lazy("event", "The organiser took something off the list of what is discussed.")),
    "not_hold": S("refused", pgettext_lazy("event", "The event did not take place.")),
    "taken": S("active", pgettext_lazy("event", "One more person comes.")),
    "waits": S("waiting", pgettext_lazy("event", "One more person waits for a seat.")),
    "left": S("active", pgettext_lazy("event", "One person does not come any more.")),
    "moved_up": S("new", pgettext_lazy("event", "A seat became free: it is yours.")),
    "reminder": S("next", pgettext_lazy("event", "The event begins soon.")),
}
EVENT_STATUS: dict[str, object] = {
    "awaiting_moderation": pgettext_lazy("event", "Kept, waits for a moderator"),
    "rejected": pgettext_lazy("event", "Not published"),
    "taken_back": pgettext_lazy("event", "Taken back"),
    "announced": pgettext_lazy("event", "To come"),
    "held": pgettext_lazy("event", "Took place"),
    "not_held": pgettext_lazy("event", "Did not take place"),
    "cancelled": pgettext_lazy("event", "Called off"),
}

PRACTICE: dict[str, S] = {
    "submitted": S("new", pgettext_lazy("practice", "The practice was published.")),
    "kept_awaiting_moderation": S(
        "waiting", pgettext_lazy("practice", "The practice is kept and waits to be read by a moderator.")
    ),
    "publish": S("new", pgettext_lazy("practice", "The practice was read by a moderator and published.")),
    "reject": S("refused", pgettext_lazy("practice", "The practice was not published by the moderator.")),
    "change": S("active", pgettext_lazy("practice", "The summary was mended.")),
    "take_back": S("refused", pgettext_lazy("practice", "The practice was taken back before it was public.")),
}
PRACTICE_STATUS: dict[str, object] = {
    "awaiting_moderation": pgettext_lazy("practice", "Kept, waits for a moderator"),
    "rejected": pgettext_lazy("practice", "Not published"),
    "taken_back": pgettext_lazy("practice", "Taken back"),
    "published": pgettext_lazy("practice", "Published"),
}

POLICY: dict[str, S] = {
    "submitted": S("new", pgettext_lazy("policy", "It was adopted and is followed here.")),
    "change": S("active", pgettext_lazy("policy", "It was changed.")),
    "weigh": S("active", pgettext_lazy("policy", "What counts how much was changed:")),
    "promise": S("new", pgettext_lazy("policy", "A promise was made, to be kept by %(due_on)s.")),
    "keep": S("done", pgettext_lazy("policy", "A promise was kept.")),
    "unkeep": S("waiting", pgettext_lazy("policy", "It was taken back that a promise was kept.")),
    "postpone": S("waiting", pgettext_lazy("policy", "A promise was moved to %(due_on)s.")),
    "end": S("done", pgettext_lazy("policy", "It is over.")),
    "carried_out_by": S("active", pgettext_lazy("policy", "It is carried out by a planned project.")),
    "not_carried_out_by": S("active", pgettext_lazy("policy", "A planned project does not count here any more: %(linked)s.")),
}
POLICY_STATUS: dict[str, object] = {
    "in_force": pgettext_lazy("policy", "Being carried out"),
    "ended": pgettext_lazy("policy", "Over"),
}
GOAL: dict[str, S] = {
    "change": S("active", pgettext_lazy("goal", "The goal was changed.")),
    "reach": S("done", pgettext_lazy("goal", "The goal is reached.")),
    "end": S("refused", pgettext_lazy("goal", "The goal is not aimed at any more.")),
    "submitted": S("new", pgettext_lazy("goal", "The goal was set.")),
    "served": S("active", pgettext_lazy("goal", "One more serves the goal.")),
}
GOAL_STATUS: dict[str, object] = {
    "aimed_at": pgettext_lazy("goal", "Aimed at"),
    "reached": pgettext_lazy("goal", "Reached"),
    "ended": pgettext_lazy("goal", "Not aimed at any more"),
}
SERVICE: dict[str, S] = {
    "submitted": S("new", pgettext_lazy("service", "The service was added.")),
    "described": S("active", pgettext_lazy("service", "What is said of the service was changed.")),
    "changed": S("active", pgettext_lazy("service", "The service has changed.")),
}


INITIATIVE: dict[str, S] = {
    "submitted": S("new", pgettext_lazy("initiative", "The initiative was begun.")),
    "kept_awaiting_moderation": S(
        "waiting", pgettext_lazy("initiative", "The initiative is kept and waits to be read by a moderator.")
    ),
    "publish": S("new", pgettext_lazy("initiative", "The initiative was read by a moderator and is public.")),
    "reject": S("refused", pgettext_lazy("initiative", "The initiative was not published by the moderator.")),
    "take_back": S("refused", pgettext_lazy("initiative", "The initiative was taken back before it was public.")),
    "gather": S("active", pgettext_lazy("initiative", "The initiative gathers people.")),
    "begin": S("active", pgettext_lazy("initiative", "The initiative is under way.")),
    "finish": S("done", pgettext_lazy("initiative", "The initiative is finished.")),
    "stop": S("refused", pgettext_lazy("initiative", "The initiative was stopped.")),
    "change": S("active", pgettext_lazy("initiative", "The initiative was changed.")),
    "change waits": S(
        "waiting", pgettext_lazy("initiative", "The initiative was changed; its new words wait for a moderator.")
    ),
    "reword": S(
        "active", pgettext_lazy("initiative", "A moderator has read the new words of the initiative. Before, it said:")
    ),
    "keep_words": S(
        "refused", pgettext_lazy("initiative", "The initiative keeps its words: the moderator did not publish the new ones.")
    ),
    "reword unquoted": S(
        "active",
        pgettext_lazy("initiative", "A moderator has read the new words of the initiative. What it said before is not kept."),
    ),
    "change overtaken": S(
        "active", pgettext_lazy("initiative", "The initiative was changed; other new words that waited fell away.")
    ),
    "message": S("next", pgettext_lazy("initiative", "News of the organisers.")),
    "joined": S("active", pgettext_lazy("initiative", "One more person joined.")),
    "left": S("active", pgettext_lazy("initiative", "One person gave a task back or left.")),
}
INITIATIVE_STATUS: dict[str, object] = {
    "awaiting_moderation": pgettext_lazy("initiative", "Kept, waits for a moderator"),
    "rejected": pgettext_lazy("initiative", "Not published"),
    "taken_back": pgettext_lazy("initiative", "Taken back"),
    "forming": pgettext_lazy("initiative", "Forming"),
    "gathering": pgettext_lazy("initiative", "Gathering people"),
    "under_way": pgettext_lazy("initiative", "Under way"),
    "finished": pgettext_lazy("initiative", "Finished"),
    "stopped": pgettext_lazy("initiative", "Stopped"),
}

PLEDGES: dict[str, S] = {
    "pledged": S("new", gettext_lazy("A resident promised something:")),
    "pledged by": S("new", gettext_lazy("%(organisation)s promised something:")),
    "pledged name": S("new", gettext_lazy("%(name)s promised something:")),
    "pledge_kept": S("waiting", gettext_lazy("A promise waits to be read by a moderator.")),
    "pledge_reject": S("refused", gettext_lazy("A promise was not published by the moderator.")),
    "pledge_take_back": S("refused", gettext_lazy("A promise was taken back before it was public.")),
    "pledge_remove": S("refused", gettext_lazy("A promise was taken down by the moderator.")),
    "pledge_show_again": S("active", gettext_lazy("A promise that was taken down is shown again.")),
    "pledge_done": S("done", gettext_lazy("A promise was kept.")),
    "pledge_withdraw": S("refused", gettext_lazy("A promise was withdrawn.")),
    "name_erased": S("active", gettext_lazy("A name was erased.")),
}
"""Of promises and names: on subjects of every kind."""
GIVEN: dict[str, S] = {
    "table_answered accepted": S("done", gettext_lazy("The consultation %(linked)s answered it: accepted.")),
    "table_answered partly": S("active", gettext_lazy("The consultation %(linked)s answered it: accepted in part.")),
    "table_answered refused": S("refused", gettext_lazy("The consultation %(linked)s answered it: not accepted.")),
}
"""Of what was given to a consultation, by verdict."""


CONSULTATION: dict[str, S] = {
    "kept_preparing": S("waiting", pgettext_lazy("consultation", "The consultation is being prepared.")),
    "change": S("active", pgettext_lazy("consultation", "What is prepared was changed.")),
    "renew_link": S(
        "active", pgettext_lazy("consultation", "A new preview link was made; the former one opens nothing any more.")
    ),
    "open": S("new", pgettext_lazy("consultation", "The consultation is open.")),
    "amend": S(
        "active", pgettext_lazy("consultation", "The text or the papers were changed; what they said before stays readable.")
    ),
    "prolong": S("active", pgettext_lazy("consultation", "The consultation runs longer.")),
    "close": S("waiting", pgettext_lazy("consultation", "The time is over; the proposals are being answered.")),
    "collect": S("active", pgettext_lazy("consultation", "The table of proposals is being written.")),
    "answer": S(
        "done", pgettext_lazy("consultation", "The table of proposals is public: what was accepted, what was not and why.")
    ),
    "adopt": S("done", pgettext_lazy("consultation", "What came of it was adopted.")),
    "correct": S("active", pgettext_lazy("consultation", "What is said of the act that was adopted was corrected.")),
    "stop": S("refused", pgettext_lazy("consultation", "The consultation was stopped.")),
    "give": S("new", pgettext_lazy("consultation", "Ideas that were there already were given to the consultation.")),
    "carry": S("active", pgettext_lazy("consultation", "Proposals of an earlier consultation were carried into this one.")),
}
CONSULTATION_STATUS: dict[str, object] = {
    "preparing": pgettext_lazy("consultation", "Being prepared"),
    "open": pgettext_lazy("consultation", "Open"),
    "closed": pgettext_lazy("consultation", "Over, is being answered"),
    "answered": pgettext_lazy("consultation", "Answered"),
    "adopted": pgettext_lazy("consultation", "Adopted"),
    "stopped": pgettext_lazy("consultation", "Stopped"),
}


def names_of_pledges(keys: Collection[int]) -> dict[int, str]:
    """{key of a promise: the name that its author wished to be shown}; of a promise that is not public there is none."""
    from participation.models import Pledge

    return Pledge.objects.shown_names(keys)


def not_held(events: Collection[int]) -> set[int]:
    """Those of these events that did not take place, or not yet."""
    from participation.models import Event

    return set(Event.objects.filter(pk__in=events).exclude(status="held").values_list("pk", flat=True))


def register() -> None:
    sentences.EVERY.update(PLEDGES)
    sentences.EVERY.update(GIVEN)
    noun = Noun(pgettext_lazy("begins", "The event"), pgettext_lazy("inside", "the event"))
    own = Noun(
        pgettext_lazy("begins", "Your event"),
        pgettext_lazy("inside", "your event"),
        pgettext_lazy("you did with", "your event"),
    )
    sentences.add("event", noun, own, EVENT, EVENT_STATUS)
    practice = Noun(pgettext_lazy("begins", "The practice"), pgettext_lazy("inside", "the practice"))
    sentences.add("practice", practice, practice, PRACTICE, PRACTICE_STATUS)
    initiative = Noun(pgettext_lazy("begins", "The initiative"), pgettext_lazy("inside", "the initiative"))
    sentences.add("initiative", initiative, initiative, INITIATIVE, INITIATIVE_STATUS)
    sentences.OWN[("event", "cancel")] = gettext_lazy("You called the event off.")
    policy = sentences.NOUNS["policy"]
    sentences.add("policy", policy, policy, POLICY, POLICY_STATUS)
    sentences.STATUS["goal"] = GOAL_STATUS
    sentences.TABLES |= {"goal": GOAL, "service": SERVICE}
    consultation = Noun(pgettext_lazy("begins", "The consultation"), pgettext_lazy("inside", "the consultation"))
    sentences.add("consultation", consultation, consultation, CONSULTATION, CONSULTATION_STATUS)
