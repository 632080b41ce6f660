"""What staff writes of a survey: what it is about and until when, its questions, more time, which words are shown."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.geometry_fields import POLYGON, GeometryField, LonLatForm
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.text import CleanCharField
from municipality.models import Sector
from participation.actions.questions import Asked
from participation.actions.survey import Planned
from participation.forms.event import lines_of
from participation.models import Question, Survey
from participation.survey_wording import SURVEY_FORMS
from reports.forms.author import words
from reports.forms.days import DayField
from reports.forms.watched import WatchedForm

RESULTS: dict[str, Promise] = {
    "at_end": _("At the end, once we publish them"),
    "always": _("From the beginning; each day's answers are counted from the next day on"),
}
KINDS: dict[str, Promise] = {
    "single": _("One of several answers"),
    "multiple": _("Several of several answers"),
    "scale": _("A number on a scale"),
    "text": _("In one's own words"),
    "ranking": _("Put into an order"),
    "point": _("A place on the map"),
    "line": _("A line on the map"),
    "area": _("An area on the map"),
}
NUMBER = {"invalid": _("Write a whole number.")}
CHOOSE = {"invalid_choice": _("Choose from the list.")}


def end_of(day: datetime.date) -> datetime.datetime:
    """The midnight that ends the day, in local time."""
    return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min))


class SurveyForm(WatchedForm):
    watched = ("title", "introduction")
    form = forms.ChoiceField(
        choices=list(SURVEY_FORMS.items()), initial="survey", label=_("What is it?"), widget=forms.RadioSelect, error_messages=CHOOSE,
        help_text=_("A vision begins with an introduction about the future."),
    )  # fmt: skip
    title = CleanCharField(max_length=150, label=_("What is it called?"))
    introduction = words(_("Introduction"), required=False, most=6000, hint=_("Why we ask, and what we do with the answers."))
    sector = forms.ModelChoiceField(
        Sector.objects.all(), to_field_name="slug", label=_("Sector"), empty_label=_("choose"),
        error_messages={"invalid_choice": _("Choose a sector from the list.")},
    )  # fmt: skip
    day = DayField(label=_("Last day"))
    once = forms.BooleanField(
        required=False, initial=True, label=_("Each person answers once"),
        help_text=_("By account or confirmed e-mail. Without it anybody answers as often as they wish."),
    )  # fmt: skip
    results = forms.ChoiceField(
        choices=list(RESULTS.items()), initial="at_end", label=_("When does everyone see the results?"), widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )  # fmt: skip
    paper = forms.BooleanField(required=False, initial=True, label=_("We also enter answers given on paper"))
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": _("Open the form anew.")})
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError(gettext("The day has passed. Choose a later one."))
        return day

    def said(self) -> Planned:
        """What the valid form says, in the language of the page."""
        data, language = self.cleaned_data, get_language() or "bg"
        same = {name: data[name] for name in ("form", "sector", "once", "results", "paper")}
        introduction = {language: data["introduction"]} if data["introduction"] else None
        return Planned(**same, title={language: data["title"]}, introduction=introduction, closes_at=end_of(data["day"]))

    @staticmethod
    def first(survey: Survey) -> dict[str, Any]:
        """The survey as the form's first values."""
        names = ("form", "once", "results", "paper")
        return {name: getattr(survey, name) for name in names} | {
            "title": text_in(survey.title), "introduction": text_in(survey.introduction), "sector": survey.subject.sector,
            "day": survey.last_day, "client_uuid": survey.subject.client_uuid, "version": survey.subject.version,
        }  # fmt: skip


class QuestionForm(WatchedForm, LonLatForm):
    """One question; fields that its kind does not use are left as they are."""

    watched = ("text", "help")
    kind = forms.ChoiceField(
        choices=list(KINDS.items()), initial="single", label=_("How does one answer?"), error_messages=CHOOSE
    )
    text = CleanCharField(max_length=300, label=_("Question"))
    help = CleanCharField(max_length=500, required=False, label=_("Explanation"))
    required = forms.BooleanField(required=False, label=_("An answer is needed"))
    options = CleanCharField(
        lines=True, required=False, max_length=4000, label=_("Answers to choose from"),
        help_text=_("One on each line; for a choice and for an order."), widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    least = forms.IntegerField(
        required=False, min_value=0, max_value=100, initial=1, label=_("First number of the scale"), error_messages=NUMBER
    )
    least_words = CleanCharField(max_length=80, required=False, label=_("What the first number means"))
    most = forms.IntegerField(
        required=False, min_value=1, max_value=110, initial=5, label=_("Last number of the scale"), error_messages=NUMBER
    )
    most_words = CleanCharField(max_length=80, required=False, label=_("What the last number means"))
    shape = GeometryField(
        kinds=POLYGON, required=False, max_vertices=300, label=_("Area that the question is about"), widget=forms.HiddenInput
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_options(self) -> list[str]:
        found = list(dict.fromkeys(lines_of(self.cleaned_data["options"] or "")))
        if any(len(line) > 200 for line in found):
            raise forms.ValidationError(gettext("An answer has at most 200 characters: shorten it."))
        return found

    def said(self) -> Asked:
        """What the valid form says, in the language of the page."""
        data, language = self.cleaned_data, get_language() or "bg"
        texts = {name: {language: data[name]} if data[name] else None for name in ("help", "least_words", "most_words")}
        return Asked(
            kind=data["kind"], required=data["required"], text={language: data["text"]}, **texts,
            options=[{language: line} for line in data["options"]], area=data["shape"],
            least=1 if data["least"] is None else data["least"], most=5 if data["most"] is None else data["most"],
        )  # fmt: skip

    @staticmethod
    def first(question: Question) -> dict[str, Any]:
        """The question as the form's first values."""
        texts = {name: text_in(getattr(question, name)) for name in ("text", "help", "least_words", "most_words")}
        same = {name: getattr(question, name) for name in ("kind", "required", "least", "most")}
        return {**texts, **same, "options": "\n".join(question.names), "shape": question.area}


class LongerForm(forms.Form):
    """More time for answers."""

    day = DayField(label=_("New last day"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class SureForm(forms.Form):
    """Nothing but the button and, where they are welcome, words."""

    text = words(_("Your words"), required=False, hint=_("Everyone will read it."))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
