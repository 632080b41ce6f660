"""The signed link by which somebody whom an author invited agrees to be a co-author, or declines."""

from __future__ import annotations

from geoportal.kernel import links
from reports.models import CoAuthor

PURPOSE, DAYS = "co-author", 90


def path(co_author_id: int) -> str:
    return f"/ideas/co-author/{links.make(PURPOSE, co_author=co_author_id)}/"


def asked(token: str) -> CoAuthor | None:
    """Who is asked; None when the link is forged, too old, or the invitation was taken back."""
    data = links.read(PURPOSE, token, DAYS * 86_400) or {}
    found = CoAuthor.objects.filter(pk=data.get("co_author") or 0, correspondent__isnull=False, report__is_public=True)
    return found.exclude(correspondent__email="").select_related("correspondent", "report__subject", "report__area").first()
