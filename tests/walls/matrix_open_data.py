"""Open data: the page, the catalogue, files."""

_ALL = {"*": {"GET": 200}}

MATRIX = [
    ("open-data", "", _ALL),
    ("open-data-catalog", "", _ALL),
    ("open-data-file", "no file", {"*": {"GET": 404}}),
]
