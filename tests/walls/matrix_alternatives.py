"""Addresses of comparisons and their variants. The official of the department organises them, a resident wrote one."""

_ALL = {"*": {"GET": 200}}
_MISSING = {"*": {"GET": 404}}
_FORM = {"GET": 200, "POST": 422}
_LOGIN = {"GET": 302, "POST": 302}
_NOBODY = {"GET": 404, "POST": 404}
_OVER = {"GET": 409, "POST": 422}
_KEPT = {"*": {"GET": 404}, "official": {"GET": 200}, "moderator": {"GET": 200}}
_WAITS = {"*": {"GET": 404}, "author": {"GET": 200}, "moderator": {"GET": 200}}


def _acts(answer: dict[str, int], *roles: str) -> dict[str, dict[str, int]]:
    """What these roles are answered; a stranger is asked to sign in, for others it is not there."""
    return {"*": _NOBODY, "anonymous": _LOGIN, **dict.fromkeys(roles, answer)}


def _staff(answer: dict[str, int]) -> dict[str, dict[str, int]]:
    return _acts(answer, "official", "moderator")


MATRIX = [
    ("api-comparisons", "", _ALL),
    ("api-comparison", "comparison", _ALL),
    ("api-comparison", "kept comparison", _MISSING),
    ("comparisons", "", _ALL),
    ("comparison", "comparison", _ALL),
    ("comparison", "over comparison", _ALL),
    ("comparison", "kept comparison", _KEPT),
    ("comparison", "alternative", _MISSING),
    ("comparison_csv", "comparison", _ALL),
    ("comparison_csv", "kept comparison", _KEPT),
    ("comparison_new", "", _acts(_FORM, "official", "other_official", "planner")),
    ("comparison_change", "kept comparison", _staff(_FORM)),
    ("comparison_change", "comparison", _staff(_OVER)),
    ("comparison_add", "kept comparison", _staff(_FORM)),
    ("comparison_add", "comparison", _staff(_OVER)),
    ("comparison_prolong", "comparison", _staff(_FORM)),
    ("comparison_decide", "over comparison", _staff(_FORM)),
    ("comparison_decide", "comparison", _staff(_OVER)),
    ("comparison_stop", "comparison", _staff(_FORM)),
    ("comparison_open", "comparison", _staff(_OVER)),
    ("comparison_propose", "comparison", {"*": _FORM, "anonymous": _LOGIN}),
    ("comparison_propose", "over comparison", {"*": _OVER, "anonymous": _LOGIN}),
    ("comparison_propose", "kept comparison", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("alternative_by_code", "comparison's a", {"*": {"GET": 302}}),
    ("alternative_by_code", "comparison's x", _MISSING),
    ("alternative", "alternative", _ALL),
    ("alternative", "waiting alternative", _WAITS),
    ("alternative", "kept alternative", _KEPT),
    ("alternative", "comparison", _MISSING),
    ("alternative_change", "waiting alternative", _acts(_FORM, "author", "moderator")),
    ("alternative_change", "kept alternative", _staff(_FORM)),
    ("alternative_change", "alternative", _acts(_OVER, "author", "moderator")),
    ("alternative_act", "waiting alternative's reject", {**_acts(_OVER, "author"), "moderator": _FORM}),
    ("alternative_act", "waiting alternative's nothing", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("alternative_act", "waiting alternative's withdraw", _acts(_OVER, "author", "moderator")),
    ("alternative_act", "waiting alternative's drop", _acts(_OVER, "author", "moderator")),
]
