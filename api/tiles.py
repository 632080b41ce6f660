"""`/tiles/<set>/{z}/{x}/{y}.mvt` and `/tiles/<set>.json`: the public set as vector tiles, the same for everyone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from api.ogc.catalogue import facts_of
from api.v1.answers import absolute, bad_parameter, shown
from geoportal.kernel.conditional import public
from geoportal.kernel.geometry import BBox
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.tiles import CONTENT_TYPE, MOST_ZOOM, Tile, in_tile, tile_of
from layers import tiles as layer_tiles
from layers.ground import bounds
from layers.models import Layer
from layers.tiles import NAMES
from municipality.models import Area
from municipality.site import installation
from reports import mapping
from reports.at_objects import reported, told
from reports.filters import Filters
from reports.freshness import data_version
from reports.parameters import BadParameter
from reports.spatial import tiles
from reports.spatial.wanted import Wanted

NOT_IN_TILES = ("order", "cursor", "limit", "supported")
Draw = Callable[[Filters, Tile], bytes]


@dataclass(frozen=True)
class Set:
    """One set of tiles: how it is drawn, and the fields of each of its layers for TileJSON."""

    draw: Draw
    fields: dict[str, dict[str, str]]
    title: str = ""
    filtered: bool = True
    layer: Layer | None = None


REPORT_FIELDS = {"kind": "String", "sector": "String", "status": "String", "late": "Boolean"}
CLUSTER_FIELDS = {"n": "Number", "late": "Number"}


def _wanted(filters: Filters) -> Wanted:
    return replace(Wanted.public_set(filters, AnonymousUser()), box=filters.bbox)


def _named(rows: QuerySet[Any], prefix: str, *columns: str) -> QuerySet[Any]:
    """Rows with `id`, `geom`, the columns and the names in every language of the installation."""
    names = {name: KT(f"{prefix}{path.removeprefix('name')}") for name, path in NAMES.items()}
    return rows.order_by().values("id", "geom", *columns, **names)


def _projects(filters: Filters, tile: Tile) -> bytes:
    """Each project's most extensive shape in layer `projects`."""
    drawn = mapping.project_shapes(mapping.projects(filters, AnonymousUser()))
    return tile_of(_named(in_tile(drawn, "shape", tile), "title", "stage", "sector"), "projects")


def _areas(filters: Filters, tile: Tile) -> bytes:
    rows = (
        Area.objects.filter(pk__in=filters.area) if filters.area or filters.zone else Area.objects.filter(polygon__isnull=False)
    )
    return tile_of(_named(in_tile(rows, "polygon", tile), "name", "slug", "kind", "population"), "areas")


SETS = {
    "reports": Set(lambda filters, tile: tiles.reports_tile(_wanted(filters), tile), {"reports": REPORT_FIELDS, "clusters": CLUSTER_FIELDS}),
    "clusters": Set(lambda filters, tile: tiles.clusters_tile(_wanted(filters), tile), {"clusters": CLUSTER_FIELDS}),
    "projects": Set(_projects, {"projects": {"stage": "String", "sector": "String", **dict.fromkeys(NAMES, "String")}}),
    "areas": Set(_areas, {"areas": {"slug": "String", "kind": "String", "population": "Number", **dict.fromkeys(NAMES, "String")}}),
}  # fmt: skip


def _set(name: str) -> Set:
    if name in SETS:
        return SETS[name]
    if layer := Layer.objects.public().held().filter(slug=name).first():
        drawn = layer_tiles.draw(layer, {"marked": reported(), "told": told()} if layer.pickable else {})
        return Set(lambda _filters, tile: drawn(tile), {}, text_in(layer.name), filtered=False, layer=layer)
    raise Http404


def _fields(found: Set) -> dict[str, dict[str, str]]:
    """Of a layer, what is in its features: JSON's numbers and yes and no stay these in a tile."""
    layer = found.layer
    if layer is None:
        return found.fields
    marked = {"marked": "Boolean", "told": "Number", "lon": "Number", "lat": "Number"} if layer.pickable else {}
    types = facts_of(layer).types if layer.popup else {}
    own = {called: _kind(types.get(name, [])) for name, called in layer_tiles.called(layer).items()}
    return {layer.slug: {**layer_tiles.FIELDS, **marked, **own}}


def _zooms(found: Set) -> dict[str, int]:
    """At which zooms a layer is there; the set's own `maxzoom` would say that the last tiles are to be drawn larger above it."""
    style = found.layer.style if found.layer else {}
    return {said: style[name] for said, name in (("minzoom", "from_zoom"), ("maxzoom", "to_zoom")) if name in style}


def _kind(kinds: list[str]) -> str:
    """What TileJSON calls a field whose values are of these types of JSON."""
    return (kinds[0] if len(kinds) == 1 else "mixed" if kinds else "string").capitalize()


def _filters(request: HttpRequest, found: Set) -> Filters:
    """The filter language, strictly; what speaks of a person or of an order has no meaning in a tile, and nothing filters a layer."""
    if request.GET and not found.filtered:
        raise _refused(BadParameter(next(iter(request.GET)), str(BadParameter.NOT_HERE)))
    if request.GET.get("assigned") == "me":
        raise _refused(BadParameter("assigned", str(BadParameter.NOT_HERE)))
    for name, values in request.GET.lists():
        if len(values) > 1:
            raise bad_parameter(shown(name), str(BadParameter.ONCE))
    try:
        return Filters.from_query(request.GET, AnonymousUser(), strict=True, refused=NOT_IN_TILES)
    except BadParameter as bad:
        raise _refused(bad) from bad


def _refused(bad: BadParameter) -> Exception:
    return bad_parameter(shown(bad.name), bad.messages[0])


@require_safe
@public(data_version, everyone=True)
def tile(request: HttpRequest, name: str, z: str, x: str, y: str) -> HttpResponseBase:
    """One tile; empty where there is nothing."""
    place = Tile.parse(z, x, y)
    found = _set(name)
    drawn = found.draw(_filters(request, found), place)
    return HttpResponse(drawn, content_type=CONTENT_TYPE)


@require_safe
@public(data_version, everyone=True)
def tile_json(request: HttpRequest, name: str) -> HttpResponseBase:
    """TileJSON 3.0.0 of a set under the filters of the address."""
    found = _set(name)
    filters = _filters(request, found)
    query = filters.as_query()
    west, south, east, north = _bounds(filters)
    body = {
        "tilejson": "3.0.0",
        "name": f"{text_in(installation().short_name, settings.LANGUAGE_CODE)}: {found.title or name}",
        "scheme": "xyz",
        "tiles": [absolute(f"/tiles/{name}/{{z}}/{{x}}/{{y}}.mvt") + (f"?{query}" if query else "")],
        "minzoom": 0,
        "maxzoom": MOST_ZOOM,
        "bounds": [west, south, east, north],
        "vector_layers": [{"id": layer, **_zooms(found), "fields": fields} for layer, fields in _fields(found).items()],
    }
    return HttpResponse(orjson.dumps(body), content_type="application/json")


def _bounds(filters: Filters) -> BBox:
    return filters.bbox or bounds()
