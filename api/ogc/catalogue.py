"""All collections: the site's own, and every published layer with the fields that it shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.core.cache import cache
from django.db.models import BooleanField, Case, F, FloatField, Func, JSONField, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from api.ogc.collections import OWN, Collection
from api.ogc.fields import Field, in_languages, text
from geoportal.kernel.geometry import BBox
from geoportal.kernel.multilingual import text_in
from layers import contents
from layers.ground import HOUR
from layers.models import Feature, Layer
from municipality.site import installation

_TYPES: dict[str, Any] = {"number": FloatField, "boolean": BooleanField}
_LAYER = Collection(
    "", "", _("A layer of the municipality's map."),
    lambda _filters: Feature.objects.none(), "slug", ("polygon", "line", "point"),
    (
        text("slug", _("Short name"), "slug", role="id"),
        *in_languages("name", _("Name"), "name"),
        text("icon", _("Sign"), "icon"),
        Field("approximate", _("The place is approximate"), "boolean", "approximate"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What is known of a layer once all its features were looked at: its frame, and the JSON types of each field that it shows."""

    frame: BBox | None
    types: dict[str, list[str]]


def published() -> QuerySet[Layer]:
    """Layers that everyone may look at, without those whose name one of our own collections has."""
    return Layer.objects.public().held().exclude(slug__in=OWN)


def find(name: str) -> Collection | None:
    """The collection of this id; None where there is none that everyone may read."""
    if name in OWN:
        return OWN[name]
    layer = published().filter(slug=name).first()
    return _of_layer(layer) if layer else None


def every() -> list[Collection]:
    """All of them."""
    return [*OWN.values(), *(_of_layer(layer) for layer in published())]


def _of_layer(layer: Layer) -> Collection:
    facts = facts_of(layer)
    about = " · ".join(part for part in (layer.source, layer.licence) if part)
    return replace(
        _LAYER, id=layer.slug, title=text_in(layer.name), description=about or _LAYER.description, frame=facts.frame,
        rows=lambda _filters: Feature.objects.filter(layer=layer), fields=(*_LAYER.fields, *_shown(layer, facts)),
    )  # fmt: skip


def facts_of(layer: Layer) -> Facts:
    """What was written down when the features were; of a layer that is older than that it is looked up, once for each edition."""

    def look() -> dict[str, Any]:
        return contents.looked_up(layer.pk)

    told: dict[str, Any] = layer.facts or cache.get_or_set(f"ogc-{installation().edition}-{layer.pk}", look, HOUR) or look()
    return Facts(tuple(told["frame"]) if told["frame"] else None, told["types"])


def _shown(layer: Layer, facts: Facts) -> list[Field]:
    """A property for each field that the layer shows: a number or yes and no where every feature has one of these, else text."""
    taken, found = {"geometry", *(field.name for field in _LAYER.fields)}, []
    for place, name in enumerate(layer.popup):
        kinds = facts.types.get(name, [])
        kind = kinds[0] if len(kinds) == 1 and kinds[0] in _TYPES else "string"
        called = f"{name}_{place}" if name in taken else name
        taken.add(called)
        found.append(Field(called, name, kind, lambda name=name, kind=kind: _said(name, kind), column=f"said_{place}"))
    return found


def _said(name: str, kind: str) -> Any:
    """The field of a feature's `properties`; its name is a value of the statement."""
    told = Func(F("properties"), Value(name), function="jsonb_extract_path_text", output_field=TextField())
    if kind not in _TYPES:
        return told
    typed = Func(
        Func(F("properties"), Value(name), function="jsonb_extract_path", output_field=JSONField()),
        function="jsonb_typeof",
        output_field=TextField(),
    )
    column = _TYPES[kind]()
    # In a CASE: another import may have brought words meanwhile, and these must be no error.
    return Case(When(Exact(typed, Value(kind)), then=Cast(told, column)), output_field=column)
