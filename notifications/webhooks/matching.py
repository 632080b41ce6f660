"""Which webhooks an act meets: one statement, however many there are; one message to each."""

from __future__ import annotations

import datetime

from django.contrib.gis.geos import GeometryCollection
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from discussion.models import TimelineRow
from notifications.webhooks.events import CASE, event_of
from notifications.webhooks.rows import Webhook, WebhookDelivery
from participation.actions.move import matter_of
from reports.actions.case import TOLD_BY
from reports.cases.rows import Case
from reports.workflow import Kind

MOST_CASES = 500

MATCHING = """
WITH there AS (
    SELECT s.id, s.kind, s.search, r.category_id AS category, r.status, coalesce(r.geom, ST_GeomFromEWKT(%(place)s)) AS place,
           string_to_array(rtrim(a.path, '.'), '.')::bigint[] AS areas,
           array(SELECT f.sector_id FROM discussion_subject_further_sectors f WHERE f.subject_id = s.id) || s.sector_id AS sectors
      FROM discussion_subject s JOIN municipality_area a ON a.id = s.area_id LEFT JOIN reports_report r ON r.subject_id = s.id
     WHERE s.id = ANY(%(subjects)s)
       AND CASE WHEN %(case)s THEN EXISTS (SELECT 1 FROM reports_case c WHERE c.report_id = s.id AND c.state = 'waiting')
                ELSE s.is_public END
)
SELECT there.id, w.id
  FROM there, notifications_webhook w
       LEFT JOIN municipality_organisation o ON o.id = w.organisation_id
       LEFT JOIN accounts_user u ON u.id = w.person_id
 WHERE w.active AND %(event)s = ANY(w.events)
   AND (o.id IS NULL OR (o.active AND (o.kind = 'department' OR o.verified_at IS NOT NULL)))
   AND (u.id IS NULL OR (u.is_active AND EXISTS (
        SELECT 1 FROM accounts_membership m WHERE m.user_id = u.id AND m.active AND 'administrator' = ANY(m.roles))))
   AND (o.id IS NULL OR o.kind = 'department' OR NOT %(case)s)
   AND (w.kinds = '{}' OR there.kind = ANY(w.kinds))
   AND (w.statuses = '{}' OR there.status = ANY(w.statuses))
   AND (w.sectors = '{}' OR w.sectors && there.sectors)
   AND (w.categories = '{}' OR there.category = ANY(w.categories))
   AND (w.box IS NULL OR ST_Intersects(w.box, there.place))
   AND (w.query = '' OR there.search @@ w.query::tsquery)
   AND ((w.areas = '{}' AND w.zones = '{}') OR w.areas && there.areas
        OR EXISTS (SELECT 1 FROM layers_feature f WHERE f.id = ANY(w.zones) AND ST_Covers(f.polygon, there.place)))
 ORDER BY there.id, w.id
"""
"""Of what is public alone; of a webhook whose owner is gone, not verified or no administrator any more, nothing. A `case` is told while it
waits, public or not, to the administration's own; what they are told names it and says nothing of it."""


def tell(row: TimelineRow, now: datetime.datetime | None = None) -> int:
    """Makes the messages of an act to programs, and their jobs; answers how many. In the transaction that tells people."""
    found = [(event, webhook) for event, webhooks in _met(row) for webhook in webhooks]
    if not found:
        return 0
    return _make([(webhook, row, event) for event, webhook in found], now)


def _make(messages: list[tuple[int, TimelineRow, str]], now: datetime.datetime | None) -> int:
    """`messages`: (key of the webhook, act, event)"""
    now = now or timezone.now()
    made = WebhookDelivery.objects.bulk_create(
        WebhookDelivery(webhook_id=webhook, row=row, event=event, since=now, next_at=now, created_at=now)
        for webhook, row, event in messages
    )
    jobs.configure_task("notifications.webhook").batch_defer(*({"delivery_id": delivery.pk} for delivery in made))
    return len(made)


@transaction.atomic
def tell_waiting_cases(now: datetime.datetime | None = None) -> int:
    """Messages about cases that wait and that a webhook has not been told of: filed while it was off, or before it was made.

    Of an act whose own telling is still to come nothing is made here. Answers how many; at most MOST_CASES at once.
    """
    # The lock keeps two that do this at once from telling twice.
    if not Webhook.objects.select_for_update(of=("self",)).filter(active=True, events__contains=[CASE]).values_list("pk"):
        return 0
    acts = TimelineRow.objects.filter(subject__report__case__state=Case.State.WAITING, code__in=TOLD_BY)
    latest = acts.order_by("subject", "-pk").distinct("subject")
    rows = {row.subject_id: row for row in latest if row.told_at or not row.tells}
    have = set(WebhookDelivery.objects.filter(row__in=rows.values(), event=CASE).values_list("row", "webhook"))
    met = _matching(list(rows), CASE, None)
    missing = [(webhook, rows[subject], CASE) for subject, webhook in met if (rows[subject].pk, webhook) not in have]
    return _make(missing[:MOST_CASES], now) if missing else 0


def _met(row: TimelineRow) -> list[tuple[str, list[int]]]:
    """(event, keys of webhooks)"""
    found = []
    if event := event_of(row):
        found.append((event, matching(row, event)))
    if row.code in TOLD_BY and row.subject.kind in set(Kind):
        found.append((CASE, matching(row, CASE)))
    return found


def matching(row: TimelineRow, event: str) -> list[int]:
    """Keys of the active webhooks that are to hear of this event and whose filter lets its subject through."""
    matter = None if row.subject.kind in set(Kind) else matter_of(row.subject)
    shapes = matter.shapes if matter else None
    place = GeometryCollection(*shapes, srid=4326).ewkt if shapes else None
    return [webhook for _subject, webhook in _matching([row.subject_id], event, place)]


def _matching(subjects: list[int], event: str, place: str | None) -> list[tuple[int, int]]:
    """(key of a subject, key of a webhook). `place`: EWKT, for one subject that is no report."""
    with connection.cursor() as cursor:
        cursor.execute(MATCHING, {"subjects": subjects, "event": event, "place": place, "case": event == CASE})
        return list(cursor.fetchall())
