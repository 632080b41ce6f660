"""What is told, in one line: where it is and its category; and by which of the reader's alerts it was found."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.translation import ngettext

from discussion import messages
from geoportal.kernel.multilingual import text_in
from notifications.alert_words import Wording
from notifications.models import Alert
from reports.models import Report


def where_and_what(subjects: Collection[int]) -> dict[int, str]:
    """{report: „ул. Рила 4, с. Дъбрава · Дупка“} in the language in force; one query. Only for who may read them."""
    reports = Report.objects.filter(pk__in=subjects).select_related("area", "category").defer("area__polygon")
    return {report.pk: " · ".join(part for part in (report.where, text_in(report.category.name)) if part) for report in reports}


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
    names = [messages.quoted(named[pk]) for pk in sorted(set(alerts)) if pk in named]
    words = ngettext("Told by your alert %(names)s.", "Told by your alerts %(names)s.", len(names))
    return words % {"names": ", ".join(names)} if names else ""
