"""What planners write of a layer, and how a file for it is to be read."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from geoportal.kernel.multilingual import text_in
from geoportal.kernel.text import CleanCharField, clean
from layers import styling
from layers.actions import mark
from layers.importing import Mapping
from layers.models import Layer
from municipality.models import Sector
from reports.forms.days import DayField

SLUG = RegexValidator(
    r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", gettext_lazy("Small Latin letters, digits and hyphens between them, as in lamp-posts.")
)
FORBIDDEN = ("new", "imports", "reports", "clusters", "projects", "areas")
"""Words that addresses of pages and tiles have for other things."""
CHOICE = {"invalid_choice": gettext_lazy("Choose one from the list.")}
SRIDS: tuple[tuple[str, Promise], ...] = (
    ("", gettext_lazy("as the file says, else guessed")),
    ("7801", gettext_lazy("7801: BGS 2005, cadastre")),
    ("7803", gettext_lazy("7803: BGS 2005, UTM 34N")),
    ("7804", gettext_lazy("7804: BGS 2005, UTM 35N")),
    ("4326", gettext_lazy("4326: degrees (WGS 84)")),
    ("32634", gettext_lazy("32634: UTM 34N")),
    ("32635", gettext_lazy("32635: UTM 35N")),
    ("3857", gettext_lazy("3857: Web Mercator")),
)
ENCODINGS: tuple[tuple[str, Any], ...] = (
    ("", gettext_lazy("as the file says, else guessed")),
    ("UTF-8", "UTF-8"),
    ("CP1251", "Windows-1251"),
)
MOST_POPUP, LONGEST_FIELD = 12, 60
Choices = list[tuple[str, Any]]


class LinesField(forms.CharField):
    """Several lines, read by `reading`; what was typed is shown again as typed."""

    widget = forms.Textarea(attrs={"rows": 4})
    most = 3000

    def __init__(self, reading: Any, **kwargs: Any) -> None:
        super().__init__(required=False, strip=False, **kwargs)
        self.reading = reading
        self.validators = []

    def to_python(self, value: Any) -> list[Any]:  # type: ignore[override]
        text = clean(str(value or "")[: self.most + 1], lines=True)
        if len(text) > self.most:
            raise ValidationError(_("At most %(most)s characters fit: shorten it.") % {"most": self.most})
        found: list[Any] = self.reading(text)
        return found


def names_of_fields(text: str) -> list[str]:
    """One name a line. Raises ValidationError for too many or too long ones."""
    found = list(dict.fromkeys(filter(None, (line.strip() for line in text.splitlines()))))
    if len(found) > MOST_POPUP or any(len(name) > LONGEST_FIELD for name in found):
        raise ValidationError(
            _("At most %(most)s fields, each of at most %(long)s characters.") % {"most": MOST_POPUP, "long": LONGEST_FIELD}
        )
    return found


class LayerForm(forms.Form):
    """`layer`: that one anew; its slug stays."""

    name = CleanCharField(max_length=120, label=gettext_lazy("Name"))
    name_en = CleanCharField(max_length=120, required=False, label=gettext_lazy("Name in English"))
    slug = CleanCharField(
        max_length=50, label=gettext_lazy("Its name in addresses"), validators=[SLUG],
        help_text=gettext_lazy("Small Latin letters, digits and hyphens between them, as in lamp-posts."),
    )  # fmt: skip
    published = forms.BooleanField(
        required=False, label=gettext_lazy("Everyone sees it"),
        help_text=gettext_lazy("Else only those who plan here. The fields that a feature shows are then open too: name none that tells of people."),
    )  # fmt: skip
    pickable = forms.BooleanField(
        required=False,
        label=gettext_lazy("Its things can be chosen when reporting"),
        help_text=gettext_lazy("A lamp post, a street, a park: the report refers to it and takes its place and name."),
    )
    sector = forms.ModelChoiceField(
        Sector.objects.all(), to_field_name="slug", required=False, label=gettext_lazy("Sector"), empty_label=gettext_lazy("none"),
        error_messages=CHOICE,
    )  # fmt: skip
    group = CleanCharField(
        max_length=80, required=False, label=gettext_lazy("Group"), help_text=gettext_lazy("Layers of a group stand together.")
    )
    group_en = CleanCharField(max_length=80, required=False, label=gettext_lazy("Group in English"))
    source = CleanCharField(max_length=200, required=False, label=gettext_lazy("Source of the data"))
    licence = CleanCharField(max_length=120, required=False, label=gettext_lazy("Licence"))
    licence_url = forms.URLField(
        max_length=300, required=False, label=gettext_lazy("Address of the licence"), assume_scheme="https",
        error_messages={"invalid": gettext_lazy("Write the address as https://example.org/…")},
    )  # fmt: skip
    dated_on = DayField(required=False, label=gettext_lazy("Of what day is the data?"))
    updated_every = CleanCharField(
        max_length=80,
        required=False,
        label=gettext_lazy("How often is it renewed?"),
        help_text=gettext_lazy("In words: each spring, by need."),
    )
    popup = LinesField(
        names_of_fields, label=gettext_lazy("Fields that a click on the map shows"),
        help_text=gettext_lazy("One a line, as the file calls them. What is not named here stays with those who plan."),
    )  # fmt: skip
    colour = forms.ChoiceField(
        choices=list(styling.COLOURS.items()), label=pgettext_lazy("of a layer", "Colour"), error_messages=CHOICE
    )
    field = CleanCharField(max_length=60, required=False, label=gettext_lazy("Field by which colours differ"))
    rules = LinesField(
        styling.read, label=gettext_lazy("Colours by value"),
        help_text=gettext_lazy(
            "One a line: value = colour, or value = colour = words for the key, or value = colour = words | words in English. "
            "Other values have the colour above."
        ),
    )  # fmt: skip
    from_zoom = forms.IntegerField(
        required=False, min_value=0, max_value=styling.LAST_ZOOM, label=gettext_lazy("Shown from which zoom on"),
        help_text=gettext_lazy("0 is the whole world, 14 a town, 17 a street. Empty: always."),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), gettext_lazy("Write a whole number from 0 to 20.")),
    )  # fmt: skip

    seen = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    stale = False

    to_zoom = forms.IntegerField(
        required=False, min_value=0, max_value=styling.LAST_ZOOM, label=gettext_lazy("Shown up to which zoom"),
        help_text=gettext_lazy("Nearer it is not drawn. Empty: always."),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), gettext_lazy("Write a whole number from 0 to 20.")),
    )  # fmt: skip

    def __init__(self, *args: Any, layer: Layer | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.first(layer) if layer else None)
        super().__init__(*args, **kwargs)
        self.layer = layer
        if layer is not None:
            del self.fields["slug"]
        else:
            del self.fields["seen"]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug in FORBIDDEN:
            raise ValidationError(_("Another page has this address. Choose another."))
        return slug

    def clean_dated_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["dated_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("The day lies in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        """A style that holds together."""
        data = super().clean() or {}
        if data.get("rules") and not data.get("field") and "field" not in self.errors:
            self.add_error("field", _("Name the field whose values have the colours below."))
        elif not self.errors:
            try:
                styling.validate_style(self._style())
            except ValidationError as wrong:
                self.add_error("to_zoom" if wrong.code == "zooms" else "rules", wrong)
        return data

    def _style(self) -> dict[str, Any]:
        data = self.cleaned_data
        style = {
            **{name: data[name] for name in ("colour", "field") if name in data},
            "rules": styling.understood(data.get("rules", []), self._kinds(data.get("field", ""))),
            "from_zoom": data["from_zoom"] or 0,
        }
        last = {"to_zoom": data["to_zoom"]} if data.get("to_zoom") is not None else {}
        return {name: value for name, value in style.items() if value} | last

    def _kinds(self, field: str) -> list[str]:
        """Types of JSON that the field has in the layer's data."""
        kinds: list[str] = ((self.layer and self.layer.facts) or {}).get("types", {}).get(field, [])
        return kinds

    def refuse(self, why: ValidationError, now: Layer) -> None:
        """Somebody saved another state, `now`: says what is different there; the next Save writes what was typed over it."""
        self.stale = True
        self.add_error(None, why)
        first = self.first(now)
        for name, field in self.fields.items():
            there = field.to_python(first[name]) if isinstance(field, LinesField) else first[name]
            if name != "seen" and (self.cleaned_data[name] or None) != (there or None):
                said = {"label": field.label, "value": _in_words(field, first[name])}
                self.add_error(None, _("%(label)s: now it is there: %(value)s") % said)
        self.data = QueryDict(self.data.urlencode(), mutable=True)  # type: ignore[union-attr]
        self.data["seen"] = first["seen"]

    @property
    def status(self) -> int:
        """Of the answer that shows the form."""
        return 412 if self.stale else 400 if self.errors else 200

    def facts(self) -> dict[str, Any]:
        """Fields of Layer that the valid form says."""
        data = self.cleaned_data
        first, second = settings.LANGUAGES[0][0], settings.LANGUAGES[-1][0]
        texts = {
            name: {code: text for code, text in ((first, data[name]), (second, data[f"{name}_en"])) if text} or None
            for name in ("name", "group")
        }
        if texts["group"] and first not in texts["group"]:
            texts["group"][first] = data["group_en"]
        plain = ("sector", "published", "pickable", "source", "licence", "licence_url", "dated_on", "updated_every", "popup")
        slug = {"slug": data["slug"]} if "slug" in data else {}
        return {**texts, **{name: data[name] for name in plain if name in data}, **slug, "style": self._style()}

    @staticmethod
    def first(layer: Layer) -> dict[str, Any]:
        """The layer as the form's first values."""
        first, second = settings.LANGUAGES[0][0], settings.LANGUAGES[-1][0]
        found: dict[str, Any] = {"seen": mark(layer)} | {
            name: getattr(layer, name)
            for name in ("sector", "published", "pickable", "source", "licence", "licence_url", "dated_on", "updated_every")
        }
        for name in ("name", "group"):
            texts = getattr(layer, name) or {}
            found |= {name: text_in(texts, first), f"{name}_en": texts.get(second, "")}
        style = layer.style
        return found | {
            "popup": "\n".join(layer.popup), "colour": style.get("colour", styling.PLAIN), "field": style.get("field", ""),
            "rules": styling.written(style), "from_zoom": style.get("from_zoom"),
            "to_zoom": style.get("to_zoom"),
        }  # fmt: skip


