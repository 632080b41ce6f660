"""Public objects of every kind under one filter language, and their cards: what search, feeds and the pages of areas read."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from discussion.models import Subject
from discussion.search import few, query
from layers.models import Project
from municipality.models import Organisation
from participation import filtering, policy_wording, survey_wording, wording, wording_alternatives, wording_consultation
from participation.actions.move import MODELS
from participation.models import (
    Alternative,
    Comparison,
    Consultation,
    Event,
    Goal,
    Initiative,
    Policy,
    Practice,
    Service,
    Survey,
)
from reports.cards import card, card_rows
from reports.filters import MOST_HITS, Filters, midnight
from reports.inside import covered
from reports.mapping import project_rows
from reports.models import Report

Card = dict[str, Any]
MOST = 20
"""Of one organisation."""
SAYS_NOTHING = ("bbox", "category", "status", "assigned", "overdue", "supported", "order")
"""Parameters of the language that not every kind knows."""
NAMES: dict[str, tuple[Promise, Promise]] = {
    "problem": (pgettext_lazy("one", "problem"), gettext_lazy("Problems")),
    "idea": (pgettext_lazy("one", "idea"), gettext_lazy("Ideas")),
    "project": (pgettext_lazy("one", "planned project"), gettext_lazy("Planned projects")),
    "event": (pgettext_lazy("one", "event"), gettext_lazy("Events")),
    "initiative": (pgettext_lazy("one", "initiative"), gettext_lazy("Common action")),
    "practice": (pgettext_lazy("one", "practice"), gettext_lazy("Practices of other places")),
    "survey": (pgettext_lazy("one", "survey"), gettext_lazy("Visions and surveys")),
    "policy": (pgettext_lazy("one", "policy"), gettext_lazy("Policies")),
    "goal": (pgettext_lazy("one", "goal"), gettext_lazy("Goals")),
    "service": (pgettext_lazy("one", "service"), gettext_lazy("Services")),
    "consultation": (pgettext_lazy("one", "consultation"), gettext_lazy("Consultations")),
    "comparison": (pgettext_lazy("one", "comparison of alternatives"), gettext_lazy("Comparisons of alternatives")),
    "alternative": (pgettext_lazy("one", "alternative"), gettext_lazy("Alternatives")),
}
"""Kind → (what one is called, what all are called)."""


def _reports(ids: list[int]) -> Iterable[Card]:
    return map(card, card_rows(Report.objects.filter(pk__in=ids)))


def _projects(ids: list[int]) -> Iterable[Card]:
    return project_rows(Project.objects.filter(pk__in=ids))


def _events(ids: list[int]) -> Iterable[Card]:
    return map(wording.card, Event.objects.filter(pk__in=ids).with_page_facts())


def _practices(ids: list[int]) -> Iterable[Card]:
    return map(wording.practice_card, Practice.objects.filter(pk__in=ids).with_page_facts())


def _initiatives(ids: list[int]) -> Iterable[Card]:
    return map(wording.initiative_card, Initiative.objects.filter(pk__in=ids).with_page_facts().with_people())


def _policies(ids: list[int]) -> Iterable[Card]:
    return map(policy_wording.plain_card, Policy.objects.filter(pk__in=ids).with_page_facts())


def _goals(ids: list[int]) -> Iterable[Card]:
    return map(wording.goal_card, Goal.objects.filter(pk__in=ids).with_page_facts())


def _services(ids: list[int]) -> Iterable[Card]:
    return map(wording.service_card, Service.objects.filter(pk__in=ids).with_page_facts())


def _consultations(ids: list[int]) -> Iterable[Card]:
    return map(wording_consultation.card, Consultation.objects.filter(pk__in=ids).with_page_facts())


def _surveys(ids: list[int]) -> Iterable[Card]:
    return map(survey_wording.survey_card, Survey.objects.filter(pk__in=ids).with_page_facts())


def _comparisons(ids: list[int]) -> Iterable[Card]:
    return map(wording_alternatives.card, Comparison.objects.filter(pk__in=ids).with_page_facts())


def _alternatives(ids: list[int]) -> Iterable[Card]:
    return map(wording_alternatives.variant_card, Alternative.objects.public().filter(pk__in=ids).with_page_facts())


CARDS: dict[str, Callable[[list[int]], Iterable[Card]]] = {
    "survey": _surveys,
    "problem": _reports, "idea": _reports, "project": _projects, "event": _events, "practice": _practices, "policy": _policies,
    "goal": _goals, "service": _services, "initiative": _initiatives, "consultation": _consultations,
    "comparison": _comparisons, "alternative": _alternatives,
}  # fmt: skip
"""Kind → cards of those with these keys, in one query."""


def subjects(filters: Filters) -> QuerySet[Subject]:
    """Everything public that the filters let through, refused and withdrawn things among it."""
    found = Subject.objects.filter(is_public=True, kind__in=filters.kind or list(CARDS))
    if filters.sector:
        further = Subject.further_sectors.through.objects.filter(sector__in=filters.sector).values("subject")
        found = found.filter(Q(sector__in=filters.sector) | Q(pk__in=further))
    if filters.area or filters.zone:
        found = found.filter(Q(area__in=filters.area) | Q(pk__in=covered(filters.zone)) | _placed(filters))
    if filters.since:
        found = found.filter(created_at__gte=midnight(filters.since))
    if filters.until:
        found = found.filter(created_at__lt=midnight(filters.until + datetime.timedelta(days=1)))
    if filters.q and (words := query(filters.q)):
        hits = few(words, MOST_HITS)
        found = found.filter(search=words) if hits is None else found.filter(pk__in=hits)
    return found


def _placed(filters: Filters) -> Q:
    """What is no report and lies in the polygons of layers, by its point or its border."""
    held, here = Q(), filters.only("area")
    placed = (
        filtering.events, filtering.initiatives, filtering.consultations, filtering.comparisons, filtering.policies,
        filtering.surveys,
    )  # fmt: skip
    for lists in placed if filters.zone else ():
        held |= Q(pk__in=lists(here).values("pk"))
    return held


def page(filters: Filters) -> tuple[list[Subject], str]:
    """(The newest after the filters' cursor, at most their limit; the cursor of the next page or "")."""
    found = subjects(filters)
    if filters.cursor:
        made, pk = filters.cursor
        found = found.filter(created_at__lte=made).exclude(created_at=made, pk__gte=pk)
    rows = list(found.order_by("-created_at", "-pk")[: filters.limit + 1])
    if len(rows) <= filters.limit:
        return rows, ""
    last = rows[filters.limit - 1]
    return rows[: filters.limit], f"{last.created_at.isoformat()}~{last.pk}"


def cards(found: Iterable[Subject]) -> list[Card]:
    """Cards of subjects of any kinds in the order given, each with the name of its kind; one query for each kind among them."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    order = []
    for subject in found:
        by_kind[subject.kind].append(subject.pk)
        order.append(subject.reference)
    read = {CARDS[kind]: [] for kind in by_kind}  # type: ignore[var-annotated]
    for kind, ids in by_kind.items():
        read[CARDS[kind]] += ids
    made = {item["ref"]: {**item, "kind_name": NAMES[item["kind"]][0]} for of, ids in read.items() for item in of(ids)}
    return [made[reference] for reference in order if reference in made]


def of_organisation(organisation: Organisation) -> list[Card]:
    """What stands under the name of an organisation, the newest first, at most MOST."""
    ids = [
        pk
        for model in MODELS.values()
        for pk in model._default_manager.filter(organisation=organisation).values_list("pk", flat=True)
    ]
    return cards(Subject.objects.filter(pk__in=ids, is_public=True, kind__in=CARDS).order_by("-created_at", "-pk")[:MOST])
