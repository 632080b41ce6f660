"""What staff writes of a programme or a measure when it is adopted or changed, and how much each part of it counts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from discussion.models import Subject
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.text import CleanCharField
from municipality.models import Area, Organisation, Sector
from participation.actions.policy import Adopted
from participation.actions.weights import Part, links_of
from participation.models import Goal, Policy
from participation.workflow import GOAL_FIRST
from reports.forms.author import words
from reports.forms.days import DayField
from reports.forms.watched import WatchedForm
from reports.rules import is_moderator

INVALID = {"invalid_choice": _("Choose one from the list.")}
CHOOSE = _("choose")
ADDRESS = {"invalid": _("Write the address as https://example.org/…")}
WRITTEN = ("title", "what", "act", "money")
"""Fields whose text stands under the language in which it was written."""
OF_A_PROGRAMME = ("adopted_on", "act", "act_url")
PLAIN = ("adopted_on", "act_url", "until", "budget")


def one_of(rows: Any, label: Any, key: str = "slug", **more: Any) -> forms.ModelChoiceField:
    more = {"empty_label": CHOOSE, "error_messages": INVALID} | more
    return forms.ModelChoiceField(rows, to_field_name=key, label=label, **more)


def weight_field(label: Any = "", **more: Any) -> forms.IntegerField:
    wrong = dict.fromkeys(("invalid", "min_value", "max_value"), _("A weight is a whole number from 1 to 100."))
    return forms.IntegerField(min_value=1, max_value=100, initial=1, label=label or _("Weight"), error_messages=wrong, **more)


class GoalChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.subject.title)


class PolicyForm(WatchedForm):
    """A programme; below `parent` a measure; with `policy` that one anew, with the reason."""

    watched = ("title", "what", "money")
    title = CleanCharField(max_length=150, label=_("What is it called?"))
    what = words(_("What is it for?"), most=2000, hint=_("In plain words: what will be different when it is done."))
    sector = one_of(Sector.objects.all(), _("Sector"))
    organisation = one_of(Organisation.objects.none(), _("Which department answers for it?"))
    settlement = one_of(Area.objects.none(), _("Settlement"), empty_label=_("the whole municipality"), required=False)
    adopted_on = DayField(label=_("When was it adopted?"))
    act = CleanCharField(
        max_length=300, label=_("By which act?"), help_text=_("As it is called, with number and day: it is the source.")
    )
    act_url = forms.URLField(
        max_length=300, required=False, label=_("Address of the act"), assume_scheme="https", error_messages=ADDRESS
    )
    until = DayField(label=_("By when is all of it to be done?"), required=False)
    budget = forms.DecimalField(
        required=False, min_value=0, max_digits=14, decimal_places=2, localize=True, label=_("What it costs, in euros"),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            _("Write the sum in euros as 1431.62."),
        ),
    )  # fmt: skip
    money = CleanCharField(
        max_length=300, required=False, label=_("Whose money is it?"),
        help_text=_("For instance: the municipality's budget for 2027 and a European programme."),
    )  # fmt: skip
    weight = weight_field(help_text=_("How much it counts beside the other measures: 2 counts twice as much as 1."))
    goal = GoalChoice(
        Goal.objects.none(), to_field_name="slug", label=_("Which goal does it serve?"), required=False,
        empty_label=_("none of them"), error_messages=INVALID,
    )  # fmt: skip
    why = CleanCharField(max_length=500, label=_("Why does it change?"), help_text=_("Everyone reads it."))
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": _("Open the form anew.")})
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, user: User, parent: Policy | None = None, policy: Policy | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parent, self.policy = parent, policy
        below = parent is not None or (policy is not None and policy.parent_id is not None)
        gone = [*(OF_A_PROGRAMME if below else ()), *(["weight"] if parent is None else []), "goal" if policy else "why"]
        for name in gone:
            del self.fields[name]
        departments = Organisation.objects.departments().filter(active=True)
        if not (below or policy or is_moderator(user)):
            departments = departments.filter(pk__in=user.departments)
        self.fields["organisation"].queryset = departments  # type: ignore[attr-defined]
        if "organisation" not in self.initial and len(only := list(departments[:2])) == 1:
            self.initial["organisation"] = only[0]
        places = Area.objects.exclude(parent=None).defer("polygon", "point").order_by("path")
        self.fields["settlement"].queryset = places  # type: ignore[attr-defined]
        if "goal" in self.fields:
            goals = Goal.objects.public().filter(status=GOAL_FIRST).select_related("subject").order_by("by_year", "pk")
            self.fields["goal"].queryset = goals  # type: ignore[attr-defined]

    def said(self) -> Adopted:
        """What the valid form says."""
        data, language = self.cleaned_data, get_language() or "bg"
        texts = {name: {language: data[name]} for name in WRITTEN if data.get(name)}
        plain = {name: data[name] for name in (*PLAIN, "sector", "organisation") if name in data}
        more: dict[str, Any] = {"weight": data["weight"]} if "weight" in data else {}
        return Adopted(**texts, **plain, **more, parent=self.parent, area=data["settlement"], goal=data.get("goal"))

    @staticmethod
    def first(policy: Policy) -> dict[str, Any]:
        """The policy as the form's first values."""
        subject = policy.subject
        return {name: text_in(getattr(policy, name)) for name in WRITTEN} | {
            name: getattr(policy, name) for name in (*PLAIN, "organisation")
        } | {
            "sector": subject.sector, "settlement": subject.area if subject.area.parent_id else None, "version": subject.version,
            "client_uuid": subject.client_uuid,
        }  # fmt: skip


class WeightsForm(forms.Form):
    """One number for each part of a policy. `parts`: as `weights.parts_of` tells them."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, parts: list[tuple[Part, str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        for (kind, pk), name, weight in parts:
            self.fields[f"{kind}-{pk}"] = weight_field(name)
            self.initial.setdefault(f"{kind}-{pk}", weight)

    def weights(self) -> dict[Part, int]:
        """{part: its weight} of the valid form."""
        return {part: self.cleaned_data["{}-{}".format(*part)] for part, _name, _weight in self.parts}


class ProjectForm(forms.Form):
    """A planned project by which the policy is carried out."""

    project = one_of(
        Subject.objects.filter(kind="project", is_public=True).order_by("title"), _("Planned project"), "reference"
    )
    weight = weight_field(help_text=_("How much it counts beside the others: 2 counts twice as much as 1."))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, known = self.fields["project"], links_of(policy.pk).values("target")
        # What is linked already is not offered; sent all the same it is known, and refused in words.
        rows = field.queryset.exclude(pk__in=known)  # type: ignore[attr-defined]
        offered = [(str(row.reference), str(row)) for row in rows]
        field.choices = [("", gettext("choose")), *offered]  # type: ignore[attr-defined]


class UnkeepForm(WatchedForm):
    """`lately`: within a day no words are needed."""

    text = words(_("Why is it taken back?"), most=500, hint=_("Everyone reads it."))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lately: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = not lately
        if lately:
            self.fields["text"].help_text = gettext("Within a day no reason is needed. Everyone reads what you write.")
