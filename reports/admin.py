"""What reports are set up with. A report itself is changed by its verbs only and is not here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest

from municipality.admin import SetUpAdmin
from reports.models import Category, MessageTemplate, Reason, Regime, RoutingRule


@admin.register(Regime)
class RegimeAdmin(SetUpAdmin):
    list_display = ("slug", "term", "unit")


@admin.register(Category)
class CategoryAdmin(SetUpAdmin):
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


@admin.register(Reason)
class ReasonAdmin(SetUpAdmin):
    list_display = ("__str__", "slug", "serves", "order")


@admin.register(MessageTemplate)
class MessageTemplateAdmin(SetUpAdmin):
    list_display = ("slug", "serves", "order")
    long_texts = ("text",)
