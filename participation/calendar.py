"""Events as iCalendar (RFC 5545): one, those of a filter, mine. Times are UTC, so no calendar needs a zone of ours."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import icalendar
from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Correspondent
from geoportal.kernel.multilingual import text_in
from municipality.site import installation
from participation.models import Event

MOST = 500
"""Events in one file: the next ones and the latest."""
SALT = "geoportal.my-events"


def my_address(correspondent: Correspondent) -> str:
    """The private address of one's own events: whoever has it reads them, so it names nobody and can be told to a calendar."""
    return reverse("my_events_ics", args=[signing.dumps(correspondent.pk, salt=SALT)])


def calendar(events: Iterable[Event], name: str = "") -> bytes:
    """The file. A calendar that reads it again sees a change by SEQUENCE and DTSTAMP, and a call-off by STATUS."""
    made = icalendar.Calendar()
    made.add("prodid", f"-//{text_in(installation().name)}//geoportal//")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name or _("Events: %(place)s") % {"place": text_in(installation().short_name)})
    made.add("refresh-interval", datetime.timedelta(hours=6), parameters={"value": "DURATION"})
    for event in events:
        made.add_component(_entry(event))
    return bytes(made.to_ical())


def _entry(event: Event) -> icalendar.Event:
    subject, entry = event.subject, icalendar.Event()
    address = f"{settings.SITE_URL}{subject.path}"
    entry.add("uid", f"{subject.reference}@{settings.SITE_URL.partition('://')[2]}")
    entry.add("dtstamp", event.status_at)
    entry.add("sequence", subject.version)
    entry.add("dtstart", event.starts_at.astimezone(datetime.UTC))
    entry.add("dtend", event.ends_at.astimezone(datetime.UTC))
    entry.add("summary", subject.title)
    entry.add("description", "\n".join(part for part in (event.text, event.link, address) if part))
    entry.add("url", address)
    entry.add("status", "CANCELLED" if event.status in ("cancelled", "not_held") else "CONFIRMED")
    if event.form != Event.Form.ONLINE:
        entry.add("location", event.where)
    if event.point:
        entry.add("geo", (round(event.point.y, 6), round(event.point.x, 6)))
    return entry
