"""Layers whose pictures another server makes (XYZ, WMTS, WMS): what planners paste becomes an address that browsers can ask.

The site itself never asks such a server. A browser may, where TILE_HOSTS names the host: the page's policy is made of that list.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WMTS = {"tilematrix": "z", "tilerow": "y", "tilecol": "x"}
"""What the standard calls the parts of a template → what scripts call them."""
KNOWN = {"z", "x", "y", "-y", "s", "r"}
OWN_OF_WMS = {
    "service", "request", "version", "layers", "styles", "bbox", "width", "height", "format", "crs", "srs", "transparent",
}  # fmt: skip
"""Parameters that each picture's address has anew."""
_NAMED = re.compile(r"\{([^{}]*)\}")
_HOLES = re.compile(r"[\s\"'<>\\^`|\x00-\x1f]")


def origin(url: str) -> str:
    """„https://tile.example“; "" for what is no address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.scheme and parts.netloc else ""


def allowed(url: str) -> bool:
    """Whether the page's policy lets a browser ask there. `{s}` stands for names below a host, as `*.` does in TILE_HOSTS."""
    asked = origin(url)
    return bool(asked) and any(_fits(asked.replace("{s}", "a"), host.lower()) for host in settings.TILE_HOSTS)


def _fits(asked: str, host: str) -> bool:
    scheme, star, rest = host.partition("*.")
    if not star:
        return asked == host
    return asked.startswith(scheme) and asked.endswith(f".{rest}") and len(asked) > len(scheme) + len(rest) + 1


def address(text: str) -> str:
    """An address of the web as it was typed, without what comes after `#`. Raises ValidationError."""
    url = text.strip().partition("#")[0]
    found = origin(url)
    if _HOLES.search(url) or not found.startswith(("https://", "http://")) or "@" in found:
        raise ValidationError(_("Write the whole address as https://example.org/…"), code="address")
    return url


def template(text: str) -> str:
    """An XYZ or WMTS template with {z}, {x} and {y}; the names that WMTS has for them are read too. Raises ValidationError."""
    url = _NAMED.sub(lambda found: f"{{{WMTS.get(found[1].lower(), found[1])}}}", address(text))
    named = set(_NAMED.findall(url))
    if unknown := sorted(named - KNOWN):
        said = _("Write what stands for {%(name)s} instead of it: the server's description says it.")
        raise ValidationError(said % {"name": unknown[0]}, code="template")
    if not {"z", "x"} <= named or not {"y", "-y"} & named:
        raise ValidationError(
            _(
                "The address needs {z}, {x} and {y} where zoom, column and row stand. For a WMS write the names of its layers below."
            ),
            code="template",
        )
    return url


def wms(text: str) -> str:
    """The address of a WMS without the parameters that every picture has anew. Raises ValidationError."""
    url = address(text)
    if _NAMED.search(url):
        raise ValidationError(
            _("The address of a WMS has no {…} in it. For a template leave the names of the layers empty."), code="wms"
        )
    base, _asked, query = url.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name.lower() not in OWN_OF_WMS]
    return f"{base}?{urlencode(kept)}" if kept else base


def read(url: str, names: str) -> str:
    """What is kept of an address; `names`: of the layers of a WMS, "" for a template. Raises ValidationError."""
    return wms(url) if names else template(url)


def silent(name: str) -> str:
    """What is said where the server of what is called so sends nothing."""
    return _("“%(name)s”: its server sends no pictures now. The map works without them; try again later.") % {"name": name}


def refuse_host(url: str) -> None:
    """Raises ValidationError, with who can change it and where, for a host that no page may ask."""
    if not allowed(url):
        raise ValidationError(
            _(
                "Pages may not ask %(host)s for pictures. Whoever runs the server adds it to TILE_HOSTS in the file .env "
                "and starts the site anew. Allowed now: %(known)s."
            ),
            code="host", params={"host": origin(url), "known": ", ".join(settings.TILE_HOSTS) or _("none")},
        )  # fmt: skip
