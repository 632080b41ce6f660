"""`manage.py make_open_data`: the files of open data, now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from api.open_data.writing import make


class Command(BaseCommand):
    help = "Writes the files of /open-data/ anew."

    def handle(self, *args: Any, **options: Any) -> None:
        found = make()
        for file in found.files:
            self.stdout.write(f"{file.name}: {file.rows} rows, {file.bytes} bytes")
