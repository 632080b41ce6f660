"""The letter of a summary: one part for each subject, the newest first."""

from __future__ import annotations

from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.translation import ngettext

from discussion import messages
from discussion.models import Audience
from geoportal.kernel.multilingual import text_in
from municipality.site import installation
from notifications.letters import Part, address, change_link, mail_of
from notifications.models import Digest, Frequency
from notifications.recipients import As

MOST_SUBJECTS = 40
"""Beyond these the letter says how many more there are."""


def letter(digest: Digest, to: str) -> EmailMultiAlternatives | None:
    """The mail; None when everything in it has left the public set meanwhile."""
    with translation.override(digest.language):
        parts = _parts(digest)
        if not parts:
            return None
        follows, alerts = _reasons(digest)
        change = change_link(digest.correspondent_id, alerts, digest.language, follows=follows)
        context: dict[str, object] = {
            "parts": parts[:MOST_SUBJECTS], "more": max(0, len(parts) - MOST_SUBJECTS), "change": change,
            "weekly": digest.frequency == Frequency.WEEKLY,
        }  # fmt: skip
        mail = mail_of(_title(digest, len(parts)), context, to, digest.language, "digest")
    mail.extra_headers |= {
        "Message-ID": digest.message_id,
        "List-Unsubscribe": f"<{change}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return mail


def _parts(digest: Digest) -> list[Part]:
    """Subjects that everyone may see still, with what happened to each in its order; that of the newest act first."""
    rows = [item.row for item in digest.items.select_related("row__subject").order_by("row_id")]
    rows = [row for row in rows if row.subject.is_public]
    described = messages.describe_all(rows, language=digest.language, audience=Audience.PUBLIC)
    parts: dict[int, Part] = {}
    for row, message in zip(rows, described, strict=True):
        part = parts.pop(row.subject_id, None) or Part(row.subject, [], "", address(row.subject.path, digest.language), "")
        part.changed.append(message)
        parts[row.subject_id] = part
    return list(reversed(parts.values()))


def _reasons(digest: Digest) -> tuple[bool, list[int]]:
    """(something in it is followed, the alerts that found the rest)"""
    items = list(digest.items.values_list("role", "alert"))
    return any(role == As.FOLLOWER for role, _alert in items), sorted({alert for _role, alert in items if alert})


def _title(digest: Digest, count: int) -> str:
    if digest.frequency == Frequency.WEEKLY:
        words = ngettext("%(site)s: %(count)s report of the week", "%(site)s: %(count)s reports of the week", count)
    else:
        words = ngettext("%(site)s: %(count)s report of the day", "%(site)s: %(count)s reports of the day", count)
    return words % {"site": text_in(installation().short_name), "count": count}
