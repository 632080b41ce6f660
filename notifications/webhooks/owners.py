"""Whose webhooks somebody keeps: an administrator everybody's, a head the department's, a representative the organisation's."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import Role, User
from municipality.models import Organisation
from notifications.webhooks.events import CASE
from notifications.webhooks.rows import Webhook


@dataclass(frozen=True)
class Owners:
    """`organisations`: for which webhooks are kept; `in_person`: also in the own name."""

    organisations: list[Organisation]
    in_person: bool

    def __bool__(self) -> bool:
        return self.in_person or bool(self.organisations)


def keeps(user: User) -> bool:
    """Whether there is anybody for whom this person keeps webhooks."""
    return user.has_role(Role.ADMINISTRATOR) or bool(_led(user))


def _led(user: User) -> list[Organisation]:
    led = [held.organisation for held in user.held if {Role.HEAD, Role.REPRESENTATIVE} & set(held.roles)]
    return [each for each in led if each.trusted]


def owners_of(user: User) -> Owners:
    """For whom this person keeps webhooks."""
    if user.has_role(Role.ADMINISTRATOR):
        trusted = Q(kind=Organisation.Kind.DEPARTMENT) | Q(verified_at__isnull=False)
        return Owners(list(Organisation.objects.filter(trusted, active=True)), in_person=True)
    return Owners(_led(user), in_person=False)


def webhooks_of(user: User) -> QuerySet[Webhook]:
    """The webhooks that this person keeps; the newest first."""
    found = Webhook.objects.select_related("organisation", "person").order_by("-pk")
    if user.has_role(Role.ADMINISTRATOR):
        return found
    return found.filter(organisation__in=_led(user))


def sees_cases(user: User, organisation: Organisation | None) -> bool:
    """An administrator, for a department or in the own name: cases are the administration's."""
    outside = organisation is not None and organisation.kind != Organisation.Kind.DEPARTMENT
    return user.has_role(Role.ADMINISTRATOR) and not outside


def may_change(user: User, webhook: Webhook) -> bool:
    """Change, switch, renew and remove it, and know its secret: of one that hears of cases an administrator alone.

    Whoever else keeps it reads its log, tests it and sends again: cases of other departments go through it too.
    """
    return user.has_role(Role.ADMINISTRATOR) or CASE not in webhook.events


def own_hosts(user: User | None) -> list[str]:
    """Hosts (`host:port`) of the operator's own that a webhook may reach whose address this person gave: an administrator's alone."""
    return list(settings.WEBHOOK_TRUSTED) if user is not None and user.has_role(Role.ADMINISTRATOR) else []


def has_right(webhook: Webhook, event: str) -> bool:
    """Whether its owner may hear of this now: for one what matching.MATCHING says of all."""
    if webhook.organisation is not None:
        return webhook.organisation.trusted and (event != CASE or webhook.organisation.kind == Organisation.Kind.DEPARTMENT)
    return webhook.person is not None and webhook.person.has_role(Role.ADMINISTRATOR)


def mail_address(webhook: Webhook) -> tuple[str, str]:
    """(address, language) of whoever is written to: the organisation's mailbox, else who made it; ("", "") for nobody.

    Of one that hears of cases the administrator behind it, who alone can switch it on again.
    """
    behind = webhook.made_by
    theirs = CASE in webhook.events and behind is not None and behind.has_role(Role.ADMINISTRATOR)
    if webhook.organisation is not None and webhook.organisation.mailbox and not theirs:
        return webhook.organisation.mailbox, ""
    person = behind if theirs else webhook.person or behind
    return (person.email, person.language) if person and person.is_active else ("", "")
