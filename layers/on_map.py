"""Layers that can be switched on over a map: what its key shows and what its scripts need to draw them."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.templatetags.static import static
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from geoportal.kernel.multilingual import text_in
from layers import styling
from layers.ground import HOUR, PAINTER
from layers.models import Layer
from layers.services import allowed, silent
from layers.tiles import called
from municipality.site import installation


def _key_of(layer: Layer) -> str:
    """The address of its key, "" where its host is allowed no longer."""
    return layer.legend_url if allowed(layer.legend_url) else ""


def painter() -> str:
    """Address of the library that draws tiles."""
    return static(PAINTER)


def drawn(layer: Layer, tile: str) -> dict[str, Any]:
    """{slug, name, tiles, colours, from_zoom, to_zoom, popup: [[field, what it is called in tiles]], close: its button's word} of a
    layer, and where its things can be reported `told`: {one, many, url} for the number of reports that a tile says. `tile`: the
    address of its tile 0/0/0. Of another server's pictures `pictures`."""
    if layer.url:
        return pictures(layer)
    told = {
        "one": gettext("1 report about this thing"), "many": gettext("{n} reports about this thing"),
        "url": reverse("object", args=[layer.slug, "SLUG"]),
    }  # fmt: skip
    return {
        "slug": layer.slug, "name": text_in(layer.name), "tiles": tile.replace("/0/0/0.mvt", "/{z}/{x}/{y}.mvt"),
        "colours": [step["colour"] for step in styling.legend(layer.style)], "from_zoom": layer.style.get("from_zoom", 0),
        "to_zoom": layer.style.get("to_zoom", styling.LAST_ZOOM), "popup": list(called(layer).items()), "close": gettext("Close"),
        **({"told": told} if layer.pickable and layer.published else {}),
    }  # fmt: skip


def pictures(layer: Layer) -> dict[str, Any]:
    """{slug, name, from_zoom, legend, silent: what is said where no picture comes, pictures: as a row of BaseMaps, with opacity 0 to 1}."""
    return {
        "slug": layer.slug, "name": text_in(layer.name), "from_zoom": layer.style.get("from_zoom", 0), "legend": _key_of(layer),
        "silent": silent(text_in(layer.name)),
        "pictures": {
            "url": layer.url, "wms": layer.wms, "max_zoom": layer.max_zoom, "opacity": layer.opacity / 100,
            "attribution": layer.source, "attribution_url": layer.licence_url,
        },
    }  # fmt: skip


def offered(*, planners: bool = False) -> list[dict[str, Any]]:
    """Public layers with their key, by group in the order of layers: [{group, layers: [{slug, name, published, from_zoom, to_zoom, legend,
    legend_url, about, licence, licence_url, drawn}]}], in the reader's language; read once per edition of the installation's data.

    `planners`: for those who plan, with the layers that they alone see, drawn from addresses of theirs.
    """
    name = f"layers-offered-{installation().edition}-{get_language()}{'-plan' if planners else ''}"
    found: list[dict[str, Any]] | None = cache.get_or_set(name, lambda: _offered(planners), HOUR)
    return found or []


def pickable() -> list[dict[str, Any]]:
    """Layers whose features can be chosen while reporting, as `drawn`; read once per edition of the installation's data."""
    name = f"pickable-called-{installation().edition}-{get_language()}"
    found: list[dict[str, Any]] | None = cache.get_or_set(name, _pickable, HOUR)
    return found or []


def _pickable() -> list[dict[str, Any]]:
    rows = Layer.objects.pickable().order_by("order", "id")
    return [drawn(layer, reverse("tile", args=[layer.slug, 0, 0, 0])) for layer in rows]


def switched(groups: list[dict[str, Any]]) -> dict[str, Any]:
    """{layers, painter} of `offered` for a map's scripts; nothing where there are none."""
    rows = [row["drawn"] for group in groups for row in group["layers"]]
    return {"layers": rows, "painter": painter()} if rows else {}


def _offered(planners: bool) -> list[dict[str, Any]]:
    rows = Layer.objects.filter(ground=False, areas=False) if planners else Layer.objects.on_the_map()
    address = "planning_layer_tile" if planners else "tile"
    groups: dict[str, list[dict[str, Any]]] = {}
    for layer in rows.order_by("order", "id"):
        if layer.blocked:
            continue  # the page's policy would block it
        row = {
            "slug": layer.slug, "name": text_in(layer.name), "published": layer.published,
            "from_zoom": layer.style.get("from_zoom"), "to_zoom": layer.style.get("to_zoom"),
            "legend": [] if layer.url else styling.legend(layer.style), "legend_url": _key_of(layer), "about": about(layer),
            "licence": layer.licence, "licence_url": layer.licence_url,
            "drawn": drawn(layer, reverse(address, args=[layer.slug, 0, 0, 0])),
        }  # fmt: skip
        groups.setdefault(text_in(layer.group), []).append(row)
    return [{"group": group, "layers": rows} for group, rows in groups.items()]


def about(layer: Layer) -> str:
    """„Община Левка · 01.03.2026 · обновява се всяка пролет“: where the data is from, of what day, and how often it is renewed."""
    day = date_format(layer.dated_on, "d.m.Y") if layer.dated_on else ""
    often = layer.updated_every
    renewed = gettext("renewed %(often)s") % {"often": often[:1].lower() + often[1:]} if often else ""
    return " · ".join(part for part in (layer.source, day, renewed) if part)
