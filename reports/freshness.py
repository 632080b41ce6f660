"""How new public answers are: every act leaves a timeline row, every load raises the edition, lateness turns with the day."""

from __future__ import annotations

from django.db.models import Max, Sum

from discussion.models import TimelineRow
from geoportal.kernel.conditional import Remembered
from municipality.site import installation
from reports.querysets import today

LATECOMERS = 500


def _read() -> object:
    """Rows get their keys before they are committed, so a later key may be seen first: the sum tells when an earlier comes."""
    last = TimelineRow.objects.order_by("-pk").values("pk")[:LATECOMERS].aggregate(last=Max("pk"), sum=Sum("pk"))
    return f"{last['last']}-{last['sum']}-{installation().edition}-{today().isoformat()}"


data_version = Remembered(_read)
"""The data version, asked for at most once a second per process."""
