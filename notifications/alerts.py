"""Alerts: a saved wish to hear of what is reported in a place. Which of them an act meets is one statement."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GeometryCollection, GEOSGeometry, Point, Polygon
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

import discussion.actions
from accounts.models import Correspondent, Role, User
from discussion.models import Audience, TimelineRow
from discussion.search import LONGEST_QUERY_WORDS, WORD, lemma
from municipality.models import Area, Organisation
from notifications.models import Alert, Frequency
from participation import workflow as participation
from participation.models import Matter
from reports import workflow
from reports.models import Report

MOST_ALERTS = 30
"""Of one person or department."""
MOST_UNPROVEN = 5
"""For one address, by whoever names it."""
UNCONFIRMED_DAYS = 7
ASKED_LATELY = datetime.timedelta(days=1)
"""A form sent again within it asks the address no second time: whoever names it, one letter a day at most for one alert."""
NEW = frozenset({"submitted", "confirm", "publish"})
"""Acts by which a report comes before everyone's eyes."""
UPDATES = frozenset({"relocated", "turned", "shown_again"})

_OF_REPORT = """
WITH report AS (
    SELECT coalesce(r.polygon, r.line, r.geom) AS place, r.kind, r.category_id AS category, s.search, NULL::bigint AS organisation,
           string_to_array(rtrim(a.path, '.'), '.')::bigint[] AS areas, true AS is_report,
           array(SELECT f.sector_id FROM discussion_subject_further_sectors f WHERE f.subject_id = s.id)
             || r.sector_id AS sectors
      FROM reports_report r JOIN discussion_subject s ON s.id = r.subject_id JOIN municipality_area a ON a.id = r.area_id
     WHERE r.subject_id = %(report)s AND r.is_public
"""
_OF_OTHER = """
WITH report AS (
    SELECT ST_GeomFromEWKT(%(place)s) AS place, s.kind, NULL::bigint AS category, s.search, %(organisation)s::bigint AS organisation,
           string_to_array(rtrim(a.path, '.'), '.')::bigint[] AS areas, false AS is_report,
           array(SELECT f.sector_id FROM discussion_subject_further_sectors f WHERE f.subject_id = s.id)
             || s.sector_id AS sectors
      FROM discussion_subject s JOIN municipality_area a ON a.id = s.area_id
     WHERE s.id = %(report)s AND s.is_public
"""
_ALERTS = """), there AS (
    SELECT a.* FROM report, notifications_alert a
     WHERE a.active AND a.geom && report.place AND ST_Intersects(a.geom, report.place)
    UNION ALL
    SELECT a.* FROM report, notifications_alert a WHERE a.active AND a.areas && report.areas
)
SELECT array_agg(met.id ORDER BY met.id), met.correspondent_id, met.organisation_id, met.frequency FROM (
SELECT there.id, there.correspondent_id, there.organisation_id, there.frequency,
       rank() OVER (PARTITION BY there.correspondent_id, there.organisation_id
                    ORDER BY array_position(ARRAY['instant', 'daily', 'weekly'], there.frequency::text)) AS promptness
  FROM there, report
 WHERE (CASE WHEN %(new)s THEN there.new ELSE there.updates END)
   AND (there.sectors = '{}' OR there.sectors && report.sectors)
   AND (report.kind = ANY(there.kinds) OR (there.kinds = '{}' AND report.is_report))
   AND (there.organisations = '{}' OR report.organisation = ANY(there.organisations))
   AND (there.categories = '{}' OR report.category = ANY(there.categories))
   AND (there.query = '' OR report.search @@ there.query::tsquery)
   AND NOT EXISTS (SELECT 1 FROM reports_contact c WHERE c.report_id = %(report)s AND c.correspondent_id = there.correspondent_id)
   AND NOT EXISTS (SELECT 1 FROM notifications_muted m
                    WHERE m.subject_id = %(report)s AND m.correspondent_id = there.correspondent_id)
) met WHERE met.promptness = 1 GROUP BY met.correspondent_id, met.organisation_id, met.frequency
 ORDER BY met.correspondent_id, met.organisation_id
"""
MATCHING = _OF_REPORT + _ALERTS
MATCHING_OTHERS = _OF_OTHER + _ALERTS
"""`geom` by its GiST index, `areas` by its GIN index; of one owner's alerts all of the promptest."""


