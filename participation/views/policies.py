"""`/policies/`: what was adopted, how far it is, what was promised; one programme or measure with its tree."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from discussion import messages
from discussion.actions.comments import OBSERVATIONS
from discussion.conversation import conversation
from discussion.models import Audience, Comment, TimelineRow
from discussion.shown import KINDS
from discussion.words import euros
from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import text_in
from municipality.site import sectors
from participation import filtering, policy_wording, rules
from participation.models import Policy
from participation.progress import Node, trees
from participation.views.found import acts, found
from reports.filters import Filters
from reports.freshness import data_version
from reports.querysets import today

MOST = 60
UNUSED = (*filtering.SAYS_NOTHING, "kind", "bbox", "since", "until")


@require_safe
@public(data_version)
def policy_list(request: HttpRequest) -> HttpResponseBase:
    """The programmes with their measures; `sector`, `area` and `q` as everywhere, unreadable filters are named."""
    filters, bad = Filters.readable(request.GET, request.user, refused=UNUSED)
    rows = list(filtering.programmes(filters).with_page_facts()[:MOST])
    context = {
        "branches": [policy_wording.branch(node) for node in trees(rows, today())], "bad": bad, "given": filters.given,
        "filtered": bool(filters.given), "sectors": sectors(), "may_adopt": rules.adopts(request.user),
    }  # fmt: skip
    return render(request, "participation/policies/list.html", context)


@require_safe
@public(data_version)
def policy_page(request: HttpRequest, ref: str) -> HttpResponseBase:
    policy = found(request, ref, Policy)
    if ref != policy.subject.reference:
        return redirect("policy", policy.subject.reference)
    return render(request, "participation/policies/page.html", _context(request, policy))


def _context(request: HttpRequest, policy: Policy) -> dict[str, Any]:
    subject, node = policy.subject, _node(policy)
    rows = TimelineRow.objects.filter(subject=subject, audience__in=messages.READS[Audience.PUBLIC]).order_by("at", "pk")
    return {
        "policy": policy, "subject": subject, "title": text_in(policy.title), "branch": policy_wording.branch(node),
        "mark": policy_wording.mark(node), "status": policy_wording.status(node), "parent": policy.parent,
        "sectors": [subject.sector, *subject.further_sectors.all()], "acts": acts(request.user, policy),
        "observed": observed(subject.pk), "rows": messages.describe_all(rows), "talk": conversation(subject, request),
        "budget": euros(policy.budget) if policy.budget is not None else "", "level": _("measure") if policy.parent_id else _("programme"),
    }  # fmt: skip


def _node(policy: Policy) -> Node:
    """The policy in the tree of its programme."""
    if policy.parent_id is None:
        return trees([policy], today())[0]
    root = Policy.objects.public().with_page_facts().filter(pk=policy.parent_id).first()
    policy.parent = root
    whole = trees([root], today())[0].measures if root else []
    return next((node for node in whole if node.policy.pk == policy.pk), None) or trees([policy], today())[0]


def observed(subject_id: int) -> list[tuple[Any, int]]:
    """(in words, how many said so) of the residents' observations."""
    said = Comment.objects.published().filter(subject=subject_id, kind__in=OBSERVATIONS).order_by("-kind")
    return [(KINDS[row["kind"]], row["n"]) for row in said.values("kind").annotate(n=Count("pk"))]
