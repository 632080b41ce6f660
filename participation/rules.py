"""Who may: one policy for events and all else that people take part in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.models import Membership
from participation import workflow
from participation.workflow import Transition, Who
from reports.rules import is_moderator

if TYPE_CHECKING:
    from municipality.models import Organisation
    from participation.models import Goal, Matter, Pledge


def capacities(user: Any, matter: Matter) -> frozenset[Who]:
    """Who made it organises it (`makers`); a moderator does everywhere."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    found = makers(user, matter)
    return found | {Who.ORGANISER} if Who.MODERATOR in found else found


def makers(user: Any, thing: Matter | Pledge) -> frozenset[Who]:
    """Its author, or, where it stands in the name of an organisation, the members of that one alone: who left it acts for it no more.
    A moderator only moderates it, unless no member is left, or the organisation is not verified any more."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    found: set[Who] = set()
    own = any(each.organisation_id == thing.organisation_id and each.organisation.trusted for each in user.held)
    # What the administration made stays with it: its author may have left.
    official = _official(thing) and not user.works_here
    if (thing.author_id == user.pk and thing.organisation_id is None and not official) or own:
        found.add(Who.ORGANISER)
    if is_moderator(user):
        found.add(Who.MODERATOR)
        if _left_alone(user, thing.organisation_id):
            found.add(Who.ORGANISER)
    return frozenset(found)


def _left_alone(moderator: Any, organisation_id: int | None) -> bool:
    """Nobody acts for it any more: it has no member, or may not be spoken for. Read once for this instance of the account, as its memberships are."""
    if organisation_id is None:
        return False
    if not hasattr(moderator, "_peopled"):
        rows = Membership.objects.filter(active=True, user__is_active=True).select_related("organisation")
        moderator._peopled = {each.organisation_id for each in rows if each.organisation.trusted}
    return organisation_id not in moderator._peopled


def _official(thing: Matter | Pledge) -> bool:
    """Made by the administration for itself; of variants those of the municipality."""
    return thing._meta.model_name in workflow.OFFICIAL or bool(getattr(thing, "own", False))


def may(user: Any, matter: Matter, edge: Transition) -> bool:
    """May this person take this edge (the state is the workflow's matter)?"""
    had = makers(user, matter) if edge.name in workflow.MAKERS_ALONE else capacities(user, matter)
    return bool(edge.who & had)


def publishes_at_once(user: Any, organisation: Organisation | None) -> bool:
    """Whoever works for the municipality announces in the name of the department without a moderator; in the own name they are a resident."""
    return organisation is not None and user.works_for(organisation.pk)


def answers_for(user: Any, organisation_id: int | None) -> bool:
    """Whoever works in the department that gives a service; a moderator everywhere."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return False
    return is_moderator(user) or any(each.organisation_id == organisation_id for each in user.held if organisation_id)


def consults(user: Any) -> bool:
    """Officials and planners prepare consultations of their department."""
    return bool(getattr(user, "is_authenticated", False) and user.has_role("official", "head", "planner") and user.departments)


def may_survey(user: Any) -> bool:
    """Whoever plans or works in a department asks the public."""
    roles = ("official", "head", "planner", "council_officer", "moderator", "administrator")
    return bool(getattr(user, "is_authenticated", False) and user.works_here and user.has_role(*roles))


PLANNERS = ("official", "head", "planner", "administrator", "moderator")
"""Roles whose people enter what was adopted and set goals."""


def adopts(user: Any) -> bool:
    """Enters programmes of the own department, a moderator of each."""
    return bool(
        getattr(user, "is_authenticated", False) and user.has_role(*PLANNERS) and (user.departments or is_moderator(user))
    )


def adopts_for(user: Any, organisation_id: int) -> bool:
    return adopts(user) and answers_for(user, organisation_id)


def sets_goals(user: Any) -> bool:
    """Goals are the municipality's, not a department's: whoever plans or works in one sets them."""
    return adopts(user)


def keeps_services(user: Any) -> bool:
    """Adds services and says anew what they are: whoever keeps the set-up data, and moderators."""
    return bool(getattr(user, "is_authenticated", False) and user.has_role("administrator", "moderator"))


def keeps_figures(user: Any) -> bool:
    """Enters figures in the administration: whoever keeps the set-up data."""
    return bool(getattr(user, "is_authenticated", False) and user.has_role("administrator"))


def keeps_goal(user: Any, goal: Goal) -> bool:
    """Changes and ends it: whoever plans or moderates, and the department that looks after it."""
    if not sets_goals(user):
        return False
    return bool(user.has_role("planner", "administrator", "moderator") or goal.organisation_id in user.departments)
