"""A client's key makes a verb happen once, however often and from however many threads it is sent.

    with idempotency.once(key, verb="submit", creator=creator_of(request), payload=sent) as slot:
        if slot.is_first:
            report = submit(...)
            slot.keep(status=201, body={"reference": report.subject.reference}, reference=report.subject.reference)
    return slot.answer

Key and verb are one transaction: a verb that fails leaves no key. Two at once: the second waits for the first's commit.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from geoportal.kernel.models import Answer
from geoportal.kernel.problems import Problem

KEPT_DAYS = 90
MOST_BODY = 16_000


class Conflict(Problem):
    """409: the key was used for something else."""

    status = 409
    code = "idempotency_conflict"


@dataclass(frozen=True)
class Kept:
    """The answer to give: HTTP status, JSON body and public reference; `repeated` when it was given before."""

    status: int
    body: Any
    reference: str
    repeated: bool = False


@dataclass
class Slot:
    """`is_first`: do the verb and `keep` its answer. Otherwise `answer` is what was kept."""

    is_first: bool
    key: uuid.UUID | None = None
    _answer: Kept | None = field(default=None, repr=False)

    def keep(self, *, status: int = 200, body: Any = None, reference: str = "") -> None:
        """Keeps the first answer under the key; it commits with the verb. `body` is small JSON (16 kB)."""
        if not self.is_first:
            raise ValueError("this key has its answer")
        if len(json.dumps(body)) > MOST_BODY:
            raise ValueError("the body is too large to be kept: keep the reference and build the answer from it")
        self._answer = Kept(status, body, reference)
        if self.key:
            Answer.objects.filter(key=self.key).update(status=status, body=body, reference=reference)

    @property
    def answer(self) -> Kept:
        """What to answer; ValueError when the first one kept nothing."""
        if self._answer is None:
            raise ValueError("nothing was kept")
        return self._answer


def parse_key(text: str | None) -> uuid.UUID | None:
    """The UUID of an `Idempotency-Key` header or a hidden field; None without one. Raises Problem (400) naming it."""
    if not text:
        return None
    try:
        if len(text) > 64:
            raise ValueError
        return uuid.UUID(text.strip().strip('"'))
    except ValueError:
        raise Problem(gettext("Idempotency-Key must be a UUID."), code="idempotency_key") from None


def is_repeat(key: uuid.UUID | None, creator: str) -> bool:
    """This creator's verb under the key is done: the repeat does nothing, so no limit may hold it up."""
    return key is not None and Answer.objects.filter(key=key, creator=_hidden(creator)).exists()


def digest(payload: object) -> str:
    """SHA-256 of the payload in one canonical spelling; what JSON lacks (dates, UUIDs, files' digests) counts as its text."""
    spelled = json.dumps(payload, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(spelled.encode()).hexdigest()


def _hidden(creator: str) -> str:
    return salted_hmac("geoportal.creator", creator, algorithm="sha256").hexdigest()


@contextmanager
def once(key: uuid.UUID | None, *, verb: str, creator: str, payload: object) -> Iterator[Slot]:
    """A transaction in which the verb is done if `key` is new; without a key it is always done.

    `creator` names who asks ("account:12", "browser:…"); only they get the first answer again, everyone else the public
    reference alone. Raises Conflict for another verb or payload under the key.
    """
    with transaction.atomic():
        if key is None:
            yield Slot(True)
            return
        claim = Answer(key=key, verb=verb, creator=_hidden(creator), digest=digest(payload))
        if _claimed(claim):
            yield Slot(True, key)
            return
        yield Slot(False, key, _repeat(claim))


def _claimed(claim: Answer) -> bool:
    """True when the row is ours. Waits while another transaction holds the same key and has not ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO kernel_answer (key, verb, creator, digest, reference, status, created_at)
               VALUES (%s, %s, %s, %s, '', 200, %s) ON CONFLICT (key) DO NOTHING""",
            [claim.key, claim.verb, claim.creator, claim.digest, claim.created_at],
        )
        return bool(cursor.rowcount)


def _repeat(claim: Answer) -> Kept:
    first = Answer.objects.get(key=claim.key)
    if (first.verb, first.digest) != (claim.verb, claim.digest):
        raise Conflict(gettext("Something else was already sent under this key. Send it under a new one."))
    if first.creator == claim.creator:
        return Kept(first.status, first.body, first.reference, repeated=True)
    return Kept(200, {"reference": first.reference}, first.reference, repeated=True)


def purge() -> int:
    """Removes keys older than 90 days; answers how many. The worker calls it daily."""
    gone, _by_model = Answer.objects.filter(created_at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()
    return gone
