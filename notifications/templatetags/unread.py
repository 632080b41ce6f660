"""`{% unread as n %}`: how many entries of this person's inbox are unread, at most 99; one query for a page, none for strangers."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from notifications.models import InboxEntry

register = template.Library()
MOST = 99


@register.simple_tag(takes_context=True)
def unread(context: Context) -> int:
    """Of the account, or on a guest's own pages of the guest."""
    request: Any = context.get("request")
    if request is None:
        return 0
    if not hasattr(request, "unread_entries"):
        request.unread_entries = _count(request)
    found: int = request.unread_entries
    return found


def _count(request: Any) -> int:
    known, user = getattr(request, "correspondent", None), getattr(request, "user", None)
    rows = InboxEntry.objects.filter(read_at=None)
    if known is not None:
        return rows.filter(correspondent=known)[:MOST].count()
    if user is not None and user.is_authenticated:
        return rows.filter(correspondent__user=user)[:MOST].count()
    return 0
