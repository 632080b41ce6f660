"""`{% map_data %}`: once on a page with a small map or a place picker, what its scripts need to know. `{% osm_credit %}`: beside names of places."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from layers.credit import credit
from layers.ground import map_data as data
from layers.on_map import painter, pickable

register = template.Library()


@register.simple_tag
def pickable_layers() -> SafeString:
    """A data block `pickable`: {layers, painter, reported} of layers whose features can be chosen; nothing where there are none."""
    rows = pickable()
    words = {"reported": gettext("reported already"), "layers": rows, "painter": painter()}
    return json_script(words, "pickable") if rows else SafeString("")


@register.simple_tag
def map_data() -> SafeString:
    """A data block `map-data`: {ground, sprite, bounds, base_maps, words}; no script, so the page's policy lets it stand."""
    return json_script(data(), "map-data")


@register.inclusion_tag("map/_credit.html")
def osm_credit() -> dict[str, Any]:
    """The credit of OpenStreetMap, where the gazetteer holds its names."""
    return {"owed": credit()}
