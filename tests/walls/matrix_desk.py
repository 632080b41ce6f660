"""Addresses of the desk: strangers sign in, residents and other departments find nothing."""

_STRANGERS = {
    "anonymous": {"GET": 302, "POST": 302},
    "resident": {"GET": 404, "POST": 404},
    "author": {"GET": 404, "POST": 404},
}
_READERS = {
    "anonymous": {"GET": 302},
    "resident": {"GET": 404},
    "author": {"GET": 404},
}
_CASE = {"*": {"GET": 200}, **_READERS, "other_official": {"GET": 404}}
_NOBODY = {"*": {"GET": 404, "POST": 404}, **_STRANGERS}
_FORM = {"GET": 200, "POST": 422}
_WORKERS = {"official": _FORM, "dispatcher": _FORM, "moderator": _FORM}
_POSTED = {"*": {"POST": 404}, "anonymous": {"POST": 302}}

MATRIX = [
    ("desk", "", {"*": {"GET": 200}, **_READERS}),
    ("desk_map", "", {"*": {"GET": 200}, **_READERS}),
    ("desk_map_features", "", {"*": {"GET": 200}, **_READERS}),
    ("desk_map_here", "", {"*": {"GET": 400}, **_READERS}),
    ("desk_map_area", "", {"*": {"GET": 400}, **_READERS}),
    ("desk_csv", "", {"*": {"GET": 200}, **_READERS}),
    ("desk_answers", "", {"*": _FORM, **_STRANGERS}),
    ("desk_new", "", {**_NOBODY, **_WORKERS, "other_official": _FORM}),
    ("desk_moderation", "", {"*": {"GET": 404}, **_READERS, "moderator": {"GET": 200}}),
    ("desk_comment", "nobody's", _POSTED),
    ("desk_flag", "nobody's", _POSTED),
    ("desk_appeal", "nobody's", _POSTED),
    ("desk_name", "no name", _NOBODY),
    ("desk_report", "report", _CASE),
    ("desk_report", "hidden", _CASE),
    ("desk_report", "restricted", _CASE),
    ("desk_report", "draft", {"*": {"GET": 404}, **_READERS}),
    ("desk_act", "act", {**_NOBODY, "official": _FORM}),
    ("desk_note", "report", {**_NOBODY, **_WORKERS}),
    ("desk_move", "report", {**_NOBODY, **_WORKERS}),
    ("desk_turn", "report", {**_NOBODY, "official": _FORM}),
    ("desk_restrict", "report", {**_NOBODY, **_WORKERS}),
    ("desk_fixed", "no claim", _NOBODY),
    ("desk_cover", "cover", {**_NOBODY, **_WORKERS}),
    ("desk_moderate", "moderate", {**_NOBODY, "moderator": _FORM}),
]
