"""Base maps; their hosts must be among the installation's TILE_HOSTS."""

from __future__ import annotations

from django.contrib import admin

from layers.models import BaseMap
from municipality.admin import SetUpAdmin


@admin.register(BaseMap)
class BaseMapAdmin(SetUpAdmin):
    list_display = ("slug", "url", "aerial", "active", "order")
