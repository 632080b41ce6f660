"""My page, for an account and for a guest whose address is known here: my reports, what I support and follow, what I began."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import blocks
from accounts.browser import known_required
from accounts.models import Correspondent
from discussion.actions.moderating import TAKEN_DOWN
from discussion.models import Comment, Subject
from discussion.shown import Shown
from reports import taking_part, workflow
from reports.cards import card, card_rows
from reports.models import FixedClaim, Report
from reports.views import drafts
from reports.views.visitor import REPORTS

FEW = 10
"""Of each list on the first page; all stand on pages of their own."""
ROWS = 50


@never_cache
@known_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Reports of mine in every state (those that wait for me first), supports, follows, what I said looks fixed, begun ones."""
    known: Correspondent = request.correspondent  # type: ignore[attr-defined]
    lists = [_first(request, known, name) for name in LISTS]
    block = blocks.in_force(known)
    context = {
        "lists": [found for found in lists if found["cards"] or found["name"] == "reports"],
        "follows_any": any(found["cards"] for found in lists if found["name"] == "follows"),
        "asked": Report.objects.sent_by(known).filter(status__in=workflow.ASKS_AUTHOR).count(),
        "projects": _others(known)[:FEW],
        "comments": _comments(known),
        "taking_part": taking_part.of(known),
        "drafts": drafts.begun(request),
        "known": known,
        "blocked": [blocks.sentence(block), block.text, blocks.what_is_held()] if block else [],
    }
    return render(request, "accounts/home.html", context)


@never_cache
@known_required
@require_safe
def listed(request: HttpRequest, name: str) -> HttpResponse:
    """One whole list, page by page."""
    if name not in LISTS:
        raise Http404
    known: Correspondent = request.correspondent  # type: ignore[attr-defined]
    page = Paginator(_found(request, known, name), ROWS).get_page(request.GET.get("page"))
    context = {
        "name": name,
        "title": LISTS[name](),
        "cards": _cards(page.object_list),
        "previous_url": "?" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
        "count": page.paginator.count,
    }
    return render(request, "accounts/listed.html", context)


LISTS = {
    "reports": lambda: _("My reports and ideas"),
    "follows": lambda: _("I follow"),
    "supports": lambda: _("I support"),
    "fixed": lambda: _("I said that it looks fixed; an official will look"),
}


def _found(request: HttpRequest, known: Correspondent, name: str) -> Any:
    reports: Any = Report.objects
    if name == "reports":
        return reports.sent_by(known).asked_first()
    seen = reports.visible_to(request.user)
    if name == "fixed":
        seen = seen.filter(fixed_claims__correspondent=known, fixed_claims__state=FixedClaim.State.WAITING)
    else:
        seen = seen.filter(**{f"subject__{name}__correspondent": known})
    return seen.order_by("-created_at", "-pk")


def _first(request: HttpRequest, known: Correspondent, name: str) -> dict[str, Any]:
    found = _found(request, known, name)
    cards = _cards(found[: FEW + 1])
    return {"name": name, "title": LISTS[name](), "cards": cards[:FEW], "count": found.count() if len(cards) > FEW else 0}


def _others(known: Correspondent) -> Any:
    """What I follow that is no report: projects, initiatives, events."""
    return Subject.objects.exclude(kind__in=REPORTS).filter(is_public=True, follows__correspondent=known).order_by("-pk")


def _comments(known: Correspondent) -> list[Shown]:
    """What I wrote last, with what became of it; not what I withdrew."""
    states = (Comment.State.WAITING, Comment.State.PUBLISHED, *TAKEN_DOWN)
    rows = (
        Comment.objects.filter(correspondent=known, state__in=states).select_related("subject", "organisation").order_by("-pk")
    )
    return [Shown(row, own=True, found_helpful=False, moderates=False, open=row.subject.is_public) for row in rows[:FEW]]


def _cards(reports: Any) -> list[dict[str, Any]]:
    return [card(row) for row in card_rows(reports)]
