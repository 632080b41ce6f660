"""The blocks of the page of a sector or an area: what is new, what is late, what one can do now, what there is.

A block answers cards (components/_card.html) for the one filter language's `Filters`, of which a page sets `sector` or `area`.
Whoever adds a kind of subject adds its block to BLOCKS; a block without cards is not shown.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy

from participation import (
    filtering,
    policy_wording,
    survey_wording,
    wording,
    wording_alternatives,
    wording_consultation,
    workflow,
)
from participation.models import Goal, Promise, Service
from participation.progress import trees
from reports.cards import card, card_rows
from reports.filters import Filters
from reports.mapping import project_rows, projects
from reports.models import Report
from reports.querysets import today

MOST = 4
"""Cards of one block; the rest stands behind „all“."""
Cards = list[dict[str, Any]]


@dataclass(frozen=True)
class Block:
    """`when`: week (what one can do now; events of four weeks), new, late, or is (what there is). `more`: the name of the address of all
    of them, which reads the same filters; `query`: what of the language it needs beside them."""

    slug: str
    when: str
    title: Lazy
    cards: Callable[[Filters], Cards]
    more: str
    query: tuple[tuple[str, str], ...] = ()

    def url(self, filters: Filters) -> str:
        """Where all of them stand, with the page's filters."""
        query = filters.as_query(**dict(self.query))
        return reverse(self.more) + (f"?{query}" if query else "")


def shown(filters: Filters, when: str = "") -> list[dict[str, Any]]:
    """[{slug, title, cards, url}] of the blocks that have something to show, in their order; one or a few queries for each."""
    found = []
    for block in BLOCKS:
        if (not when or block.when == when) and (cards := block.cards(filters)):
            found.append(
                {"slug": block.slug, "when": block.when, "title": block.title, "cards": cards, "url": block.url(filters)}
            )
    return found


def _new(filters: Filters) -> Cards:
    """Reports and ideas alike, the latest first."""
    rows = filters.apply(Report.objects.public()).newest(False)[: 2 * MOST]
    return [card(row, today()) for row in card_rows(rows)]


def _late(filters: Filters) -> Cards:
    rows = filters.apply(Report.objects.public().late()).order_by("due_on", "pk")[:MOST]
    return [card(row, today()) for row in card_rows(rows)]


def _to_support(filters: Filters) -> Cards:
    """Ideas that gather support, with the most first."""
    rows = filters.apply(Report.objects.public().filter(kind="idea", status="gathering_support"))
    return [card(row, today()) for row in card_rows(rows.order_by("-subject__support_count", "-pk")[:MOST])]


def _events(filters: Filters) -> Cards:
    """Those of the next four weeks."""
    last = timezone.now() + datetime.timedelta(days=28)
    rows = filtering.events(filters).to_come().filter(starts_at__lte=last).with_page_facts()[:MOST]
    return [wording.card(event) for event in rows]


def _consultations(filters: Filters) -> Cards:
    """Those in which one may write now, the first to close first."""
    rows = filtering.consultations(filters).taking_part(today()).with_page_facts()[:MOST]
    return [wording_consultation.card(each) for each in rows]


def _comparisons(filters: Filters) -> Cards:
    """Those in which one may write now, the first to close first."""
    return [wording_alternatives.card(each) for each in filtering.comparisons(filters).open().with_page_facts()[:MOST]]


def _surveys(filters: Filters) -> Cards:
    """Those that are open, the first to close first."""
    rows = filtering.surveys(filters).filter(status="open").with_page_facts().order_by("closes_at", "pk")[:MOST]
    return [survey_wording.survey_card(one) for one in rows]


def _initiatives(filters: Filters) -> Cards:
    """Those that one can join."""
    rows = filtering.initiatives(filters).filter(status__in=workflow.JOINABLE).with_page_facts().with_people()
    return [wording.initiative_card(each) for each in rows.order_by("-subject__created_at", "-pk")[:MOST]]


def _projects(filters: Filters) -> Cards:
    return list(project_rows(projects(filters, None)))[:MOST]


def _policies(filters: Filters) -> Cards:
    rows = filtering.programmes(filters).with_page_facts()[:MOST]
    return [policy_wording.card(node) for node in trees(rows, today())]


def _slipped(filters: Filters) -> Cards:
    """Promises whose day has passed, the oldest first; each leads to its policy."""
    rows = Promise.objects.filter(
        policy__in=filtering.policies(filters), policy__status="in_force", done_on=None, due_on__lt=today()
    )
    found = rows.select_related("policy__subject__sector", "policy__organisation").order_by("due_on", "pk")[:MOST]
    return [policy_wording.promise_card(one, today()) for one in found]


def _practices(filters: Filters) -> Cards:
    if filters.area or filters.zone:  # they are of no place here
        return []
    rows = filtering.practices(filters).with_page_facts().order_by("-subject__created_at", "-pk")[:MOST]
    return [wording.practice_card(practice) for practice in rows]


def _services(filters: Filters) -> Cards:
    return [wording.service_card(one) for one in filtering.of_spine(Service, filters).with_page_facts().order_by("order", "pk")]


def _goals(filters: Filters) -> Cards:
    return [wording.goal_card(one) for one in filtering.of_spine(Goal, filters).with_page_facts().order_by("by_year", "pk")]


BLOCKS: list[Block] = [
    Block("events", "week", gettext_lazy("Come to an event"), _events, "events"),
    Block("consultations", "week", gettext_lazy("Say what you think"), _consultations, "consultations"),
    Block("alternatives", "week", gettext_lazy("Choose between alternatives"), _comparisons, "comparisons"),
    Block("surveys", "week", gettext_lazy("Answer a survey"), _surveys, "surveys"),
    Block("initiatives", "week", gettext_lazy("Join common action"), _initiatives, "initiatives"),
    Block(
        "support", "week", gettext_lazy("Support an idea"), _to_support, "report_list", (("kind", "idea"), ("order", "support"))
    ),
    Block("late", "late", gettext_lazy("Reports without an answer in time"), _late, "report_list", (("overdue", "1"),)),
    Block("slipped", "late", gettext_lazy("Promises that slipped"), _slipped, "policies"),
    Block("new", "new", gettext_lazy("New reports and ideas"), _new, "report_list"),
    Block("policies", "is", gettext_lazy("Policies and promises"), _policies, "policies"),
    Block("goals", "is", gettext_lazy("Goals"), _goals, "goals"),
    Block("projects", "is", gettext_lazy("Planned projects"), _projects, "project_list"),
    Block("services", "is", gettext_lazy("Services"), _services, "services"),
    Block("practices", "is", gettext_lazy("What other places do"), _practices, "practices"),
]
"""In the order in which a page shows them."""
