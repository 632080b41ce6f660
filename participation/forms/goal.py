"""What staff writes of a goal: what is to be reached, until when, by what one sees it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.multilingual import text_in
from geoportal.kernel.text import CleanCharField
from municipality.models import Area, Organisation, Sector
from participation.actions.goal import TEXTS, Aim
from participation.forms.adopted import one_of
from participation.models import Goal, Indicator, Survey
from reports.forms.author import words
from reports.forms.watched import WatchedForm

PLAIN = ("by_year", "organisation", "indicator", "target")


class GoalForm(WatchedForm):
    """`vision`: the one it comes from; `goal`: that one anew, with the reason."""

    watched = ("title", "measure")
    title = CleanCharField(
        max_length=150,
        label=_("What is to be reached?"),
        help_text=_("As something that will be so: “One walks to school safely”."),
    )
    measure = words(_("By what does one see it?"), most=1000, hint=_("So that everyone can tell whether it is reached."))
    by_year = forms.IntegerField(
        min_value=1900, max_value=2200, label=_("By what year?"),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Write a year as 2031.")),
    )  # fmt: skip
    sector = one_of(Sector.objects.all(), _("Sector"))
    settlement = one_of(
        Area.objects.exclude(parent=None).defer("polygon", "point").order_by("path"), _("Settlement"), required=False,
        empty_label=_("the whole municipality"),
    )  # fmt: skip
    organisation = one_of(
        Organisation.objects.departments().filter(active=True), _("Which department looks after it?"), required=False,
        empty_label=_("none alone"),
    )  # fmt: skip
    indicator = one_of(
        Indicator.objects.order_by("sector__order", "order", "pk"), _("Figure by which it is measured"), required=False,
        empty_label=_("none"),
    )  # fmt: skip
    target = forms.DecimalField(
        required=False, max_digits=16, decimal_places=3, localize=True, label=_("What the figure is to become"),
        error_messages=dict.fromkeys(
            ("invalid", "max_digits", "max_decimal_places", "max_whole_digits"), _("Write a number as 12.5.")
        ),
    )  # fmt: skip
    why = CleanCharField(max_length=500, label=_("Why does it change?"), help_text=_("Everyone reads it."))
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": _("Open the form anew.")})
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, goal: Goal | None = None, vision: Survey | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vision = vision
        if goal is None:
            del self.fields["why"]
        else:
            del self.fields["client_uuid"]

    def said(self) -> Aim:
        """What the valid form says."""
        data, language = self.cleaned_data, get_language() or "bg"
        texts = {name: {language: data[name]} for name in TEXTS}
        plain = {name: data[name] for name in (*PLAIN, "sector")}
        return Aim(**texts, **plain, area=data["settlement"], vision=self.vision)

    @staticmethod
    def first(goal: Goal) -> dict[str, Any]:
        """The goal as the form's first values."""
        subject = goal.subject
        texts = {name: text_in(getattr(goal, name)) for name in TEXTS}
        plain = {name: getattr(goal, name) for name in PLAIN}
        area = subject.area if subject.area.parent_id else None
        return texts | plain | {"sector": subject.sector, "settlement": area, "version": subject.version}


class GoalEndForm(WatchedForm):
    text = words(_("What came of it?"), hint=_("Everyone will read it."))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
