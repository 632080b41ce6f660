"""What nobody confirmed in time goes."""

from __future__ import annotations

import datetime

from django.db import connection, transaction
from django.utils import timezone

from discussion.models import Subject, TimelineRow
from municipality.site import installation
from reports.models import Photo, Report, Tombstone


@transaction.atomic
def expire_unconfirmed(now: datetime.datetime | None = None) -> int:
    """Removes reports that nobody confirmed in time; a tombstone of each client UUID stays. Answers how many."""
    limit = (now or timezone.now()) - datetime.timedelta(days=installation().unconfirmed_days)
    gone = list(Subject.objects.filter(report__status="awaiting_confirmation", created_at__lt=limit)[:500])
    ids = [subject.pk for subject in gone]
    Tombstone.objects.bulk_create(
        [Tombstone(client_uuid=subject.client_uuid) for subject in gone if subject.client_uuid], ignore_conflicts=True
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('geoportal.expiring', 'on', true)")
    photos = Photo.objects.filter(report__in=ids)
    photos.update(report=None, draft=None)
    TimelineRow.objects.filter(subject__in=ids).delete()
    Report.objects.filter(pk__in=ids).delete()
    Subject.objects.filter(pk__in=ids).delete()
    return len(ids)
