"""What consultations, sectors and figures are set up with. A consultation itself is changed by its verbs only and is not here."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipality.admin import Fixed, SetUpAdmin, SetUpRows
from participation.models import ConsultationKind, Figure, Indicator, SectorGuide
from reports.forms.days import DAY_FORMATS, WRONG


@admin.register(ConsultationKind)
class ConsultationKindAdmin(SetUpAdmin):
    list_display = ("__str__", "slug", "least_days", "least_days_with_reason", "required_papers", "takes_ideas", "order")


@admin.register(SectorGuide)
class SectorGuideAdmin(Fixed, SetUpAdmin):
    """The words of a sector's page; its papers come with the data."""

    exclude = ("papers",)
    readonly_fields = ("sector",)
    long_texts = ("does", "who", "money")


class FiguresFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """A figure of a year stands on its last day, so that there is one of each year."""
        super().clean()
        for form in self.forms:
            on = form.cleaned_data.get("on") if form not in self.deleted_forms else None
            if self.instance.yearly and on and (on.month, on.day) != (12, 31):
                form.add_error("on", _("Write the last day of the year: 31.12.%(year)s.") % {"year": on.year})


class FigureRows(SetUpRows):
    model = Figure
    verbose_name, verbose_name_plural = gettext_lazy("Figure"), gettext_lazy("Figures")
    formset = FiguresFormSet
    extra = 3
    formfield_overrides: ClassVar[dict[Any, Any]] = {
        models.DateField: {
            "input_formats": DAY_FORMATS, "widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "error_messages": {"invalid": WRONG},
        }
    }  # fmt: skip


@admin.register(Indicator)
class IndicatorAdmin(SetUpAdmin):
    """A series with its figures, each with who published it."""

    list_display = ("__str__", "slug", "sector", "area", "example", "order")
    list_filter = ("sector", "example")
    list_select_related = ("sector", "area")
    inlines = (FigureRows,)
    formfield_overrides: ClassVar[dict[Any, Any]] = {models.URLField: {"assume_scheme": "https"}}