def _in_words(field: forms.Field, value: Any) -> str:
    """What a field of LayerForm says."""
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ModelChoiceField):
        value = value and text_in(value.name)
    elif isinstance(field, forms.ChoiceField):
        value = dict(field.choices).get(value, value)
    elif isinstance(value, datetime.date):
        value = date_format(value, "d.m.Y")
    return ", ".join(str(value or "").splitlines()) or pgettext("value", "empty")


class DeleteLayerForm(forms.Form):
    """Asks once more; `slug`: of the layer."""

    slug = CleanCharField(
        max_length=50, label=gettext_lazy("Its name in addresses"), help_text=gettext_lazy("Type it as it stands above.")
    )

    def __init__(self, *args: Any, slug: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = _("This is not the layer's name. Type: %(slug)s") % {"slug": slug}
        self.fields["slug"].validators.append(RegexValidator(rf"\A{re.escape(slug)}\Z", said, flags=re.IGNORECASE))


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "GeoPackage, Shapefile as ZIP, GeoJSON, KML, GPX, DXF, FlatGeobuf, CSV or XLSX with columns of coordinates; at most 60 MB."
        ),
    )  # fmt: skip


def _choice(label: Any, options: Choices | tuple[tuple[str, Any], ...] = (), hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(choices=list(options), required=False, label=label, help_text=hint, error_messages=CHOICE)


class ReadingForm(forms.Form):
    """How the file is to be read; what can be chosen comes from the file's `head`."""

    layer = _choice(gettext_lazy("Table of the file"))
    srid = _choice(gettext_lazy("Coordinate system"), SRIDS)
    other_srid = forms.IntegerField(
        required=False, min_value=1024, max_value=999_999, label=gettext_lazy("Another EPSG number"),
        help_text=gettext_lazy(
            "The old system of 1970 has no number and cannot be read: transform the file into 7801 first, for instance with BGSTrans."
        ),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), gettext_lazy("Write the EPSG number as 7801.")),
    )  # fmt: skip
    swapped = forms.BooleanField(
        required=False, label=gettext_lazy("North stands before east"), help_text=gettext_lazy("Only with a chosen system.")
    )
    encoding = _choice(gettext_lazy("Letters (encoding)"), ENCODINGS)
    x = _choice(gettext_lazy("Column of the longitude or easting"))
    y = _choice(gettext_lazy("Column of the latitude or northing"))
    address = _choice(
        gettext_lazy("Column with addresses"),
        hint=gettext_lazy("Where there are no coordinates: each is looked for among the places known here."),
    )
    key = _choice(
        gettext_lazy("Field by which a feature is found again"),
        hint=gettext_lazy("Without one each file replaces all that is in the layer."),
    )
    name = _choice(gettext_lazy("Field with the name"))
    name_en = _choice(gettext_lazy("Field with the name in English"))
    keeps = forms.BooleanField(required=False, label=gettext_lazy("What the file lacks stays in the layer"))

    def __init__(self, *args: Any, head: dict[str, Any], mapping: Mapping, **kwargs: Any) -> None:
        kept = mapping.kept()
        known = str(mapping.srid or "") in dict(SRIDS)
        first = {**kept, "srid": str(mapping.srid or "") if known else "", "other_srid": None if known else mapping.srid}
        super().__init__(*args, initial=first, **kwargs)
        named: Choices = [("", _("none")), *((field["name"], field["name"]) for field in head.get("fields", []))]
        tables: Choices = [
            ("", _("the first that holds something")),
            *((each["name"], each["name"]) for each in head.get("layers", [])),
        ]
        for name in ("x", "y", "address", "key", "name", "name_en", "layer"):
            options = tables if name == "layer" else [("", _("found by its name")), *named[1:]] if name in "xy" else named
            if kept[name] and kept[name] not in dict(options):
                options = [*options, (kept[name], kept[name])]
            self.fields[name].choices = options  # type: ignore[attr-defined]
        bare = head.get("format") in ("csv", "xlsx", None)
        shown = {"layer": len(tables) > 2, "x": bare, "y": bare, "address": bare}
        for name in (name for name, wanted in shown.items() if not wanted):
            self.fields[name].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("swapped") and not (data.get("srid") or data.get("other_srid")) and "other_srid" not in self.errors:
            self.add_error("srid", _("Choose the coordinate system in which north stands before east."))
        return data

    def mapping(self) -> Mapping:
        """What the valid form says."""
        data = dict(self.cleaned_data)
        data["srid"] = data.pop("other_srid") or int(data["srid"] or 0)
        return Mapping.of(data)
