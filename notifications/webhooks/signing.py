"""How a message is signed: the scheme of Standard Webhooks (https://www.standardwebhooks.com/), HMAC-SHA256 over id.timestamp.body.

The secret of a webhook is reckoned from its salt and the installation's key, so that a copy of the database signs nothing.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from notifications.webhooks.rows import Webhook

PREFIX = "whsec_"
FORMER_LASTS = datetime.timedelta(hours=24)
"""After a secret was renewed, messages are signed by the old one too for so long."""


def new_salt() -> str:
    """256 random bits as 43 letters."""
    return secrets.token_urlsafe(32)


def _key(salt: str) -> bytes:
    """The 32 bytes that sign."""
    return hmac.new(settings.SECRET_KEY.encode(), f"notifications.webhook {salt}".encode(), hashlib.sha256).digest()


def secret(webhook: Webhook) -> str:
    """The secret as its owner copies it: `whsec_` and base64."""
    return PREFIX + base64.b64encode(_key(webhook.salt)).decode()


def headers(webhook: Webhook, message_id: str, body: bytes, now: datetime.datetime) -> dict[str, str]:
    """What goes with the body: id, time in seconds of Unix, one signature or, in the day after a renewal, two."""
    moment = int(now.timestamp())
    salts = [webhook.salt]
    if webhook.former_salt and webhook.former_until and webhook.former_until > now:
        salts.append(webhook.former_salt)
    return {
        "Content-Type": "application/json",
        "User-Agent": "geoportal-webhook/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(_signature(salt, message_id, moment, body) for salt in salts),
    }


def _signature(salt: str, message_id: str, moment: int, body: bytes) -> str:
    signed = hmac.new(_key(salt), f"{message_id}.{moment}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"
