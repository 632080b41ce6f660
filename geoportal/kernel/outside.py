"""The one door by which the site asks an address that somebody gave: only https, only public addresses.

`post` follows nothing; `get` at most two redirects, each checked as if it had been given.

The name is resolved once and the connection goes to what was checked, so that a name cannot mean something else a moment
later. `settings.OUTSIDE_TRUSTED` names hosts of the operator's own (`host:port`) that may be private and plain; `check` and
`post` take another list in its place, for addresses that others than the operator give.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings

MOST_BYTES = 65_536
SECONDS = 10
"""For one answer of the wire."""
MOST_SECONDS = 30
"""For all of it: who answers letter by letter is cut off."""
SECONDS_FOR_A_NAME = 5
"""The system's resolver knows no limit of its own that one could set."""
NEVER = tuple(ipaddress.ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "fec0::/10"))
"""Addresses behind which a gateway may hide a private one, or that are private although Python calls them global."""


class NotAllowed(Exception):
    """The address is no place for the site to ask; trying again changes nothing."""


class Unreachable(Exception):
    """Nobody answered now."""


class TooLarge(NotAllowed):
    """What answered holds more bytes than were asked for."""


MOST_REDIRECTS = 2


@dataclass(frozen=True)
class Answer:
    """Status, body (of `post` at most 64 KiB), and the header Retry-After in seconds, if there was one that can be read."""

    status: int
    body: bytes
    retry_after: int | None


def check(address: str, *, trusting: Collection[str] | None = None) -> None:
    """Raises NotAllowed for an address that can be seen to be wrong without asking anybody. `trusting`: as for `post`."""
    _parts(address, trusting)


def post(
    address: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    trusting: Collection[str] | None = None,
    seconds: float | None = None,
) -> Answer:
    """Sends `body` there. Raises NotAllowed or Unreachable.

    `trusting`: the hosts (`host:port`) that may be private and plain, in place of the operator's gateways; `seconds`: for all of
    it, with the name, else MOST_SECONDS.
    """
    host, port, path, trusted = _parts(address, trusting)
    until = time.monotonic() + (seconds or MOST_SECONDS)
    plain = trusted and address.startswith("http://")
    try:
        with _connected(host, port, _resolved(host, port, trusted), plain=plain, until=until) as connection:
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(MOST_BYTES), _wait(answer.getheader("Retry-After", "")))
    except (OSError, http.client.HTTPException) as failed:
        raise Unreachable(type(failed).__name__) from failed


def _wait(said: str) -> int | None:
    """Seconds from now of a number or a date (RFC 9110, 10.2.3); None for anything else."""
    if said.isascii() and said.isdigit():
        return int(said) if len(said) < 10 else None
    try:
        until = parsedate_to_datetime(said)
        return max(0, round(until.timestamp() - time.time()))
    except (ValueError, TypeError, OverflowError):
        return None


def place(address: str) -> str:
    """`host:port` of an address. Raises NotAllowed."""
    host, port, *_rest = _parts(address)
    return f"{host}:{port}"


def get(address: str, *, most: int, accept: str = "*/*", within: str = "") -> Answer:
    """What stands there, at most `most` bytes of it. Raises NotAllowed (TooLarge), Unreachable.

    `within`: the one place (`host:port`) that may be asked although only the operator's trust allows it; "": that of the address.
    So nobody who is asked can lead on to another host of the operator's own.
    """
    within = within or place(address)
    for _step in range(MOST_REDIRECTS + 1):
        host, port, path, trusted = _parts(address)
        if trusted and f"{host}:{port}" != within:
            raise NotAllowed("private")
        answer, further = _got(address, (host, port, path, trusted), most, accept)
        if not further:
            return answer
        try:
            address = urljoin(address, further)
        except ValueError as wrong:
            raise NotAllowed("address") from wrong
    raise NotAllowed("redirects")


