"""What the municipality does in a sector, in plain words, for the top of the sector's page."""

from __future__ import annotations

from django.db import models

from geoportal.kernel.multilingual import MultilingualField
from municipality.models import Sector


class SectorGuide(models.Model):
    """Texts know the small markup of `municipality.prose`. `papers`: [{"name": {language: text}, "url": address or ""}]."""

    sector = models.OneToOneField(Sector, primary_key=True, on_delete=models.CASCADE, related_name="guide")
    does = MultilingualField(help_text="what the municipality does here")
    who = MultilingualField(null=True, blank=True, help_text="who does it")
    money = MultilingualField(null=True, blank=True, help_text="with what money")
    papers = models.JSONField(default=list, blank=True, help_text="by which documents")

    def __str__(self) -> str:
        return str(self.sector)
