"""What is kept of files that were read into layers: what the file said, what stood there before, and what came of it."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import BooleanField, Func
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.geometry import geometry_checks
from layers import progress

LONGEST_KEY = 200
MOST_OF_PROPERTIES = 20_000


class Small(Func):
    """Whether a JSON column is at most MOST_OF_PROPERTIES bytes long as text."""

    output_field = BooleanField()
    template = f"(octet_length((%(expressions)s)::text) <= {MOST_OF_PROPERTIES})"


def small(name: str) -> models.CheckConstraint:
    """The constraint for a column `properties`."""
    return models.CheckConstraint(
        condition=Small(models.F("properties")),
        name=name,
        violation_error_message=_("What is written of this feature is too long. Leave out some of its fields."),
    )


class Import(models.Model):
    """One file that was sent for a layer. Checked first, then carried out as a whole, and the last one can be undone."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CHECKING = "checking"
        CHECKED = "checked"
        CARRYING = "carrying"
        DONE = "done"
        UNDONE = "undone"
        FAILED = "failed"
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    layer = models.ForeignKey("layers.Layer", on_delete=models.CASCADE, related_name="imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file")
    size = models.PositiveBigIntegerField(help_text="bytes")
    mapping = models.JSONField(
        default=dict, help_text="what was chosen: layer, srid, swapped, encoding, x, y, key, name, name_en, keeps"
    )
    found = models.JSONField(default=dict, help_text="what the file says of itself: the head of layers.import_child")
    counts = models.JSONField(default=dict, help_text="rows, new, changed, same, gone, refused, mended, outside")
    report = models.JSONField(default=list, help_text="[row, code, about]")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    refused = models.CharField(max_length=20, blank=True, help_text="why the whole file could not be used")
    about = models.CharField(max_length=80, blank=True)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    begun_at = models.DateTimeField(null=True, blank=True, help_text="when a worker was last asked to read or to write it")
    checked_at = models.DateTimeField(null=True, blank=True)
    carried_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["layer", "-created_at"], name="import_of_layer")]

    @property
    def path(self) -> Path:
        """Where the file lies until it is carried out or dropped; no address of the site leads there."""
        return Path(settings.MEDIA_ROOT) / "imports" / str(self.pk)

    @property
    def reading(self) -> str:
        """Names one check of the file: who carries it out says which one was looked at."""
        return self.checked_at.isoformat() if self.checked_at else ""

    @property
    def far(self) -> tuple[int, int]:
        """(done, of all): rows while it is read, hundredths while it is written; one query then."""
        if self.state == self.State.CARRYING:
            return progress.reached(self.pk), progress.WHOLE
        return self.done, self.of or 1

    @property
    def ended(self) -> bool:
        """Whether nothing happens by itself any more."""
        return self.state not in (self.State.WAITING, self.State.CHECKING, self.State.CARRYING)


class ImportRow(models.Model):
    """A feature as a file has it, or as it was before the file: what `role` says."""

    class Role(models.TextChoices):
        COMING = "coming", "what the file has"
        MADE = "made", "what the import made: its slug alone counts"
        CHANGED = "changed", "how a feature was before the import changed it"
        GONE = "gone", "how a feature was that the import removed"

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    role = models.CharField(max_length=7, choices=Role.choices)
    number = models.PositiveIntegerField(default=0, help_text="of the row in the file, from 1")
    feature = models.BigIntegerField(
        null=True, blank=True, help_text="the number that the feature had, and has again when undone"
    )
    slug = models.SlugField(db_index=False)
    key = models.CharField(max_length=LONGEST_KEY, blank=True)
    name = models.JSONField(default=dict)
    icon = models.CharField(max_length=40, blank=True)
    approximate = models.BooleanField(default=False)
    properties = models.JSONField(default=dict)
    point = models.PointField(null=True, blank=True, spatial_index=False)
    line = models.MultiLineStringField(null=True, blank=True, spatial_index=False)
    polygon = models.MultiPolygonField(null=True, blank=True, spatial_index=False)

    class Meta:
        constraints = [
            small("importrow_properties"),
            *geometry_checks("point", name="importrow_point", null=True),
            *geometry_checks("line", name="importrow_line", null=True),
            *geometry_checks("polygon", name="importrow_polygon", null=True),
        ]
        indexes = [models.Index(fields=["imported", "role", "number"], name="importrow_of_role")]

    @property
    def shape(self) -> Any:
        """The one of its shapes that there is."""
        return self.polygon or self.line or self.point
