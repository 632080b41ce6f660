"""Writes the map's ground for phones: python manage.py make_ground."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from layers import ground_file

MOST_BYTES = 150_000


class Command(BaseCommand):
    help = "Writes the ground of the map as one file of vector tiles, which phones keep; the worker makes it too, minutes after new data."

    def handle(self, *args: Any, **options: Any) -> None:
        made = ground_file.make()
        if made is None:
            raise CommandError("No outline is loaded: load a municipality first.")
        self.stdout.write(f"{made.path.name}: {made.tiles} tiles to zoom {made.zoom}, {made.size / 1000:.1f} kB")
        if made.size > MOST_BYTES:
            self.stderr.write(
                f"More than {MOST_BYTES // 1000} kB: phones of visitors load it with their first visit. Take layers out of the ground."
            )
