from __future__ import annotations

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from accounts.actions import on_copy, on_erasing, on_merging
        from notifications import person

        on_copy(person.copy_of)
        on_erasing(person.erase)
        on_merging(person.take_over)
