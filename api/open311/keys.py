"""Who may write: the client of a key, while it holds, for what it was given, as often as was agreed."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.keys import digest
from accounts.models import ApiClient, User
from api.open311.answers import refused
from geoportal.kernel import throttle
from reports import rules


def client_of(request: HttpRequest, key: str, *scopes: str) -> ApiClient:
    """The client of the key in the field `api_key` or as `Authorization: Bearer`; raises Problem (403) for any other.

    It has one of the scopes at least.
    """
    words = request.headers.get("Authorization", "").split()
    told = key or (words[1] if len(words) == 2 and words[0].lower() == "bearer" else "")
    if not told:
        raise refused(_("Sending needs a key: send it as api_key."), status=403)
    client = ApiClient.objects.select_related("account").filter(digest=digest(told)).first()
    if client is None or not client.active or client.expires_on < timezone.localdate():
        raise refused(_("This key is unknown or no longer valid."), status=403)
    if not set(client.scopes) & set(scopes):
        raise refused(_("This key was not given the right to do this."), status=403)
    now = timezone.now()
    if client.last_used_at is None or client.last_used_at < now - timedelta(minutes=5):
        ApiClient.objects.filter(pk=client.pk).update(last_used_at=now)
    return client


def voucher(client: ApiClient) -> User | None:
    """The official in whose name the client's reports are received at once; None: they are a guest's."""
    account = client.account
    vouches = ApiClient.Scope.ENTER in client.scopes and account is not None and account.is_active
    return account if vouches and rules.may_enter_for_others(account) else None


def count(client: ApiClient, *, email: str = "", point: tuple[float, float] | None = None) -> None:
    """One request of the client's quota, one report of the person and of the place. Raises Throttled."""
    people = {"contact": email.casefold(), "cell": throttle.cell(*point) if point else ""}
    quota = [
        throttle.Hit("client_request", str(client.pk), client.per_hour, 3_600),
        throttle.Hit("client_request", str(client.pk), client.per_day, 86_400),
    ]
    throttle.count([*quota, *throttle.hits("report", people)])
