"""The writers of webhooks: made, changed, tested, switched, signed anew, removed; a message sent again; what is old goes."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from accounts.models import Role, User
from municipality.models import Organisation
from notifications.webhooks import matching, sending
from notifications.webhooks.events import CASE, TEST
from notifications.webhooks.owners import may_change, sees_cases
from notifications.webhooks.rows import Webhook, WebhookDelivery
from notifications.webhooks.signing import FORMER_LASTS, new_salt
from reports.actions import case as cases
from reports.cases.rows import Case

MOST_WEBHOOKS = 20
"""Of one organisation or person."""
BODY_DAYS, LOG_DAYS = 30, 90
State = WebhookDelivery.State


@transaction.atomic
def save(*, by: User, organisation: Organisation | None, webhook: Webhook | None = None, **what: Any) -> Webhook:
    """A new webhook of the organisation, else of the person, or `webhook` changed; the owner stays.

    `what`: name, address, events and the columns of its filter (filtering.columns). Raises ValidationError; PermissionDenied where
    only an administrator may change it.
    """
    if CASE in what["events"] and not sees_cases(by, organisation):
        raise ValidationError({"events": _("Cases go only where an administrator sends them.")}, code="forbidden")
    if webhook is None:
        return _made(by, organisation, what)
    there = _locked(webhook.pk, by)
    if there.address != what["address"] or by.has_role(Role.ADMINISTRATOR):
        what["made_by"] = by
    for name, value in what.items():
        setattr(there, name, value)
    there.save(update_fields=list(what))
    return there


def _made(by: User, organisation: Organisation | None, what: dict[str, Any]) -> Webhook:
    owner: dict[str, Any] = {"organisation": organisation} if organisation else {"person": by}
    holder = Organisation if organisation else User
    holder._default_manager.select_for_update(of=("self",)).get(pk=(organisation or by).pk)
    if Webhook.objects.filter(**owner).count() >= MOST_WEBHOOKS:
        message = _("There are %(most)s webhooks already. Remove one that is no longer needed.") % {"most": MOST_WEBHOOKS}
        raise ValidationError(message, code="too_many")
    return Webhook.objects.create(**owner, made_by=by, **what)


def _locked(webhook_id: int, by: User) -> Webhook:
    """Raises PermissionDenied where only an administrator may do more than look; Webhook.DoesNotExist."""
    webhook = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook_id)
    if not may_change(by, webhook):
        raise PermissionDenied
    return webhook


@transaction.atomic
def switch_off(webhook_id: int, *, by: User) -> None:
    """It tells nothing until it is switched on again."""
    _locked(webhook_id, by)
    sending.switch_off(webhook_id, Webhook.Why.BY_HAND)


@transaction.atomic
def switch_on(webhook_id: int, *, by: User) -> None:
    """It tells again, from now on, and of cases that wait or could not be sent; what else failed meanwhile stays in the log."""
    webhook = _locked(webhook_id, by)
    Webhook.objects.filter(pk=webhook_id).update(active=True, failures=0, disabled_at=None, disabled_why="")
    matching.tell_waiting_cases()
    failed = webhook.deliveries.filter(event=CASE, state=State.FAILED, row__subject__report__case__state=Case.State.FAILED)
    for delivery_id in failed.order_by("pk").values_list("pk", flat=True)[: matching.MOST_CASES]:
        replay(delivery_id)


@transaction.atomic
def rotate(webhook_id: int, *, by: User, now: datetime.datetime | None = None) -> None:
    """A new secret; the old one signs too for a day, so that the receiver can be told of the new one without a gap."""
    webhook = _locked(webhook_id, by)
    webhook.former_salt, webhook.salt = webhook.salt, new_salt()
    webhook.former_until = (now or timezone.now()) + FORMER_LASTS
    webhook.save(update_fields=["salt", "former_salt", "former_until"])


@transaction.atomic
def remove(webhook_id: int, *, by: User) -> None:
    """It goes, with its log."""
    _locked(webhook_id, by).delete()


@transaction.atomic
def test(webhook_id: int) -> WebhookDelivery:
    """A message that says that it is a test goes out once, to one that is switched off too. One that still waits is that one."""
    Webhook.objects.select_for_update(of=("self",)).get(pk=webhook_id)
    waiting = WebhookDelivery.objects.filter(webhook=webhook_id, event=TEST, state=State.WAITING).first()
    if waiting is not None:
        return waiting
    delivery = WebhookDelivery.objects.create(webhook_id=webhook_id, event=TEST)
    jobs.configure_task("notifications.webhook").defer(delivery_id=delivery.pk)
    return delivery


@transaction.atomic
def replay(delivery_id: int, now: datetime.datetime | None = None) -> bool:
    """A message that has ended is sent once more under its id, as what it tells of is now; False for one that still waits, or of a
    kind that the webhook no longer hears of.

    A case that could not be sent waits from now on.
    """
    now = now or timezone.now()
    found = WebhookDelivery.objects.select_related("webhook").get(pk=delivery_id)
    if found.event not in (*found.webhook.events, TEST):
        return False
    ended = WebhookDelivery.objects.filter(pk=delivery_id).exclude(state=State.WAITING)
    again = ended.update(state=State.WAITING, attempts=0, since=now, next_at=now, last_error="", last_status=None) == 1
    if again:
        told = WebhookDelivery.objects.select_related("row").get(pk=delivery_id)
        if told.event == CASE and told.row is not None:
            cases.waits_again(told.row.subject_id)
        jobs.configure_task("notifications.webhook").defer(delivery_id=delivery_id)
    return again


def forget_old(now: datetime.datetime) -> None:
    """What was sent is kept 30 days, that it was sent 90."""
    ended = WebhookDelivery.objects.exclude(state=State.WAITING)
    ended.filter(created_at__lt=now - datetime.timedelta(days=LOG_DAYS)).delete()
    ended.filter(created_at__lt=now - datetime.timedelta(days=BODY_DAYS)).exclude(body="").update(body="")
