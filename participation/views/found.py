"""What an address names, and what this visitor may do with it."""

from __future__ import annotations

from typing import Any, TypeVar

from django.http import Http404, HttpRequest
from django.utils import timezone

from geoportal.kernel.references import parse
from participation import rules, workflow
from participation.models import Alternative, Comparison, Event, Matter

M = TypeVar("M", bound=Matter)


def found(request: HttpRequest, ref: str, model: type[M] = Event) -> M:  # type: ignore[assignment]
    """The row that this request may open; 404, the same for hidden and missing, else."""
    reference = parse(ref)
    rows = model.objects.visible_to(request.user).with_page_facts()  # type: ignore[attr-defined]
    matter = rows.filter(subject__reference=reference).first() if reference else None
    if matter is None:
        raise Http404
    return matter


def organised(request: HttpRequest, ref: str, model: type[M] = Event) -> M:  # type: ignore[assignment]
    """The row, when this person organises or moderates it; 404 else."""
    matter = found(request, ref, model)
    if not rules.capacities(request.user, matter):
        raise Http404
    return matter


def begun(matter: Matter) -> bool:
    """Whether what comes of it can be told already."""
    return not isinstance(matter, Event) or matter.starts_at <= timezone.now()


def acts(user: Any, matter: Matter) -> list[str]:
    """Names of the edges that this person may take now."""
    edges = workflow.allowed(matter.subject.kind, getattr(matter, "state_now", matter.status))
    if isinstance(matter, Comparison) and not matter.subject.is_public:
        edges = [edge for edge in edges if edge.name != "decide"]  # of what is hidden nothing is chosen
    if isinstance(matter, Alternative):
        barred = {"change": matter.late_for(user), "withdraw": not matter.can_go}
        edges = [edge for edge in edges if not barred.get(edge.name)]
    return [edge.name for edge in edges if (begun(matter) or not edge.from_beginning) and rules.may(user, matter, edge)]
