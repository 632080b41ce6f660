"""Addresses of Open311: everyone reads the same; who may write says a key, which nobody here has."""

_ALL = {"*": {"GET": 200}}
_MISSING = {"*": {"GET": 404}}

MATRIX = [
    ("open311-discovery", "xml", _ALL),
    ("open311-services", "json", _ALL),
    ("open311-definition", "json of lamp", _ALL),
    ("open311-definition", "xml of no service", _MISSING),
    ("open311-requests", "xml", {"*": {"GET": 200, "POST": 403}}),
    ("open311-updates", "json", {"*": {"GET": 200, "POST": 403}}),
    ("open311-request", "json of report", _ALL),
    *(("open311-request", f"json of {name}", _MISSING) for name in ("hidden", "restricted", "draft", "removed", "withdrawn")),
    ("open311-token", "json of no token", _MISSING),
]
