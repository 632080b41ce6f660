"""Where a new report is: the first of its steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from discussion import gates
from discussion.models import Subject
from geoportal.kernel.geometry_fields import GeometryField, LonLatForm
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.text import CleanCharField
from layers.folding import folded, outside_house
from layers.gazetteer import chosen, streets_of
from municipality.models import Area
from reports import given
from reports.actions.submit import LONGEST_PLACE, outside, responsible
from reports.at_objects import chosen as chosen_object
from reports.at_objects import place_at
from reports.forms.errors import errors_by_field
from reports.picked import LONGEST as LONGEST_OBJECT


class PlaceForm(LonLatForm):
    """Where: a point on the map, or a settlement with words, or (ideas) the whole municipality."""

    shape = GeometryField(
        kinds=frozenset({"LineString", "Polygon"}), required=False, label=_("Line or area on the map"), widget=forms.HiddenInput
    )
    settlement = forms.ModelChoiceField(
        Area.objects.none(), to_field_name="slug", required=False, label=_("Settlement"), empty_label=_("as on the map"),
        error_messages={"invalid_choice": _("Choose a settlement from the list.")},
    )  # fmt: skip
    street = forms.ChoiceField(
        required=False, label=_("Street"), help_text=_("With a street a number is enough below."),
        error_messages={"invalid_choice": _("This street is in another settlement. Choose it again, or none.")},
    )  # fmt: skip
    """Slug of a street of the settlement, where its streets are known; the words go on from it."""
    place = CleanCharField(
        max_length=LONGEST_PLACE,
        required=False,
        label=_("The place in words"),
        help_text=_("Street, number, what stands there."),
    )
    hit = CleanCharField(required=False, max_length=190, label=_("Found by name"), widget=forms.HiddenInput)
    """What was chosen among the places that the search has found (`layers.gazetteer`); stands for all of the above."""
    object = CleanCharField(required=False, max_length=LONGEST_OBJECT, label=_("Things near here"), widget=forms.HiddenInput)
    """„layer.feature“: a thing that stands on the map (`reports.at_objects`); the place becomes what of it is nearest."""
    whole = forms.BooleanField(required=False, label=_("An idea for the whole municipality, without a place"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].widget.attrs.pop("maxlength", None)  # a browser would cut a long paste without a word
        self.fields["settlement"].queryset = Area.objects.settlements().order_by("-population", "slug")  # type: ignore[attr-defined]
        # Asked when the list is drawn or a street was sent, not each time the form is made: a town has thousands.
        self.fields["street"].choices = lambda: [("", gettext("another, or none")), *self.streets.items()]  # type: ignore[attr-defined]

    @cached_property
    def streets(self) -> dict[str, str]:
        """Slug → name of the streets of the settlement that stands in the form now."""
        home = Area.objects.settlement(str(self["settlement"].value() or ""))
        return {street.slug: text_in(street.name) for street in streets_of(home)} if home else {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("settlement") and any(self.data.get(name) for name in ("lon", "shape", "hit", "whole")):
            self.errors.pop("street", None)  # the place is another: a street of the list says nothing any more
        if self.errors:
            return cleaned
        subject = given.target(str(self.data.get("given_to", "")))
        if cleaned.get("whole"):
            cleaned["object"] = None
            if subject:
                self._within(subject, {"point": None}, Area.objects.root())
            return cleaned
        if cleaned.get("hit"):
            self._found(cleaned)
        else:
            self._on_street(cleaned)
        self._picked(cleaned)
        shape = cleaned.get("shape")
        if shape and not cleaned.get("point") and not cleaned.get("settlement"):
            # Whoever drew has said where it is: the middle of the line, a point inside the area.
            drawn = shape.interpolate_normalized(0.5) if shape.geom_type == "LineString" else shape.point_on_surface
            cleaned["point"] = Point(drawn.x, drawn.y, srid=4326)
        if cleaned.get("settlement"):
            cleaned["point"] = None
            if not cleaned.get("place"):
                self.add_error("place", gettext("Describe the place in words: street, number, what stands there."))
            elif subject:
                self._within(subject, cleaned, cleaned["settlement"])
        elif cleaned.get("point"):
            if responsible(cleaned["point"])[0] is None:
                self.add_error("lon", outside(cleaned["point"]))
            elif subject:
                self._within(subject, cleaned, None)
        else:
            words = gettext("Choose the place on the map, or the settlement and the place in words.")
            self.add_error("settlement", words)
        return cleaned

    def _within(self, subject: Subject, cleaned: dict[str, Any], area: Area | None) -> None:
        """The place lies where the consultation takes ideas, to which this one is given."""
        try:
            gates.require_inside(subject, cleaned["point"], cleaned.get("shape"), area)
        except ValidationError as refused:
            for name, errors in errors_by_field(refused).items():
                self.add_error(name, errors)

    def _picked(self, cleaned: dict[str, Any]) -> None:
        """The thing itself for its address, and its place; a settlement of the list, chosen after it, has taken its place."""
        wanted = cleaned.get("object")
        cleaned["object"] = None
        if not wanted or cleaned.get("settlement"):
            return
        found = chosen_object(wanted)
        if found is None:
            self.add_error("object", gettext("This thing is no longer on the map. Choose another, or “None of them”."))
            return
        try:
            cleaned["object"], cleaned["point"] = found, place_at(found, cleaned.get("point"))
        except ValidationError as refused:
            self.add_error("object", errors_by_field(refused)["object"])

    def _on_street(self, cleaned: dict[str, Any]) -> None:
        """„ул. Гурко“ and „5“ are „ул. Гурко 5“; a street that the words name already is not said twice."""
        words = cleaned.get("place", "")
        street = self.streets.get(cleaned["street"]) if cleaned.get("street") else None
        if not street or not cleaned.get("settlement") or f" {folded(street)} " in f" {folded(words)} ":
            return
        number = outside_house(words)
        if number[:1].isdigit() and (hit := chosen(f"{cleaned['street']}:{number}")) and hit.exact:
            cleaned["point"], cleaned["settlement"] = hit.point, None  # the house itself is known
        between = " " if words[:1].isdigit() or words[:1] in "№" else ", "
        cleaned["place"] = f"{street}{between}{words}" if words else street
        if (over := len(cleaned["place"]) - LONGEST_PLACE) > 0:
            words = gettext("With the street this is too long, by so many letters: %(count)s. Shorten it.")
            self.add_error("place", words % {"count": over})

    def _found(self, cleaned: dict[str, Any]) -> None:
        """The place that was found by name: its own point, else its settlement and its words."""
        hit = chosen(cleaned["hit"])
        if hit is None:
            self.add_error("hit", gettext("This place is not known any more. Look it up again."))
            return
        cleaned["place"] = cleaned.get("place") or hit.words or (gettext("in the settlement") if not hit.exact else "")
        cleaned["settlement"] = None if hit.exact else hit.home
        cleaned["point"] = hit.point if hit.exact else None
        if hit.layer:
            cleaned["object"] = hit.key
