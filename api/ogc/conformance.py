"""What is kept of the standards: classes of OGC 17-069r4, 18-058r1, 19-079r2, 21-065r2 and 23-058r1."""

_CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
_CRS = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/"
_FILTER = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
_SCHEMAS = "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"
CLASSES = [
    *(f"{_CORE}{name}" for name in ("core", "oas30", "html", "geojson")),
    f"{_CRS}crs",
    *(f"{_FILTER}{name}" for name in ("queryables", "filter", "features-filter")),
    *(f"{_CQL2}{name}" for name in ("cql2-text", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison")),
    f"{_CQL2}basic-spatial-functions",
    f"{_CQL2}basic-spatial-operators",  # what the class was called while QGIS learned it: 3.40 sends places only where it reads this
    *(f"{_SCHEMAS}{name}" for name in ("schemas", "core-roles-features")),
]
