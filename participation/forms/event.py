"""What an organiser writes: the event, its end, a reason."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from discussion.models import Subject
from geoportal.kernel.geometry_fields import LonLatForm
from geoportal.kernel.references import parse
from geoportal.kernel.text import CleanCharField
from municipality.models import Area, Organisation, Sector
from participation.actions.event import Announced, Held
from participation.forms.voices import offer_voices, voice_of
from participation.models import Event
from participation.wording import FORM_NAMES
from reports.actions.submit import outside, responsible
from reports.forms.author import words
from reports.forms.days import DayField
from reports.forms.shots import ShotsForm
from reports.forms.watched import WatchedForm
from reports.models import Reason

MOST_LINES = 30
"""Points of an agenda, decisions, things discussed."""


def _hour(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    wrong = {"invalid": _("Write the hour as 18:30.")}
    return forms.TimeField(label=label, widget=widget, input_formats=["%H:%M", "%H:%M:%S", "%H.%M"], error_messages=wrong)


def lines_of(text: str) -> list[str]:
    """Lines with something on them, without what lists begin with."""
    return [line for each in text.splitlines() if (line := each.strip().lstrip("-*•").strip())]


class EventForm(WatchedForm, LonLatForm):
    """One page: what, when, how and where, who comes."""

    watched = ("title", "text", "agenda", "place")
    title = CleanCharField(max_length=150, label=_("What is it called?"))
    text = words(_("What is it about?"), required=False)
    sector = forms.ModelChoiceField(
        Sector.objects.all(), to_field_name="slug", label=_("Sector"), empty_label=_("choose"),
        error_messages={"invalid_choice": _("Choose a sector from the list.")},
    )  # fmt: skip
    day = DayField(label=_("Day"))
    begins = _hour(_("Begins at"))
    ends = _hour(_("Ends at"))
    last_day = DayField(label=_("Last day, if another"), required=False)
    form = forms.ChoiceField(
        choices=list(FORM_NAMES.items()), label=_("How does one take part?"), widget=forms.RadioSelect, initial="in_person",
        error_messages={"invalid_choice": _("Choose one of the three.")},
    )  # fmt: skip
    settlement = forms.ModelChoiceField(
        Area.objects.none(), to_field_name="slug", required=False, label=_("Settlement"), empty_label=_("as on the map"),
        error_messages={"invalid_choice": _("Choose a settlement from the list.")},
    )  # fmt: skip
    place = CleanCharField(
        max_length=200, required=False, label=_("Where?"), help_text=_("Street and number, or the name of the building.")
    )
    link = forms.URLField(
        max_length=300, required=False, label=_("Address for taking part online"), assume_scheme="https",
        error_messages={"invalid": _("Write the address as https://example.org/…")},
    )  # fmt: skip
    registration = forms.BooleanField(required=False, label=_("People say beforehand that they come"))
    capacity = forms.IntegerField(
        required=False, min_value=1, max_value=100_000, label=_("Seats"), help_text=_("Empty: as many as come."),
        error_messages={"invalid": _("Write a whole number.")},
    )  # fmt: skip
    remind_hours = forms.IntegerField(
        min_value=0, max_value=336, initial=24, label=_("Reminder so many hours before"),
        error_messages={"invalid": _("Write a whole number.")},
    )  # fmt: skip
    agenda = CleanCharField(
        lines=True, required=False, max_length=4000, label=_("Agenda"), help_text=_("One point on each line."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), to_field_name="slug", required=False, label=_("In the name of"), empty_label=_("myself"),
        error_messages={"invalid_choice": _("You are no member of this organisation.")},
    )  # fmt: skip
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": _("Open the form anew.")})
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, changed: Event | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["settlement"].queryset = Area.objects.settlements().order_by("-population", "slug")  # type: ignore[attr-defined]
        self.changed_matter = changed
        offer_voices(self.fields, user, changed)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (point := cleaned.get("point")) and responsible(point)[0] is None:
            self.add_error("lon", outside(point))
        if len(lines_of(cleaned.get("agenda") or "")) > MOST_LINES:
            self.add_error("agenda", gettext("At most %(n)d points: join some.") % {"n": MOST_LINES})
        if any(len(line) > 200 for line in lines_of(cleaned.get("agenda") or "")):
            self.add_error("agenda", gettext("A point has at most 200 characters: shorten it."))
        return cleaned

    def said(self) -> Announced:
        """What the valid form says."""
        data = self.cleaned_data
        same = {
            name: data[name]
            for name in ("title", "text", "sector", "form", "place", "link", "registration", "capacity", "remind_hours")
        }
        last = data["last_day"] or data["day"]
        return Announced(
            **same, starts_at=_moment(data["day"], data["begins"]), ends_at=_moment(last, data["ends"]), point=data["point"],
            settlement=data["settlement"], agenda=lines_of(data["agenda"]), organisation=voice_of(self, self.changed_matter),
        )  # fmt: skip

    @staticmethod
    def first(event: Event) -> dict[str, Any]:
        """The event as the form's first values."""
        begins, ends = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
        names = ("text", "form", "place", "link", "registration", "capacity", "remind_hours", "organisation")
        return {name: getattr(event, name) for name in names} | {
            "title": event.subject.title, "sector": event.subject.sector, "day": begins.date(), "begins": begins.time(),
            "ends": ends.time(), "last_day": ends.date() if ends.date() != begins.date() else None,
            "agenda": "\n".join(item.title for item in event.agenda.all()), "version": event.subject.version,
            "lon": f"{event.point.x:.6f}" if event.point else "", "lat": f"{event.point.y:.6f}" if event.point else "",
            "settlement": None if event.point else event.subject.area, "client_uuid": event.subject.client_uuid,
        }  # fmt: skip


