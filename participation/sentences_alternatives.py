"""What every act is called on comparisons and their variants, as in `discussion.sentences`."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from discussion import sentences
from discussion.sentences import Noun
from discussion.sentences import Sentence as S

COMPARISON: dict[str, S] = {
    "kept_preparing": S("waiting", pgettext_lazy("comparison", "The comparison is being prepared.")),
    "change": S("active", pgettext_lazy("comparison", "What is prepared was changed.")),
    "open": S("new", pgettext_lazy("comparison", "The alternatives are public: say which one you find good.")),
    "prolong": S("active", pgettext_lazy("comparison", "There is more time to say what you think of the alternatives.")),
    "close": S("waiting", pgettext_lazy("comparison", "The time is over; the choice is being made.")),
    "decide": S("done", pgettext_lazy("comparison", "One alternative was preferred.")),
    "stop": S("refused", pgettext_lazy("comparison", "The comparison was stopped.")),
}
COMPARISON_STATUS: dict[str, object] = {
    "preparing": pgettext_lazy("comparison", "Being prepared"),
    "open": pgettext_lazy("comparison", "Open for your opinion"),
    "closed": pgettext_lazy("comparison", "Over, the choice is being made"),
    "decided": pgettext_lazy("comparison", "Decided"),
    "stopped": pgettext_lazy("comparison", "Stopped"),
}
ALTERNATIVE: dict[str, S] = {
    "kept_preparing": S("waiting", pgettext_lazy("alternative", "The alternative is being prepared.")),
    "kept_awaiting_moderation": S(
        "waiting", pgettext_lazy("alternative", "The alternative is kept and waits to be read by a moderator.")
    ),
    "change": S("active", pgettext_lazy("alternative", "The alternative was changed before it was public.")),
    "drop": S("refused", pgettext_lazy("alternative", "The alternative was taken out before it was public.")),
    "show": S("new", pgettext_lazy("alternative", "The alternative is public.")),
    "publish": S("new", pgettext_lazy("alternative", "The alternative was read by a moderator and is public.")),
    "reject": S("refused", pgettext_lazy("alternative", "The alternative was not published by the moderator.")),
    "lapse": S(
        "refused",
        pgettext_lazy("alternative", "The comparison ended before a moderator had read the alternative: it is not published."),
    ),
    "take_back": S("refused", pgettext_lazy("alternative", "The alternative was taken back before it was public.")),
    "withdraw": S("refused", pgettext_lazy("alternative", "The alternative was withdrawn by who sent it.")),
    "prefer": S("done", pgettext_lazy("alternative", "This alternative was preferred.")),
    "pass_over": S("refused", pgettext_lazy("alternative", "Another alternative was preferred.")),
}
ALTERNATIVE_STATUS: dict[str, object] = {
    "preparing": pgettext_lazy("alternative", "Being prepared"),
    "awaiting_moderation": pgettext_lazy("alternative", "Kept, waits for a moderator"),
    "rejected": pgettext_lazy("alternative", "Not published"),
    "taken_back": pgettext_lazy("alternative", "Taken back"),
    "published": pgettext_lazy("alternative", "Published"),
    "withdrawn": pgettext_lazy("alternative", "Withdrawn, does not count"),
}


def register() -> None:
    comparison = Noun(pgettext_lazy("begins", "The comparison"), pgettext_lazy("inside", "the comparison"))
    sentences.add("comparison", comparison, comparison, COMPARISON, COMPARISON_STATUS)
    alternative = Noun(pgettext_lazy("begins", "The alternative"), pgettext_lazy("inside", "the alternative"))
    own = Noun(
        pgettext_lazy("begins", "Your alternative"),
        pgettext_lazy("inside", "your alternative"),
        pgettext_lazy("you did with", "your alternative"),
    )
    sentences.add("alternative", alternative, own, ALTERNATIVE, ALTERNATIVE_STATUS)
