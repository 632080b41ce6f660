"""What is written of a comparison and of a variant: by the department, and by residents who submit one of their own."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django import forms
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from geoportal.kernel import geometry
from geoportal.kernel.geometry_fields import LINE, POLYGON, GeometryField, LonLatForm
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.text import CleanCharField
from municipality.models import Area, Organisation, Sector
from participation.actions.alternative import COLUMNS, Variant
from participation.actions.comparison import Question
from participation.forms.answering import MOST_CORNERS, PlacesField
from participation.forms.borders import area_of, asking, drawn_again
from participation.forms.survey import end_of
from participation.models import Alternative, Comparison
from participation.wording_alternatives import name
from reports.forms.author import words
from reports.forms.days import DayField
from reports.forms.watched import WatchedForm

INVALID = {"invalid_choice": _("Choose one from the list.")}
NUMBER = {"invalid": _("Write a whole number.")}
MOST_SHAPES, MOST_VERTICES = 50, 5_000
MOST_EUROS, MOST_MONTHS = 1_000_000_000, 600
JOINED = {
    "points": _("Single places"),
    "line": _("A line through them, in their order"),
    "area": _("An area, they are its corners in order"),
}


def _version() -> forms.IntegerField:
    return forms.IntegerField(required=False, widget=forms.HiddenInput)


def _client_uuid() -> forms.UUIDField:
    return forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": _("Open the form anew.")})


CHOOSE = _("choose")


def _one(rows: Any, label: Any, *, empty: Any = CHOOSE, **more: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(rows, to_field_name="slug", label=label, empty_label=empty, error_messages=INVALID, **more)


class ComparisonForm(WatchedForm, LonLatForm):
    """What is to be chosen between, until when people say what they think. `border` or a drawn `shape`: where variants lie."""

    watched = ("title", "introduction")
    title = CleanCharField(max_length=150, label=_("What is to be decided, in a few words?"))
    introduction = words(
        _("What is it about?"),
        most=6000,
        hint=_("Why something must be done, what is fixed already, and what people can change."),
    )
    sector = _one(Sector.objects.all(), _("Sector"))
    organisation = _one(Organisation.objects.none(), _("Which department asks?"), empty=None)
    settlement = _one(Area.objects.none(), _("Settlement"), empty=_("the whole municipality"), required=False)
    day = DayField(label=_("Last day on which one may write"))
    takes_own = forms.BooleanField(
        required=False, initial=True, label=_("Residents may submit an alternative of their own"),
        help_text=_("A moderator reads it before everyone sees it."),
    )  # fmt: skip
    border = _one(
        Area.objects.none(), _("Alternatives only from within"), empty=_("anywhere, or as drawn on the map"), required=False,
        help_text=_("Draw an area on the map instead, if none of these fits."),
    )  # fmt: skip
    shape = GeometryField(kinds=POLYGON, required=False, max_vertices=300, label=_("Drawn area"), widget=forms.HiddenInput)
    client_uuid = _client_uuid()
    version = _version()

    def __init__(self, *args: Any, user: User, kept: MultiPolygon | None = None, **kwargs: Any) -> None:
        """`kept`: the present border, which stays unless another is chosen or drawn."""
        super().__init__(*args, **kwargs)
        self.kept = kept
        self.fields["organisation"].queryset = asking(user, self.initial.get("organisation"))  # type: ignore[attr-defined]
        settlements = Area.objects.settlements().order_by("-population", "slug")
        self.fields["settlement"].queryset = settlements  # type: ignore[attr-defined]
        outlined = Area.objects.exclude(polygon=None).exclude(parent=None).defer("polygon").order_by("path")
        self.fields["border"].queryset = outlined  # type: ignore[attr-defined]

    def clean_day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError(gettext("The day has passed. Choose a later one."))
        return day

    def said(self) -> Question:
        """What the valid form says, in the language of the page."""
        data, language = self.cleaned_data, get_language() or "bg"
        same = {name: data[name] for name in ("sector", "organisation", "settlement", "takes_own")}
        texts = {name: {language: data[name]} for name in ("title", "introduction")}
        return Question(**same, **texts, border=self._border(), closes_at=end_of(data["day"]))

    def _border(self) -> MultiPolygon | None:
        data = self.cleaned_data
        if not {"border", "shape"} & set(self.changed_data):
            return self.kept
        if data["border"] is not None:
            found: MultiPolygon | None = data["border"].polygon
            return found
        return MultiPolygon(data["shape"], srid=4326) if data["shape"] is not None else None

    @staticmethod
    def first(found: Comparison) -> dict[str, Any]:
        """The comparison as the form's first values."""
        subject, border = found.subject, found.border
        area = area_of(border)
        return {
            "title": text_in(found.title), "introduction": text_in(found.introduction), "sector": subject.sector,
            "organisation": found.organisation, "settlement": subject.area if subject.area.parent_id else None,
            "day": found.last_day, "takes_own": found.takes_own, "border": area,
            "shape": drawn_again(border) if area is None else None, "client_uuid": subject.client_uuid,
            "version": subject.version,
        }  # fmt: skip


