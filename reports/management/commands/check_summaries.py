"""`manage.py check_summaries [--repair]`: counts the map's points and summaries again from the reports."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import F

from municipality import site
from municipality.models import Installation
from reports.querysets import today
from reports.spatial import summary


class Command(BaseCommand):
    help = (
        "Recounts points and summaries of the map; --repair makes them anew: until it ends, all can read and nobody can write."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="make everything anew from the reports")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["repair"]:
            with transaction.atomic():
                points = summary.rebuild(today(), settings.TIME_ZONE)
                # Answers made from what was not true must not be kept, by the site or by browsers.
                Installation.objects.update(edition=F("edition") + 1)
            site.forget()
            self.stdout.write(f"{points} points and their summaries were made anew")
            return
        wrong = summary.faults()
        for table, count in wrong.items():
            self.stderr.write(f"{table}: {count} rows differ from the recount")
        if wrong:
            raise CommandError("the summaries are not true; `manage.py check_summaries --repair` makes them anew")
        self.stdout.write("points and summaries are true")
