"""What can be done with layers and planned projects."""

from layers.actions.imports import begin, carry_out, check, drop, drop_old, may_be_undone, read_anew, start, undo
from layers.actions.layers import delete_layer, keep_layer, mark, new_edition, why_kept
from layers.actions.osm import Taken, import_osm
from layers.actions.places import PlacesRefused, PlacesTaken, import_places
from layers.actions.projects import keep_project

__all__ = [
    "PlacesRefused",
    "PlacesTaken",
    "Taken",
    "begin",
    "carry_out",
    "check",
    "delete_layer",
    "drop",
    "drop_old",
    "import_osm",
    "import_places",
    "keep_layer",
    "keep_project",
    "mark",
    "may_be_undone",
    "new_edition",
    "read_anew",
    "start",
    "undo",
    "why_kept",
]
