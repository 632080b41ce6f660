"""Addresses of visions and surveys. The official of the department organises them."""

_ALL = {"*": {"GET": 200}}
_MISSING = {"*": {"GET": 404}}
_FORM = {"GET": 200, "POST": 422}
_LOGIN = {"GET": 302, "POST": 302}
_NOBODY = {"GET": 404, "POST": 404}
_KEPT = {"*": {"GET": 404}, "official": {"GET": 200}, "moderator": {"GET": 200}}
_LATER = {"*": {"GET": 404}, "official": {"GET": 409}, "moderator": {"GET": 409}}
"""While people answer."""
_ORGANISER = {"*": _NOBODY, "anonymous": _LOGIN, "official": _FORM, "moderator": _FORM}
_OPENED = {"GET": 409, "POST": 422}
"""It is open: what is asked stays."""
_MOVE = {"*": {"POST": 404}, "anonymous": _LOGIN, "official": {"POST": 302}, "moderator": {"POST": 302}}

MATRIX = [
    ("api-surveys", "", _ALL),
    ("api-survey", "survey", _ALL),
    ("api-survey", "kept survey", _MISSING),
    ("surveys", "", _ALL),
    ("survey", "survey", _ALL),
    ("survey", "kept survey", _KEPT),
    ("survey", "event", _MISSING),
    ("survey_results", "survey", _ALL),
    ("survey_results", "kept survey", _MISSING),
    ("survey_new", "", {"*": _NOBODY, "anonymous": _LOGIN, **dict.fromkeys(
        ("official", "other_official", "moderator", "planner", "administrator"), _FORM)}),
    ("survey_answer", "survey", {"*": _FORM, "anonymous": _LOGIN}),
    ("survey_answer", "kept survey", {"*": _NOBODY}),
    ("survey_paper", "survey", _ORGANISER),
    ("survey_paper", "kept survey", {**_ORGANISER, "official": _OPENED, "moderator": _OPENED}),
    *((("survey_export", f"survey's {kind}", _LATER)) for kind in ("csv", "geojson")),
    ("survey_export", "survey's pdf", _MISSING),
    ("survey_change", "kept survey", _ORGANISER),
    ("survey_change", "survey", {**_ORGANISER, "official": _OPENED, "moderator": _OPENED}),
    ("survey_questions", "kept survey", {**_KEPT, "anonymous": {"GET": 302}}),
    ("survey_ask", "kept survey", _ORGANISER),
    ("survey_ask", "survey", {**_ORGANISER, "official": _OPENED, "moderator": _OPENED}),
    ("survey_question", "kept survey's question", _ORGANISER),
    ("survey_arrange", "kept survey's question up", _MOVE),
    ("survey_longer", "survey", _ORGANISER),
    ("survey_words", "survey", {"*": _NOBODY, "anonymous": _LOGIN, "moderator": {"GET": 200, "POST": 302}}),
    ("survey_act", "survey's stop", _ORGANISER),
    ("survey_act", "survey's nothing", {"*": _NOBODY, "anonymous": _LOGIN}),
]  # fmt: skip
