"""Addresses at which reports of another system are taken over: administrators alone."""

from tests.walls.matrix_planning import _rows


def _alone(**methods: int) -> dict[str, dict[str, int]]:
    return {**_rows(**methods), "planner": dict.fromkeys(methods, 403)}


MATRIX = [
    ("planning_taken_over", "", _alone(GET=200, POST=400)),
    ("planning_taken_over_undo", "its taking over", _alone(POST=302)),
    ("planning_transfer", "transfer", _alone(GET=200, POST=302)),
    ("planning_transfer_state", "transfer", _alone(GET=200)),
    ("planning_transfer_rows", "transfer", _alone(GET=200)),
]
