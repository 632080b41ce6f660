"""The form of what is public already, for those whose new words a moderator reads first."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from participation.actions import rewording
from participation.models import Event, Matter, Rewording


def typed_before(by: User, matter: Matter) -> dict[str, Any]:
    """First values of the form: the words that wait, for whoever may write them on."""
    found = Rewording.objects.filter(subject=matter.pk).first()
    if found is None or not rewording.waits(by, matter, matter.organisation):
        return {}
    words: dict[str, Any] = {"title": found.title, "text": found.text}
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
    if not rewording.waits(by, matter, matter.organisation):
        return ""
    return _(
        "Day, place and numbers change at once. A moderator reads new words first; until then the page keeps the old ones."
    )


def told_after(matter: Matter) -> str:
    """What is said when it is sent; "" where no words wait."""
    if not Rewording.objects.filter(subject=matter.pk).exists():
        return ""
    return _("Thank you. A moderator reads the new words; until then the page keeps the old ones.")
