"""Tokens for programs: made and revoked by a person who is signed in; the text is told once and only its hash is kept."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ApiToken, User
from api.authentication import DAYS, issue
from reports.filters import midnight

MOST = 20
"""Of one person, that are still good."""


def own(user: User) -> Any:
    """The person's tokens, those that have ended too."""
    return ApiToken.objects.filter(user=user)


def last_day() -> datetime.date:
    """The longest that a token made today may hold."""
    return timezone.localdate() + datetime.timedelta(days=DAYS)


@transaction.atomic
def make(user: User, name: str, scopes: list[str], expires_on: datetime.date | None = None) -> tuple[ApiToken, str]:
    """(row, text). It holds to the end of `expires_on`, a year without it. Raises ValidationError: `many`, or `expires_on`."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two at once count each other
    if own(user).filter(expires_at__gt=timezone.now()).count() >= MOST:
        raise ValidationError(_("You have %(most)s tokens. Revoke one first.") % {"most": MOST}, code="many")
    if expires_on and not timezone.localdate() < expires_on <= last_day():
        raise ValidationError({"expires_on": _("Choose a day from tomorrow to a year from today.")})
    ends = midnight(expires_on + datetime.timedelta(days=1)) if expires_on else None
    return issue(user, name, sorted(set(scopes)), ends)


def revoke(user: User, token_id: int) -> bool:
    """It is dead with this; whether there was one."""
    return bool(own(user).filter(pk=token_id).delete()[0])
