"""What each setting may be; anything else is refused in one sentence before the site or a command begins.

Needs the standard library only: `make run` asks before anything is installed, `settings.py` for everybody else.
"""

from __future__ import annotations

import re
import sys
import zoneinfo
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from geoportal.kernel.rates import LIMITS, rates

LOCALE = Path(__file__).resolve().parent.parent / "locale"
ON, OFF = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
DATABASE_SCHEMES = {"postgis", "postgresql", "postgres", "psql", "pgsql"}
MAIL_SCHEMES = {"smtp", "smtps", "smtp+tls", "smtp+ssl"}
MAIL_SCHEMES_WITHOUT_HOST = {"consolemail", "filemail", "memorymail", "dummymail"}
LOG_LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
KEY_LENGTH, KEY_LETTERS = 50, 5
# Their values are not shown: a password may stand in them.
SECRET = {"SECRET_KEY", "DATABASE_URL", "EMAIL_URL", "VAPID_PRIVATE_KEY", "SMS_URL"}
_RAW_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_HOST_AND_PORT = re.compile(r"[A-Za-z0-9.\[\]:_-]+:[0-9]{1,5}")
_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9.\[\]:_-]+")


def _whole_number(least: int, most: int = 10**6) -> Callable[[str], bool]:
    return lambda value: value.isascii() and value.isdigit() and len(value) < 8 and least <= int(value) <= most


def _each(fits: Callable[[str], bool]) -> Callable[[str], bool]:
    """A list with commas in which every part fits; empty parts do not count."""
    return lambda value: all(fits(part) for part in value.split(",") if part)


def _switch(value: str) -> bool:
    return value.lower() in ON | OFF


def _origin(value: str) -> bool:
    try:
        return bool(_ORIGIN.fullmatch(value) and urlsplit(value).hostname) and urlsplit(value).port != 0
    except ValueError:
        return False


def _site(value: str) -> bool:
    return "*" not in value and _origin(value.removesuffix("/"))


