"""An alert as a form: what, where, how often. Without scripts everything but drawing works."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib.gis.geos import GEOSGeometry, Point
from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.geometry_fields import SHAPES, GeometryField, LonLatForm
from geoportal.kernel.text import CleanCharField
from layers import gazetteer
from municipality.models import Area, Organisation, Sector
from notifications import alert_words
from notifications.alert_words import REPORTS
from notifications.alerts import Where
from notifications.models import Alert, Frequency
from reports.filters import Filters
from reports.models import Category

WAYS = [
    ("areas", _("Whole settlements or quarters")),
    ("circle", _("Around a place")),
    ("drawn", _("An area that I draw on the map")),
]
MOST_CORNERS = 200


def named_place(words: str) -> tuple[Point | None, str]:
    """The likeliest place of that name and what it is called: a settlement by its plain name, else from the gazetteer."""
    wanted = words.casefold().strip()
    for area in Area.objects.filter(point__isnull=False).exclude(parent=None).defer("polygon"):
        if wanted in {area.full_name.casefold(), *(name.casefold() for name in area.name.values())}:
            return area.point, area.full_name
    hits = gazetteer.search(words, 1)
    return (hits[0].point, hits[0].name) if hits else (None, "")


class AlertForm(LonLatForm):
    """`known`: the asker's address is proven, so none is asked for; `departments`: whose mailbox may be chosen."""

    name = CleanCharField(
        max_length=120, required=False, label=_("A name for yourself"), help_text=_("For example: Our street.")
    )
    new = forms.BooleanField(required=False, initial=True, label=_("New problems and ideas"))
    updates = forms.BooleanField(required=False, label=_("What becomes of them: answers, plans, works"))
    where = forms.ChoiceField(choices=WAYS, initial="areas", widget=forms.RadioSelect, label=_("Where"))
    areas = forms.ModelMultipleChoiceField(
        Area.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label=_("Settlements and quarters"),
        help_text=_("None chosen: the whole municipality."), to_field_name="slug",
    )  # fmt: skip
    around = CleanCharField(
        max_length=120, required=False, label=_("Around what"),
        help_text=_("A street with number, a settlement or a landmark; or click the place on the map."),
    )  # fmt: skip
    metres = forms.TypedChoiceField(coerce=int, required=False, initial=500, label=_("How far around"))
    shape = GeometryField(
        kinds=SHAPES, max_vertices=MOST_CORNERS + 1, required=False, label=_("Area on the map"), widget=forms.HiddenInput
    )
    kinds = forms.MultipleChoiceField(
        choices=list(alert_words.KINDS.items()), required=False, widget=forms.CheckboxSelectMultiple, label=_("Kind"),
        help_text=_("None chosen: problems and ideas."),
    )  # fmt: skip
    by = forms.ModelChoiceField(
        Organisation.objects.none(), required=False, label=_("Only what this organisation does"), empty_label=_("anybody"),
        to_field_name="slug", help_text=_("Of events and all else that has an organiser; reports and ideas are people's."),
    )  # fmt: skip
    sectors = forms.ModelMultipleChoiceField(
        Sector.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label=_("Sectors"),
        help_text=_("None chosen: all."), to_field_name="slug",
    )  # fmt: skip
    categories = forms.ModelMultipleChoiceField(
        Category.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label=_("Categories"),
        help_text=_("None chosen: all."), to_field_name="slug",
    )  # fmt: skip
    words = CleanCharField(
        max_length=120,
        required=False,
        label=_("Words that must occur"),
        help_text=_("All of them must occur. For example: pavement school."),
    )
    frequency = forms.ChoiceField(
        choices=list(alert_words.FREQUENCIES.items()), initial=Frequency.DAILY, widget=forms.RadioSelect, label=_("How often")
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), required=False, label=_("For whom"), empty_label=_("for me"), to_field_name="slug",
        help_text=_("A department gets it in its shared mailbox."),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Your e-mail"), max_length=254, help_text=_("We send a link there; the alert begins when you open it.")
    )

    def __init__(self, *args: Any, known: bool, departments: list[Organisation] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["metres"].choices = [(metres, alert_words.distance(metres)) for metres in alert_words.RADII]
        fields["areas"].queryset = (
            Area.objects.exclude(parent=None).defer("polygon").order_by(F("population").desc(nulls_last=True), "path")
        )
        fields["by"].queryset = Organisation.objects.filter(active=True).order_by("pk")
        fields["sectors"].queryset = Sector.objects.all()
        fields["categories"].queryset = Category.objects.filter(public=True).exclude(open_to="closed")
        fields["organisation"].queryset = Organisation.objects.filter(pk__in=[one.pk for one in departments or []])
        if not departments:
            del fields["organisation"]
        if known:
            del fields["email"]
        else:
            fields["email"].widget.attrs["autocomplete"] = "email"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("new") and not cleaned.get("updates"):
            self.add_error("new", gettext("Choose at least one of the two."))
        if cleaned.get("by") and set(cleaned.get("kinds") or REPORTS) <= set(REPORTS):
            self.add_error(
                "kinds", gettext("Choose what an organisation does: events, for example. Reports and ideas are people's.")
            )
        if cleaned.get("where") == "circle" and not self.errors.get("lon"):
            self._circle(cleaned)
        if cleaned.get("where") == "drawn" and "shape" not in self.errors:
            self._drawn(cleaned.get("shape"))
        return cleaned

    def _drawn(self, shape: GEOSGeometry | None) -> None:
        """One corner comes as a point, two as a line: what was drawn so far stays on the map."""
        if shape is None:
            self.add_error("where", gettext("Draw the area on the map, or choose settlements."))
        elif shape.geom_type != "Polygon":
            self.add_error(
                "where",
                gettext("An area needs at least three corners; so far: %(count)s. Add the others on the map.")
                % {"count": shape.num_coords},
            )

    def _circle(self, cleaned: dict[str, Any]) -> None:
        """Words that were typed win over a point that is left from before."""
        if cleaned.get("around"):
            cleaned["point"], called = named_place(cleaned["around"])
            cleaned["name"] = cleaned.get("name") or called
            if cleaned["point"] is None:
                self.add_error(
                    "around", gettext("No place of that name is known here. Click it on the map, or name the settlement.")
                )
        elif not cleaned.get("point"):
            self.add_error("around", gettext("Name the place, or click it on the map."))

    def place(self) -> Where:
        """Where the alert listens."""
        said = self.cleaned_data
        if said["where"] == "circle":
            return Where(centre=said["point"], metres=said["metres"] or 500)
        if said["where"] == "drawn":
            return Where(polygon=said["shape"])
        return Where(areas=tuple(area.pk for area in said["areas"]))

    def rest(self) -> dict[str, Any]:
        """Columns of the alert beside its place."""
        said = self.cleaned_data
        return {
            "name": said["name"], "new": said["new"], "updates": said["updates"], "kinds": said["kinds"],
            "sectors": [sector.pk for sector in said["sectors"]],
            "categories": [category.pk for category in said["categories"]],
            "words": said["words"], "frequency": said["frequency"],
            "organisations": [said["by"].pk] if said["by"] else [],
        }  # fmt: skip


def of_alert(alert: Alert) -> dict[str, Any]:
    """Initial values of the form for an alert that exists."""
    way = "circle" if alert.metres else "drawn" if alert.geom else "areas"
    root = set(Area.objects.filter(parent=None).values_list("pk", flat=True))
    found: dict[str, Any] = {
        "name": alert.name, "new": alert.new, "updates": alert.updates, "where": way, "metres": alert.metres or 500,
        "areas": list(Area.objects.filter(pk__in=set(alert.areas) - root).values_list("slug", flat=True)),
        "kinds": alert.kinds, "words": alert.words, "frequency": alert.frequency,
        "sectors": list(Sector.objects.filter(pk__in=alert.sectors).values_list("slug", flat=True)),
        "categories": list(Category.objects.filter(pk__in=alert.categories).values_list("slug", flat=True)),
    }  # fmt: skip
    if alert.centre:
        found |= {"lon": f"{alert.centre.x:.6f}", "lat": f"{alert.centre.y:.6f}"}
    elif alert.geom:
        found["shape"] = alert.geom
    if alert.organisations:
        found["by"] = Organisation.objects.filter(pk__in=alert.organisations).values_list("slug", flat=True).first()
    if alert.organisation:
        found["organisation"] = alert.organisation.slug
    return found


def of_filters(query: QueryDict, user: Any) -> dict[str, Any]:
    """Initial values from the filters of a map or list; what of the address cannot be read is left out."""
    filters, _bad = Filters.readable(query, user)
    found: dict[str, Any] = {
        "kinds": [kind for kind in filters.kind if kind in alert_words.KINDS],
        "sectors": list(Sector.objects.filter(pk__in=filters.sector).values_list("slug", flat=True)),
        "categories": list(Category.objects.filter(pk__in=filters.category).values_list("slug", flat=True)),
        "words": filters.q[:120], "by": query.get("by", "")[:60],
    }  # fmt: skip
    if filters.area:
        found["areas"] = [slug for slug in filters.given.get("area", "").split(",") if "." not in slug]
    elif filters.bbox:
        west, south, east, north = filters.bbox
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        found |= {"where": "drawn", "shape": _drawn(ring)}
    return found


def _drawn(ring: list[list[float]]) -> str:
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def at_once(form: AlertForm) -> dict[str, Any]:
    """{what: names, fields: [(name, value)]} of an alert that one press makes from the page of an organisation, area or sector: every
    kind that the address names, once a day. Empty where the address names reports alone, or no such page."""
    first, fields = form.initial, form.fields
    kinds = list(first.get("kinds") or ())
    if "email" in fields or form.is_bound or set(kinds) <= set(REPORTS):
        return {}
    chosen = {
        name: list(fields[name].queryset.filter(slug__in=wanted))  # type: ignore[attr-defined]
        for name, wanted in (("by", [first.get("by")]), ("areas", first.get("areas") or []), ("sectors", first.get("sectors") or []))
    }  # fmt: skip
    given = [(name, one.slug) for name, found in chosen.items() for one in found]
    whole = [] if given else [gettext("the whole municipality")]
    what = ", ".join([*(str(one) for found in chosen.values() for one in found), *whole])
    same = [("new", "on"), ("where", "areas"), ("frequency", Frequency.DAILY), *(("kinds", kind) for kind in kinds)]
    return {"what": what, "fields": [*same, *given]}
