"""Polygons of layers as areas that one can choose and that have names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from geoportal.kernel.multilingual import text_in
from geoportal.kernel.postgis import as_geojson, simpler
from layers.models import Feature, Layer
from municipality.models import Area

SETTLEMENTS = "settlements."
"""The settlements' areas among the layers; the dot keeps it apart from every layer's slug."""


def zone_choices() -> list[tuple[str, str]]:
    """(address, „layer: name“) of each, for a form; one query."""
    rows = Feature.objects.areas().addressed().values_list("address", "layer__name", "name")
    return [(address, f"{text_in(layer)}: {text_in(name)}") for address, layer, name in rows]


def named_zones(addresses: Sequence[str]) -> list[str]:
    """The names of those among the addresses that are polygons of layers; no query where none is."""
    zones = [address for address in addresses if "." in address]
    if not zones:
        return []
    rows = Feature.objects.areas().addressed().filter(address__in=zones).values_list("name", flat=True)
    return [text_in(name) for name in rows]


def zone_layers() -> list[tuple[str, str]]:
    """(key, name) of what can be switched on: the settlements, each published layer of areas."""
    layers = Layer.objects.filter(areas=True, published=True, features__polygon__isnull=False).distinct()
    return [(SETTLEMENTS, gettext("Settlements")), *((layer.slug, text_in(layer.name)) for layer in layers)]


def zone_shapes(key: str) -> list[dict[str, Any]] | None:
    """[{area, name, geometry}] of one of `zone_layers`, `area` as the filter language has it, outlines within some ten metres;
    None for an unknown key."""
    if key == SETTLEMENTS:
        areas = Area.objects.filter(kind=Area.Kind.SETTLEMENT, polygon__isnull=False).order_by("path")
        rows = areas.annotate(shape=as_geojson(simpler("polygon"), 5)).values_list("slug", "prefix", "name", "shape")
        named = [(slug, f"{text_in(prefix)} {text_in(name)}".strip(), shape) for slug, prefix, name, shape in rows]
    else:
        zones = Feature.objects.areas().addressed().filter(layer__slug=key).annotate(shape=as_geojson(simpler("polygon"), 5))
        named = [(address, text_in(name), shape) for address, name, shape in zones.values_list("address", "name", "shape")]
    if not named:
        return None
    return [{"area": area, "name": name, "geometry": json.loads(shape)} for area, name, shape in named]
