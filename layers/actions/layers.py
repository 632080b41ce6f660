"""The writer of layers: what one is, not what lies in it."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from layers.models import Layer
from municipality import site
from municipality.models import Installation


def new_edition() -> None:
    """Everything that is drawn of layers and kept somewhere is made anew."""
    Installation.objects.update(edition=F("edition") + 1)
    site.forget()
    transaction.on_commit(site.forget)


def keep_layer(layer: Layer, facts: dict[str, Any]) -> Layer:
    """Writes these facts (fields of Layer). Raises ValidationError, also where another layer has the slug."""
    for name, value in facts.items():
        setattr(layer, name, value)
    layer.full_clean()
    try:
        with transaction.atomic():
            layer.save()
            new_edition()
    except IntegrityError:  # somebody was quicker
        layer.full_clean()
        raise
    return layer
