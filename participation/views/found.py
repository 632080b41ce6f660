"""The event that an address names, and what this visitor may do with it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from geoportal.kernel.references import parse
from participation import rules, workflow
from participation.models import Event


def found(request: HttpRequest, ref: str) -> Event:
    """The event that this request may open; 404, the same for hidden and missing, else."""
    reference = parse(ref)
    events = Event.objects.visible_to(request.user).with_page_facts()
    event = events.filter(subject__reference=reference).first() if reference else None
    if event is None:
        raise Http404
    return event


def organised(request: HttpRequest, ref: str) -> Event:
    """The event, when this person organises or moderates it; 404 else."""
    event = found(request, ref)
    if not rules.capacities(request.user, event):
        raise Http404
    return event


def acts(user: Any, event: Event) -> list[str]:
    """Names of the edges that this person may take now."""
    begun = event.starts_at <= timezone.now()
    edges = (edge for edge in workflow.allowed(event.subject.kind, event.status) if begun or not edge.from_beginning)
    return [edge.name for edge in edges if rules.may(user, event, edge)]
