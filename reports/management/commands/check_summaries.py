"""`manage.py check_summaries [--repair]`: counts the map's points and summaries again from the reports."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.querysets import today
from reports.spatial import summary


class Command(BaseCommand):
    help = "Recounts points and summaries of the map; --repair makes them anew, while nobody can write."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="make everything anew from the reports")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["repair"]:
            points = summary.rebuild(today(), settings.TIME_ZONE)
            self.stdout.write(f"{points} points and their summaries were made anew")
            return
        wrong = summary.faults()
        for table, count in wrong.items():
            self.stderr.write(f"{table}: {count} rows differ from the recount")
        if wrong:
            raise CommandError("the summaries are not true; `manage.py check_summaries --repair` makes them anew")
        self.stdout.write("points and summaries are true")
