"""How new public answers are: every act leaves a timeline row, every load raises the edition, lateness turns with the day."""

from __future__ import annotations

from discussion.models import TimelineRow
from geoportal.kernel.conditional import Remembered
from municipality.site import installation
from reports.querysets import today

LATECOMERS = 500


def _read() -> object:
    """Rows get their keys before they are committed, so a later key may be seen first: the count tells when an earlier comes."""
    last = TimelineRow.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    seen = TimelineRow.objects.filter(pk__gt=last - LATECOMERS).count()
    return f"{last}-{seen}-{installation().edition}-{today().isoformat()}"


data_version = Remembered(_read)
"""The data version, asked for at most every two seconds per process."""
