"""Base maps; their hosts must be among the installation's TILE_HOSTS."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError

from layers import services
from layers.models import BaseMap
from municipality.admin import SeenForm, SetUpAdmin


class BaseMapForm(SeenForm):
    """Refuses an address that the page's policy would block: the base map would be offered to nobody. One that is not in use keeps its own."""

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if data.get("url") and data.get("active"):
            try:
                data["url"] = services.read(data["url"], data.get("wms", ""))
                services.refuse_host(data["url"])
            except ValidationError as wrong:
                self.add_error("url", wrong)
        return data


@admin.register(BaseMap)
class BaseMapAdmin(SetUpAdmin):
    form = BaseMapForm
    list_display = ("slug", "url", "aerial", "active", "order")
