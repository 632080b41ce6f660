"""What happened, told on the site itself."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.browser import known_required
from discussion import messages
from discussion.models import Audience
from notifications import actions
from notifications.letters import AUDIENCES
from notifications.models import InboxEntry

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
    found = InboxEntry.objects.filter(correspondent=known).select_related("row__subject").order_by("-pk")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "rows": _rows(list(page.object_list)),
        "unread": InboxEntry.objects.filter(correspondent=known, read_at=None).count(),
        "previous_url": "?" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "notifications/inbox.html", context)


def _rows(entries: list[InboxEntry]) -> list[dict[str, Any]]:
    """Each entry in the words of its reader's part in it, with the page it leads to."""
    told: dict[int, messages.Message] = {}
    for audience in {AUDIENCES.get(entry.role, Audience.PUBLIC) for entry in entries}:
        rows = [entry.row for entry in entries if AUDIENCES.get(entry.role, Audience.PUBLIC) == audience]
        for row, message in zip(rows, messages.describe_all(rows, audience=audience), strict=True):
            told[row.pk] = message
    return [
        {"entry": entry, "subject": entry.row.subject, "message": told[entry.row_id], "path": _path(entry)} for entry in entries
    ]


def _path(entry: InboxEntry) -> str:
    subject = entry.row.subject
    return f"/desk/{subject.reference}/" if AUDIENCES.get(entry.role) == Audience.STAFF else subject.path
