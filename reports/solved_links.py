"""The signed links „was it solved?“ of a mail: they name the report and the very act that they ask about."""

from __future__ import annotations

from discussion.models import TimelineRow
from geoportal.kernel import links
from municipality.site import installation
from reports.models import Report

PURPOSE = "solved"


def path(row: TimelineRow) -> str:
    """Address of the page that asks whether this act solved the problem; `?answer=no` opens it with the words."""
    return f"/reports/solved/{links.make(PURPOSE, row=row.pk)}/"


def asked(token: str) -> tuple[Report, TimelineRow] | None:
    """The report and the act; None when the link is forged, the days of reopening are over, or it is gone."""
    data = links.read(PURPOSE, token, (installation().reopen_days + 1) * 86_400)
    if data is None:
        return None
    row = TimelineRow.objects.filter(pk=data.get("row") or 0, code="resolve").select_related("words").first()
    report = Report.objects.with_page_facts().filter(pk=row.subject_id).first() if row else None
    return (report, row) if row and report else None
