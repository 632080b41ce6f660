"""Addresses of planners: strangers sign in, people without a role find nothing, officials who do not plan are told no."""

_SHUT = {
    "anonymous": 302, "resident": 404, "author": 404, "official": 403, "other_official": 403, "dispatcher": 403, "moderator": 403,
}  # fmt: skip


def _rows(**methods: int) -> dict[str, dict[str, int]]:
    """What planners and administrators get by each method; the others are turned away at every one."""
    return {"*": methods, **{role: dict.fromkeys(methods, status) for role, status in _SHUT.items()}}


_OWN = {**_rows(GET=200, POST=400), "administrator": {"GET": 404, "POST": 404}}
"""What one planner keeps for oneself: another finds nothing there."""

MATRIX = [
    ("planning", "", _rows(GET=200)),
    ("planning_map", "", _rows(GET=200)),
    ("planning_download", "csv", _rows(GET=200)),
    ("planning_download", "geojson", _rows(GET=200)),
    ("planning_download", "gpkg", _rows(GET=200)),
    ("planning_download", "pdf", _rows(GET=200)),
    ("planning_print", "", _rows(GET=200)),
    ("planning_areas", "", _rows(GET=200, POST=400)),
    ("planning_area", "planner's area", _OWN),
    ("planning_saved", "", _rows(GET=200, POST=400)),
    ("planning_open", "planner's analysis", _rows(GET=302)),
    ("planning_change", "planner's analysis", _OWN),
    ("planning_runs", "", _rows(GET=200, POST=302)),
    ("planning_run", "planner's run", {**_rows(GET=200, POST=302), "administrator": {"GET": 200, "POST": 403}}),
    ("planning_run_state", "planner's run", _rows(GET=200)),
]
