"""Tokens of programs: `Authorization: Bearer <token>`; only the hash is stored."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.keys import PREFIX_LENGTH, digest, new_key
from accounts.models import ApiToken, User

DAYS = 365


def issue(user: User, name: str, scopes: list[str], expires_at: datetime | None = None) -> tuple[ApiToken, str]:
    """A new token, good for a year where nothing else is said; its text is told once and never stored."""
    text = new_key()
    row = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=text[:PREFIX_LENGTH],
        digest=digest(text),
        scopes=scopes,
        expires_at=expires_at or timezone.now() + timedelta(days=DAYS),
    )
    return row, text


class TokenAuthentication(BaseAuthentication):
    """The token's person, while the token has not expired and the account is active."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed(_("Write the header as: Authorization: Bearer <token>."))
        token = ApiToken.objects.select_related("user").filter(digest=digest(words[1].decode("ascii", "replace"))).first()
        now = timezone.now()
        if token is None or token.expires_at <= now or not token.user.is_active:
            raise AuthenticationFailed(_("This token is unknown or no longer valid."))
        if token.last_used_at is None or token.last_used_at < now - timedelta(minutes=5):
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
