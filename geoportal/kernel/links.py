"""Signed tokens for links in mails: purpose, a few ids, an age. No link acts on GET."""

from __future__ import annotations

from typing import Any

from django.core import signing


def make(purpose: str, **data: Any) -> str:
    """A URL-safe token that only `read` with the same purpose accepts."""
    return signing.dumps(data, salt=f"geoportal.link.{purpose}", compress=True)


def read(purpose: str, token: str, max_age_seconds: int) -> dict[str, Any] | None:
    """The data, or None when the token is forged, for another purpose or older than `max_age_seconds`."""
    try:
        return signing.loads(token, salt=f"geoportal.link.{purpose}", max_age=max_age_seconds)
    except signing.BadSignature:
        return None
