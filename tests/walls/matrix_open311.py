"""Addresses of Open311: everyone reads the same; who may write says a key, which nobody here has."""

_ALL = {"*": {"GET": 200}}
_MISSING = {"*": {"GET": 404}}
_KINDS = ("json", "xml")

MATRIX = [
    *(("open311-discovery", kind, _ALL) for kind in _KINDS),
    *(("open311-services", kind, _ALL) for kind in _KINDS),
    ("open311-definition", "json of lamp", _ALL),
    ("open311-definition", "xml of no service", _MISSING),
    *((name, kind, {"*": {"GET": 200, "POST": 403}}) for name in ("open311-requests", "open311-updates") for kind in _KINDS),
    ("open311-request", "json of report", _ALL),
    *(("open311-request", f"json of {name}", _MISSING) for name in ("hidden", "restricted", "draft", "removed", "withdrawn")),
    ("open311-token", "json of no token", _MISSING),
]
