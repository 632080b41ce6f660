"""Short messages by the operator's own HTTP gateway, where there is one: numbers proven by a code, one POST a message."""

from __future__ import annotations

import datetime
import json
import re
import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts.models import Correspondent
from discussion import messages
from discussion.models import Audience
from geoportal.kernel import outside
from geoportal.kernel.references import display
from notifications import comment_words
from notifications.models import Delivery, Phone

CODE_MINUTES = 15
MOST_WRONG = 5
MOST_LETTERS = 300
NUMBER = re.compile(r"\+[1-9]\d{9,14}")


def number_of(text: str) -> str:
    """+359888123456 from what people write; a leading 0 means the installation's country. Raises ValidationError."""
    plain = re.sub(r"[\s().\-/]", "", text)
    plain = re.sub(r"^00", "+", plain)
    if plain.startswith("0") and settings.SMS_COUNTRY_CODE:
        plain = settings.SMS_COUNTRY_CODE + plain[1:]
    if not NUMBER.fullmatch(plain):
        raise ValidationError(_("Write the number with its country code, as +359 88 812 3456."), code="number")
    return plain


@transaction.atomic
def ask(correspondent: Correspondent, text: str) -> Phone:
    """A code goes to the number; nothing else is sent there before it came back. Raises ValidationError."""
    number, code = number_of(text), f"{secrets.randbelow(10**6):06d}"
    until = timezone.now() + datetime.timedelta(minutes=CODE_MINUTES)
    phone, _new = Phone.objects.update_or_create(
        correspondent=correspondent,
        defaults={"number": number, "code": _digest(code), "code_until": until, "wrong": 0, "confirmed_at": None},
    )
    with translation.override(correspondent.language):
        words = _("Your code for messages: %(code)s") % {"code": code}
    try:
        answer = _post(number, words)
    except (outside.Unreachable, outside.NotAllowed) as failed:
        raise ValidationError(_("The message could not be sent now. Try again later."), code="gateway") from failed
    if answer.status >= 300:
        raise ValidationError(_("The message could not be sent now. Try again later."), code="gateway")
    return phone


@transaction.atomic
def confirm(correspondent: Correspondent, code: str) -> bool:
    """Whether the code is right; five wrong ones or a quarter of an hour end it."""
    phone = Phone.objects.select_for_update().filter(correspondent=correspondent).first()
    if phone is None or not phone.code or phone.code_until is None or phone.code_until < timezone.now():
        return False
    if not constant_time_compare(phone.code, _digest(code.strip())):
        phone.wrong += 1
        if phone.wrong >= MOST_WRONG:
            phone.code = ""
        phone.save(update_fields=["wrong", "code"])
        return False
    phone.code, phone.code_until, phone.confirmed_at = "", None, timezone.now()
    phone.save(update_fields=["code", "code_until", "confirmed_at"])
    return True


def forget(correspondent: Correspondent) -> None:
    """The number goes."""
    Phone.objects.filter(correspondent=correspondent).delete()


def _digest(code: str) -> str:
    return salted_hmac("notifications.sms", code, algorithm="sha256").hexdigest()


def send(delivery: Delivery) -> int | None:
    """The gateway's status, or None when there is no confirmed number (any more)."""
    from notifications.letters import AUDIENCES, address

    phone = Phone.objects.filter(correspondent=delivery.correspondent_id, confirmed_at__isnull=False).first()
    if phone is None or not settings.SMS_URL:
        return None
    row = delivery.row
    with translation.override(delivery.language):
        told = messages.describe(row, language=delivery.language, audience=AUDIENCES.get(delivery.role, Audience.PUBLIC))
    own = comment_words.headline(row, delivery.role, delivery.correspondent_id, delivery.language)
    words, path = own or (told.headline, row.subject.path)
    text = f"{display(row.subject.reference)}: {words[:MOST_LETTERS]} {address(path, delivery.language)}"
    return _post(phone.number, text, reference=delivery.message_id).status


def _post(number: str, text: str, reference: str = "") -> outside.Answer:
    """`reference` is the same for every attempt, so that the gateway can drop a repeat."""
    headers = {"Content-Type": "application/json"}
    if settings.SMS_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_TOKEN}"
    body = json.dumps({"to": number, "text": text, "reference": reference}, ensure_ascii=False).encode()
    return outside.post(settings.SMS_URL, body, headers)
