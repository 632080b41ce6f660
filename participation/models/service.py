"""Services of the municipality, to which people can make recommendations."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from discussion.models import Subject
from geoportal.kernel.multilingual import MultilingualField, text_in
from municipality.models import Organisation
from participation.querysets import SpineQuerySet


class Service(models.Model):
    """What the municipality does for whom, and how one gets it. Ideas recommend to it (`Link.Kind.RECOMMENDS`)."""

    subject = models.OneToOneField(Subject, primary_key=True, on_delete=models.PROTECT, related_name="service")
    slug = models.SlugField(unique=True)
    name = MultilingualField()
    what = MultilingualField()
    who = MultilingualField(null=True, blank=True, help_text="whom it is for")
    how = MultilingualField(null=True, blank=True, help_text="how one gets it, in plain words")
    department = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="services")
    url = models.URLField(blank=True, max_length=300)
    phone = models.CharField(max_length=40, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[Any] = SpineQuerySet.as_manager()

    class Meta:
        ordering = ["order", "subject_id"]

    def __str__(self) -> str:
        return text_in(self.name)
