"""A webhook on loopback, and what it hears of a report."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from municipality.models import Organisation
from notifications import actions
from notifications.models import Webhook, WebhookDelivery
from notifications.webhooks import filtering, keeping
from notifications.webhooks.events import NAMES
from tests import factories

EVENTS = [name for name in NAMES if name != "case.filed"]


def hook(catcher: Any, *, by: Any = None, organisation: str = "roads", asked: str = "", **what: Any) -> Webhook:
    """One of the department's that hears everything public, or what is given."""
    given = {"name": asked or "Карта", "address": f"{catcher.address}/in", "events": EVENTS, **filtering.columns(asked), **what}
    owner = Organisation.objects.get(slug=organisation) if organisation else None
    return keeping.save(by=by or factories.administrator(), organisation=owner, **given)


def told(row: Any) -> list[WebhookDelivery]:
    """The messages to programs about the act."""
    actions.tell(row.pk)
    return list(WebhookDelivery.objects.filter(row=row).order_by("pk"))


def sent(**fields: Any) -> Any:
    """The row of a report that has just come in."""
    return factories.report(tells=True, **fields).subject.timeline.get()


def signed(secret: str, headers: dict[str, str], body: bytes) -> str:
    """The signature as a receiver reckons it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
