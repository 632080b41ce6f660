"""The form of what is public already, for those whose new words a moderator reads first."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from discussion.models import TimelineRow
from participation.actions import rewording
from participation.forms.publishing import ReadForm
from participation.models import Event, Matter, Rewording


class RewordForm(ReadForm):
    """A moderator publishes new words; the old ones are quoted in the timeline or gone."""

    unquoted = forms.BooleanField(
        required=False, label=gettext_lazy("Do not keep the old words"),
        help_text=gettext_lazy(
            "Without this everyone reads them in the timeline for good. Tick it where they hold what must not be read, a phone number say."
        ),
    )  # fmt: skip


def typed_before(by: User, matter: Matter) -> dict[str, Any]:
    """First values of the form: the words that wait, for whoever may write them on."""
    found = Rewording.objects.filter(subject=matter.pk).first()
    if found is None or not rewording.waits(by, matter, matter.organisation):
        return {}
    words: dict[str, Any] = {"title": found.title, "text": found.text, **found.where}
    if found.lines is not None:
        words["agenda" if isinstance(matter, Event) else "tasks"] = "\n".join(_line(line) for line in found.lines)
    return words


def _line(line: Any) -> str:
    if isinstance(line, str):
        return line
    title, needed, until = line
    day = [f"{datetime.date.fromisoformat(until):%d.%m.%Y}"] if until else []
    return "; ".join([title, str(needed), *day])


def told_before(by: User, matter: Matter) -> str:
    """What is said above the form, before anything is sent."""
    if rewording.waits(by, matter, matter.organisation):
        return _(
            "Day, point on the map and numbers change at once. A moderator reads new words first, those of a place or address too; "
            "until then the page keeps the old ones."
        )
    if not Rewording.objects.filter(subject=matter.pk).exists():
        return ""
    return _(
        "New words wait to be read. If you change words here, yours are public at once, the waiting ones fall away and whoever wrote them is told."
    )


def told_after(row: TimelineRow) -> str:
    """What is said when it was sent; "" where no words wait or waited."""
    if row.data.get("overtaken"):
        return _("Your words are public. Those that waited fell away; whoever wrote them is told.")
    return (
        _("Thank you. A moderator reads the new words; until then the page keeps the old ones.")
        if row.data.get("waits")
        else ""
    )
