"""`{% map_data %}`: once on a page with a small map or a place picker, what its scripts need to know."""

from __future__ import annotations

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

from layers.ground import map_data as data

register = template.Library()


@register.simple_tag
def map_data() -> SafeString:
    """A data block `map-data`: {ground, sprite, bounds, base_maps, words}; no script, so the page's policy lets it stand."""
    return json_script(data(), "map-data")
