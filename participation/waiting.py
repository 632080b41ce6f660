"""What of events waits for a moderator, for the one queue of the desk."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext

from participation.models import Event
from reports.moderated import Moderated


def _item(event: Event) -> dict[str, Any]:
    ref = event.subject.reference
    return {
        "title": event.subject.title, "kind": pgettext("one", "event"), "url": reverse("event", args=[ref]),
        "at": event.subject.created_at, "text": event.text, "publish_url": reverse("event_act", args=[ref, "publish"]),
        "reject_url": reverse("event_act", args=[ref, "reject"]),
    }  # fmt: skip


EVENTS = Moderated(lambda: Event.objects.filter(status="awaiting_moderation").select_related("subject").order_by("pk"), _item)
