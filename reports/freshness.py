"""How new public answers are: every act leaves a timeline row, every load raises the edition, lateness turns with the day."""

from __future__ import annotations

from discussion.models import TimelineRow
from geoportal.kernel.conditional import Remembered
from municipality.site import installation
from reports.querysets import today


def _read() -> object:
    last = TimelineRow.objects.order_by("-pk").values_list("pk", flat=True).first()
    return f"{last}-{installation().edition}-{today().isoformat()}"


data_version = Remembered(_read)
"""The data version, asked for at most every two seconds per process."""
