"""Things of layers by what is written on them: „стълб 118“, „Л-260“; whole, as it stands in the layer, in any of its languages."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db.models import PointField
from django.db.models import Func, Q

from layers.folding import LONGEST, house, post
from layers.models import Feature, Layer
from layers.querysets import LOWERED, SHAPE, FeatureQuerySet

FEW = 4
"""Lamp posts of one number in several layers or villages."""
POSTS = ("стълб", "лампа", "lamp post", "lamp", "post", "pole")
"""What lamp posts are called in layers; whoever writes one of these words may mean any of them."""


def things(typed: str) -> list[Feature]:
    """Those that one can choose while reporting and that `typed` names, with `layer` and `foot`: a place of it. At most FEW; two queries."""
    typed = typed[:LONGEST].strip()
    spelt = _spelt(typed)
    layers = list(Layer.objects.pickable().values_list("pk", flat=True)) if spelt else []
    if not layers:
        return []
    named = Q(layer__in=layers, key__in={typed, typed.upper()})
    for code, _name in settings.LANGUAGES:
        for one in spelt:
            named |= Q(lowered__contains={code: one})
    rows = Feature.objects.alias(lowered=LOWERED).filter(named, layer__in=layers)
    return list(_with_foot(rows).order_by("layer__order", "pk")[:FEW])


def thing(address: str) -> Feature | None:
    """The one that „layer.feature“ names, as `things` gives it, if it can be chosen."""
    layer, _dot, slug = address.partition(".")
    return _with_foot(Feature.objects.pickable().filter(layer__slug=layer, slug=slug)).first()


def _with_foot(rows: FeatureQuerySet) -> FeatureQuerySet:
    return rows.select_related("layer").annotate(foot=Func(SHAPE, function="ST_PointOnSurface", output_field=PointField()))


def _spelt(typed: str) -> set[str]:
    """Small, with and without the sign of a number; of a lamp post with each word for it. Of a number alone nothing but lamp posts."""
    small = " ".join(typed.lower().split())
    words, number = house(small)
    posts = post(typed)[0]
    found = {
        f"{word}{sign}{one}"
        for one, all_words in ((number, [words]), (posts, POSTS))
        if one
        for word in all_words
        for sign in (" ", " №", " № ")
    }
    return found if small.isdecimal() else {small, *found} - {""}
