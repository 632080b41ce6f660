"""What is taken over from another system: from where, which column is what, and what its words mean here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from geoportal.kernel.text import CleanCharField
from reports import workflow
from reports.forms.days import DayField
from reports.models import Category
from reports.taking_over import mapping, open311
from reports.wording import STATE_NAMES, state_name

CHOICE = {"invalid_choice": gettext_lazy("Choose one from the list."), "required": gettext_lazy("Choose one from the list.")}
SHORT = RegexValidator(
    r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", gettext_lazy("Small Latin letters, digits and hyphens between them, as in old-system.")
)
ADDRESS = RegexValidator(r"\Ahttps?://", gettext_lazy("Write the address as https://example.org/…"))
OUT = "-"
"""Rows with this word are left out."""
NEEDED = ("external_id", "status", "category", "created")
COLUMNS: dict[str, Promise] = {
    "external_id": gettext_lazy("Number in the other system"), "title": gettext_lazy("Title"), "text": gettext_lazy("Description"),
    "status": gettext_lazy("State"), "category": gettext_lazy("Category"), "created": gettext_lazy("Day of sending"),
    "closed": gettext_lazy("Day of closing"), "lat": gettext_lazy("Latitude"), "long": gettext_lazy("Longitude"),
    "address": pgettext_lazy("place", "Address"), "answer": gettext_lazy("Answer"), "photos": gettext_lazy("Addresses of photos"),
}  # fmt: skip


class SourceForm(forms.Form):
    """A file or an address."""

    file = forms.FileField(
        required=False, label=gettext_lazy("File"), allow_empty_file=True,
        help_text=gettext_lazy("CSV whose first line names the columns; at most 60 MB."),
    )  # fmt: skip
    address = CleanCharField(
        max_length=300, required=False, label=gettext_lazy("Or an address of Open311"), validators=[ADDRESS],
        help_text=gettext_lazy("As https://host/open311/v2. It must be public, or named in the settings."),
    )  # fmt: skip
    since = DayField(
        required=False,
        label=gettext_lazy("Requests since"),
        help_text=gettext_lazy("Of an address; two years back where nothing is said."),
    )
    photos = forms.BooleanField(
        required=False,
        label=gettext_lazy("Fetch the photos too"),
        help_text=gettext_lazy("At most five of a report, from public addresses."),
    )

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if address:
            open311.place(address)
        return address

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("file")) == bool(data.get("address")) and not self.errors:
            self.add_error("file", _("Choose a file, or write an address: one of the two."))
        return data


class ColumnsForm(forms.Form):
    """`found`, `asked`: of the transfer."""

    source = CleanCharField(
        max_length=60, validators=[SHORT], label=gettext_lazy("Short name of the other system"),
        help_text=gettext_lazy("In small Latin letters, as old-system. By it and its number a report is known again."),
    )  # fmt: skip
    language = forms.ChoiceField(
        choices=settings.LANGUAGES, label=gettext_lazy("Language of the reports"), error_messages=CHOICE
    )

    def __init__(self, *args: Any, found: dict[str, Any], asked: dict[str, Any], **kwargs: Any) -> None:
        first = {
            "source": asked.get("source", ""),
            "language": asked.get("language", settings.LANGUAGE_CODE),
            **asked.get("columns", {}),
        }
        super().__init__(*args, initial=first, **kwargs)
        self.words: dict[str, list[str]] = found.get("words", {})
        columns = [(name, name) for name in found.get("columns", [])]
        for name, label in COLUMNS.items():
            needed = name in NEEDED
            self.fields[name] = forms.ChoiceField(
                choices=[("", _("choose") if needed else _("none")), *columns],
                required=needed,
                label=label,
                error_messages=CHOICE,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            if not data["title"] and not data["text"]:
                self.add_error("text", _("Choose the column of the description, or that of the title."))
            if bool(data["lat"]) != bool(data["long"]):
                self.add_error("long" if data["lat"] else "lat", _("Latitude and longitude belong together."))
            elif not data["lat"] and not data["address"]:
                self.add_error("address", _("Choose columns with coordinates, or one with addresses."))
            for name in ("category", "status"):
                if data[name] not in self.words:
                    self.add_error(name, _("This column has more than 60 different words, or very long ones. Choose another."))
        return data

    def asked(self) -> dict[str, Any]:
        """What the valid form says, as a part of the map."""
        data = self.cleaned_data
        columns = {name: data[name] for name in COLUMNS if data[name]}
        return {"source": data["source"], "language": data["language"], "columns": columns}


class WordsForm(forms.Form):
    """A choice for each word of the two columns; a word that nobody chose for stands there with a guess."""

    def __init__(self, *args: Any, found: dict[str, Any], asked: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words, columns = found.get("words", {}), asked.get("columns", {})
        self.of: dict[str, list[str]] = {name: words.get(columns.get(name, ""), []) for name in ("category", "status")}
        for name, options in (("category", _categories()), ("status", _states())):
            kept = asked.get("categories" if name == "category" else "statuses", {})
            guesses = _guesses(name)
            for number, word in enumerate(self.of[name]):
                first = (kept[word] or OUT) if word in kept else guesses.get(mapping.fold(word), "")
                self.fields[f"{name}_{number}"] = forms.ChoiceField(
                    choices=[("", _("choose")), (OUT, _("leave such rows out")), *options],
                    label=word,
                    initial=first,
                    error_messages=CHOICE,
                )

    def chosen(self, name: str) -> dict[str, str | None]:
        """Word → slug or state, None for one that is left out; `name` is category or status."""
        said = {word: self.cleaned_data[f"{name}_{number}"] for number, word in enumerate(self.of[name])}
        return {word: None if value == OUT else value for word, value in said.items()}

    def fields_of(self, name: str) -> list[forms.BoundField]:
        return [self[f"{name}_{number}"] for number in range(len(self.of[name]))]

    @property
    def categories(self) -> list[forms.BoundField]:
        return self.fields_of("category")

    @property
    def statuses(self) -> list[forms.BoundField]:
        return self.fields_of("status")


def _categories() -> list[Any]:
    """By kind, as the desk calls them."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in Category.objects.all():
        groups.setdefault(_("Ideas") if row.kind == workflow.Kind.IDEA else _("Problems"), []).append((row.slug, str(row)))
    return list(groups.items())