@dataclass(frozen=True)
class Match:
    """One owner's alerts that an act meets, all as prompt."""

    alerts: list[int]
    correspondent: int | None
    organisation: int | None
    frequency: str


def matching(row: TimelineRow, report: Report) -> list[Match]:
    """Owners to be told of the act, each once. Only acts that everyone may see, of reports that everyone may see."""
    if row.audience != Audience.PUBLIC or not report.is_public:
        return []
    new = row.code in NEW
    edge = workflow.TRANSITIONS.get((workflow.Kind(report.kind), row.code))
    if not (new or row.code in UPDATES or (edge is not None and workflow.tells_author(edge, row.data))):
        return []
    with connection.cursor() as cursor:
        cursor.execute(MATCHING, {"report": report.pk, "new": new})
        return [Match(*found) for found in cursor.fetchall()]


def matching_of(row: TimelineRow, matter: Matter | None) -> list[Match]:
    """The same for an act on what people take part in: coming before everyone's eyes is new, what is told of it later an update."""
    if not row.data.get("followers", True):  # told to those alone whom it concerns
        return []
    if matter is None or row.audience != Audience.PUBLIC or row.capacity == "visitor" or not row.subject.is_public:
        return []
    seen = participation.STATES[row.before].public if row.before in participation.STATES else False
    new = not seen and participation.STATES[row.after].public if row.after in participation.STATES else False
    shapes = matter.shapes
    given = {
        "report": matter.pk, "new": new, "place": GeometryCollection(*shapes, srid=4326).ewkt if shapes else None,
        "organisation": matter.organisation_id,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(MATCHING_OTHERS, given)
        return [Match(*found) for found in cursor.fetchall()]


def as_query(words: str) -> str:
    """All words must occur, each as written or in its dictionary form: text of a tsquery; "" for no words."""
    found = []
    for word in WORD.findall(words)[:LONGEST_QUERY_WORDS]:
        either = {word.lower(), *lemma(word).split()}
        found.append("( " + " | ".join(f"'{form}'" for form in sorted(either)) + " )")
    return " & ".join(found)


@dataclass(frozen=True)
class Where:
    """`areas` with all below them, or a drawn polygon, or a circle."""

    areas: tuple[int, ...] = ()
    polygon: Polygon | None = None
    centre: Point | None = None
    metres: int | None = None

    def columns(self) -> dict[str, Any]:
        """Values of the alert's columns; a circle's outline is reckoned on the globe."""
        if self.centre is not None and self.metres:
            return {"geom": _outline(self.centre, self.metres), "centre": self.centre, "metres": self.metres, "areas": []}
        if self.polygon is not None:
            return {"geom": self.polygon, "centre": None, "metres": None, "areas": []}
        areas = list(self.areas) or [Area.objects.root().pk]
        return {"geom": None, "centre": None, "metres": None, "areas": areas}


def _outline(centre: Point, metres: int) -> GEOSGeometry:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_AsBinary(ST_Buffer(ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography, %s)::geometry)",
            [centre.x, centre.y, metres],
        )
        return GEOSGeometry(memoryview(cursor.fetchone()[0]), srid=4326)


# -- whose they are


def departments_of(user: User) -> list[Organisation]:
    """Departments whose mailbox this person may subscribe: the head's own, an administrator's all."""
    departments = Organisation.objects.departments().exclude(mailbox="")
    if not user.has_role(Role.ADMINISTRATOR):
        led = [held.organisation_id for held in user.held if Role.HEAD in held.roles]
        departments = departments.filter(pk__in=led)
    return list(departments)


def alerts_of(correspondent: Correspondent, user: User | None = None) -> QuerySet[Alert]:
    """A person's own alerts and, for who may, those of departments' mailboxes; the newest first."""
    mine = Q(correspondent=correspondent)
    if user is not None and user.works_here:
        mine |= Q(organisation__in=departments_of(user))
    return Alert.objects.filter(mine, unproven=False).select_related("organisation").order_by("-pk")


# -- writers


