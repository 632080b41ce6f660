"""Addresses of consultations: open, being prepared, closed and answered."""

_ALL = {"*": {"GET": 200}}
_MISSING = {"*": {"GET": 404}}
_FORM = {"GET": 200, "POST": 422}
_LOGIN = {"GET": 302, "POST": 302}
_NOBODY = {"GET": 404, "POST": 404}
_OVER = {"GET": 409, "POST": 422}
"""The form's page says that it is not possible in this state."""
_PREPARED = {"*": {"GET": 404}, "other_official": {"GET": 200}, "dispatcher": {"GET": 200}, "moderator": {"GET": 200},
             "planner": {"GET": 200}, "administrator": {"GET": 200}}  # fmt: skip
"""The department that asks is that of these people."""


def _organiser(form: dict[str, int]) -> dict[str, dict[str, int]]:
    staff = ("other_official", "dispatcher", "moderator", "planner", "administrator")
    return {"*": _NOBODY, "anonymous": _LOGIN, **dict.fromkeys(staff, form)}


MATRIX = [
    ("api-consultations", "", _ALL),
    ("api-consultation", "consultation", _ALL),
    ("api-consultation", "answered consultation", _ALL),
    ("api-consultation", "prepared consultation", _MISSING),
    ("consultations", "", _ALL),
    ("consultation", "consultation", _ALL),
    ("consultation", "prepared consultation", _PREPARED),
    ("consultation", "event", _MISSING),
    ("consultation_preview", "preview", _ALL),
    ("consultation_preview", "forged preview", _MISSING),
    ("consultation_preview_paper", "previewed paper", _ALL),
    ("consultation_preview_paper", "forged paper", _MISSING),
    ("consultation_renew_link", "prepared consultation", _organiser({"GET": 200, "POST": 302})),
    ("consultation_renew_link", "consultation", _organiser(_OVER)),
    ("consultation_new", "", {"*": _NOBODY, "anonymous": _LOGIN, "official": _FORM, "other_official": _FORM, "planner": _FORM}),
    ("consultation_give_idea", "call", {"*": {"GET": 302}}),
    ("consultation_give_idea", "consultation", _MISSING),
    ("consultation_ideas", "call", _organiser(_FORM)),
    ("consultation_carry", "call", _organiser(_FORM)),
    ("consultation_change", "prepared consultation", _organiser(_FORM)),
    ("consultation_change", "consultation", _organiser(_OVER)),
    ("consultation_open", "consultation", _organiser(_OVER)),
    ("consultation_prolong", "consultation", _organiser(_FORM)),
    ("consultation_adopt", "consultation", _organiser(_OVER)),
    ("consultation_section_new", "consultation", _organiser(_FORM)),
    ("consultation_paste", "prepared consultation", _organiser(_FORM)),
    ("consultation_paste", "consultation", _organiser(_OVER)),
    ("consultation_section", "its section", _organiser(_FORM)),
    ("consultation_section", "no section", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("consultation_section_drop", "its section", _organiser(_OVER)),
    ("consultation_versions", "its section", _ALL),
    ("consultation_versions", "no section", _MISSING),
    ("consultation_paper_new", "consultation", _organiser(_FORM)),
    ("consultation_paper", "its paper", _ALL),
    ("consultation_paper", "prepared paper", _PREPARED),
    ("consultation_paper", "its link", _MISSING),
    ("consultation_paper_drop", "its paper", _organiser(_OVER)),
    ("consultation_table", "answered consultation", _ALL),
    ("consultation_table", "consultation", _MISSING),
    ("consultation_csv", "answered consultation", _ALL),
    ("consultation_csv", "consultation", _MISSING),
    ("consultation_pdf", "consultation", _MISSING),
    ("consultation_answers", "closed consultation", _organiser({"GET": 200, "POST": 302})),
    ("consultation_answers", "consultation", _organiser(_OVER)),
    ("consultation_answer", "closed consultation", _organiser(_FORM)),
    ("consultation_row", "its row", _organiser(_FORM)),
    ("consultation_row", "no row", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("consultation_act", "consultation's stop", _organiser(_FORM)),
    ("consultation_act", "consultation's nothing", {"*": _NOBODY, "anonymous": _LOGIN}),
]
