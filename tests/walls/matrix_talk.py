"""Addresses of conversations, on subjects of any kind."""

_FORM = {"GET": 200, "POST": 422}
_NOBODY = {"GET": 404, "POST": 404}
_LINK = {"GET": 302, "POST": 302}
"""Strangers are led to the page that mails a link."""
_PRESS = {"*": {"GET": 200, "POST": 302}, "anonymous": _FORM}
_KNOWN = {"*": {"GET": 200, "POST": 302}, "anonymous": _LINK}
_OWN = {"*": _NOBODY, "anonymous": _LINK, "moderator": _FORM}
"""The comment of the world is the moderator's."""
_MODERATOR = {"*": _NOBODY, "moderator": _FORM}
_STAFF = {"*": _FORM, **dict.fromkeys(("anonymous", "resident", "author"), _NOBODY)}
_KEEPERS = {"*": _NOBODY, "anonymous": _LINK, "resident": _FORM, "administrator": _FORM}
"""Of an organisation: its representative and the administrator."""

MATRIX = [
    ("organisations", "", {"*": {"GET": 200}}),
    *(("organisation", kind, {"*": {"GET": 200}}) for kind in ("organisation", "its department")),
    ("organisation_invite", "organisation", _KEEPERS),
    (
        "organisation_describe",
        "organisation",
        {**_KEEPERS, **dict.fromkeys(("resident", "administrator"), {"GET": 200, "POST": 302})},
    ),
    ("organisation_verify", "organisation", {"*": _NOBODY, "anonymous": _LINK, "administrator": {"GET": 200, "POST": 302}}),
    *(
        (name, "its department", {"*": _NOBODY, "anonymous": _LINK})
        for name in ("organisation_invite", "organisation_describe", "organisation_verify")
    ),
    ("organisation_member", "its member", {"*": _NOBODY, "anonymous": _LINK, "resident": {"GET": 200, "POST": 302}}),
    *((name, kind, _PRESS) for name in ("subject_support", "subject_follow") for kind in ("report", "project")),
    *((name, kind, {"*": _FORM}) for name in ("subject_comment", "subject_flag") for kind in ("report", "project")),
    *(
        (name, kind, {"*": _NOBODY})
        for name in ("subject_support", "subject_follow", "subject_comment", "subject_flag")
        for kind in ("hidden", "restricted", "draft", "removed", "withdrawn")
    ),
    *(("subject_link", kind, _STAFF) for kind in ("report", "project")),
    *(("subject_link", kind, {"*": _NOBODY}) for kind in ("hidden", "restricted", "draft")),
    ("subject_moderate", "project", _MODERATOR),
    ("subject_moderate", "report", {"*": _NOBODY, "moderator": _LINK}),
    ("subject_block", "report", _MODERATOR),
    ("subject_block", "project", {"*": _NOBODY}),
    ("comment_block", "read comment", _MODERATOR),
    ("comment_block", "no comment", {"*": _NOBODY}),
    ("desk_blocks", "", {"*": {"GET": 404}, "moderator": {"GET": 200}}),
    ("desk_lift", "no block", {"*": {"POST": 404}}),
    ("subject_photo", "said photo", _MODERATOR),
    ("photo", "photo of a comment", {"*": {"GET": 200}}),
    (
        "photo",
        "photo of a waiting comment",
        {"*": {"GET": 404}, **dict.fromkeys(("author", "moderator"), {"GET": 200})},
    ),
    *(("subject_close", kind, _MODERATOR) for kind in ("report", "project")),
    *(("subject_close", kind, {"*": _NOBODY}) for kind in ("hidden", "restricted", "draft")),
    ("comment_helpful", "read comment", {**_KNOWN, "moderator": {"GET": 409, "POST": 409}}),
    ("comment_edit", "read comment", _OWN),
    ("comment_appeal", "read comment", {"*": _NOBODY, "anonymous": _LINK}),
    ("comment_history", "read comment", {"*": {"GET": 200}}),
    ("comment_moderate", "read comment", _MODERATOR),
    ("comment_withdraw", "read comment", {**_OWN, "moderator": {"GET": 200, "POST": 302}}),
    *(
        (name, "no comment", {"*": _NOBODY, "anonymous": _LINK})
        for name in ("comment_helpful", "comment_edit", "comment_withdraw", "comment_appeal")
    ),
    ("comment_history", "no comment", {"*": {"GET": 404}}),
    ("comment_moderate", "no comment", {"*": _NOBODY}),
]
