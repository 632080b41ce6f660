"""The letter of a summary: one part for each subject, the newest first."""

from __future__ import annotations

from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.translation import ngettext

from discussion import messages
from discussion.models import Audience
from geoportal.kernel.multilingual import text_in
from municipality.site import installation
from notifications import about
from notifications.letters import Part, address, mail_of, ways_out
from notifications.models import Digest, Frequency, Waiting
from notifications.recipients import As

MOST_SUBJECTS = 40
"""Beyond these the letter says how many more there are."""


def letter(digest: Digest, to: str) -> EmailMultiAlternatives | None:
    """The mail; None when everything in it has left the public set meanwhile, or was found by alerts that tell no more."""
    with translation.override(digest.language):
        public = digest.items.filter(row__subject__is_public=True)  # everyone may see it still
        items = list(public.select_related("row__subject").order_by("row_id"))
        named = about.titles((pk for item in items for pk in item.alerts), active=True)
        items = [item for item in items if _goes(item, named)]
        if not items:
            return None
        parts = _parts(items, named, digest.language)
        follows = any(item.role in (As.FOLLOWER, As.SUPPORTER) for item in items)
        alerts = {pk for item in items for pk in item.alerts}
        ways = ways_out(digest.correspondent_id, alerts, named, digest.language, follows=follows)
        context: dict[str, object] = {
            "parts": parts[:MOST_SUBJECTS], "more": max(0, len(parts) - MOST_SUBJECTS), "ways": ways,
            "weekly": digest.frequency == Frequency.WEEKLY,
        }  # fmt: skip
        mail = mail_of(_title(digest, len(parts)), context, to, digest.language, "digest")
    mail.extra_headers |= {
        "Message-ID": digest.message_id,
        "List-Unsubscribe": f"<{ways.all}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return mail


def _goes(item: Waiting, named: dict[int, str]) -> bool:
    """What found it has not been stopped."""
    return item.role != As.ALERT or any(pk in named for pk in item.alerts)


def _parts(items: list[Waiting], named: dict[int, str], language: str) -> list[Part]:
    """The subjects with what happened to each in its order; that of the newest act first."""
    rows = [item.row for item in items]
    described = messages.describe_all(rows, language=language, audience=Audience.PUBLIC)
    lines = about.where_and_what({row.subject_id for row in rows})
    found: dict[int, set[int]] = {}
    parts: dict[int, Part] = {}
    for item, row, message in zip(items, rows, described, strict=True):
        part = parts.pop(row.subject_id, None) or Part(row.subject, [], "", address(row.subject.path, language), "")
        part.changed.append(message)
        found.setdefault(row.subject_id, set()).update(item.alerts)
        part.about, part.found_by = lines.get(row.subject_id, ""), about.found_by(found[row.subject_id], named)
        parts[row.subject_id] = part
    return list(reversed(parts.values()))


def _title(digest: Digest, count: int) -> str:
    if digest.frequency == Frequency.WEEKLY:
        words = ngettext("%(site)s: %(count)s report of the week", "%(site)s: %(count)s reports of the week", count)
    else:
        words = ngettext("%(site)s: %(count)s report of the day", "%(site)s: %(count)s reports of the day", count)
    return words % {"site": text_in(installation().short_name), "count": count}
