"""What organisers of an initiative write: the initiative, its tasks, its result, a message; and who joins."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from geoportal.kernel.geometry_fields import LonLatForm
from geoportal.kernel.text import CleanCharField
from municipality.models import Area, Organisation, Sector
from participation.actions.initiative import Proposed
from participation.actions.linking import named_in
from participation.forms.event import MOST_LINES, MinutesForm, NumbersField, lines_of
from participation.forms.voices import offer_voices, voice_of
from participation.models import Initiative, InitiativeTask
from reports.actions.submit import outside, responsible
from reports.forms.author import AddressForm, words
from reports.forms.days import DayField
from reports.forms.shots import ShotsForm
from reports.forms.watched import WatchedForm

MOST_PEOPLE = 10_000
MOST_HELPERS = 1_000


class InitiativeForm(WatchedForm, LonLatForm):
    """One page: what, where and when, how many people, which tasks, what it belongs to."""

    watched = ("title", "text", "tasks", "place")
    title = CleanCharField(max_length=150, label=_("What shall we do together?"))
    text = words(_("Why, and how?"), hint=_("Everyone will read it."))
    sector = forms.ModelChoiceField(
        Sector.objects.all(), to_field_name="slug", label=_("Sector"), empty_label=_("choose"),
        error_messages={"invalid_choice": _("Choose a sector from the list.")},
    )  # fmt: skip
    starts_on = DayField(label=_("Day"), required=False, help_text=_("Empty: not known yet."))
    settlement = forms.ModelChoiceField(
        Area.objects.none(), to_field_name="slug", required=False, label=_("Settlement"), empty_label=_("as on the map"),
        error_messages={"invalid_choice": _("Choose a settlement from the list.")},
    )  # fmt: skip
    place = CleanCharField(
        max_length=200, required=False, label=_("Where?"), help_text=_("Street and number, or the name of the building.")
    )
    people_needed = forms.IntegerField(
        required=False, min_value=1, max_value=MOST_PEOPLE, label=_("How many people are needed?"),
        help_text=_("Empty: as many as come."), error_messages={"invalid": _("Write a whole number.")},
    )  # fmt: skip
    tasks = CleanCharField(
        lines=True, required=False, max_length=6000, label=_("Tasks"), widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One on each line: what; how many people; until when (31.12.2026). The last two may be missing."),
    )  # fmt: skip
    linked = NumbersField(
        required=False, max_length=1000, label=_("What does it belong to?"), widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Numbers of ideas, reports, plans, events or practices, one on each line."),
    )  # fmt: skip
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), to_field_name="slug", required=False, label=_("In the name of"), empty_label=_("myself"),
        error_messages={"invalid_choice": _("You are no member of this organisation.")},
    )  # fmt: skip
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": _("Open the form anew.")})
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, changed: Initiative | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["settlement"].queryset = Area.objects.settlements().order_by("-population", "slug")  # type: ignore[attr-defined]
        self.changed_matter = changed
        offer_voices(self.fields, user, changed)

    def clean_tasks(self) -> list[tuple[str, int, datetime.date | None]]:
        """Each line in its three parts; the line that cannot be read is named."""
        found = []
        for number, line in enumerate(lines_of(self.cleaned_data["tasks"] or ""), 1):
            parts = [part.strip() for part in line.split(";")]
            what, needed, until = [*parts, "", ""][:3]
            if len(parts) > 3 or not what or len(what) > 150:
                said = gettext("Line %(n)d: write what; how many people; until when.")
                raise forms.ValidationError(said % {"n": number})
            if needed and not (needed.isascii() and needed.isdigit() and len(needed) < 10 and 1 <= int(needed) <= MOST_HELPERS):
                said = gettext("Line %(n)d: write how many people as a number from 1 to %(most)d.")
                raise forms.ValidationError(said % {"n": number, "most": MOST_HELPERS})
            found.append((what, int(needed or 1), MinutesForm.until(number, until)))
        if len(found) > MOST_LINES:
            raise forms.ValidationError(gettext("At most %(n)d points: join some.") % {"n": MOST_LINES})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (point := cleaned.get("point")) and responsible(point)[0] is None:
            self.add_error("lon", outside(point))
        return cleaned

    def said(self) -> Proposed:
        """What the valid form says."""
        names = ("title", "text", "sector", "starts_on", "settlement", "place", "people_needed", "tasks", "linked", "point")
        data = self.cleaned_data
        return Proposed(**{name: data[name] for name in names}, organisation=voice_of(self, self.changed_matter))

    @staticmethod
    def first(made: Initiative) -> dict[str, Any]:
        """The initiative as the form's first values."""
        names = ("text", "starts_on", "place", "people_needed", "organisation")
        subject = made.subject
        return {name: getattr(made, name) for name in names} | {
            "title": subject.title, "sector": subject.sector, "version": subject.version, "client_uuid": subject.client_uuid,
            "tasks": "\n".join(_line(task) for task in made.tasks.all()),
            "linked": "\n".join(each.reference for each in named_in(subject)),
            "lon": f"{made.point.x:.6f}" if made.point else "", "lat": f"{made.point.y:.6f}" if made.point else "",
            "settlement": None if made.point else subject.area,
        }  # fmt: skip


def _line(task: InitiativeTask) -> str:
    parts = [task.title, str(task.needed), *([f"{task.until:%d.%m.%Y}"] if task.until else [])]
    return "; ".join(parts)


class TaskField(forms.ModelChoiceField):
    """A task with its free places."""

    def label_from_instance(self, obj: Any) -> str:
        left = max(0, obj.needed - obj.taken)
        places = (
            ngettext("%(n)d seat is left", "%(n)d seats are left", left) % {"n": left}
            if left
            else gettext("all seats are taken")
        )
        return f"{obj.title} ({places})"


class JoiningForm(AddressForm):
    """With a task or without; the address where the browser does not know one."""

    task = TaskField(
        InitiativeTask.objects.none(), required=False, blank=True, label=_("With which task?"), empty_label=_("without a task"),
        widget=forms.RadioSelect, error_messages={"invalid_choice": _("This task is not here any more. Choose another one.")},
    )  # fmt: skip
    field_order = ("task",)

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].queryset = initiative.tasks.with_taken()  # type: ignore[attr-defined]
        if not initiative.tasks.exists():
            del self.fields["task"]


class ResultForm(WatchedForm, ShotsForm):
    """What came of an initiative."""

    watched = ("text", "photo_words")
    text = words(_("What came of it?"), hint=_("Everyone who joined or follows reads it."))
    link = forms.URLField(
        max_length=300, required=False, label=_("Where is it shown?"), assume_scheme="https",
        help_text=_("The address of photos, of an article."), error_messages={"invalid": _("Write the address as https://example.org/…")},
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("text", "photo", "photo_words", "link")


class MessageForm(WatchedForm):
    """To who joined, and to followers when so chosen."""

    text = words(_("Your message"), most=2000, hint=_("It stands on the page, everyone can read it."))
    followers = forms.BooleanField(required=False, initial=True, label=_("To those who follow it too"))
