"""The table of notifications and the habits beside it, each a form of its own: saving one changes no other consent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Correspondent
from notifications.alert_words import FREQUENCIES
from notifications.models import Habits
from notifications.preferences import CHANNEL_LABELS, LABELS, OF_STAFF, Event, channels_offered, wanted

WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")), (5, _("Saturday")),
    (6, _("Sunday")),
]  # fmt: skip


class TableForm(forms.Form):
    """A box for each cell that this person is shown; `rows` for the template."""

    def __init__(self, *args: Any, correspondent: Correspondent, works_here: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cells: list[tuple[Event, str]] = []
        self.channels = channels_offered()
        held = wanted(correspondent)
        for event in Event:
            if event in OF_STAFF and not works_here:
                continue
            for channel in self.channels:
                label = f"{LABELS[event]}: {CHANNEL_LABELS[channel]}"
                field = forms.BooleanField(required=False, label=label, initial=channel in held[event])
                self.fields[f"{event}-{channel}"] = field
                self.cells.append((event, channel))

    @property
    def heads(self) -> list[Any]:
        return [CHANNEL_LABELS[channel] for channel in self.channels]

    @property
    def rows(self) -> list[dict[str, Any]]:
        shown = dict.fromkeys(event for event, _channel in self.cells)
        return [
            {"label": LABELS[event], "boxes": [(CHANNEL_LABELS[one], self[f"{event}-{one}"]) for one in self.channels]}
            for event in shown
        ]

    def values(self) -> dict[tuple[str, str], bool]:
        """{(event, channel): wanted} of the cells that were shown."""
        return {(event, channel): self.cleaned_data[f"{event}-{channel}"] for event, channel in self.cells}


class HabitsForm(forms.Form):
    """Quiet hours, the hour and day of summaries, how often of what is followed."""

    quiet_from = forms.TimeField(
        required=False, label=_("Quiet from"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        required=False, label=_("Quiet until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    digest_hour = forms.TypedChoiceField(
        coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)], initial=8, label=_("Summaries come at")
    )
    digest_weekday = forms.TypedChoiceField(coerce=int, choices=WEEKDAYS, initial=0, label=_("The weekly one on"))
    language = forms.ChoiceField(choices=lambda: settings.LANGUAGES, label=_("Language of mails"))
    follow_frequency = forms.ChoiceField(choices=list(FREQUENCIES.items()), label=_("Mails about what I follow"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for one, other in (("quiet_from", "quiet_until"), ("quiet_until", "quiet_from")):
            if cleaned.get(one) and not cleaned.get(other) and other not in self.errors:
                self.add_error(other, gettext("Give both hours, or none."))
        if cleaned.get("quiet_from") and cleaned.get("quiet_from") == cleaned.get("quiet_until"):
            self.add_error(
                "quiet_until", gettext("The quiet hours would end when they begin. Give two different hours, or none.")
            )
        return cleaned


class NumberForm(forms.Form):
    """A telephone for SMS."""

    number = forms.CharField(
        max_length=30, label=_("Mobile number"), widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )


class CodeForm(forms.Form):
    """The code that came to the number."""

    code = forms.CharField(
        max_length=12,
        label=_("The code that came by SMS"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


def of_habits(correspondent: Correspondent) -> dict[str, Any]:
    """Initial values of the form."""
    habits = Habits.objects.filter(pk=correspondent.pk).first() or Habits(correspondent=correspondent)
    own = [name for name in HabitsForm.base_fields if name != "language"]
    return {**{name: getattr(habits, name) for name in own}, "language": correspondent.language}
