"""Keys of programs: random texts told once, of which only a hash is kept."""

from __future__ import annotations

import hashlib
import secrets

from accounts.models import ApiClient

PREFIX_LENGTH = 8


def new_key() -> str:
    """256 random bits as a text for headers and forms."""
    return secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """SHA-256 of the key: it is 256 random bits, so a plain hash cannot be searched."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def give(client: ApiClient) -> str:
    """A new key of the client, which is saved with it, of a client that is there already the key alone; the one before stops."""
    key = new_key()
    client.prefix, client.digest = key[:PREFIX_LENGTH], digest(key)
    client.save(update_fields=["prefix", "digest"] if client.pk else None)
    return key
