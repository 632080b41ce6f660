"""What events and all else that people take part in have in common beside their Subject."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from accounts.models import User
from discussion.models import Subject
from geoportal.kernel.geometry import geometry_checks
from municipality.models import Organisation
from participation import workflow
from reports.wording import place_in_words


class Matter(models.Model):
    """One public object: its state, its words, who stands behind it, where it is."""

    subject = models.OneToOneField(Subject, primary_key=True, on_delete=models.PROTECT, related_name="%(class)s")
    status = models.CharField(max_length=24, choices=[(code, code) for code in workflow.STATES])
    status_at = models.DateTimeField(default=timezone.now)
    text = models.TextField(blank=True)
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss")
    public_name = models.CharField(max_length=120, blank=True, help_text="as the author wished; empty: a resident")
    point = models.PointField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True, help_text="street, number, building in words")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.subject_id)

    @property
    def state(self) -> workflow.State:
        return workflow.STATES[self.status]

    @property
    def shown(self) -> bool:
        """Its state is one that everyone reads; `visibility` of the subject is asked besides."""
        return self.state.public

    @property
    def shapes(self) -> list[GEOSGeometry]:
        """Where it lies, in all its parts; none where it has no place."""
        found = self.point or getattr(self, "within", None)
        return [found] if found is not None else []

    @property
    def where(self) -> str:
        return place_in_words(self.place, self.subject.area.full_name)


def point_checks(name: str) -> list[models.CheckConstraint]:
    return geometry_checks("point", name=f"{name}_point", null=True)
