"""Indicators and their figures: who measured what, when, and where it stands."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

from geoportal.kernel.multilingual import MultilingualField, text_in
from municipality.models import Area, Sector


class IndicatorQuerySet(models.QuerySet[Any]):
    def public(self) -> Self:
        """Everyone may read them all; with the sector and area that their lines name."""
        return self.select_related("sector", "area__parent").defer("area__polygon").order_by("order", "pk")


class Indicator(models.Model):
    """One series of figures. `area` empty: the whole municipality."""

    slug = models.SlugField(unique=True)
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="indicators")
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="indicators")
    name = MultilingualField()
    unit = MultilingualField(null=True, blank=True)
    digits = models.PositiveSmallIntegerField(default=0, help_text="decimals that are shown")
    yearly = models.BooleanField(default=True, help_text="a figure is of its year, not of its day")
    source_name = MultilingualField(help_text="who published the figures")
    source_url = models.URLField(blank=True, max_length=300)
    note = MultilingualField(null=True, blank=True, help_text="what one must know to read it")
    example = models.BooleanField(default=False, help_text="invented, shown to explain the page")
    order = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[Any] = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return text_in(self.name)


class Figure(models.Model):
    """One value of an indicator, as of a day."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="figures")
    on = models.DateField(help_text="the day; of a year its last")
    value = models.DecimalField(max_digits=16, decimal_places=3)

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["indicator", "on"], name="figure_once")]

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y}"
