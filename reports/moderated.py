"""What apps above have for the one moderation queue: they say it here at start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from reports.models import Reason


@dataclass(frozen=True)
class Moderated:
    """`rows()`: what waits to be read, the oldest first; `item(row)`: {title, kind, url, at, text, publish_url, reject_url}, `author`: key of the
    account that wrote it, and where known `lang` of the title and `text_lang` of the text."""

    rows: Callable[[], QuerySet[Any]]
    item: Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Written:
    """What somebody wrote that is no comment and no subject. `hold(user, reason, by)`: hides what everyone reads of it and answers its
    keys; `release(keys, by)`: shows those again that are hidden still; `rows(keys)`: {key: row of the act that hid it last}."""

    hold: Callable[[User, Reason, User], list[int]]
    release: Callable[[list[int], User], None]
    rows: Callable[[list[int]], dict[int, int]]


OTHERS: list[Moderated] = []
OWED: list[Callable[[User], list[Any]]] = []
"""What waits for an answer of this person's organisations, as [{title, language, words, url, since}]: the desk shows it."""
PUBLIC_STATES: dict[str, Callable[[int], bool]] = {}
"""Kind of a subject that is no report → whether the one of this key is in a state that everyone reads."""
WRITTEN: dict[str, Written] = {}
"""Its name in `Block.held` → how it is held while its writer is kept from writing."""
