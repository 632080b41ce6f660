"""What happened, told on the site itself."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.browser import known_required
from accounts.models import Correspondent
from discussion import messages
from discussion.models import Audience, TimelineRow
from notifications import about, actions, answering, comment_words, hidden_words, sight
from notifications.letters import AUDIENCES
from notifications.models import InboxEntry
from notifications.recipients import As

ROWS = 30


@never_cache
@known_required
@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest) -> HttpResponseBase:
    """The newest first; POST marks one entry (`entry`) or all as read."""
    known = request.correspondent  # type: ignore[attr-defined]
    if request.method == "POST":
        entry = request.POST.get("entry", "")
        actions.mark_read(known, [int(entry)] if entry.isascii() and entry.isdigit() and len(entry) < 19 else None)
        return redirect(request.get_full_path())
    found = InboxEntry.objects.filter(correspondent=known).annotate(subject=F("row__subject")).order_by("-pk")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "rows": _rows(list(page.object_list), known),
        "unread": InboxEntry.objects.filter(correspondent=known, read_at=None).count(),
        "previous_url": "?" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "notifications/inbox.html", context)


def _rows(entries: list[Any], known: Correspondent) -> list[dict[str, Any]]:
    """Each entry in the words of its reader's part in it, with the page it leads to; of a report that its reader may not
    read (any more) neither act nor subject is fetched: `subject` is None."""
    seen = sight.legible({entry.subject for entry in entries}, known)
    acts = TimelineRow.objects.filter(subject__in=seen).select_related("subject")
    rows = acts.in_bulk([entry.row_id for entry in entries if entry.subject in seen])
    rows |= _hidden_since([entry.row_id for entry in entries if entry.role == As.VISITOR and entry.subject not in seen])
    told: dict[int, messages.Message] = {}
    for audience in {AUDIENCES.get(entry.role, Audience.PUBLIC) for entry in entries}:
        read = [entry.row_id for entry in entries if AUDIENCES.get(entry.role, Audience.PUBLIC) == audience]
        some = [rows[pk] for pk in read if pk in rows]
        told |= {row.pk: message for row, message in zip(some, messages.describe_all(some, audience=audience), strict=True)}
    lines, named = about.where_and_what(seen), about.titles(pk for entry in entries for pk in entry.alerts)
    return [
        _row(entry, row, told[row.pk])
        | {"about": lines.get(row.subject_id, ""), "found_by": about.found_by(entry.alerts, named)}
        if (row := rows.get(entry.row_id))
        else {"entry": entry, "subject": None}
        for entry in entries
    ]


def _hidden_since(keys: list[int]) -> dict[int, TimelineRow]:
    """Of acts on what this reader may not see any more those that tell just that; the subject without its title."""
    found = TimelineRow.objects.filter(pk__in=keys, code=hidden_words.HIDDEN).select_related("subject") if keys else ()
    for row in found:
        hidden_words.rename(row, get_language() or "")
    return {row.pk: row for row in found}


def _row(entry: InboxEntry, row: TimelineRow, message: messages.Message) -> dict[str, Any]:
    if entry.role == As.VISITOR and (found := comment_words.told(row, entry.correspondent_id, get_language() or "")):
        return {"entry": entry, "subject": row.subject, "message": found.changed[0], "path": found.path}
    if entry.role in (As.VISITOR, As.OWNER):
        language = get_language() or ""
        own = hidden_words.told(row, language) if entry.role == As.VISITOR else answering.told(row, language)
        if own:
            return {"entry": entry, "subject": row.subject, "message": own.changed[0], "path": own.path}
    if entry.role == As.AUTHOR and (appeal := hidden_words.appeal_here(row)):
        message.headline = f"{message.headline} {appeal}"
    desk = AUDIENCES.get(entry.role) == Audience.STAFF
    path = f"/desk/{row.subject.reference}/" if desk else row.subject.path
    return {"entry": entry, "subject": row.subject, "message": message, "path": path}
