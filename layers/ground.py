"""The own ground of every map, from data: outline, settlement cells, settlements, landmarks, the neighbours' names."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.gis.db.models import Extent
from django.core.cache import cache
from django.db.models import F
from django.templatetags.static import static
from django.urls import reverse
from django.utils.formats import get_format
from django.utils.translation import get_language, gettext, pgettext

from geoportal.kernel import photos
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.postgis import BBox, as_geojson, latitude, longitude, simpler
from layers import ground_file, osm_tiles
from layers.models import BaseMap, Feature
from layers.services import allowed, silent
from municipality.models import Area
from municipality.site import installation

HOUR = 3600
NEIGHBOUR_METRES = 20_000
"""So far from the border a place outside is said to be the neighbour's; farther out nobody near is responsible."""
PAINTER = "npm/protomaps-leaflet/protomaps-leaflet.js"


def ground() -> str:
    """JSON text, in the reader's language; drawn once per edition of the installation's data."""
    found: str | None = cache.get_or_set(
        f"ground-{installation().edition}-{get_language()}-{bool(ground_file.there())}", lambda: json.dumps(_ground()), HOUR
    )
    return found or ""


def _ground() -> dict[str, Any]:
    features = (
        Feature.objects.filter(layer__ground=True, layer__published=True, point__isnull=False)
        .annotate(lon=longitude("point"), lat=latitude("point"))
        .values("layer__slug", "name", "icon", "lon", "lat")
        .order_by("layer__order", "pk")
    )
    named = [{**row, "name": text_in(row["name"])} for row in features]
    outline = Area.objects.filter(parent=None).annotate(shape=as_geojson("polygon", 5)).values_list("shape", flat=True).first()
    cells = (
        Area.objects.filter(kind=Area.Kind.SETTLEMENT, polygon__isnull=False)
        .annotate(shape=as_geojson(simpler("polygon"), 5), box=Extent("polygon"), lon=longitude("point"), lat=latitude("point"))
        .values("slug", "prefix", "name", "population", "shape", "box", "lon", "lat")
        .order_by(F("population").desc(nulls_last=True), "pk")
    )
    return {
        "outline": json.loads(outline) if outline else {"type": "MultiPolygon", "coordinates": []},
        "cells": [{"slug": row["slug"], "geometry": json.loads(row["shape"])} for row in cells],
        "settlements": [
            {
                "slug": row["slug"],
                "name": f"{text_in(row['prefix'])} {text_in(row['name'])}".strip(),
                "bare": text_in(row["name"]),
                "people": row["population"] or 0,
                "lon": row["lon"],
                "lat": row["lat"],
                "box": [round(n, 5) for n in row["box"]],
            }
            for row in cells
            if row["lon"] is not None
        ],
        # Roads, rivers and other shapes come as tiles, which grow with no town.
        "tiles": reverse("ground_tiles", args=[installation().edition]) if ground_file.there() else "",
        "painter": static(PAINTER),
        "landmarks": [row for row in named if row["layer__slug"] != "neighbours"],
        "neighbours": [row for row in named if row["layer__slug"] == "neighbours"],
    }


def bounds() -> BBox:
    """West, south, east, north of the whole; the world where no outline is loaded."""

    def read() -> BBox:
        box = Area.objects.filter(parent=None).aggregate(box=Extent("polygon"))["box"]
        return box or (-180.0, -85.0, 180.0, 85.0)

    return cache.get_or_set(f"bounds-{installation().edition}", read, HOUR) or read()


def base_maps() -> list[dict[str, Any]]:
    """Rows for the layers chooser in the reader's language: those whose host the page's policy lets through, and the own map while its
    file is there. `tiles`, `painter`: addresses of the file and of what draws it; `back`: what the button of an aerial photo then says;
    `silent`: what is said where nothing of it comes."""
    names = ("slug", "name", "url", "wms", "attribution", "attribution_url", "max_zoom", "aerial", "file")
    rows = BaseMap.objects.filter(active=True).values(*names)
    return [_base_map(row) for row in rows if allowed(row["url"]) or osm_tiles.there(row["file"])]


def _base_map(row: dict[str, Any]) -> dict[str, Any]:
    file = row.pop("file")
    row["name"] = text_in(row["name"])
    if file:
        failed = gettext("The server does not answer. What you see may be old.")
        row |= {"tiles": reverse("base_map_tiles", args=[file]), "painter": static(PAINTER), "silent": failed}
    else:
        row["silent"] = silent(row["name"])
    if row["aerial"]:
        row |= {"there": gettext("Photo from the air"), "back": pgettext("instead of the photo from the air", "Map")}
    return row


def map_data() -> dict[str, Any]:
    """What the scripts of every map need to know: addresses, frame, base maps and words."""
    return {
        "ground": reverse("ground"),
        "sprite": static("img/sprite.svg"),
        "bounds": bounds(),
        "outside_metres": installation().outside_metres,
        "neighbour_metres": NEIGHBOUR_METRES,
        "base_maps": base_maps(),
        "layers_below": reverse("map_layers"),
        "words": _map_words(),
    }


def _map_words() -> dict[str, str]:
    """What the scripts of a map say, in the reader's language."""
    return {
        "layers": gettext("Layers"),
        "failed": gettext("The server does not answer. What you see may be old."),
        "no_position": gettext("Your position could not be found."),
        "here": gettext("You are here"),
        "place": gettext("The place. Drag it, or move it with the arrow keys."),
        "outside": gettext("Outside the municipality, {distance} from its border"),
        "outside_move": gettext("Move the sign inside the municipality."),
        "in": gettext("in {town}"),
        "by": gettext("{distance} from {name}"),
        "just_outside": gettext("A little outside the border: it is taken, marked and passed on"),
        "outside_to": gettext("It lies towards {name}: report it there, or move the sign."),
        "photo_outside": gettext("The photo was taken outside the municipality"),
        "coarse": gettext("Your position is known only to {distance}. Move the sign to the place."),
        "refused": gettext("Your device does not give its position. Choose on the map, by search or from the list."),
        "chosen": gettext("The place is chosen"),
        "metres": gettext("{n} m"),
        "kilometres": gettext("{n} km"),
        "point": get_format("DECIMAL_SEPARATOR"),
        "accuracy": gettext("accurate to {distance}"),
        "approximate": gettext("The settlement is known. Move the sign to the place, or go on with the words."),
        "not_chosen": gettext("The place is not chosen yet"),
        "choose": gettext("Move the map until the sign stands on the place"),
        "choose_desk": gettext("Click on the map or drag the sign"),
        "points": gettext("{n} points drawn"),
        "photo_remove": gettext("Remove photo {n}"),
        "photo_sending": gettext("Sending…"),
        "photo_sent": gettext("Added"),
        "photo_failed": gettext("This photo was not accepted. Try another one."),
        **{f"photo_{why}": str(photos.MESSAGES[why]) for why in ("empty", "bytes", "format", "pixels")},
        "photo_many": gettext("At most {n} photos."),
        "photo_waits": gettext("Kept on this phone; it goes when there is a connection"),
        "photo_offline": gettext("No connection. The photo was not sent; try again."),
    }
