"""Limits that hold under any number of simultaneous requests: one row a key, counted by the database itself.

Forms call `limit(request, "report", contact=…, point=…)` before their verb, views of the API name the verb as
`throttle_verb`; both count in the same rows. A count is its own short transaction, so it stands when the verb fails.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from geoportal.kernel import metrics
from geoportal.kernel.addresses import address_block
from geoportal.kernel.models import Counter
from geoportal.kernel.problems import Problem
from geoportal.kernel.rates import LIMITS, rates

# Above this many an hour, guests' posts of that kind wait for a confirmation by e-mail; nothing is closed.
BREAKERS: dict[str, int] = {"report": 300, "comment": 600}
STAFF_TIMES = 10
CELL_METRES = 100
_METRES_A_DEGREE = 111_320
_SUM = "sum"
_FRESH_SECONDS = 600


class Throttled(Problem):
    """429. `retry_after` in seconds; the message names the time in words."""

    status = 429
    code = "throttled"

    def __init__(self, retry_after: int) -> None:
        super().__init__(_when(retry_after), headers={"Retry-After": str(retry_after)})
        self.retry_after = retry_after


def _when(seconds: int) -> str:
    minutes = -(-seconds // 60)
    if minutes < 90:
        return gettext("Too many in a short time. Try again in %(minutes)d min.") % {"minutes": minutes}
    return gettext("Too many in a short time. Try again in %(hours)d h.") % {"hours": -(-minutes // 60)}


@dataclass(frozen=True, order=True)
class Hit:
    """One counter to raise: at most `limit` in `seconds` for `key` (any text; stored as a keyed hash)."""

    scope: str
    key: str
    limit: int
    seconds: int

    @property
    def row(self) -> uuid.UUID:
        value = f"{self.scope}\n{self.seconds}\n{self.key}"
        return uuid.UUID(bytes=salted_hmac("geoportal.throttle", value, algorithm="sha256").digest()[:16])


def _limit_of(name: str) -> str:
    own: dict[str, str] = getattr(settings, "LIMITS", {})
    return own.get(name, own.get("*", LIMITS.get(name, "")))


def cell(lon: float, lat: float) -> str:
    """The square of about 100 m that holds the place (degrees, WGS84)."""
    row = math.floor(lat * _METRES_A_DEGREE / CELL_METRES)
    around = math.cos(math.radians(min(89.0, abs(row * CELL_METRES / _METRES_A_DEGREE))))
    return f"{row}:{math.floor(lon * _METRES_A_DEGREE * around / CELL_METRES)}"


def count(hits: Iterable[Hit]) -> None:
    """Raises every counter by one, all in one statement. Raises Throttled when one goes over its limit."""
    ordered = sorted(hits, key=lambda hit: hit.row)  # always in one order: no deadlocks
    if not ordered:
        return
    rows = ", ".join(["(%s, %s, 1, now() + %s * interval '1 second')"] * len(ordered))
    values: list[Any] = []
    for hit in ordered:
        values += [hit.row, f"{hit.scope}/{hit.seconds}", hit.seconds]
    statement = f"""
        INSERT INTO kernel_counter AS c (key, scope, count, until) VALUES {rows}
        ON CONFLICT (key) DO UPDATE SET
            count = CASE WHEN c.until <= now() THEN 1 ELSE c.count + 1 END,
            until = CASE WHEN c.until <= now() THEN excluded.until ELSE c.until END
        RETURNING key, count, ceil(extract(epoch FROM until - now()))::int,
            set_config('synchronous_commit', 'off', true)"""  # noqa: S608  only placeholders are joined
    # Nobody waits for the disk here: a power cut may forget the last half second of a count.
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(statement, values)
        counted = {key: (times, left) for key, times, left, _quick in cursor.fetchall()}
    over = [(hit, counted[hit.row][1]) for hit in ordered if counted[hit.row][0] > hit.limit]
    for hit, _left in over:
        metrics.THROTTLED.labels(hit.scope).inc()
    if over:
        raise Throttled(max(1, *(left for _hit, left in over)))


def hit(scope: str, key: str, *, limit: int, seconds: int) -> None:
    """Counts one. Raises Throttled from the (limit + 1)-th within `seconds` on."""
    count([Hit(scope, key, limit, seconds)])


def hits(verb: str, keys: dict[str, str]) -> list[Hit]:
    """The counters of a verb for {"address": …, "contact": …, "cell": …} as far as the table has limits for them."""
    return [
        Hit(f"{verb}_{kind}", key, most, seconds)
        for kind, key in keys.items()
        if key
        for most, seconds in rates(_limit_of(f"{verb}_{kind}"))
    ]


def limit(
    request: HttpRequest | Request,
    verb: str,
    *,
    contact: str = "",
    point: tuple[float, float] | None = None,
    exempt: bool = False,
) -> None:
    """Counts one `verb` of this request; call it before the verb, outside any transaction.

    `contact` is an e-mail address, `point` (lon, lat) in degrees. Whoever is signed in is counted by the account instead of the
    network address, behind which a whole town hall or school may sit; staff may do STAFF_TIMES as much. Reports that staff enters for others are
    `exempt`.
    Raises Throttled.
    """
    if exempt:
        return
    plain = request._request if isinstance(request, Request) else request
    who = _account(request)
    keys = {
        "address": f"account {who.pk}" if who else address_block(plain), "contact": contact.strip().casefold(),
        "cell": cell(*point) if point else "",
    }  # fmt: skip
    times = STAFF_TIMES if who and getattr(who, "works_here", False) else 1
    count(replace(each, limit=each.limit * times) if each.key == keys["address"] else each for each in hits(verb, keys))


def _account(request: HttpRequest | Request) -> Any:
    """Who is signed in; None for a guest."""
    user = getattr(request, "user", None)
    return user if getattr(user, "is_authenticated", False) else None


class VerbThrottle(BaseThrottle):
    """For views of the API: `throttle_verb` names the verb, or {method: verb}; safe methods are free unless named."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """True, or Throttled."""
        named: str | dict[str, str] = getattr(view, "throttle_verb", "write")
        method = request.method or ""
        verb = named.get(method, "") if isinstance(named, dict) else "" if method in ("GET", "HEAD", "OPTIONS") else named
        if verb:
            limit(request, verb, exempt=self.is_exempt(request))
        return True

    def is_exempt(self, request: Request) -> bool:
        """Staff of the installation; an app that knows roles says so in a subclass."""
        return False


def _sum_row(verb: str) -> uuid.UUID:
    return Hit(_SUM, verb, 0, 0).row


def summarise() -> dict[str, int]:
    """Sums the last hour of each breaker's verb for `breaker_is_on` and removes old rows; the worker calls it each minute.

    Kept apart from the counting: one row that every submission raised would make them wait for each other.
    """
    sums: dict[str, int] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        for verb in BREAKERS:
            cursor.execute(
                "SELECT coalesce(sum(count), 0) FROM kernel_counter WHERE scope = %s AND until > now()",
                [f"{verb}_address/3600"],
            )
            sums[verb] = int(cursor.fetchone()[0])
            cursor.execute(
                """INSERT INTO kernel_counter (key, scope, count, until) VALUES (%s, %s, %s, now() + %s * interval '1 second')
                   ON CONFLICT (key) DO UPDATE SET count = excluded.count, until = excluded.until""",
                [_sum_row(verb), _SUM, sums[verb], _FRESH_SECONDS],
            )
        cursor.execute("DELETE FROM kernel_counter WHERE until < now() - interval '1 hour'")
    return sums


def breaker_is_on(verb: str) -> bool:
    """True when more of these came in the last hour than is ordinary; a sum older than ten minutes counts for nothing."""
    most = getattr(settings, "BREAKERS", BREAKERS).get(verb)
    if most is None:
        return False
    remembered: bool | None = cache.get(f"breaker.{verb}")
    if remembered is None:
        row = Counter.objects.filter(key=_sum_row(verb), until__gt=Now()).values_list("count", flat=True).first()
        remembered = (row or 0) > most
        cache.set(f"breaker.{verb}", remembered, 10)
    return remembered
