"""The writer of layers: what one is, not what lies in it."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers import serialize
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from layers.models import Import, Layer
from municipality import site
from municipality.models import Installation

WRITTEN = (
    "name", "group", "sector", "published", "pickable", "source", "licence", "licence_url", "dated_on", "updated_every", "popup", "style",
    "url", "wms", "max_zoom", "opacity", "legend_url",
)  # fmt: skip
"""What people write of a layer; the rest comes with its files."""
RUNNING = (Import.State.WAITING, Import.State.CHECKING, Import.State.CARRYING)


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


def why_kept(layer: Layer) -> str:
    """Why this layer cannot be deleted now; "" where it can."""
    if layer.ground:
        return _("The ground of every map is drawn from this layer, so it stays.")
    if layer.areas:
        return _("Filters, analyses, alerts and reports name the areas of this layer, so it stays.")
    if layer.imports.filter(state__in=RUNNING).exists():
        return _("A file for this layer is being checked or written. Wait until that ends, then delete the layer.")
    return ""


def delete_layer(layer: Layer) -> None:
    """With its features and the files for it, for good; reports keep in words what they were about.

    Raises ValidationError (`why_kept`), Layer.DoesNotExist.
    """
    _refuse_kept(layer)  # before the lock, for which a file that is being written would have it wait
    with transaction.atomic():
        found = Layer.objects.select_for_update().get(pk=layer.pk)
        files = [each.path for each in found.imports.select_for_update().defer("report")]
        _refuse_kept(found)
        found.delete()
        new_edition()
        for path in files:
            transaction.on_commit(partial(path.unlink, missing_ok=True))


def _refuse_kept(layer: Layer) -> None:
    if why := why_kept(layer):
        raise ValidationError(why, code="kept")
