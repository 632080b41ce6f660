"""Addresses of policies, goals, services, figures and sectors."""

_ALL = {"*": {"GET": 200}}
_MISSING = {"*": {"GET": 404}}
_FORM = {"GET": 200, "POST": 422}
_LOGIN = {"GET": 302, "POST": 302}
_NOBODY = {"GET": 404, "POST": 404}
_OWNER = {"*": _NOBODY, "anonymous": _LOGIN, "official": _FORM, "moderator": _FORM}

MATRIX = [
    ("api-policies", "", _ALL),
    ("api-policy", "policy", _ALL),
    ("api-policy", "event", _MISSING),
    ("api-indicators", "", _ALL),
    ("policies", "", _ALL),
    ("policy", "policy", _ALL),
    ("policy", "event", _MISSING),
    ("promise_new", "policy", _OWNER),
    ("promise_keep", "promise", _OWNER),
    ("promise_keep", "no promise", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("promise_postpone", "promise", _OWNER),
    ("promise_postpone", "no promise", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("policy_end", "policy", _OWNER),
    ("goals", "", _ALL),
    ("goal", "goal", _ALL),
    ("goal", "policy", _MISSING),
    ("goal_propose", "goal", {"*": {"GET": 302}}),
    ("goal_propose", "policy", _MISSING),
    ("services", "", _ALL),
    ("service", "service", _ALL),
    ("service", "no service", _MISSING),
    ("service_recommend", "service", {"*": {"GET": 302}}),
    ("service_recommend", "no service", _MISSING),
    ("service_change", "service", _OWNER),
    ("service_change", "no service", {"*": _NOBODY, "anonymous": _LOGIN}),
    ("indicators", "", _ALL),
    ("sectors", "", _ALL),
    ("sector", "sector", _ALL),
    ("sector", "no sector", _MISSING),
]
