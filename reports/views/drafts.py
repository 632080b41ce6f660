"""Begun reports, kept in the session of who writes them: every step has an address, and Back finds what was typed."""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection, Iterable

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

KEY = "draft:"
ANSWER = "answer_"
"""Each draft stands under a name of its own, so that two tabs that save at once do not overwrite each other."""
MOST = 3
SECONDS = 86_400
LONGEST = 60_000
"""Characters of one draft as a query string; what is longer is carried by the form alone."""


def posted(request: HttpRequest) -> QueryDict:
    """What was posted; what was typed in fields named answer_<question> stands among the `answers` as „question:typed“."""
    data = request.POST.copy()
    for name in [name for name in data if name.startswith(ANSWER)]:
        for typed in data.pop(name):
            if typed.strip():
                data.appendlist("answers", f"{name.removeprefix(ANSWER)}:{typed}")
    return data


def merged(request: HttpRequest, draft: uuid.UUID, own: Collection[str], fields: Iterable[str]) -> QueryDict:
    """What was posted for the step's `own` fields, with what was kept (or came along) for the others."""
    before, data = kept(request, draft), posted(request)
    for name in set(fields) - set(own):
        if before and (values := before.getlist(name)):
            data.setlist(name, values)
    return data


def keep(request: HttpRequest, draft: uuid.UUID, data: QueryDict, fields: Iterable[str]) -> bool:
    """Whether `fields` of `data` could be kept; the oldest drafts make room."""
    chosen = QueryDict(mutable=True)
    for name in fields:
        if values := [value for value in data.getlist(name) if value]:
            chosen.setlist(name, values)
    words = chosen.urlencode()
    if len(words) > LONGEST:
        drop(request, draft)
        return False
    if not request.user.is_authenticated:
        request.session.set_expiry(SECONDS)
    request.session[f"{KEY}{draft}"] = {"draft": str(draft), "at": time.time(), "words": words}
    newest = {row["draft"] for row in _rows(request)[-MOST:]}
    for name, row in list(request.session.items()):
        if name.startswith(KEY) and row["draft"] not in newest:
            del request.session[name]
    return True


def kept(request: HttpRequest, draft: uuid.UUID) -> QueryDict | None:
    """The draft's fields; None when there is none."""
    found = [row["words"] for row in _rows(request) if row["draft"] == str(draft)]
    return QueryDict(found[0]) if found else None


def latest(request: HttpRequest) -> str:
    """The draft that was written at last, or nothing."""
    rows = _rows(request)
    return rows[-1]["draft"] if rows else ""


def begun(request: HttpRequest) -> list[dict[str, str]]:
    """{"draft": its UUID, "title": the first words (or nothing)} of every begun report, the latest first."""
    found = [(row["draft"], QueryDict(row["words"])) for row in reversed(_rows(request))]
    return [{"draft": draft, "title": words.get("title") or words.get("text", "")[:80]} for draft, words in found]


def drop(request: HttpRequest, draft: uuid.UUID) -> None:
    """The draft was sent."""
    request.session.pop(f"{KEY}{draft}", None)


def way_back(draft: uuid.UUID, step: str, **more: str) -> str:
    """Address of the draft's step."""
    return f"{reverse('report_new')}?{urlencode({'draft': str(draft), 'step': step, **more})}"


def named(request: HttpRequest) -> uuid.UUID | None:
    """The draft that the query names."""
    return uuid_of(request.GET.get("draft", ""))


def uuid_of(value: str) -> uuid.UUID | None:
    """The UUID that `value` is, or None."""
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def onward(request: HttpRequest, same: str) -> str:
    """On a page one came to from a draft (`draft`, `step` of the query): its address, if it is still kept, or nothing.

    `same`: number of the report that may be the same.
    """
    if (draft := named(request)) is None:
        return ""
    step = request.GET.get("step", "what")
    return way_back(draft, step, same=same) if kept(request, draft) is not None else ""


def _rows(request: HttpRequest) -> list[dict[str, str]]:
    """The drafts of the last day, the oldest first."""
    since = time.time() - SECONDS
    rows = [row for name, row in request.session.items() if name.startswith(KEY) and row["at"] > since]
    return sorted(rows, key=lambda row: row["at"])
