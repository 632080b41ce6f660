"""What stands near a report by the gazetteer: filled in where nobody looked yet, and anew after a new gazetteer."""

from __future__ import annotations

from django.db import transaction

from discussion.models import Subject
from discussion.search import vector
from layers.actions import new_edition
from layers.near import near
from reports import workflow
from reports.models import Report

MOST = 200
"""In one transaction."""


def fill_near(after: int | None = None) -> int | None:
    """Looks for as many reports as one transaction takes, those where nobody looked yet, or with `after` all beyond that key.

    Answers the last key, None when nothing is left. Nothing is told: the place is what it was; a new edition renews answers that are kept.
    """
    changed = False
    with transaction.atomic():
        rows = Report.objects.filter(near__isnull=True) if after is None else Report.objects.filter(pk__gt=after)
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:MOST])
        list(Subject.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").values_list("pk"))
        for report in Report.objects.filter(pk__in=ids).select_related("words", "subject", "picked").order_by("pk"):
            found = {} if report.approximate else near(report.geom)
            if report.near != found:
                report.near = found
                report.save(update_fields=["near"])
                find_by_words(report)
                changed = True
        if changed:
            new_edition()
    return ids[-1] if ids else None


def find_by_words(report: Report) -> None:
    """The search finds the report by its present words; one whose words nobody may read any more, by its title alone."""
    if report.status not in workflow.WORDLESS:
        words = vector(report.subject.title, report.words.text, *report.where_words)
        Subject.objects.filter(pk=report.pk).update(search=words)
