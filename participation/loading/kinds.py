"""What the law asks of each kind of consultation: rows of `consultation_kinds.yaml`."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from participation.models import ConsultationKind, PaperKind
from reports.loading.rows import Row, table
from reports.loading.upsert import Load


def consultation_kinds(load: Load, folder: Path) -> None:
    """Those of the folder, in their order; a municipality without the file asks nothing."""
    load.in_order(table(folder, "consultation_kinds", required=False), _kind)


def _kind(load: Load, row: Row, order: int) -> None:
    papers = row.words("papers")
    for name in papers:
        if name not in PaperKind.values:
            raise row.error("papers", _("“%(slug)s” is not known") % {"slug": name})
    least, fewer = row.number("least_days"), row.number("least_days_with_reason", None)
    if not 0 <= least <= 3650 or (fewer is not None and not 0 <= fewer <= least):
        raise row.error("least_days", _("give days from 0 to 3650, fewer of them with a reason"))
    values = {
        "name": row.texts("name"), "note": row.texts("note", None), "least_days": least, "least_days_with_reason": fewer,
        "required_papers": papers, "takes_ideas": row.flag("takes_ideas", False), "order": order,
    }  # fmt: skip
    load.upsert(row, ConsultationKind, {"slug": row.text("slug")}, values)
