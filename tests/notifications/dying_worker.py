"""A real worker in a process of its own that kills itself at a marked point, or works off what waits.

python dying_worker.py DATABASE SMTP_PORT [before_data | before_commit | after_commit | before_digest_commit | before_taken_commit
  | while_reckoning | while_carrying]
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any


def die(*_args: Any, **_kwargs: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(database: str, port: str, point: str = "") -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    os.environ |= {"DJANGO_SETTINGS_MODULE": "geoportal.settings", "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from django.core.mail import EmailMultiAlternatives
    from procrastinate.contrib.django import app

    from notifications import actions

    deliver = actions.deliver
    match point:
        case "before_data":
            EmailMultiAlternatives.send = die  # type: ignore[assignment]
        case "before_commit":
            actions._settle = die  # type: ignore[assignment]
        case "after_commit":
            actions.deliver = lambda delivery_id: die(deliver(delivery_id))  # type: ignore[assignment, return-value]
        case "before_digest_commit":
            from notifications import digests

            digests._settle = die  # type: ignore[assignment]
        case "before_taken_commit":
            from notifications.webhooks import sending

            sending._taken = die
        case "while_reckoning":
            from reports.planning import asking

            asking.answered = die
        case "while_carrying":
            from layers.actions import imports

            imports.new_edition = die
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
