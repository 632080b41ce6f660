"""A survey as a form: one page, all questions, also without scripts and without a map."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib.gis.geos import GEOSGeometry, Point
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from geoportal.kernel import geometry
from geoportal.kernel.geometry_fields import LINE, POLYGON, GeometryField
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.text import CleanCharField
from layers.folding import folded
from layers.gazetteer import Hit, search
from participation.actions.answering import LONGEST_TEXT, Given, check
from participation.models import Question, Survey
from reports.bordered import border_of

NUMBERS = re.compile(r"\A\s*(-?\d{1,3}[.,]\d{1,20})\s*[,; ]\s*(-?\d{1,3}[.,]\d{1,20})\s*\Z", re.ASCII)
"""„42.9012, 23.7889“: latitude, longitude, as maps show it."""
CHOOSE = {"invalid_choice": _("Choose from the list.")}
MOST_CORNERS = 200
MOST_NAMES = 20
"""Places looked up by name in one answer; corners beyond are drawn or written as numbers."""
KINDS = {Question.Kind.LINE: LINE, Question.Kind.AREA: POLYGON}


class PlacesField(forms.CharField):
    """Places by name or by two numbers, one on each line → their points; what is not known is named. `most`: of lines."""

    def __init__(self, *, most: int = 1, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("max_length", 300 * most if most > 1 else 300)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in (super().clean(value) or "").splitlines() if line.strip()]
        if len(lines) > self.most:
            raise forms.ValidationError(gettext("At most %(n)d places fit.") % {"n": self.most})
        if sum(not NUMBERS.match(line) for line in lines) > MOST_NAMES:
            words = gettext("At most %(n)d places by name fit. Draw it on the map, or write the others as 42.9012, 23.7889.")
            raise forms.ValidationError(words % {"n": MOST_NAMES})
        return [place_of(line) for line in lines]


def place_of(line: str) -> Point:
    """The place that somebody wrote. Raises ValidationError that names what could be meant."""
    if numbers := NUMBERS.match(line):
        return geometry.point(numbers[2].replace(",", "."), numbers[1].replace(",", "."))
    hits = [hit for hit in search(line[:100]) if hit.point is not None]
    same = [hit for hit in hits if folded(line) in (folded(hit.name), folded(hit.words or hit.name))]
    if not hits:
        words = gettext("We know no place called “%(place)s”. Write a settlement, a street or a building.")
        raise forms.ValidationError(words % {"place": line[:60]})
    found: Hit | None = same[0] if len(same) == 1 else hits[0] if len(hits) == 1 else None
    if found is None:
        names = "; ".join(hit.name for hit in hits[:4])
        words = gettext("Several places are called “%(place)s”. Write one of: %(names)s.")
        raise forms.ValidationError(words % {"place": line[:60], "names": names})
    assert found.point is not None
    return Point(found.point.x, found.point.y, srid=4326)


class AnswerForm(forms.Form):
    """Fields `q<id>` by the kinds of the questions; a ranking has one for each option (`q<id>_<n>`), a map its marks beside it."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": _("Open the form anew.")})

    def __init__(self, *args: Any, survey: Survey, paper: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(survey.questions.all())
        for number, question in enumerate(self.questions, 1):
            self._add(number, question)
        if not paper:
            self.fields["guardian"] = forms.BooleanField(
                label=_("I am 14 or older, or a parent or guardian agrees"),
                error_messages={"required": _("Under 14, please answer together with a parent or guardian, and tick this.")},
            )

    def _add(self, number: int, question: Question) -> None:
        name, label = f"q{question.pk}", f"{number}. {text_in(question.text)}"
        common: dict[str, Any] = {"label": label, "required": False, "help_text": _explained(question)}
        match question.kind:
            case Question.Kind.TEXT:
                common["widget"] = forms.Textarea(attrs={"rows": 4})
                field: forms.Field = CleanCharField(lines=True, max_length=LONGEST_TEXT, **common)
            case Question.Kind.MULTIPLE:
                choices = [(str(index), words) for index, words in enumerate(question.names)]
                field = forms.MultipleChoiceField(
                    choices=choices,
                    widget=forms.CheckboxSelectMultiple,
                    error_messages={**CHOOSE, "invalid_list": CHOOSE["invalid_choice"]},
                    **common,
                )
            case Question.Kind.RANKING:
                return self._ranking(name, question)
            case Question.Kind.POINT | Question.Kind.LINE | Question.Kind.AREA:
                field = self._map(name, number, question, common)
            case _:
                field = forms.ChoiceField(
                    choices=_choices(question), widget=forms.RadioSelect, initial="", error_messages=CHOOSE, **common
                )
        field.wanted = question.required  # type: ignore[attr-defined]
        self.fields[name] = field
        return None

    def _ranking(self, name: str, question: Question) -> None:
        places = [("", gettext("no place")), *((str(place), str(place)) for place in range(1, len(question.options) + 1))]
        for index, words in enumerate(question.names):
            self.fields[f"{name}_{index}"] = forms.ChoiceField(
                choices=places, required=False, label=words, error_messages=CHOOSE
            )
            self.fields[f"{name}_{index}"].wanted = True  # type: ignore[attr-defined]

    def _map(self, name: str, number: int, question: Question, common: dict[str, Any]) -> forms.Field:
        for mark in ("lon", "lat"):
            self.fields[f"{name}_{mark}"] = forms.CharField(
                required=False, max_length=40, label=common["label"], widget=forms.HiddenInput
            )
        if question.kind == Question.Kind.POINT:
            common["label"] = f"{number}. {gettext('The place in words')}"
            words = gettext("Settlement, street or building, where you do not mark it on the map.")
            return PlacesField(**{**common, "help_text": f"{common['help_text']} {words}".strip()})
        self.fields[f"{name}_shape"] = GeometryField(
            kinds=KINDS[Question.Kind(question.kind)], max_vertices=MOST_CORNERS + 1, required=False, label=common["label"],
            widget=forms.HiddenInput,
        )  # fmt: skip
        common["label"] = f"{number}. {gettext('The places in words')}"
        words = gettext(
            "Where you do not draw it: its corners in order, one place on each line, by name or as 42.9012, 23.7889."
        )
        widget = forms.Textarea(attrs={"rows": 3})
        return PlacesField(
            most=MOST_CORNERS, **{**common, "widget": widget, "help_text": f"{common['help_text']} {words}".strip()}
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given: Given = {}
        for question in self.questions:
            if not any(name in self.errors for name in self._names(question)):
                try:
                    given[question.pk] = self._given(question, cleaned)
                except forms.ValidationError as refused:
                    self.add_error(self.first_of(question), refused)
        read = [question for question in self.questions if question.pk in given]
        try:
            if read:
                check(read, given)
        except forms.ValidationError as refused:
            self.refuse(refused)
        self._in_order()
        cleaned["given"] = given
        return cleaned

    def _in_order(self) -> None:
        """What is wrong stands above the form as its fields do."""
        found = {name: self.errors.pop(name) for name in (*self.fields, NON_FIELD_ERRORS) if name in self.errors}
        self.errors.update(found)

    def refuse(self, refused: forms.ValidationError) -> None:
        """A refusal by question at the first field of each."""
        if not hasattr(refused, "error_dict"):
            return self.add_error(None, refused)
        by_name = {f"q{question.pk}": self.first_of(question) for question in self.questions}
        for name, errors in refused.error_dict.items():
            self.add_error(by_name.get(name), errors)
        return None

    def _names(self, question: Question) -> list[str]:
        name = f"q{question.pk}"
        return [each for each in self.fields if each == name or each.startswith(f"{name}_")]

    def first_of(self, question: Question) -> str:
        return f"q{question.pk}_0" if question.kind == Question.Kind.RANKING else f"q{question.pk}"

    def _given(self, question: Question, cleaned: dict[str, Any]) -> Any:
        name = f"q{question.pk}"
        value = cleaned.get(name)
        match question.kind:
            case Question.Kind.TEXT:
                return value or None
            case Question.Kind.MULTIPLE:
                return [int(one) for one in value or []]
            case Question.Kind.RANKING:
                return self._order(name, question, cleaned)
            case Question.Kind.POINT:
                lon, lat = cleaned.get(f"{name}_lon"), cleaned.get(f"{name}_lat")
                return geometry.point(lon, lat) if lon and lat else (value or [None])[0]
            case Question.Kind.LINE | Question.Kind.AREA:
                return cleaned.get(f"{name}_shape") or _drawn(question, value or [])
            case _:
                return [int(value)] if value else []

    @staticmethod
    def _order(name: str, question: Question, cleaned: dict[str, Any]) -> list[int]:
        placed = [(int(place), index) for index in range(len(question.options)) if (place := cleaned.get(f"{name}_{index}"))]
        if len({place for place, _index in placed}) != len(placed):
            raise forms.ValidationError(gettext("Two of them have the same place. Give each a place of its own."))
        return [index for _place, index in sorted(placed)]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """[{question, field, fields, lon, lat, shape, draw}] in order; what a kind does not have is None."""
        found = []
        for number, question in enumerate(self.questions, 1):
            name = f"q{question.pk}"
            ranked = [self[f"{name}_{index}"] for index in range(len(question.options))] if question.kind == "ranking" else []
            marks = {
                mark: self[f"{name}_{mark}"] if f"{name}_{mark}" in self.fields else None for mark in ("lon", "lat", "shape")
            }
            field = None if ranked else self[name]
            found.append({"question": question, "number": number, "field": field, "fields": ranked, "name": name, **marks,
                          "later": any(one["lon"] for one in found), "within": border_of(question.area)})  # fmt: skip
        return found


def _explained(question: Question) -> str:
    """The explanation; of a scale also what its ends mean."""
    ends = ((question.least, text_in(question.least_words)), (question.most, text_in(question.most_words)))
    means = ", ".join(f"{number} – {words}" for number, words in ends if words)
    return " ".join(each for each in (text_in(question.help), means if question.kind == Question.Kind.SCALE else "") if each)


def _choices(question: Question) -> list[tuple[str, str]]:
    """Of a choice or a scale; one that needs no answer can be left without one."""
    if question.kind == Question.Kind.SCALE:
        found = [(str(one), str(one)) for one in question.values]
    else:
        found = [(str(index), words) for index, words in enumerate(question.names)]
    return found if question.required else [*found, ("", gettext("no answer"))]


def _drawn(question: Question, points: list[Point]) -> GEOSGeometry | None:
    """A line or an area through places that were written, by the gate. Raises ValidationError."""
    if not points:
        return None
    at = [list(point.coords) for point in points]
    least = 2 if question.kind == Question.Kind.LINE else 3
    if len(at) < least:
        raise forms.ValidationError(gettext("Write at least %(n)d places, one on each line.") % {"n": least})
    if question.kind == Question.Kind.LINE:
        return geometry.geojson({"type": "LineString", "coordinates": at}, kinds=LINE)
    ring = at if at[0] == at[-1] else [*at, at[0]]
    return geometry.geojson({"type": "Polygon", "coordinates": [ring]}, kinds=POLYGON)
