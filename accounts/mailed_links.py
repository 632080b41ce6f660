"""Links mailed to an address, each used once within half an hour: the way of guests to their own pages."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from accounts.actions import change_address, correspondent_for, verify_correspondent
from accounts.models import Correspondent, MailedLink
from geoportal.kernel import links

PURPOSE = "mailed"
MINUTES = 30
ASKED_LATELY = datetime.timedelta(minutes=2)
"""The same asked again within it sends no second mail: a second click ends no link that is on its way."""
KEPT = datetime.timedelta(days=1)
"""After so long the row is gone; what it proved is long past."""


@transaction.atomic
def send_link(email: str, *, language: str, next_path: str = "") -> MailedLink:
    """Mails a link that opens the address's own pages; it replaces those that were not used yet.

    The same is done for every address, so that nobody learns here which ones are known. Asked again within ASKED_LATELY, also
    several times at once, it answers the link that is on its way.
    """
    return _mail(correspondent_for(email, language), MailedLink.Kind.ENTER, language=language, next_path=next_path)


def _mail(
    correspondent: Correspondent, kind: MailedLink.Kind, *, language: str, next_path: str = "", email: str = ""
) -> MailedLink:
    MailedLink.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    Correspondent.objects.select_for_update().get(pk=correspondent.pk)  # one press after the other
    wanted = {"kind": kind, "language": language, "next": next_path, "email": email.lower()}
    if lately := _under_way(correspondent).filter(**wanted).first():
        return lately
    MailedLink.objects.filter(correspondent=correspondent, kind=kind, used_at=None).delete()
    made = MailedLink.objects.create(correspondent=correspondent, **wanted)
    jobs.configure_task("notifications.mail_link").defer(link_id=made.pk)
    return made


def _under_way(correspondent: Correspondent) -> QuerySet[MailedLink]:
    since = timezone.now() - ASKED_LATELY
    return MailedLink.objects.filter(correspondent=correspondent, used_at=None, created_at__gt=since)


def is_under_way(email: str, *, language: str, next_path: str = "") -> bool:
    """A link to the own pages, asked for in this very way, was mailed to the address just now and not used."""
    found = Correspondent.objects.filter(email__iexact=email).first()
    wanted = {"kind": MailedLink.Kind.ENTER, "language": language, "next": next_path}
    return found is not None and _under_way(found).filter(**wanted).exists()


@transaction.atomic
def ask_address(known: Correspondent, email: str, *, language: str) -> MailedLink:
    """A link goes to the new address; nothing changes before it is opened there."""
    return _mail(known, MailedLink.Kind.ADDRESS, language=language, email=email)


@transaction.atomic
def confirm_address(token: str) -> MailedLink | None:
    """The new address has answered: it is the person's from now on, and both addresses are told.

    None when the link works no more; ValidationError when the address is another account's.
    """
    used = use(token, MailedLink.Kind.ADDRESS)
    if used is None:
        return None
    used.former = used.correspondent.email
    if not change_address(used.correspondent, used.email):
        raise ValidationError(_("This address belongs to another account. Sign in with it, or choose another address."))
    used.save(update_fields=["former"])
    jobs.configure_task("notifications.address_changed").defer(link_id=used.pk)
    return used


def token_of(link: MailedLink) -> str:
    """What stands in the mail."""
    return links.make(PURPOSE, link=link.pk, kind=link.kind)


def opened(token: str, kind: MailedLink.Kind) -> MailedLink | None:
    """The link that the token names, while it was neither used nor is older than half an hour."""
    data = links.read(PURPOSE, token, MINUTES * 60)
    if data is None or data.get("kind") != kind:
        return None
    since = timezone.now() - datetime.timedelta(minutes=MINUTES)
    found = MailedLink.objects.select_related("correspondent").filter(pk=data["link"], used_at=None, created_at__gt=since)
    return found.first()


@transaction.atomic
def use(token: str, kind: MailedLink.Kind) -> MailedLink | None:
    """Uses the link up: the address has answered. None when it was used, replaced or is too old."""
    seen = opened(token, kind)
    if seen is None or not MailedLink.objects.filter(pk=seen.pk, used_at=None).update(used_at=timezone.now()):
        return None
    if kind == MailedLink.Kind.ENTER:
        verify_correspondent(seen.correspondent)
    return seen
