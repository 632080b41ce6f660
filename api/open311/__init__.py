"""Open311 GeoReport v2 with its extensions: the choices where the specification leaves one are told in docs/open311.md."""