def _moment(day: datetime.date, hour: datetime.time) -> datetime.datetime:
    """Local time; an hour that the change of clocks skips or repeats is the first that there is."""
    return timezone.make_aware(datetime.datetime.combine(day, hour))


class NumbersField(forms.CharField):
    """Numbers of public subjects, one on each line → the subjects, each once; a number that is not known is named."""

    def clean(self, value: Any) -> Any:
        found: list[Subject] = []
        for line in lines_of(super().clean(value) or ""):
            reference = parse(line)
            subject = Subject.objects.filter(reference=reference, is_public=True).first() if reference else None
            if subject is None:
                words = gettext("%(number)s is the number of nothing that is public here.")
                raise forms.ValidationError(words % {"number": line[:40]})
            found.append(subject)
        return list(dict.fromkeys(found))


class MinutesForm(WatchedForm, ShotsForm):
    """What came of it. Decisions are lines „what; who; until“, the last two may be missing."""

    watched = ("text", "decisions", "photo_words")
    text = words(_("What was said?"), most=20_000, hint=_("Everyone will read it."))
    attendance = forms.IntegerField(
        min_value=0, max_value=1_000_000, label=_("How many came?"), error_messages={"invalid": _("Write a whole number.")}
    )
    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), to_field_name="slug", required=False, label=_("Organisations that took part"),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    decisions = CleanCharField(
        lines=True, required=False, max_length=10_000, label=_("Decisions"),
        help_text=_("One on each line: what; who does it; until when (31.12.2026)."), widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    discussed = NumbersField(
        required=False, max_length=1000, label=_("Reports and ideas that were discussed"),
        help_text=_("Their numbers, one on each line; each gets a line in its history."), widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("text", "attendance", "organisations", "decisions", "discussed", "photo", "photo_words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisations"].queryset = Organisation.objects.filter(active=True)  # type: ignore[attr-defined]

    def clean_decisions(self) -> list[tuple[str, str, datetime.date | None]]:
        """Each line in its three parts; the line that cannot be read is named."""
        found = []
        for number, line in enumerate(lines_of(self.cleaned_data["decisions"] or ""), 1):
            parts = [part.strip() for part in line.split(";")]
            what, who, until = [*parts, "", ""][:3]
            if len(parts) > 3 or not what or len(what) > 500 or len(who) > 150:
                raise forms.ValidationError(gettext("Line %(n)d: write what; who; until when.") % {"n": number})
            found.append((what, who, self.until(number, until)))
        if len(found) > MOST_LINES:
            raise forms.ValidationError(gettext("At most %(n)d points: join some.") % {"n": MOST_LINES})
        return found

    @staticmethod
    def until(number: int, text: str) -> datetime.date | None:
        if not text:
            return None
        try:
            return DayField(label="").clean(text)
        except forms.ValidationError:
            raise forms.ValidationError(gettext("Line %(n)d: write the day as 31.12.2026.") % {"n": number}) from None

    @staticmethod
    def first(event: Event) -> dict[str, Any]:
        """The minutes as they stand, as the form's first values."""
        minutes = event.minutes
        lines = []
        for one in minutes.decisions.all():
            parts = [one.text, one.who, f"{one.until:%d.%m.%Y}" if one.until else ""]
            lines.append("; ".join(parts).rstrip("; "))
        return {
            "text": minutes.text, "attendance": minutes.attendance, "decisions": "\n".join(lines),
            "organisations": list(minutes.organisations.all()), "version": event.subject.version,
        }  # fmt: skip

    def held(self) -> Held:
        data = self.cleaned_data
        return Held(
            **{name: data[name] for name in ("text", "attendance", "decisions", "discussed") if name in data},
            organisations=list(data["organisations"]),
            **self.taken(),
        )


class DiscussForm(forms.Form):
    """What is being discussed now."""

    discussed = NumbersField(
        max_length=1000, label=_("What is being discussed?"),
        help_text=_("Numbers of ideas, reports, plans or anything else here, one on each line."),
        widget=forms.Textarea(attrs={"rows": 2, "inputmode": "numeric"}),
    )  # fmt: skip


class TakeOffForm(forms.Form):
    """Which of what is being discussed leaves the list: its key."""

    off = forms.IntegerField(
        min_value=1, max_value=2**62, widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("It is not in the list any more.")),
    )  # fmt: skip


class WordsForm(WatchedForm):
    """Why it is called off, or did not take place."""

    text = words(_("Your words"), hint=_("Everyone who comes or follows reads it."))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RejectForm(forms.Form):
    reason = forms.ModelChoiceField(
        Reason.objects.none(), to_field_name="slug", label=_("Reason"), empty_label=None, widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose a reason from the list.")},
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].queryset = Reason.objects.filter(serves__contains=["reject"])  # type: ignore[attr-defined]


class CorrectForm(MinutesForm):
    """The minutes once more; what was discussed stays, photos may be added."""

    watched = ("text", "decisions", "why")
    why = words(_("Why is it corrected?"), most=500, hint=_("Everyone reads it, with what the minutes said before."))
    field_order = ("text", "attendance", "organisations", "decisions", "why", "photo", "photo_words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["discussed"]
