"""`manage.py learn_categories`: learns from the published reports which category words speak of."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from geoportal.kernel import child
from reports import learning


class Command(BaseCommand):
    help = (
        "Learns categories from the published reports; what was learned is used only if it beats the rules on held-out reports."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            found = learning.learn()
        except child.Unanswered as wrong:
            raise CommandError(f"learning was not finished ({wrong.why}): {wrong}; what was learned before stays") from wrong
        if found.learned is None or found.rules is None:
            self.stdout.write(
                f"{found.rows} reports in {found.categories} categories with at least {learning.FEWEST_EACH} each; learning needs "
                f"{learning.FEWEST} in {learning.FEWEST_CATEGORIES}: nothing changed"
            )
            return
        self.stdout.write(f"learned from {found.rows} published reports in {found.categories} categories")
        self.stdout.write(f"right on {found.held} held-out reports: learned {found.learned:.1%}, rules {found.rules:.1%}")
        self.stdout.write("what was learned is used" if found.better else "it is not better, the rules stay")
