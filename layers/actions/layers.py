"""The writer of layers: what one is, not what lies in it."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers import serialize
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from layers.models import Layer
from municipality import site
from municipality.models import Installation

WRITTEN = (
    "name", "group", "sector", "published", "pickable", "source", "licence", "licence_url", "dated_on", "updated_every", "popup", "style",
    "url", "wms", "max_zoom", "opacity", "legend_url",
)  # fmt: skip
"""What people write of a layer; the rest comes with its files."""


def mark(layer: Layer) -> str:
    """Of what is written of the layer now: a form carries the one that it showed."""
    return hashlib.sha256(serialize("json", [layer], fields=WRITTEN).encode()).hexdigest()[:32]


def new_edition() -> None:
    """Everything that is drawn of layers and kept somewhere is made anew."""
    Installation.objects.update(edition=F("edition") + 1)
    site.forget()
    transaction.on_commit(site.forget)


def keep_layer(layer: Layer, facts: dict[str, Any], *, seen: str | None = None) -> Layer:
    """Writes these facts (fields of Layer). `seen`: the mark of what was looked at, None where nobody looked.

    Raises ValidationError, also where another layer has the slug or (`stale`) the layer was changed since; Layer.DoesNotExist.
    """
    kept = layer
    try:
        with transaction.atomic():
            if layer.pk:
                kept = Layer.objects.select_for_update().get(pk=layer.pk)
            if seen is not None and seen != mark(kept):
                raise ValidationError(
                    _("Somebody else changed this layer meanwhile. What you typed is still here; saved once more, it takes the place of theirs."),
                    code="stale",
                )  # fmt: skip
            for name, value in facts.items():
                setattr(kept, name, value)
            kept.full_clean()
            kept.save()
            new_edition()
    except IntegrityError:  # somebody was quicker
        kept.full_clean()
        raise
    return kept
