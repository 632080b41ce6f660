"""What planners write of a layer whose pictures another server makes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from geoportal.kernel.text import CleanCharField
from layers import services
from layers.models import Layer
from reports.forms.layers import LayerForm

ADDRESS = RegexValidator(r"\Ahttps?://", gettext_lazy("Write the whole address as https://example.org/…"))
ORDER = (
    "name", "name_en", "slug", "published", "url", "wms", "source", "licence", "licence_url", "opacity", "legend_url", "sector", "group",
    "group_en", "dated_on", "updated_every", "from_zoom", "max_zoom",
)  # fmt: skip
OWN = ("url", "wms", "opacity", "legend_url", "max_zoom")


def _whole(first: int, last: int, said: Promise, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        min_value=first,
        max_value=last,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), said),
        **more,
    )


class ServiceForm(LayerForm):
    """As LayerForm, without what speaks of features. `layer`: that one anew; its slug stays."""

    pickable = popup = colour = field = rules = to_zoom = None  # type: ignore[assignment]
    published = forms.BooleanField(
        required=False, label=gettext_lazy("Everyone sees it"), help_text=gettext_lazy("Else only those who plan here.")
    )
    url = CleanCharField(
        max_length=300, label=gettext_lazy("Address of the other server"), validators=[ADDRESS], widget=forms.TextInput(attrs={"inputmode": "url"}),
        help_text=gettext_lazy(
            "A template with {z}, {x} and {y} (XYZ, WMTS), or the address of a WMS. Visitors' browsers ask it, this site never does."
        ),
    )  # fmt: skip
    wms = CleanCharField(
        max_length=200, required=False, label=gettext_lazy("Names of the layers of a WMS"),
        help_text=gettext_lazy("With commas between them, as the server calls them. Empty for a template."),
    )  # fmt: skip
    source = CleanCharField(
        max_length=200,
        label=gettext_lazy("Whose pictures are they?"),
        help_text=gettext_lazy("It stands on the map beside them."),
    )
    opacity = _whole(
        10, 100, gettext_lazy("Write a whole number from 10 to 100."), initial=70, label=gettext_lazy("How much they cover, in per cent"),
        help_text=gettext_lazy("100 hides the map below, 10 is hardly seen."),
    )  # fmt: skip
    legend_url = CleanCharField(
        max_length=300, required=False, label=gettext_lazy("Address of the key as a picture"), validators=[ADDRESS],
        help_text=gettext_lazy("On a server that pages may ask; of a WMS the address with GetLegendGraphic."),
    )  # fmt: skip
    max_zoom = _whole(
        1, 22, gettext_lazy("Write a whole number from 1 to 22."), initial=19, label=gettext_lazy("Last zoom with pictures"),
        help_text=gettext_lazy("Nearer the last ones are drawn larger. Mostly 18 or 19."),
    )  # fmt: skip
    field_order = ORDER

    def clean_url(self) -> str:
        return self._asked("url")

    def clean_legend_url(self) -> str:
        return self._asked("legend_url") if self.cleaned_data["legend_url"] else ""

    def _asked(self, name: str) -> str:
        """An address that pages may ask, or the one that the layer has: what else it says can be changed, though it is blocked."""
        url = services.address(self.cleaned_data[name])
        if self.layer is None or url != getattr(self.layer, name):
            services.refuse_host(url)
        return url

    def clean(self) -> dict[str, Any]:
        """A template or a WMS, whole."""
        data = super().clean() or {}
        if "url" in data and "wms" in data:
            try:
                data["url"] = services.read(data["url"], data["wms"])
            except ValidationError as wrong:
                self.add_error("url", wrong)
        return data

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), **{name: self.cleaned_data[name] for name in OWN}}

    @staticmethod
    def first(layer: Layer) -> dict[str, Any]:
        return {**LayerForm.first(layer), **{name: getattr(layer, name) for name in OWN}}
