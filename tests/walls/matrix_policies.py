"""Addresses of policies, goals, services, figures and sectors."""

_ALL = {"*": {"GET": 200}}
_MISSING = {"*": {"GET": 404}}
_FORM = {"GET": 200, "POST": 422}
_LOGIN = {"GET": 302, "POST": 302}
_NOBODY = {"GET": 404, "POST": 404}
_OPEN = {"GET": 409, "POST": 409}
"""A promise that nobody said was kept: there is nothing to take back."""
_OWNER = {"*": _NOBODY, "anonymous": _LOGIN, "official": _FORM, "moderator": _FORM}

_STAFF = {"*": _NOBODY, "anonymous": _LOGIN} | dict.fromkeys(
    ("official", "other_official", "moderator", "planner", "administrator"), _FORM
)
_KEEPER = {"*": _NOBODY, "anonymous": _LOGIN} | dict.fromkeys(("moderator", "planner", "administrator"), _FORM)
_SETTER = {"*": _NOBODY, "anonymous": _LOGIN, "moderator": _FORM, "administrator": _FORM}
_ONCE = {"*": _NOBODY, "anonymous": _LOGIN, "official": {"GET": 200, "POST": 302}}
"""Its owner, who comes before the moderator, does it with an empty form; then it is done."""

MATRIX = [
    ("api-policies", "", _ALL),
    ("api-policy", "policy", _ALL),
    ("api-policy", "event", _MISSING),
    ("api-indicators", "", _ALL),
    ("policies", "", _ALL),
    ("policy", "policy", _ALL),
    ("policy", "event", _MISSING),
    ("policy_new", "", _STAFF),
    ("policy_change", "policy", _OWNER),
    ("measure_new", "policy", _OWNER),
    ("policy_weights", "policy", _OWNER),
    ("policy_project_new", "policy", _OWNER),
    ("policy_project_drop", "policy's project", _ONCE),
    ("policy_project_drop", "policy's no project", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("promise_unkeep", "kept promise", {**_ONCE, "moderator": _OPEN}),
    ("promise_unkeep", "promise", {"*": _NOBODY, "anonymous": _LOGIN, "official": _OPEN, "moderator": _OPEN}),
    ("promise_new", "policy", _OWNER),
    ("promise_keep", "promise", _OWNER),
    ("promise_keep", "no promise", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("promise_postpone", "promise", _OWNER),
    ("promise_postpone", "no promise", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("policy_end", "policy", _OWNER),
    ("goals", "", _ALL),
    ("goal", "goal", _ALL),
    ("goal", "policy", _MISSING),
    ("goal_new", "", _STAFF),
    ("goal_change", "goal", _KEEPER),
    ("goal_finish", "goal's end", _KEEPER),
    ("goal_finish", "goal's nothing", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("goal_propose", "goal", {"*": {"GET": 302}}),
    ("goal_propose", "policy", _MISSING),
    ("services", "", _ALL),
    ("service", "service", _ALL),
    ("service", "no service", _MISSING),
    ("service_new", "", _SETTER),
    ("service_describe", "service", _SETTER),
    ("service_describe", "no service", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("service_recommend", "service", {"*": {"GET": 302}}),
    ("service_recommend", "no service", _MISSING),
    ("service_change", "service", _OWNER),
    ("service_change", "no service", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("indicators", "", _ALL),
    ("sectors", "", _ALL),
    ("sector", "sector", _ALL),
    ("sector", "no sector", _MISSING),
]
