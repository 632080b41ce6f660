"""A layer's features as vector tiles: published ones for everyone (`api.tiles`), the others for those who plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.db.models import Case, F, FloatField, Func, IntegerField, JSONField, Q, QuerySet, TextField, Value, When
from django.db.models.fields.json import KT

from geoportal.kernel.postgis import latitude, longitude
from geoportal.kernel.tiles import MOST_ZOOM, Tile, in_tile, tile_of
from layers.models import Feature, Layer
from layers.querysets import SHAPE
from layers.styling import rules_of

NAMES = {
    ("label" if code == settings.LANGUAGE_CODE else f"label:{code}"): f"name__{code}" for code, _name in settings.LANGUAGES
}
MARKED_FROM = 15
NEAREST = 18
"""Maps draw each zoom from the tiles of the one before it, and from none nearer than these (js/map/features.js)."""
MOST_ROWS = 10_000
"""Features of which a tile is made."""
FIELDS = {"slug": "String", "icon": "String", "look": "Number", **dict.fromkeys(NAMES, "String")}


class Said(Func):
    """The parts of `properties` that the layer shows; names of fields are values, never SQL."""

    template = (
        "(SELECT jsonb_object_agg(n.called, e.value) FROM jsonb_each(%(expressions)s) AS e (key, value)"
        " JOIN unnest(%(names)s, %(called)s) AS n (name, called) ON e.key = n.name)"
    )
    output_field = JSONField()

    def __init__(self, called: dict[str, str]) -> None:
        super().__init__(F("properties"))
        self.called = called

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        sql, params = compiler.compile(self.source_expressions[0])
        parts = {"expressions": sql, "names": "%s::text[]", "called": "%s::text[]"}
        return self.template % parts, [*params, list(self.called), list(self.called.values())]


def called(layer: Layer) -> dict[str, str]:
    """{field that the layer shows: what it is called in tiles}; one that is called as something of ours has its place after it."""
    taken, found = {"id", "geom", "marked", "told", "lon", "lat", *FIELDS}, {}
    for place, name in enumerate(layer.popup):
        found[name] = f"{name}_{place}" if name in taken else name
        taken.add(found[name])
    return found


def look(layer: Layer) -> Case:
    """Which rule of the layer's style a feature with `said` is drawn by, from 0; one more than the last where none holds."""
    rules = rules_of(layer.style)
    ways = [When(condition=Q(said=rule["value"]), then=Value(number)) for number, rule in enumerate(rules)]
    return Case(*ways, default=Value(len(rules)), output_field=IntegerField())


def said(layer: Layer) -> Func:
    """The text of the field by which the layer is coloured."""
    field = Value(layer.style.get("field", ""))
    return Func(F("properties"), field, function="jsonb_extract_path_text", output_field=TextField())


def rows(layer: Layer, tile: Tile) -> QuerySet[Any]:
    """The layer's features in a tile; each of the three columns finds its own by its index."""
    west, south, east, north = tile.box
    box = Polygon.from_bbox((west, south, east, north))
    box.srid = 4326
    near = Q(point__bboverlaps=box) | Q(line__bboverlaps=box) | Q(polygon__bboverlaps=box)
    found = Feature.objects.filter(near, layer=layer).annotate(shape=SHAPE)
    wide = Func(F("shape"), template="ST_XMax(%(expressions)s) - ST_XMin(%(expressions)s)", output_field=FloatField())
    mixed = Func(F("id"), function="hashint8", output_field=IntegerField())
    # The widest; of points an even sample, the same each time.
    some = found.order_by(wide.desc(), mixed, "id").values("pk")[:MOST_ROWS]
    return Feature.objects.filter(pk__in=some).annotate(shape=SHAPE)


def draw(layer: Layer, known: dict[str, Any] | None = None) -> Callable[[Tile], bytes]:
    """What draws a tile of the layer: `id`, slug, icon, names, `look` by its style and the fields that it shows.
    Empty where no map that shows the layer asks: below the zoom before its first, and above its last.

    `known`: name → expression over features; from MARKED_FROM on each has them, and a point its `lon` and `lat`.
    """

    def drawn(tile: Tile) -> bytes:
        first = min(layer.style.get("from_zoom", 0) - 1, NEAREST)
        if not first <= tile.z <= layer.style.get("to_zoom", MOST_ZOOM):
            return b""
        found = in_tile(rows(layer, tile).annotate(said=said(layer)), "shape", tile).order_by()
        names = {name: KT(path) for name, path in NAMES.items()}
        more: dict[str, Any] = {"shown": Said(called(layer))} if layer.popup else {}
        if known and tile.z >= MARKED_FROM:
            more |= {**known, "lon": longitude("point"), "lat": latitude("point")}
        return tile_of(found.values("id", "geom", "slug", "icon", look=look(layer), **names, **more), layer.slug)

    return drawn
