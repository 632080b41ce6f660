"""A message handed over to what carries it: the mail server, a push service, the gateway for SMS."""

from __future__ import annotations

import smtplib
from collections.abc import Callable

from django.core.mail import EmailMultiAlternatives

from geoportal.kernel import outside
from notifications import letters, push, sight, sms
from notifications.models import Channel, Delivery


class TryAgain(Exception):
    """The message could not be handed over now; nothing is lost, the job is to be repeated."""


class Refused(Exception):
    """Refused for good; the text says why, without an address."""


def hand_over(delivery: Delivery) -> bool:
    """False when there is nobody (any more) to hand it to, or nothing that the addressee may still read. Raises TryAgain or Refused."""
    if delivery.channel in (Channel.PUSH, Channel.SMS):
        return sight.may_be_named(delivery) and _asked(push.send if delivery.channel == Channel.PUSH else sms.send, delivery)
    to = delivery.correspondent.email if delivery.correspondent else delivery.mailbox
    made = letters.letter(delivery, to) if to else None
    if made is None:
        return False
    mail(made)
    return True


def mail(made: EmailMultiAlternatives) -> None:
    """To the mail server. Raises TryAgain or Refused."""
    try:
        made.send()
    except (smtplib.SMTPException, OSError, UnicodeError) as failed:
        if permanent(failed):
            raise Refused(described(failed)) from failed
        again = TryAgain(type(failed).__name__)
        raise again from failed


def _asked(send: Callable[[Delivery], int | None], delivery: Delivery) -> bool:
    try:
        status = send(delivery)
    except outside.NotAllowed as failed:
        raise Refused("address not allowed") from failed
    except outside.Unreachable as failed:
        raise TryAgain(str(failed)) from failed
    if status is None or status in (404, 410):
        return False
    if status in (408, 425, 429) or status >= 500:
        raise TryAgain(f"status {status}")
    if status >= 300:
        raise Refused(f"status {status}")
    return True


def permanent(failed: Exception) -> bool:
    """The server refuses this recipient or message for good (5xx), or the address cannot be written."""
    if isinstance(failed, UnicodeError):
        return True
    if isinstance(failed, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in failed.recipients.values())
    if isinstance(failed, smtplib.SMTPDataError):
        return failed.smtp_code >= 500
    return False


def described(failed: Exception) -> str:
    """What went wrong, without the address that servers repeat in their answers."""
    if isinstance(failed, smtplib.SMTPRecipientsRefused):
        return f"recipient refused {sorted(code for code, _text in failed.recipients.values())[0]}"
    if isinstance(failed, smtplib.SMTPDataError):
        return f"message refused {failed.smtp_code}"
    return type(failed).__name__
