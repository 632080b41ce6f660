"""Addresses of the map and of the process itself."""

_ALL = {"*": {"GET": 200}}

MATRIX = [
    ("map", "", _ALL),
    ("map_features", "", _ALL),
    ("map_card", "card of report", _ALL),
    ("map_card", "card of hidden", {"*": {"GET": 404}}),
    ("map_card", "card of restricted", {"*": {"GET": 404}}),
    ("map_layers", "", _ALL),
    ("map_here", "", {"*": {"GET": 400}}),
    ("map_area_shapes", "areas of settlements", _ALL),
    ("map_area", "", {"*": {"GET": 400}}),
    ("object", "thing of a layer", {"*": {"GET": 404}, **{role: {"GET": 200} for role in ("planner", "administrator")}}),
    ("ground", "", _ALL),
    ("tile", "tile of reports", _ALL),
    ("tile", "tile of areas", _ALL),
    ("tilejson", "tiles of reports", _ALL),
    ("livez", "", _ALL),
    ("readyz", "", _ALL),
    ("metrics", "", _ALL),
    ("base_map_tiles", "osm", {"*": {"GET": 404}}),  # nobody has made it here
    ("ground_tiles", "edition", {"*": {"GET": 404}}),  # nobody has made it here
]
