"""To what an idea is given while it is written: the subject of that number, and the border within which it takes ideas."""

from __future__ import annotations

from typing import Any

from discussion import gates
from discussion.models import Subject
from geoportal.kernel.references import parse
from reports.bordered import border_of


def target(number: str) -> Subject | None:
    """The public subject of that number to which ideas can be given at all."""
    reference = parse(number[:20]) if number else None
    found = Subject.objects.filter(reference=reference, is_public=True, kind__in=gates.GATES) if reference else None
    return found.select_related("sector").first() if found is not None else None


def shown(number: str) -> dict[str, Any] | None:
    """{subject, border}: what the form's pages say of it; `border`: within which the place must lie, or None."""
    subject = target(number)
    if subject is None:
        return None
    return {"subject": subject, "border": border_of(gates.GATES[subject.kind].border(subject))}
