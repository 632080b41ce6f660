"""What planners name: areas and analyses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.gis.geos import Polygon
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geoportal.kernel import geometry
from geoportal.kernel.text import CleanCharField, clean
from reports.parameters import BadParameter
from reports.planning import drawn
from reports.planning.kept import LONGEST_NAME, LONGEST_QUERY, longer_than_kept
from reports.planning.question import Question


class PolygonField(forms.CharField):
    """An area as the address writes it, or as GeoJSON; its value is one WGS84 polygon."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> Polygon | None:  # type: ignore[override]
        text = str(value or "").strip()
        if not text:
            return None
        if len(text) > geometry.MOST_BYTES:
            raise geometry.GeometryRefused("too_large")
        text = clean(text)
        if text.startswith("{"):
            return geometry.geojson(text, kinds=frozenset({"Polygon"}))  # type: ignore[return-value]
        return drawn.read(text).polygon  # type: ignore[return-value]

    def run_validators(self, value: Any) -> None:
        """The gate has seen it; the validators of a text do not fit a polygon."""


class QueryField(forms.CharField):
    """A question as the address writes it; what it asks is read by the form, which knows for whom."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:  # type: ignore[override]
        if len(str(value or "")) > LONGEST_QUERY:
            raise ValidationError(longer_than_kept())
        return clean(str(value or ""))


class NameForm(forms.Form):
    name = CleanCharField(max_length=LONGEST_NAME, label=gettext_lazy("Name"))


class AreaForm(NameForm):
    """`query` is the question to come back to, without its area."""

    within = PolygonField(
        label=gettext_lazy("Drawn area"),
        help_text=gettext_lazy("As the address writes it (circle:… or polygon:…), or as a GeoJSON polygon."),
    )
    query = QueryField(required=False)


class AnalysisForm(NameForm):
    shared = forms.BooleanField(required=False, initial=True, label=gettext_lazy("Colleagues find it in their list"))


class NewAnalysisForm(AnalysisForm):
    query = QueryField(label=gettext_lazy("Question"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_query(self) -> str:
        """The canonical query of a question that can be asked."""
        try:
            query = Question.from_query(QueryDict(self.cleaned_data["query"]), self.user).as_query()
        except BadParameter as bad:
            raise ValidationError(_("This question cannot be asked: %(why)s") % {"why": bad.sentence}) from bad
        if len(query) > LONGEST_QUERY:  # as addresses write it, it may have grown
            raise ValidationError(longer_than_kept())
        return query


class ChangedAnalysisForm(AnalysisForm):
    stale = False
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def refuse(self, why: ValidationError, version: int) -> None:
        """Says why; the next Save is of the analysis as it is now, with what was typed."""
        self.stale = getattr(why, "code", "") == "stale"
        self.add_error(None, why.messages)
        self.data = QueryDict(self.data.urlencode(), mutable=True)  # type: ignore[union-attr]
        self.data["version"] = str(version)

    @property
    def status(self) -> int:
        """Of the answer that shows the form."""
        return 412 if self.stale else 400 if self.errors else 200
