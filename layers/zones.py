"""Polygons of layers as areas that one can choose and that have names."""

from __future__ import annotations

from collections.abc import Sequence

from geoportal.kernel.multilingual import text_in
from layers.models import Feature


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
