"""What every act is called on surveys, as in `discussion.sentences`."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from discussion import sentences
from discussion.sentences import Noun
from discussion.sentences import Sentence as S

SURVEY: dict[str, S] = {
    "kept_preparing": S("waiting", pgettext_lazy("survey", "The survey is being prepared.")),
    "change": S("active", pgettext_lazy("survey", "The survey was changed.")),
    "ask": S("active", pgettext_lazy("survey", "The questions were changed.")),
    "open": S("new", pgettext_lazy("survey", "The survey is open to everyone.")),
    "extend": S("active", pgettext_lazy("survey", "There is more time to answer.")),
    "answered": S("active", pgettext_lazy("survey", "Somebody answered.")),
    "enter_paper": S("active", pgettext_lazy("survey", "Answers given on paper were entered.")),
    "close": S("waiting", pgettext_lazy("survey", "The survey is closed; its results come next.")),
    "show_words": S("active", pgettext_lazy("survey", "A moderator chose which answers in words everyone reads.")),
    "report": S("done", pgettext_lazy("survey", "The results are public.")),
    "goal_set": S("new", pgettext_lazy("survey", "A goal came of it: %(linked)s.")),
    "stop": S("refused", pgettext_lazy("survey", "The survey was stopped.")),
}
SURVEY_STATUS: dict[str, object] = {
    "preparing": pgettext_lazy("survey", "In preparation"),
    "open": pgettext_lazy("survey", "Open for answers"),
    "closed": pgettext_lazy("survey", "Closed, the results come next"),
    "reported": pgettext_lazy("survey", "Results published"),
    "stopped": pgettext_lazy("survey", "Stopped"),
}


def register() -> None:
    survey = Noun(pgettext_lazy("begins", "The survey"), pgettext_lazy("inside", "the survey"))
    sentences.add("survey", survey, survey, SURVEY, SURVEY_STATUS)
