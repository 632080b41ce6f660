"""What is told, in one line: where it is and its category; and by which of the reader's alerts it was found."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.text import capfirst
from django.utils.translation import ngettext

from discussion.models import Subject
from discussion.words import quoted
from geoportal.kernel.multilingual import text_in
from notifications.alert_words import Wording
from notifications.models import Alert
from participation.everything import NAMES
from participation.models import Event
from participation.wording import when_and_where
from reports.models import Report


def where_and_what(subjects: Collection[int]) -> dict[int, str]:
    """{subject: „ул. Рила 4, с. Дъбрава · Дупка“, „Инициатива · гр. Левка“, „Събитие · сряда, 2 декември 2026, 18:00 – 20:00 · гр. Левка“}
    in the language in force; one query, one more where some are no reports, another for events. Only for who may read them."""
    reports = Report.objects.filter(pk__in=subjects).select_related("area", "category").defer("area__polygon")
    found = {
        report.pk: " · ".join(part for part in (report.where, text_in(report.category.name)) if part) for report in reports
    }
    if others := set(subjects) - set(found):
        rows = Subject.objects.filter(pk__in=others, kind__in=NAMES).select_related("area").defer("area__polygon")
        kinds = {row.pk: row.kind for row in rows}
        found |= {row.pk: f"{capfirst(NAMES[row.kind][0])} · {row.area.full_name}" for row in rows}
        if events := [pk for pk, kind in kinds.items() if kind == Subject.Kind.EVENT]:
            found_events = Event.objects.filter(pk__in=events).with_page_facts()
            found |= {event.pk: f"{capfirst(NAMES['event'][0])} · {when_and_where(event)}" for event in found_events}
    return found


def titles(alerts: Iterable[int], *, active: bool = False) -> dict[int, str]:
    """{alert: what its owner calls it, else where it listens} of those that are there still; four queries.

    `active`: without those that tell no more.
    """
    rows = Alert.objects.filter(pk__in=set(alerts)).order_by("pk")
    found = list(rows.filter(active=True) if active else rows)
    wording = Wording(found)
    return {alert.pk: wording.title(alert) for alert in found}


def found_by(alerts: Iterable[int], named: dict[int, str]) -> str:
    """„По Вашето известие „Нашата улица“.“; "" when none of them is there any more."""
    names = [quoted(named[pk]) for pk in sorted(set(alerts)) if pk in named]
    words = ngettext("Told by your alert %(names)s.", "Told by your alerts %(names)s.", len(names))
    return words % {"names": ", ".join(names)} if names else ""
