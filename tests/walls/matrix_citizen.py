"""Addresses of residents: sending, the report's page, what its author and visitors do there."""

_FORM = {"GET": 200, "POST": 422}
_NOBODY = {"GET": 404, "POST": 404}
_WITHDRAWN = {"GET": 409, "POST": 409}
_AUTHOR = {"*": _NOBODY, "author": _FORM}
"""Everyone else, officials too, learns nothing: what they may change is at the desk."""
_PRESS = {"*": {"GET": 200, "POST": 302}, "anonymous": _FORM}
"""Known people at once; a stranger is asked for an address."""
_STRANGERS = ("anonymous", "resident", "other_official")
"""Whom a report that is not public is no work of."""
_MISSING = {"*": {"GET": 200}, **{role: {"GET": 404} for role in _STRANGERS}}

MATRIX = [
    *((name, "", {"*": {"GET": 200}}) for name in ("manifest", "service_worker", "offline", "report_offline", "app_mine")),
    ("report_new", "", {"*": _FORM}),
    ("draft_photo", "", {"*": {"POST": 400}}),
    ("draft_cover", "no photo", {"*": _NOBODY}),
    ("report_near", "", {"*": {"GET": 200}}),
    ("report_objects", "", {"*": {"GET": 400}}),
    ("places", "", {"*": {"GET": 400}}),
    ("place_streets", "", {"*": {"GET": 400}}),
    ("report_suggest", "", {"*": {"POST": 200}}),
    ("report_receipt", "token", {"*": {"GET": 410}}),
    ("report_fixed", "report", {"*": _FORM}),
    *(("report_fixed", kind, {"*": _NOBODY}) for kind in ("hidden", "restricted", "draft", "removed", "withdrawn")),
    ("report_solved_link", "token", {"*": {"GET": 410, "POST": 410}}),
    ("report_solved", "report", {"*": _NOBODY, "author": {"GET": 410, "POST": 410}}),
    ("report_name", "report", {"*": _NOBODY, "author": {"GET": 200, "POST": 302}}),
    *((name, "draft", {"*": _NOBODY}) for name in ("report_solved", "report_name")),
    ("report_confirm", "token", {"*": {"GET": 410, "POST": 410}}),
    *(("report", name, {"*": {"GET": 200}}) for name in ("report", "removed", "withdrawn")),
    *(("report", name, _MISSING) for name in ("hidden", "restricted")),
    ("report", "draft", {"*": {"GET": 404}}),
    ("report", "project", {"*": {"GET": 404}}),
    *((name, "report", _PRESS) for name in ("report_support", "report_follow")),
    *((name, "report", {"*": _FORM}) for name in ("report_comment", "report_flag")),
    *(
        (name, kind, {"*": _NOBODY})
        for name in ("report_support", "report_follow", "report_comment", "report_flag")
        for kind in ("hidden", "restricted", "draft", "removed", "withdrawn", "project")
    ),
    *((name, "report", _AUTHOR) for name in ("report_edit", "report_add", "report_move")),
    ("report_co_authors", "idea", _AUTHOR),
    ("report_leave", "idea", {"*": _NOBODY}),
    ("report_endorse", "idea", {"*": _NOBODY, "resident": _FORM}),  # a member of a verified organisation
    *(
        (name, kind, {"*": _NOBODY})
        for name in ("report_co_authors", "report_leave", "report_endorse")
        for kind in ("report", "hidden idea", "withdrawn idea")
    ),
    *(
        (name, "withdrawn idea", {"*": _WITHDRAWN})
        for name in ("report_support", "report_follow", "report_comment", "report_flag")
    ),
    ("co_author", "token", {"*": {"GET": 410, "POST": 410}}),
    ("report_act", "author's act", _AUTHOR),
    ("report_act", "official's act", {"*": _NOBODY}),
    *((name, "draft", {"*": _NOBODY}) for name in ("report_edit", "report_add", "report_move")),
]