def _got(address: str, parts: tuple[str, int, str, bool], most: int, accept: str) -> tuple[Answer, str]:
    """(the answer, the address to which it sends)"""
    host, port, path, trusted = parts
    until = time.monotonic() + MOST_SECONDS
    plain = trusted and address.startswith("http://")
    try:
        with _connected(host, port, _resolved(host, port, trusted), plain=plain, until=until) as connection:
            connection.request("GET", path, headers={"Accept": accept, "User-Agent": "geoportal"})
            answer = connection.getresponse()
            if answer.status in (301, 302, 303, 307, 308) and (further := answer.getheader("Location")):
                return Answer(answer.status, b"", None), further
            body = answer.read(most + 1)
            if len(body) > most:
                raise TooLarge("bytes")
            if answer.length:  # cut off: fewer bytes came than were promised
                raise Unreachable("IncompleteRead")
            return Answer(answer.status, body, None), ""
    except UnicodeError as wrong:  # a name too long for any resolver
        raise NotAllowed("address") from wrong
    except (OSError, http.client.HTTPException) as failed:
        raise Unreachable(type(failed).__name__) from failed


def _parts(address: str, trusting: Collection[str] | None = None) -> tuple[str, int, str, bool]:
    """(host, port, path with query, whether the operator trusts it). `trusting`: None for OUTSIDE_TRUSTED."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        host.encode("idna")  # as the resolver will: an empty or too long part of a name is a ValueError
    except ValueError as wrong:
        raise NotAllowed("address") from wrong
    secure = parts.scheme == "https"
    port = port or (443 if secure else 80)
    trusted = f"{host}:{port}" in (settings.OUTSIDE_TRUSTED if trusting is None else trusting)
    if not host or parts.username or parts.password or not (secure or (trusted and parts.scheme == "http")):
        raise NotAllowed("address")
    if not address.isascii() or any(sign <= " " for sign in address):
        raise NotAllowed("address")
    if not trusted and (port != 443 or _literal(host)):
        raise NotAllowed("address")
    return host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), trusted


def _literal(host: str) -> bool:
    """A number instead of a name: no push service has one."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.replace(".", "").isdigit() or host.lower().startswith("0x")
    return True


def _resolved(host: str, port: int, trusted: bool) -> str:
    """The first of the name's addresses, all of which are public."""
    found = [entry[4][0] for entry in _looked_up(host, port)]
    if not trusted and not all(_public(str(address)) for address in found):
        raise NotAllowed("private")
    return str(found[0])


def _looked_up(host: str, port: int) -> list[Any]:
    """What the resolver says, within SECONDS_FOR_A_NAME; in a thread, for nothing else ends its waiting."""
    said: list[Any] = []

    def ask() -> None:
        try:
            said.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as failed:
            said.append(failed)

    asker = threading.Thread(target=ask, daemon=True)
    asker.start()
    asker.join(SECONDS_FOR_A_NAME)
    if not said:
        raise TimeoutError("name")
    if isinstance(said[0], Exception):
        raise said[0]
    found: list[Any] = said[0]
    return found


def _public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    if any(found in each for each in NEVER):
        return False
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inner is None or inner.is_global)


class _connected:
    """A connection to an address that was checked, which must prove by its certificate to be the host."""

    def __init__(self, host: str, port: int, address: str, *, plain: bool, until: float) -> None:
        """`until`: the moment of time.monotonic() at which the conversation is cut off."""
        made = http.client.HTTPConnection if plain else http.client.HTTPSConnection
        self.connection = made(host, port, timeout=SECONDS)
        self._wire: socket.socket
        self._host, self._plain, self._to = host, plain, (address, port)
        self._until = until

    def __enter__(self) -> http.client.HTTPConnection:
        left = max(0.1, self._until - time.monotonic())
        wire = self._wire = socket.create_connection(self._to, min(SECONDS, left))
        self._watch = threading.Timer(max(0.0, self._until - time.monotonic()), self._cut)
        self._watch.daemon = True
        self._watch.start()
        try:
            if not self._plain:
                sealed = ssl.create_default_context().wrap_socket(
                    wire, server_hostname=self._host, do_handshake_on_connect=False
                )
                wire = self._wire = sealed
                sealed.do_handshake()
        except BaseException:
            self.__exit__()
            raise
        self.connection.sock = wire
        return self.connection

    def __exit__(self, *_error: object) -> None:
        self._watch.cancel()
        self.connection.close()
        self._wire.close()

    def _cut(self) -> None:
        """Ends the conversation under whoever reads; below TLS, which has no words for it."""
        with suppress(OSError):
            socket.socket.shutdown(self._wire, socket.SHUT_RDWR)
