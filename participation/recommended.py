"""What was recommended to a service, and what its givers told has changed: the page and the API read the same."""

from __future__ import annotations

from discussion import messages
from discussion.models import Audience, Link, TimelineRow
from reports.models import Report
from reports.querysets import ReportQuerySet

MOST = 100
"""Recommendations that a page names."""


def ideas(service_id: int) -> ReportQuerySet:
    """Public ideas that recommend something to it, the most supported first."""
    sources = Link.objects.filter(target=service_id, kind=Link.Kind.RECOMMENDS).values("source")
    found: ReportQuerySet = Report.objects.public().filter(pk__in=sources).order_by("-subject__support_count", "-pk")
    return found


def changes(service_id: int) -> list[messages.Message]:
    """What has changed, in full sentences, the last first."""
    rows = TimelineRow.objects.filter(subject=service_id, code="changed", audience=Audience.PUBLIC).order_by("-pk")
    return messages.describe_all(rows)
