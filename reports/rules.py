"""Who may: one policy, asked for one report (`capacities`, `may`) and, in querysets, for many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.workflow import Transition, Who

if TYPE_CHECKING:
    from reports.models import Report

SEES_ALL = ("dispatcher", "moderator", "planner", "council_officer", "administrator")


def can_see_all_restricted(user: Any) -> bool:
    """Dispatchers, moderators, planners, council officers and administrators see every department's reports."""
    return bool(user.has_role(*SEES_ALL))


def may_plan(user: Any) -> bool:
    """Planners, council officers and administrators ask the reports for what a plan needs."""
    return bool(getattr(user, "is_authenticated", False) and user.plans)


def is_moderator(user: Any) -> bool:
    return bool(getattr(user, "is_authenticated", False) and user.has_role("moderator"))


def capacities(user: Any, report: Report, *, proven_author: bool = False) -> frozenset[Who]:
    """In what capacities a person may act on this report.

    `proven_author`: the request carried a signed link from the author's own mail (a guest has no account).
    An official's and a head's capacity reaches the own departments' reports; a dispatcher's and a moderator's every report.
    """
    found: set[Who] = set()
    if proven_author:
        found.add(Who.AUTHOR)
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset(found)
    if report.author_id == user.pk:
        found.add(Who.AUTHOR)
    for membership in user.held:
        roles = set(membership.roles)
        if roles & {"official", "head"} and membership.organisation_id == report.department_id:
            found.add(Who.OFFICIAL)
        if "head" in roles and membership.organisation_id == report.department_id:
            found.add(Who.DISPATCHER)
        if "dispatcher" in roles:
            found.add(Who.DISPATCHER)
        if "council_officer" in roles and report.kind == "idea":
            found.add(Who.OFFICIAL)
        if "moderator" in roles:
            found.add(Who.MODERATOR)
    return frozenset(found)


def may(user: Any, report: Report, edge: Transition, *, proven_author: bool = False) -> bool:
    """May this person take this edge (the state is the workflow's matter)?"""
    return bool(edge.who & capacities(user, report, proven_author=proven_author))


def may_route(user: Any) -> bool:
    """Gives reports to people of any department; a head assigns within the own one."""
    return bool(user.has_role("dispatcher"))


def may_read_contact(user: Any, report: Report) -> bool:
    """The reporter's identity: the responsible department, dispatchers and moderators."""
    return bool(capacities(user, report) & {Who.OFFICIAL, Who.DISPATCHER, Who.MODERATOR})


def may_note(user: Any, report: Report) -> bool:
    """Internal notes, place and category: whoever works on the report."""
    return bool(capacities(user, report) & {Who.OFFICIAL, Who.DISPATCHER, Who.MODERATOR})


def may_enter_for_others(user: Any) -> bool:
    """Phone, desk and paper entry on behalf of a person."""
    return bool(getattr(user, "is_authenticated", False) and user.has_role("official", "dispatcher", "head", "moderator"))
