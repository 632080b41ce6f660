"""What an event discusses and what it discussed, as its page and the API show it: public things alone."""

from __future__ import annotations

from typing import Any

from discussion.links import MOST
from discussion.models import Link, Subject
from participation.models import Event


def listed(event: Event) -> list[Any]:
    """What is being discussed, while the event goes on: the newest first; nothing once it is over."""
    return list(event.discussed.public()) if event.status == "announced" else []


def told(event: Event) -> list[Subject]:
    """What its minutes, and all who linked something with it, say was discussed there; nothing before it was held."""
    if event.status != "held":
        return []
    links = Link.objects.filter(target=event.pk, kind=Link.Kind.DISCUSSED_AT, source__is_public=True)
    return [link.source for link in links.select_related("source").order_by("-pk")[:MOST]]
