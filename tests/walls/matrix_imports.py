"""Addresses of layers and of files for them: as all of the planners' pages."""

from tests.walls.matrix_planning import _rows

MATRIX = [
    ("planning_layers", "", _rows(GET=200)),
    ("planning_layer_new", "", _rows(GET=200, POST=400)),
    ("planning_layer_service", "", _rows(GET=200, POST=400)),
    ("planning_layer", "layer", _rows(GET=200)),
    ("planning_layer_change", "layer", _rows(GET=200, POST=400)),
    ("planning_layer_delete", "layer", _rows(GET=200, POST=400)),
    ("planning_import_send", "layer", _rows(GET=302, POST=400)),
    ("planning_layer_tile", "tile of a layer", _rows(GET=200)),
    ("planning_import", "import", _rows(GET=200, POST=302)),
    ("planning_import_state", "import", _rows(GET=200)),
    ("planning_import_shapes", "import", _rows(GET=200)),
    ("planning_import_report", "import", _rows(GET=200)),
]
