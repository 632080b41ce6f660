"""Who is asking, as far as limits need to know: the block of network addresses behind exactly N trusted proxies.

A trusted proxy must drop header names with underscores, as nginx does by itself: WSGI cannot tell `X_Forwarded_For` from
the header that the proxy sets.
"""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address as proxies write it: bare, with a port, in brackets, or an IPv4 one inside IPv6."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def client_address(request: HttpRequest) -> str:
    """The client's address: the TRUSTED_PROXIES-th from the right of X-Forwarded-For, else the peer itself.

    What stands further left was written by the client and is never read.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    trusted = int(settings.TRUSTED_PROXIES)
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if trusted else []
    claimed = hops[-trusted] if 0 < trusted <= len(hops) else peer
    found = _address(claimed) or _address(peer)
    return str(found) if found else ""


def address_block(request: HttpRequest) -> str:
    """The client's /24 (IPv4) or /56 (IPv6): who owns one address of it easily has the others. "local" on a socket."""
    address = client_address(request)
    if not address:
        return "local"
    width = 24 if ipaddress.ip_address(address).version == 4 else 56
    return str(ipaddress.ip_network(f"{address}/{width}", strict=False))


def is_loopback(request: HttpRequest) -> bool:
    """True when the request was made on this machine and no proxy handed it on."""
    found = _address(request.META.get("REMOTE_ADDR", ""))
    return bool(found and found.is_loopback and not request.META.get("HTTP_X_FORWARDED_FOR"))
