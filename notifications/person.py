"""What is kept here about one person: given out, moved to another address of the same person, erased."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from accounts.models import Correspondent
from geoportal.kernel.geometry import as_geojson
from notifications.models import (
    Alert,
    Choice,
    Delivery,
    Digest,
    Habits,
    InboxEntry,
    Muted,
    Phone,
    State,
    Waiting,
    Webhook,
)  # fmt: skip


def copy_of(known: Correspondent) -> dict[str, Any]:
    """For the person's copy: alerts, choices, habits, devices, the phone, webhooks, what was told. Keys of devices are no one's reading."""
    return {
        "alerts": [_alert(alert) for alert in known.alerts.order_by("pk")],
        "notifications": list(known.choices.order_by("event", "channel").values("event", "channel", "wanted")),
        "notification_times": Habits.objects.filter(pk=known.pk).values().first(),
        "devices": list(known.push_subscriptions.order_by("pk").values("created_at", "language")),
        "phone": Phone.objects.filter(pk=known.pk).values("number", "confirmed_at").first(),
        "webhooks": list(
            Webhook.objects.filter(person=known.user_id).exclude(person=None)
            .order_by("pk").values("name", "address", "events", "filter", "active", "made_at")
        ),
        "inbox": list(
            known.inbox.order_by("pk").values("row__subject__reference", "row__code", "created_at", "read_at")
        ),
        "mails": list(
            Delivery.objects.filter(correspondent=known, state=State.SENT)
            .order_by("pk").values("row__subject__reference", "row__code", "channel", "sent_at")
        ),
    }  # fmt: skip


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "name": alert.name,
        "place": as_geojson(alert.geom) if alert.geom else None,
        "metres": alert.metres,
        "areas": alert.areas,
        "sectors": alert.sectors,
        "categories": alert.categories,
        "kinds": alert.kinds,
        "words": alert.words,
        "new": alert.new,
        "updates": alert.updates,
        "frequency": alert.frequency,
        "active": alert.active,
        "since": alert.created_at,
    }


def erase(known: Correspondent) -> None:
    """All of it goes; of what was sent only the fact remains, as for everybody without an address."""
    known.alerts.all().delete()
    known.choices.all().delete()
    known.inbox.all().delete()
    known.push_subscriptions.all().delete()
    Webhook.objects.filter(person=known.user_id).exclude(person=None).delete()
    for model in (Habits, Phone):
        model.objects.filter(pk=known.pk).delete()
    Waiting.objects.filter(correspondent=known, digest=None).delete()


def take_over(guest: Correspondent, into: Correspondent) -> None:
    """The guest's wishes become the person's, each once; where both said something, the person's own word holds."""
    guest.alerts.update(correspondent=into)
    guest.push_subscriptions.update(correspondent=into)
    for choice in guest.choices.all():
        if not into.choices.filter(event=choice.event, channel=choice.channel).exists():
            Choice.objects.filter(pk=choice.pk).update(correspondent=into)
    guest.choices.all().delete()
    for model in (Habits, Phone):
        _move_one(model, guest, into)
    _move(InboxEntry, "row", guest, into)
    _move(Muted, "subject", guest, into)
    _move(Waiting, "row", guest, into, Q(digest=None))
    _move(Delivery, "row", guest, into, Q(state=State.QUEUED))
    Digest.objects.filter(correspondent=guest, state=State.QUEUED).exclude(
        period__in=Digest.objects.filter(correspondent=into).values("period")
    ).update(correspondent=into)


def _move_one(model: type[Model], guest: Correspondent, into: Correspondent) -> None:
    rows = model._default_manager
    if rows.filter(pk=into.pk).exists():
        rows.filter(pk=guest.pk).delete()
    else:
        rows.filter(pk=guest.pk).update(correspondent=into)


def _move(model: type[Model], by: str, guest: Correspondent, into: Correspondent, which: Q | None = None) -> None:
    """Rows of the guest that the person has not yet, told apart by `by`; the others go, being told already."""
    rows = model._default_manager.filter(which or Q(), correspondent=guest)
    held = model._default_manager.filter(correspondent=into).values(by)
    rows.exclude(**{f"{by}__in": held}).update(correspondent=into)
    model._default_manager.filter(which or Q(), correspondent=guest).delete()
