"""The thing that a report is about: a lamp post, a bench, a piece of street, picked on the map or from the list of what is near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.gis.db import models
from django.utils.translation import gettext as _

from geoportal.kernel.multilingual import MultilingualField, text_in
from layers.imported import LONGEST_KEY
from layers.models import Feature

if TYPE_CHECKING:
    from reports.models import Report

LONGEST = 101
"""Letters of „layer.feature“."""


class PickedObject(models.Model):
    """Which feature, by its number; and in words what it was, which stay whatever becomes of the feature and its layer.

    The number is no foreign key of the database: an import takes features away and its undo gives them back under the same
    numbers, which are never given to others. Whoever reads joins from the left (`select_related`): nothing there, it is gone.
    """

    report = models.OneToOneField("reports.Report", primary_key=True, on_delete=models.CASCADE, related_name="picked")
    feature = models.ForeignKey(
        Feature, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="picked"
    )  # fmt: skip
    address = models.CharField(max_length=LONGEST, help_text="„lamps.12“: layer and feature, as they were called then")
    layer_name = MultilingualField()
    name = MultilingualField(blank=True, default=dict)
    key = models.CharField(max_length=LONGEST_KEY, blank=True)

    def __str__(self) -> str:
        return self.words

    @property
    def label(self) -> str:
        """The name of the thing in the reader's language, else its key, else the end of its address."""
        return text_in(self.name) or self.key or self.address

    @property
    def words(self) -> str:
        return _("%(object)s, layer “%(layer)s”") % {"object": self.label, "layer": text_in(self.layer_name)}

    @property
    def all_words(self) -> list[str]:
        """By what the search finds its report, in every language."""
        return [*(self.layer_name or {}).values(), *(self.name or {}).values(), self.key]

    @property
    def there(self) -> Feature | None:
        """The feature, while it is there and everyone may see its layer; needs `feature__layer` selected along."""
        return self.feature if self.feature and self.feature.layer.published else None


def of_feature(feature: Any, report: Report | None = None) -> PickedObject:
    """What is kept of a feature with its layer; not saved."""
    return PickedObject(
        report=report, feature=feature, address=feature.called, layer_name=feature.layer.name,
        name=feature.name or {}, key=feature.key,
    )  # fmt: skip


def in_words(feature: Any) -> str:
    """„Улични лампи Л-260“: the words for a place that is a thing's own."""
    return f"{text_in(feature.layer.name)} {text_in(feature.name) or feature.key or feature.slug}"
