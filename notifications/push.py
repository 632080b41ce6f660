"""Web push (RFC 8030): which browsers take messages, the installation's own keys, and a message handed over."""

from __future__ import annotations

import base64
import json
import os
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts.models import Correspondent
from discussion import messages
from discussion.models import Audience
from geoportal.kernel import outside
from notifications import comment_words
from notifications.models import Delivery, PushSubscription, State

MOST_DEVICES = 10
LIFE_SECONDS = 3 * 86_400
"""How long the push service keeps a message for a phone that is switched off."""
MOST_BODY = 300
"""Letters of the message: the whole must fit into 4096 bytes when encrypted."""


def keys() -> tuple[str, str]:
    """(private, public) keys of the installation, base64url without padding: from the environment, else made once."""
    path = Path(settings.VAR_DIR) / "vapid_key"
    if settings.VAPID_PRIVATE_KEY:
        return settings.VAPID_PRIVATE_KEY, _public_of(settings.VAPID_PRIVATE_KEY)
    if not path.exists():
        _make(path)
    private, public = path.read_text().split()
    return private, public


def _make(path: Path) -> None:
    """Written aside and linked, so that of two processes one wins and both read the same."""
    from py_vapid import Vapid02

    made = Vapid02()
    made.generate_keys()
    private = _text(made.private_key.private_numbers().private_value.to_bytes(32, "big"))
    aside = path.with_name(f"vapid_key.{os.getpid()}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{private} {_public_of(private)}\n")
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def _public_of(private: str) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    number = int.from_bytes(_bytes(private), "big")
    point = ec.derive_private_key(number, ec.SECP256R1()).public_key()
    return _text(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# -- devices


@transaction.atomic
def subscribe(correspondent: Correspondent, *, endpoint: str, p256dh: str, auth: str, language: str) -> PushSubscription:
    """This browser takes messages for this person from now on. Raises ValidationError for what no browser sends."""
    _check(endpoint, p256dh, auth)
    _one_after_the_other(correspondent)
    made, _new = PushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={"correspondent": correspondent, "p256dh": p256dh, "auth": auth, "language": language},
    )
    old = PushSubscription.objects.filter(correspondent=correspondent).order_by("-pk")[MOST_DEVICES:]
    PushSubscription.objects.filter(pk__in=[device.pk for device in old]).delete()
    return made


def _check(endpoint: str, p256dh: str, auth: str) -> None:
    """Raises ValidationError for an address and keys that no browser sends."""
    try:
        outside.check(endpoint, trusting=settings.PUSH_TRUSTED)
        right = len(_bytes(p256dh)) == 65 and len(_bytes(auth)) == 16
    except (outside.NotAllowed, ValueError):
        right = False
    if not right or len(endpoint) > 1000:
        raise ValidationError(_("This browser cannot take messages. Try another one."), code="subscription")


def _one_after_the_other(correspondent: Correspondent) -> None:
    """The page and the worker of one browser may say the same at once: the later finds what the earlier wrote."""
    Correspondent.objects.select_for_update().get(pk=correspondent.pk)


def known_device(said: object) -> PushSubscription | None:
    """The device that names itself by its former address together with the secret that only it and this site know."""
    if not isinstance(said, dict) or not isinstance(keys := said.get("keys"), dict):
        return None
    found = PushSubscription.objects.select_related("correspondent").filter(endpoint=str(said.get("endpoint", ""))).first()
    return found if found and constant_time_compare(found.auth, str(keys.get("auth", ""))) else None


@transaction.atomic
def renew(device: PushSubscription, *, endpoint: str, p256dh: str, auth: str) -> PushSubscription:
    """The browser gave the device another address: what is queued for it and what follows goes there, in its language.

    The row stays the same one, so no other device of the person is pushed out. A row that the page made for the new address
    meanwhile is the same device said twice and goes: what it alone was to be told, this one is told.
    """
    _check(endpoint, p256dh, auth)
    _one_after_the_other(device.correspondent)
    for twin in PushSubscription.objects.select_for_update().filter(endpoint=endpoint).exclude(pk=device.pk):
        if twin.correspondent_id != device.correspondent_id:  # the next person of a shared computer turned messages on since
            device.delete()
            return twin
        queued = Delivery.objects.filter(device=twin.pk, correspondent=device.correspondent_id, state=State.QUEUED)
        told = Delivery.objects.filter(device=device.pk, correspondent=device.correspondent_id).values("row")
        queued.exclude(row__in=told).update(device=device.pk)
        twin.delete()
    if not PushSubscription.objects.filter(pk=device.pk).update(endpoint=endpoint, p256dh=p256dh, auth=auth):  # gone meanwhile
        return subscribe(device.correspondent, endpoint=endpoint, p256dh=p256dh, auth=auth, language=device.language)
    device.refresh_from_db()
    return device


def unsubscribe(correspondent: Correspondent, endpoint: str) -> None:
    """This browser takes none any more."""
    PushSubscription.objects.filter(correspondent=correspondent, endpoint=endpoint).delete()


# -- messages


def payload(delivery: Delivery, language: str) -> dict[str, str]:
    """{title, body, url, tag}: the report's title, what happened, its page; the tag lets news of one report replace older."""
    from notifications.letters import AUDIENCES, address

    row = delivery.row
    with translation.override(language):
        told = messages.describe(row, language=language, audience=AUDIENCES.get(delivery.role, Audience.PUBLIC))
    staff = AUDIENCES.get(delivery.role) == Audience.STAFF
    path, words = f"/desk/{row.subject.reference}/" if staff else row.subject.path, told.headline
    if own := comment_words.headline(row, delivery.role, delivery.correspondent_id, language):
        words, path = own
    url = address(path, language).removeprefix(settings.SITE_URL)
    return {"title": row.subject.title, "body": words[:MOST_BODY], "url": url, "tag": f"subject-{row.subject_id}"}


def send(delivery: Delivery) -> int | None:
    """Hands it to the push service of the device: the service's status, or None when the device is gone.

    Raises outside.Unreachable and outside.NotAllowed. A device that the service no longer knows (404, 410) is forgotten.
    """
    device = PushSubscription.objects.filter(pk=delivery.device, correspondent=delivery.correspondent_id).first()
    if device is None:
        return None
    body = json.dumps(payload(delivery, device.language), ensure_ascii=False).encode()
    answer = outside.post(device.endpoint, _sealed(device, body), _headers(device, delivery), trusting=settings.PUSH_TRUSTED)
    if answer.status in (404, 410):
        device.delete()
    return answer.status


def _sealed(device: PushSubscription, body: bytes) -> bytes:
    from pywebpush import WebPusher

    info: dict[str, Any] = {"endpoint": device.endpoint, "keys": {"p256dh": device.p256dh, "auth": device.auth}}
    return bytes(WebPusher(info).encode(body, content_encoding="aes128gcm")["body"])


def _headers(device: PushSubscription, delivery: Delivery) -> dict[str, str]:
    from py_vapid import Vapid02

    private, _public = keys()
    parts = urlsplit(device.endpoint)
    sender = f"mailto:{settings.DEFAULT_FROM_EMAIL.rpartition('<')[2].strip('>')}"
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "sub": sender, "exp": int(time.time()) + 12 * 3600}
    urgent = "high" if delivery.row.code in ("ask", "due_soon") else "normal"
    return {
        **Vapid02.from_raw(private.encode()).sign(claims),
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(LIFE_SECONDS),
        "Urgency": urgent,
        # 32 base64url letters at most: a newer message about the same subject replaces one that still waits.
        "Topic": f"subject-{delivery.row.subject_id}"[:32],
    }