def _gateway(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _database(value: str) -> bool:
    """A scheme of PostgreSQL and a name; without a host the system's own socket is meant."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in DATABASE_SCHEMES and bool(parts.path.strip("/")) and "//" in value and not parts.fragment


def _mail(value: str) -> bool:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in MAIL_SCHEMES_WITHOUT_HOST or (parts.scheme in MAIL_SCHEMES and bool(parts.hostname))


def _language(code: str) -> bool:
    return code == "en" or (code.replace("-", "").isalpha() and (LOCALE / f"{code}.parts").is_dir())


def _time_zone(value: str) -> bool:
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        # A machine on which nothing is installed yet may have no list of zones.
        return bool(value) and not zoneinfo.available_timezones()
    return True


def _limit(part: str) -> bool:
    name, equals, text = part.partition("=")
    try:
        rates(text)
    except ValueError:
        return False
    return bool(equals) and (name == "*" or name in LIMITS)


def _key(value: str) -> bool:
    return not value or (len(value) >= KEY_LENGTH and len(set(value)) >= KEY_LETTERS)


# Name: what fits, and what to say instead. An empty value is refused only where it would not mean "nothing given".
RULES: dict[str, tuple[Callable[[str], bool], str]] = {
    "DEMO": (_switch, "1 or 0, as in DEMO=0"),
    "DEBUG": (_switch, "1 or 0, as in DEBUG=0"),
    "PORT": (lambda value: not value or _whole_number(1, 65535)(value), "a number from 1 to 65535, as in PORT=8000"),
    "SITE_URL": (_site, "the public address without a path, as in SITE_URL=https://geoportal.example.org"),
    "CSRF_TRUSTED_ORIGINS": (
        _each(_origin),
        "origins with scheme and commas between, as in CSRF_TRUSTED_ORIGINS=https://geoportal.example.org",
    ),
    "TRUSTED_PROXIES": (_whole_number(0, 99), "how many proxies stand before the site, as in TRUSTED_PROXIES=1"),
    "LIMITS": (
        _each(_limit),
        f"name=rates with commas between, of the names {', '.join(LIMITS)} or * for all, as in LIMITS=report_address=20/10m 60/1d",
    ),
    "LANGUAGES": (
        lambda value: bool(value.strip(",")) and _each(_language)(value),
        "en and codes with a folder under locale/, with commas and no spaces between, as in LANGUAGES=bg,en",
    ),
    "TIME_ZONE": (_time_zone, "a name of the time zone database, as in TIME_ZONE=Europe/Sofia"),
    "SECRET_KEY": (_key, "at least 50 random characters, as `openssl rand -base64 48` prints, or none: one is made then"),
    "DATABASE_URL": (
        lambda value: not value or _database(value),
        "an address of PostgreSQL with special characters of the password as %XX,"
        " as in DATABASE_URL=postgis://user:password@host:5432/name",
    ),
    "EMAIL_URL": (
        lambda value: not value or _mail(value),
        "the mail server with special characters of the password as %XX, as in EMAIL_URL=smtp+tls://user:password@host:587",
    ),
    "VAPID_PRIVATE_KEY": (
        lambda value: not value or bool(_RAW_KEY.fullmatch(value)),
        "43 characters of base64url, the 32 bytes of a P-256 key, or none: one is made then",
    ),
    "SMS_URL": (
        lambda value: not value or _gateway(value),
        "the gateway's address, as in SMS_URL=https://sms.example.org/send",
    ),
    "SMS_COUNTRY_CODE": (
        lambda value: not value or bool(re.fullmatch(r"\+[1-9][0-9]{0,3}", value)),
        "a country code with its plus, as in SMS_COUNTRY_CODE=+359",
    ),
    "OUTSIDE_TRUSTED": (
        _each(lambda part: bool(_HOST_AND_PORT.fullmatch(part))),
        "hosts with ports and commas between, as in OUTSIDE_TRUSTED=127.0.0.1:8090",
    ),
    "WEBHOOK_TRUSTED": (
        _each(lambda part: bool(_HOST_AND_PORT.fullmatch(part))),
        "hosts with ports and commas between, as in WEBHOOK_TRUSTED=10.0.0.5:8080",
    ),
    "KEPT_ANSWERS_MB": (_whole_number(0), "a number of megabytes, as in KEPT_ANSWERS_MB=16"),
    "MAIL_GROUP_SECONDS": (_whole_number(0), "a number of seconds, as in MAIL_GROUP_SECONDS=120"),
    "TILE_HOSTS": (_each(_origin), "origins with scheme and commas between, as in TILE_HOSTS=https://tile.openstreetmap.org"),
    "LOG_LEVEL": (lambda value: value in LOG_LEVELS, f"one of {', '.join(sorted(LOG_LEVELS))}, as in LOG_LEVEL=WARNING"),
    "WEB_WORKERS": (_whole_number(1, 999), "a number from 1, as in WEB_WORKERS=2"),
    "WEB_THREADS": (_whole_number(1, 999), "a number from 1, as in WEB_THREADS=4"),
}


def complaint(environment: Mapping[str, str]) -> str | None:
    """One sentence about the first value that cannot be used. The demo, which nobody else reaches, may have any key."""
    in_demo = environment.get("DEMO", "").lower() in ON
    for name, (fits, wanted) in RULES.items():
        value = environment.get(name)
        if value is None or fits(value) or (name == "SECRET_KEY" and in_demo):
            continue
        shown = name if name in SECRET else f"{name}={value}"
        return f"{shown} cannot be used: say {wanted}"
    return None


def refuse_unusable(environment: Mapping[str, str]) -> None:
    """End the program with the complaint and code 2, if there is one."""
    if words := complaint(environment):
        sys.stderr.write(f"geoportal: {words}\n")
        raise SystemExit(2)
