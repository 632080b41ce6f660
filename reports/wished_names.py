"""Names that co-authors wish to be shown by, for the one moderation queue."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext

from reports.models import CoAuthor
from reports.moderated import Moderated


def _item(found: CoAuthor) -> dict[str, Any]:
    subject, who = found.report.subject, found.correspondent
    address = lambda verb: reverse("desk_name", args=[found.pk, verb])  # noqa: E731
    return {
        "title": subject.title, "lang": subject.language, "kind": pgettext("one", "name of a co-author"), "at": found.agreed_at,
        "url": reverse("report", args=[subject.reference]), "text": found.asked_name, "author": who.user_id if who else None,
        "publish_url": address("publish"), "reject_url": address("reject"),
    }  # fmt: skip


WISHED = Moderated(CoAuthor.objects.to_read, _item)
