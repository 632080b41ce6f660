"""The steps of a new report after its place (reports.forms.place): one form each; together they make a Submission."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.multilingual import text_in
from geoportal.kernel.text import CleanCharField, clean
from municipality.models import Sector
from reports import answering, clocks, workflow
from reports.forms.days import DayField
from reports.forms.watched import Several
from reports.models import Category, Question
from reports.noticing import Notice, notices

LONGEST_TEXT = 4000
PHONE = RegexValidator(re.compile(r"\A[+\d][\d ()/.-]{4,39}\Z", re.ASCII), _("Write a phone number."))
KINDS = [(workflow.Kind.PROBLEM.value, _("A problem: something is broken, missing or in the way")),
         (workflow.Kind.IDEA.value, _("An idea: something could be better"))]  # fmt: skip
NAMES = [("none", _("“A resident”, without a name")), ("first", _("My first name")), ("full", _("My full name"))]
WAYS = [("", _("Publish for discussion")), ("official", _("Publish and file officially"))]


class Answers(Several):
    """„question:answer“ for each; an answer may have several lines."""

    most, longest = 60, 4_100

    def to_python(self, value: Any) -> list[str]:
        return [clean(str(one)[: self.longest], lines=True) for one in (value or [])[: self.most] if one]


class WhatForm(forms.Form):
    """What: kind, category, title, words, answers to the category's questions, and what was noticed in the words and seen."""

    answers = Answers(required=False, label=_("Questions of the category"))
    """„question:choice“, or „question:what was typed“; fields named answer_<question> become such (`reports.views.drafts`)."""
    noticed = Several(required=False, label=_("Seen"))
    """Seals of the notices that were read and left as they are (`reports.noticing`)."""
    similar = Several(required=False, label=_("Seen"))
    """Not empty once something was said about the similar reports."""
    inspired_by = CleanCharField(required=False, max_length=20, label=_("Practice"), widget=forms.HiddenInput)
    """Number of the practice, service or goal from which the idea came."""
    given_to = CleanCharField(required=False, max_length=20, label=_("Consultation"), widget=forms.HiddenInput)
    """Number of the consultation to which the idea is given."""

    kind = forms.ChoiceField(
        choices=KINDS, label=_("Problem or idea?"), widget=forms.RadioSelect, initial="problem",
        error_messages={"invalid_choice": _("Choose a problem or an idea.")},
    )  # fmt: skip
    category = forms.ModelChoiceField(
        Category.objects.none(), to_field_name="slug", label=_("Category"), empty_label=_("choose"),
        error_messages={"invalid_choice": _("Choose a category from the list.")},
    )  # fmt: skip
    title = CleanCharField(max_length=150, label=_("In a few words"), help_text=_("As you would tell a neighbour."))
    text = CleanCharField(
        max_length=LONGEST_TEXT, required=False, lines=True, label=_("In detail"),
        help_text=_("No names, telephone numbers or number plates of people: everyone will read this."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    further_sectors = forms.ModelMultipleChoiceField(
        Sector.objects.all(), to_field_name="slug", required=False, label=_("It also concerns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose sectors from the list."), "invalid_pk_value": _("Choose sectors from the list.")},
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any = None, for_others: bool = False, **kwargs: Any) -> None:
        """`for_others`: an official enters what somebody says, who need not know all that is asked of those who write."""
        super().__init__(*args, **kwargs)
        self.user, self.for_others = user, for_others
        self.wrong_answers: dict[str, str] = {}
        for name in ("title", "text"):  # a browser would cut a long paste without a word; the page counts, and says it
            self.fields[name].widget.attrs.pop("maxlength", None)
        rows = Category.objects.open_to(user).select_related("sector").order_by("-kind", "sector__order", "order")
        field = self.fields["category"]
        field.queryset = rows  # type: ignore[attr-defined]
        groups: dict[str, list[tuple[str, str]]] = {}
        for row in rows:
            label = gettext("Problem") if row.kind == workflow.Kind.PROBLEM else gettext("Idea")
            groups.setdefault(f"{label}: {row.sector}", []).append((row.slug, _named(row)))
        field.choices = [("", gettext("choose")), *groups.items()]  # type: ignore[attr-defined]
        # Scripts show the groups of the chosen kind only.
        field.widget.attrs |= {"data-problem": f"{gettext('Problem')}:", "data-idea": f"{gettext('Idea')}:"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        category, kind = cleaned.get("category"), cleaned.get("kind")
        if category and kind and category.kind != kind:
            self.add_error("category", gettext("Choose a category for this kind."))
        elif category and category.not_ours:
            self.add_error("category", gettext("This is not the municipality’s work. Who is responsible stands below."))
        if category:
            self._answered(category, cleaned)
        self.open_notices = [one for one in self.notices() if one.seal not in cleaned.get("noticed", [])]
        if self.open_notices:
            self.add_error("noticed", gettext("Look at what stands below, then go on."))
        return cleaned

    def notices(self) -> list[Notice]:
        """What is to be said about the words as they are typed now."""
        return notices(self.data.get("title", ""), self.data.get("text", "")) if self.is_bound else []

    @property
    def chosen(self) -> Category | None:
        """The category that stands in the form now, right or not."""
        slug = str(self["category"].value() or "").replace("\0", "")[:50]
        return self.fields["category"].queryset.filter(slug=slug).first() if slug else None  # type: ignore[attr-defined]

    @property
    def questions(self) -> list[dict[str, Any]]:
        """[{question, typed, follows, when, error, choices: [{value, text, on, advice}]}] of the chosen category. `follows`: the value
        of the choice after which it is asked, `when`: its words."""
        category = self.chosen
        given = list(self["answers"].value() or [])
        if not category or category.not_ours:
            return []
        questions = {question.pk: question for question in category.questions.all()}
        return [
            _asked(question, given, questions.get(question.after_id or 0))
            | {"error": self.wrong_answers.get(question.slug, "")}
            for question in questions.values()
        ]

    def _answered(self, category: Category, cleaned: dict[str, Any]) -> None:
        """Answers of another category, chosen before, are let go; what is required must be said, and an answer can stop the report."""
        slugs = set(category.questions.values_list("slug", flat=True))
        given: dict[str, list[str]] = {}
        for one in cleaned.get("answers", []):
            slug, colon, said = one.partition(":")
            if colon and said and slug in slugs:
                given.setdefault(slug, []).append(said)
        cleaned["answers"] = {slug: said[0] if len(said) == 1 else said for slug, said in given.items()}
        if not category.not_ours and (wrong := answering.read(category, cleaned["answers"], all_needed=not self.for_others)[1]):
            self.wrong_answers = wrong
            self.add_error("answers", list(wrong.values()))


def _asked(question: Question, given: list[str], after: Question | None) -> dict[str, Any]:
    choices = [
        {**one, "value": f"{question.slug}:{one['slug']}", "on": f"{question.slug}:{one['slug']}" in given}
        for one in question.choices
    ]
    before = after.choice(question.after_choice) if after else None
    return {
        "question": question, "choices": choices,
        "typed": next((one.partition(":")[2] for one in given if one.startswith(f"{question.slug}:")), ""),
        "follows": f"{after.slug}:{question.after_choice}" if after else "",
        "when": text_in(before["text"]) if before else "",
    }  # fmt: skip


def _named(category: Category) -> str:
    """The category's name, with what it asks for."""
    needs = category.photo == Category.Photo.REQUIRED
    return gettext("%(category)s (needs a photo)") % {"category": category} if needs else str(category)


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class PhotosForm(forms.Form):
    """Photos: the plain input; what was kept already is named in hidden inputs."""

    photo = forms.FileField(
        required=False, label=_("Add photos"), help_text=_("Up to 5, JPEG, PNG, WebP or HEIC, 12 MB each."),
        widget=SeveralFiles(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic", "multiple": True}),
    )  # fmt: skip


class SendForm(forms.Form):
    """How it is sent, and what the municipality alone learns."""

    way = forms.ChoiceField(
        choices=WAYS, required=False, label=_("How shall it be sent?"), widget=forms.RadioSelect, initial="",
        error_messages={"invalid_choice": _("Choose one of the two ways.")},
    )  # fmt: skip
    happened_on = DayField(required=False, label=_("When did it happen?"), help_text=_("Asked when filing officially."))
    email = forms.EmailField(
        required=False, max_length=254, label=_("E-mail"),
        help_text=_("For the receipt and the answer. Without it a moderator looks at it first."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Write the e-mail as name@example.org.")},
    )  # fmt: skip
    name = CleanCharField(
        max_length=120, required=False, label=_("Your names"), help_text=_("Asked when filing officially."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    address = CleanCharField(
        max_length=250, required=False, label=_("Your address"), help_text=_("Asked when filing officially."),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )  # fmt: skip
    phone = CleanCharField(
        max_length=40,
        required=False,
        validators=[PHONE],
        label=_("Telephone"),
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    public_name = forms.ChoiceField(
        choices=NAMES, required=False, label=_("Who is shown as the author?"), widget=forms.RadioSelect, initial="none",
        error_messages={"invalid_choice": _("Choose one of the three.")},
    )  # fmt: skip
    restricted = forms.BooleanField(
        required=False, label=_("Do not publish it"), help_text=_("Only you and the municipality will see it.")
    )
    terms = forms.BooleanField(
        label=_("I know the rules of the site and how my data is used; I am 14 or older, or a parent or guardian agrees"),
        error_messages={
            "required": _("Please confirm that you know the rules. Under 14, send it together with a parent or guardian.")
        },
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)
    """A trap for programs that fill in everything: people never see it."""

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if getattr(user, "is_authenticated", False):
            del self.fields["email"]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(gettext("A program filled in a field that people do not see. Send it again."))
        return ""

    def clean_happened_on(self) -> datetime.date | None:
        found: datetime.date | None = self.cleaned_data["happened_on"]
        if found and found > timezone.localdate():
            raise forms.ValidationError(gettext("The day lies in the future."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("way") == "official":
            if len(cleaned.get("name", "").split()) < 2:
                self.add_error("name", gettext("Official filing needs your names."))
            if not cleaned.get("address"):
                self.add_error("address", gettext("Official filing needs your address."))
            happens = self.data.get("kind") != "idea"
            if happens and not cleaned.get("happened_on") and "happened_on" not in self.errors:
                self.add_error("happened_on", gettext("Official filing asks when it happened."))
        return cleaned

    @property
    def too_old(self) -> bool:
        """Filed officially, but over two years ago: no proceedings start."""
        data = getattr(self, "cleaned_data", {})
        return data.get("way") == "official" and clocks.more_than_two_years_ago(data.get("happened_on"), timezone.localdate())


def shown_name(choice: str, name: str) -> str:
    """What the public reads as the author: the full name, its first word, or nothing („a resident“)."""
    if choice == "full":
        return name
    return name.split()[0] if choice == "first" and name.split() else ""
