"""What reports are set up with. A report itself is changed by its verbs only and is not here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _

from municipality.admin import IconForm, SeenForm, SetUpAdmin
from reports.models import Category, MessageTemplate, Reason, Regime, RoutingRule
from reports.workflow import VERBS


@admin.register(Regime)
class RegimeAdmin(SetUpAdmin):
    list_display = ("slug", "term", "unit")


class CategoryForm(IconForm):
    icon_prefix = "c"


@admin.register(Category)
class CategoryAdmin(SetUpAdmin):
    form = CategoryForm
    list_display = ("__str__", "kind", "sector", "department", "term", "unit", "open_to")
    list_filter = ("kind", "sector", "department", "open_to")
    list_select_related = ("sector", "department")
    exclude = ("version",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change:
            Category.objects.filter(pk=obj.pk).update(version=F("version") + 1)


@admin.register(RoutingRule)
class RoutingRuleAdmin(SetUpAdmin):
    list_display = ("category", "area", "department")
    list_filter = ("department", "area")
    list_select_related = ("category", "area", "department")


class ServingForm(SeenForm):
    """What a row serves are names of transitions and verbs; a misspelt one would serve nothing."""

    def clean_serves(self) -> list[str]:
        found: list[str] = self.cleaned_data["serves"]
        if unknown := [name for name in found if name not in VERBS]:
            raise forms.ValidationError(
                _("“%(unknown)s” is not known. Known: %(names)s.") % {"unknown": unknown[0], "names": ", ".join(sorted(VERBS))}
            )
        return found


@admin.register(Reason)
class ReasonAdmin(SetUpAdmin):
    form = ServingForm
    list_display = ("__str__", "slug", "serves", "order")


@admin.register(MessageTemplate)
class MessageTemplateAdmin(SetUpAdmin):
    form = ServingForm
    list_display = ("slug", "serves", "order")
    long_texts = ("text",)