@transaction.atomic
def save(
    where: Where,
    *,
    alert: Alert | None = None,
    correspondent: Correspondent | None = None,
    organisation: Organisation | None = None,
    words: str = "",
    proven: bool = True,
    **what: Any,
) -> Alert:
    """A new alert of one owner, or `alert` changed. Raises ValidationError when the owner has too many.

    Unless the asker is `proven` to own the address it waits for the button behind the mailed link. The same wish said
    again is the same alert: a second click makes no second one and mails nobody within ASKED_LATELY.
    """
    columns = {**where.columns(), "words": words, "query": as_query(words), **what}
    if alert is None:
        owner: dict[str, Any] = {"correspondent": correspondent, "organisation": organisation}
        _lock(correspondent or organisation)
        if same := _same(owner, columns, proven=proven):
            return same
        held = Alert.objects.filter(**owner, unproven=not proven).count()
        if held >= (MOST_ALERTS if proven else MOST_UNPROVEN):
            message = _("There are %(most)s alerts already. Remove one that is no longer needed.") % {"most": MOST_ALERTS}
            raise ValidationError(message, code="too_many")
        alert = Alert(**owner, active=proven, unproven=not proven)
    for name, value in columns.items():
        setattr(alert, name, value)
    alert.save()
    if not proven:
        ask(alert.pk)
    return alert


def _lock(owner: Correspondent | Organisation | None) -> None:
    """One after the other: of several clicks at once the later ones find what the first made."""
    if owner is not None:
        type(owner)._default_manager.select_for_update(of=("self",)).get(pk=owner.pk)


def _same(owner: dict[str, Any], columns: dict[str, Any], *, proven: bool) -> Alert | None:
    """The owner's alert with that very content; a paused one tells again, for an unproven one the address is asked (`ask`)."""
    outline = columns.get("geom")
    exact = {name: value for name, value in columns.items() if name not in ("geom", "centre")}
    found = Alert.objects.filter(**owner, **exact, unproven=not proven)
    found = found.filter(geom=None) if outline is None else found.filter(geom__equals=outline)
    same = found.order_by("pk").first()
    if same is None:
        return None
    if proven:
        resume([same.pk])
    else:
        ask(same.pk)
    same.refresh_from_db()
    return same


def ask(alert_id: int) -> bool:
    """A link goes to the address, unless one went within ASKED_LATELY; the alert tells when it is answered. Whether one goes now."""
    now = timezone.now()
    due = Q(asked_at=None) | Q(asked_at__lte=now - ASKED_LATELY)
    asks = Alert.objects.filter(due, pk=alert_id, unproven=True).update(asked_at=now) == 1
    if asks:
        jobs.configure_task("notifications.ask_alert").defer(alert_id=alert_id)
    return asks


def remove(alerts: Iterable[int]) -> None:
    """They go."""
    Alert.objects.filter(pk__in=list(alerts)).delete()


@transaction.atomic
def confirm(alert_id: int) -> bool:
    """The address has answered: from now on the alert tells. False when it had answered before."""
    alert = Alert.objects.select_for_update(of=("self",)).select_related("correspondent").filter(pk=alert_id).first()
    if alert is not None and alert.correspondent is not None:
        discussion.actions.verify(alert.correspondent)
        return Alert.objects.filter(pk=alert_id, unproven=True).update(active=True, unproven=False) == 1
    return False


def pause(alerts: Iterable[int]) -> None:
    """They stay and tell nothing."""
    Alert.objects.filter(pk__in=list(alerts)).update(active=False)


def resume(alerts: Iterable[int]) -> None:
    """They tell again; not those whose address never answered."""
    Alert.objects.filter(pk__in=list(alerts), unproven=False).update(active=True)


def set_frequency(alerts: Iterable[int], frequency: str) -> None:
    """One click in a mail: they tell that often, paused ones again too."""
    Alert.objects.filter(pk__in=list(alerts)).update(frequency=Frequency(frequency))
    resume(alerts)


def forget_unconfirmed(now: datetime.datetime) -> int:
    """Alerts that an address never confirmed go after a week."""
    since = now - datetime.timedelta(days=UNCONFIRMED_DAYS)
    return Alert.objects.filter(unproven=True, created_at__lt=since).delete()[0]
