"""What a link in a mail asks to be confirmed: read back by the page with one button, done only on POST."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from accounts.models import Correspondent
from discussion.models import Subject
from geoportal.kernel import links

PURPOSE = "confirm"
DAYS = 90
"""How long the signature holds; an unconfirmed report itself is gone long before."""


class Wish(StrEnum):
    REPORT = "report"
    SUPPORT = "support"
    FOLLOW = "follow"
    COMMENT = "comment"
    FIXED = "fixed"
    COME = "come"
    JOIN = "join"
    OPEN = "open"
    """Nothing but to open the own report in this browser, as its author, for a day."""


@dataclass(frozen=True)
class Asked:
    """Whose address the link went to, for which subject, and what for. Holding the link proves the address."""

    correspondent: Correspondent
    subject: Subject
    wish: Wish


@dataclass(frozen=True)
class Doing:
    """What an app above does with a wish of its own: the question on the page, the button's deed, which answers what it did in words."""

    question: object
    does: Callable[[Subject, Correspondent], str]


DOES: dict[str, Doing] = {}
"""Wish → its doing; for wishes that are not of reports."""


def token(correspondent_id: int, subject_id: int, wish: str) -> str:
    """For `/reports/confirm/<token>/`."""
    return links.make(PURPOSE, correspondent=correspondent_id, report=subject_id, wish=str(Wish(wish)))


def asked(token: str) -> Asked | None:
    """What the link asks; None when it is forged, too old, or its address or subject is gone."""
    data = links.read(PURPOSE, token, DAYS * 86_400)
    if data is None:
        return None
    correspondent = Correspondent.objects.filter(pk=data.get("correspondent") or 0).exclude(email="").first()
    subject = Subject.objects.filter(pk=data.get("report") or 0).first()
    wish = data.get("wish", Wish.REPORT)
    if correspondent is None or subject is None or wish not in set(Wish):
        return None
    return Asked(correspondent, subject, Wish(wish))