def _states() -> list[Any]:
    """Those into which something is taken over; a state that both kinds have stands with the problems."""
    known = {status: state_name("problem", status) for status in workflow.TAKEN_OVER[workflow.Kind.PROBLEM]}
    ideas = {status: state_name("idea", status) for status in workflow.TAKEN_OVER[workflow.Kind.IDEA] if status not in known}
    return [(_("Problems"), list(known.items())), (_("Ideas"), list(ideas.items()))]


def _guesses(name: str) -> dict[str, str]:
    """Word (folded) → what it most likely means, by the names that things have here in any language, and by a category's keywords."""
    found: dict[str, str] = {}
    if name == "category":
        rows = list(Category.objects.all())
        for row in reversed(rows):
            found |= dict.fromkeys(map(mapping.fold, row.keywords), row.slug)
        for row in rows:
            found |= dict.fromkeys(map(mapping.fold, (row.slug, *row.name.values())), row.slug)
        return found
    for kind, states in reversed(workflow.TAKEN_OVER.items()):
        for status in states:
            for language, _name in settings.LANGUAGES:
                with translation.override(language):
                    found[mapping.fold(str(STATE_NAMES[kind][status]))] = status
            found[status] = status
    return {"open": "received", "closed": "resolved", **found}


def valid(form: WordsForm) -> bool:
    """Whether something at least is taken over; else the form says so."""
    if not form.is_valid():
        return False
    if not any(form.chosen("category").values()):
        form.add_error(None, ValidationError(_("Every row would be left out. Choose a category for one of the words.")))
        return False
    return True
