"""Addresses of planners: strangers sign in, people without a role find nothing, officials who do not plan are told no."""

_SHUT = {
    "anonymous": 302, "resident": 404, "author": 404, "official": 403, "other_official": 403, "dispatcher": 403, "moderator": 403,
}  # fmt: skip


def _rows(**methods: int) -> dict[str, dict[str, int]]:
    """What planners and administrators get by each method; the others are turned away at every one."""
    return {"*": methods, **{role: dict.fromkeys(methods, status) for role, status in _SHUT.items()}}


MATRIX = [
    ("planning", "", _rows(GET=200)),
    ("planning_map", "", _rows(GET=200)),
    ("planning_download", "csv", _rows(GET=200)),
    ("planning_download", "geojson", _rows(GET=200)),
    ("planning_download", "gpkg", _rows(GET=200)),
]
