"""Addresses of OGC API – Features."""

_ALL = {"*": {"GET": 200}}

MATRIX = [
    ("ogc", "", _ALL),
    ("ogc-conformance", "", _ALL),
    ("ogc-api", "", _ALL),
    ("ogc-collections", "", _ALL),
    *((name, "collection of reports", _ALL) for name in ("ogc-collection", "ogc-schema", "ogc-queryables", "ogc-items")),
    *((name, "no collection", {"*": {"GET": 404}}) for name in ("ogc-collection", "ogc-schema", "ogc-queryables", "ogc-items")),
    ("ogc-item", "feature of report", _ALL),
    *(("ogc-item", f"feature of {name}", {"*": {"GET": 404}}) for name in ("hidden", "restricted", "draft", "removed")),
]
