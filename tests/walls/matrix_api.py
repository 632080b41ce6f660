"""Addresses of the API."""

_STRANGERS = ("anonymous", "resident", "other_official")
_ALL = {"GET": 200}
_MISSING = {"*": _ALL, **{key: {"GET": 404} for key in _STRANGERS}}
_SUPPORT = {"GET": 200, "PUT": 200, "DELETE": 200}
_NOBODY = dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), 401)
_NONE = {"GET": 404, "PATCH": 404, "DELETE": 404}

MATRIX = [
    ("api-reports", "", {"*": {"GET": 200, "POST": 400}}),
    ("api-report", "report", {"*": _ALL}),
    ("api-report", "removed", {"*": _ALL}),
    ("api-report", "withdrawn", {"*": _ALL}),
    ("api-report", "hidden", _MISSING),
    ("api-report", "restricted", _MISSING),
    ("api-report", "draft", {"*": {"GET": 404}}),
    (
        "api-transitions",
        "report",
        {
            "*": {"GET": 200, "POST": 428},
            **{key: {"GET": 200, "POST": 403} for key in (*_STRANGERS, "planner", "administrator")},
        },
    ),
    (
        "api-transitions",
        "restricted",
        {
            "*": {"GET": 200, "POST": 428},
            **{key: {"GET": 404, "POST": 404} for key in _STRANGERS},
            **{key: {"GET": 200, "POST": 404} for key in ("planner", "administrator")},
        },
    ),
    ("api-support", "report", {"*": _SUPPORT, "anonymous": {"GET": 200, "PUT": 401, "DELETE": 401}}),
    *(("api-comments", kind, {"*": {"GET": 200, "POST": 400}}) for kind in ("report", "project")),
    *(
        ("api-comments", kind, {"*": {"GET": 404, "POST": 404}})
        for kind in ("hidden", "restricted", "draft", "removed", "withdrawn")
    ),
    (
        "api-comment-helpful",
        "administrator's comment",
        {
            "*": {"GET": 200, "PUT": 200, "DELETE": 200},
            "anonymous": {"GET": 200, "PUT": 401, "DELETE": 401},
            "administrator": {"GET": 200, "PUT": 400, "DELETE": 200},
        },
    ),
    ("api-comment-helpful", "no such comment", {"*": {"GET": 404, "PUT": 404, "DELETE": 404}}),
    (
        "api-comment",  # the administrator, who asks last, withdraws it
        "administrator's comment",
        {
            "*": {"GET": 200, "PATCH": 404, "DELETE": 404},
            "anonymous": {"GET": 200, "PATCH": 401, "DELETE": 401},
            "administrator": {"GET": 200, "PATCH": 400, "DELETE": 200},
        },
    ),
    ("api-comment", "no such comment", {"*": _NONE, "anonymous": {"GET": 404, "PATCH": 401, "DELETE": 401}}),
    *(("api-links", kind, {"*": _ALL}) for kind in ("report", "project")),
    *(("api-links", kind, {"*": {"GET": 404}}) for kind in ("hidden", "restricted", "draft", "removed", "withdrawn")),
    ("api-pledges", "", {"*": _ALL}),
    ("api-people", "", {"*": _ALL}),
    ("api-organisations", "", {"*": _ALL}),
    ("api-organisation", "organisation", {"*": _ALL}),
    ("api-goals", "", {"*": _ALL}),
    ("api-goal", "goal", {"*": _ALL}),
    ("api-indicator", "no service", {"*": {"GET": 404}}),
    ("api-alternative", "alternative", {"*": _ALL}),
    *(("api-alternative", f"{kind} alternative", {"*": {"GET": 404}}) for kind in ("waiting", "kept")),
    *((name, "", {"*": _ALL}) for name in ("api-layers", "api-places")),
    ("api-layer", "layer", {"*": {"GET": 404}}),
    ("api-place", "no service", {"*": {"GET": 404}}),
    *((name, "", {"*": _ALL}) for name in ("api-services", "api-practices")),
    ("api-service", "service ref", {"*": _ALL}),
    ("api-service", "no service ref", {"*": {"GET": 404}}),
    ("api-practice", "practice", {"*": _ALL}),
    ("api-practice", "kept practice", {"*": {"GET": 404}}),
    ("api-photos", "uuid", {"*": {"POST": 400}}),
    ("api-council", "", {"*": _ALL}),
    (
        "api-documents",
        "",
        {"*": {"POST": 400}, **dict.fromkeys(("resident", "author"), {"POST": 403}), "anonymous": _NOBODY},
    ),
    ("api-projects", "", {"*": _ALL}),
    ("api-project", "project", {"*": _ALL}),
    ("api-areas", "", {"*": _ALL}),
    ("api-sectors", "", {"*": _ALL}),
    ("api-categories", "", {"*": _ALL}),
    ("api-session", "", {"*": _ALL}),
    ("api-tokens", "", {"*": {"GET": 200, "POST": 400}, "anonymous": _NOBODY}),
    ("api-token", "api_token", {"*": {"DELETE": 404}, "anonymous": _NOBODY}),
    ("api-schema", "", {"*": _ALL}),
    ("api-docs", "", {"*": _ALL}),
    ("tokens", "", {"*": {"GET": 200, "POST": 422}, "anonymous": {"GET": 302, "POST": 302}}),
    ("token_revoke", "no block", {"*": {"POST": 404}, "anonymous": {"POST": 302}}),
]