class ShapesField(forms.CharField):
    """GeoJSON of any form → its geometries through the gate; empty: none."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value) or ""
        if not text.strip():
            return []
        try:
            found = list(_geometries(json.loads(text)))
        except (ValueError, RecursionError):
            raise forms.ValidationError(
                gettext("This is no GeoJSON. Copy all of it, from the first bracket to the last.")
            ) from None
        if not found or len(found) > MOST_SHAPES:
            raise forms.ValidationError(gettext("Give at least one shape and at most %(n)d.") % {"n": MOST_SHAPES})
        shapes = [geometry.geojson(one, kinds=frozenset(COLUMNS), max_vertices=MOST_VERTICES) for one in found]
        if sum(map(len, map(parts_of, shapes))) > MOST_SHAPES:
            raise forms.ValidationError(gettext("Give at least one shape and at most %(n)d.") % {"n": MOST_SHAPES})
        if sum(shape.num_coords for shape in shapes) > MOST_VERTICES:
            raise forms.ValidationError(
                gettext("All shapes together have at most %(n)d points. Draw simpler ones.") % {"n": MOST_VERTICES}
            )
        return shapes


def parts_of(shape: GEOSGeometry) -> list[GEOSGeometry]:
    """The single shapes of one that may have several."""
    return list(shape) if shape.geom_type.startswith("Multi") else [shape]  # type: ignore[call-overload]


def _geometries(value: Any, depth: int = 0) -> Any:
    """The geometries of a collection, a feature, or the one that it is; at most so deep as standards go."""
    if not isinstance(value, dict) or depth > 4:
        raise ValueError
    parts = value.get("features", value.get("geometries"))
    if isinstance(parts, list):
        for part in parts:
            yield from _geometries(part, depth + 1)
    elif value.get("type") == "Feature":
        yield from _geometries(value.get("geometry"), depth + 1)
    else:
        yield value


class AmountField(forms.IntegerField):
    """A whole number as people write it and pages show it: 12 000."""

    def to_python(self, value: Any) -> Any:
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)


def _amount(label: Any, most: int, hint: Any = "") -> forms.IntegerField:
    return AmountField(
        required=False, min_value=0, max_value=most, label=label, help_text=hint, error_messages=NUMBER,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


class VariantForm(WatchedForm, LonLatForm):
    """One variant. Where it lies is drawn on the map, or written as places; the department may also give GeoJSON."""

    watched = ("title", "description", "place")
    title = CleanCharField(max_length=150, label=_("What is the alternative called?"))
    description = words(
        _("What would be done?"), most=6000, hint=_("In plain words: what, where, for whom. Everyone will read it.")
    )
    place = CleanCharField(
        max_length=200, required=False, label=_("Where?"), help_text=_("In words, as “from the school to the bridge”.")
    )
    places = PlacesField(
        most=MOST_CORNERS, required=False, label=_("The places in words"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Where you do not draw it: one place on each line, by name or as 42.9012, 23.7889."),
    )  # fmt: skip
    joined = forms.ChoiceField(
        choices=list(JOINED.items()), initial="line", required=False, label=_("What are these places?"), error_messages=INVALID
    )
    geojson = ShapesField(
        required=False, max_length=geometry.MOST_BYTES, label=_("Shapes as GeoJSON"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For several shapes, or from another program. What was drawn before stands here: empty it to begin anew."),
    )  # fmt: skip
    cost_from = _amount(_("Cost, at least (€)"), MOST_EUROS, _("Empty: not known. A whole number."))
    cost_to = _amount(_("Cost, at most (€)"), MOST_EUROS)
    cost_source = CleanCharField(max_length=300, required=False, label=_("Where is the cost known from?"))
    months_from = _amount(
        _("Time, at least (months)"), MOST_MONTHS, _("From the decision until it is ready. Empty: not known.")
    )
    months_to = _amount(_("Time, at most (months)"), MOST_MONTHS)
    organisation = _one(Organisation.objects.none(), _("In the name of"), empty=_("myself"), required=False)
    public_name = CleanCharField(
        max_length=120, required=False, label=_("Your name, if everyone may read it"), help_text=_("Empty: a resident.")
    )
    shape = GeometryField(
        kinds=LINE | POLYGON, required=False, max_vertices=300, label=_("Drawn shape"), widget=forms.HiddenInput
    )
    client_uuid = _client_uuid()
    version = _version()

    def __init__(self, *args: Any, user: User, own: bool, earlier: Alternative | None = None, **kwargs: Any) -> None:
        """`earlier`: the variant that is changed; what is drawn of a resident's stays unless something new is given."""
        super().__init__(*args, **kwargs)
        self.own, self.earlier = own, earlier
        mine = Organisation.objects.filter(pk__in=[each.organisation_id for each in user.held], active=True)
        self.fields["organisation"].queryset = mine  # type: ignore[attr-defined]
        others = earlier is not None and earlier.author_id != user.pk  # in whose name it stands is its author's word
        for gone, when in (
            ("organisation", own or others or not mine.exists()),
            ("public_name", own or others),
            ("geojson", not own),
        ):
            if when:
                del self.fields[gone]
        if not own and earlier is not None:
            self.fields["places"].help_text = _(
                "One place on each line, by name or as 42.9012, 23.7889. What you write or draw takes the place of what was drawn before."
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["shapes"] = []
        if not any(wrong in self.errors for wrong in ("shape", "places", "geojson", "lon")):
            try:
                cleaned["shapes"] = self._shapes(cleaned)
            except forms.ValidationError as refused:
                self.add_error("places", refused)
        return cleaned

    def _shapes(self, data: dict[str, Any]) -> list[GEOSGeometry]:
        """All that was given; a point only where nothing was drawn. What is written takes the place of what was drawn before, and
        where nothing new is given all stays."""
        drawn, written = data.get("shape"), _through(data.get("places") or [], data.get("joined") or "line")
        if self.earlier is not None and not self.own:
            redrawn, moved = "shape" in self.changed_data, bool({"lon", "lat"} & set(self.changed_data))
            if not (written or redrawn or (moved and drawn is None)):
                return self.earlier.shapes
            drawn = drawn if redrawn else None
        pinned = [data["point"]] if data.get("point") and drawn is None and not written else []
        return [*(data.get("geojson") or []), *([drawn] if drawn is not None else []), *written, *pinned]

    def said(self) -> Variant:
        """What the valid form says, in the language of the page."""
        data, language = self.cleaned_data, get_language() or "bg"
        same = {name: data[name] for name in ("cost_from", "cost_to", "months_from", "months_to", "place", "shapes")}
        texts = {name: {language: data[name]} for name in ("title", "description")}
        source = {language: data["cost_source"]} if data["cost_source"] else None
        return Variant(
            **same, **texts, cost_source=source, public_name=data.get("public_name", ""), organisation=data.get("organisation")
        )

    @staticmethod
    def first(made: Alternative) -> dict[str, Any]:
        """The variant as the form's first values: of the municipality's all shapes as GeoJSON, of a resident's the one that was
        drawn, where the map's tools can give it back."""
        names = ("place", "cost_from", "cost_to", "months_from", "months_to", "organisation", "public_name")
        subject, shapes = made.subject, made.shapes
        texts = {name: text_in(getattr(made, name)) for name in ("title", "description", "cost_source")}
        where: dict[str, Any] = {}
        if made.own:
            single = [geometry.as_geojson(part) for each in shapes for part in parts_of(each)]
            where["geojson"] = json.dumps({"type": "GeometryCollection", "geometries": single})
        elif made.points is not None and len(shapes) == 1:
            spot = made.points[0]
            where = {"lon": f"{spot.x:.6f}", "lat": f"{spot.y:.6f}"}
        elif len(shapes) == 1:
            where["shape"] = drawn_again(shapes[0])
        return {name: getattr(made, name) for name in names} | texts | where | {
            "client_uuid": subject.client_uuid, "version": subject.version,
        }  # fmt: skip


def _through(points: list[Any], joined: str) -> list[GEOSGeometry]:
    """Places as themselves, as a line or as an area, by the gate. Raises ValidationError."""
    if not points or joined == "points":
        return points
    at = [list(point.coords) for point in points]
    least = 2 if joined == "line" else 3
    if len(at) < least:
        raise forms.ValidationError(gettext("Write at least %(n)d places, one on each line.") % {"n": least})
    if joined == "line":
        return [geometry.geojson({"type": "LineString", "coordinates": at}, kinds=LINE)]
    ring = at if at[0] == at[-1] else [*at, at[0]]
    return [geometry.geojson({"type": "Polygon", "coordinates": [ring]}, kinds=POLYGON)]


class ProlongForm(WatchedForm):
    """More time, with its reason."""

    watched = ("text",)
    day = DayField(label=_("New last day"))
    text = words(_("Why?"), most=2000, hint=_("Everyone reads it."))
    version = _version()


class PreferredField(forms.ModelChoiceField):
    """Variants by letter and title."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{name(obj)}: {text_in(obj.title)}"


class DecideForm(WatchedForm):
    """Which variant is preferred, and why."""

    watched = ("text",)
    preferred = PreferredField(
        Alternative.objects.none(), label=_("Which alternative is preferred?"), empty_label=None, widget=forms.RadioSelect,
        error_messages=INVALID,
    )  # fmt: skip
    text = words(_("Why this one?"), most=6000, hint=_("Everyone reads it. Say also why not the others, and what comes next."))
    version = _version()

    def __init__(self, *args: Any, comparison: Comparison, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        compared = Alternative.objects.compared().filter(comparison=comparison).in_order()
        self.fields["preferred"].queryset = compared  # type: ignore[attr-defined]
