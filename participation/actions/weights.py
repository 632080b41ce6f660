"""What counts in a policy and how much: measures, promises, and the planned projects by which it is carried out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from discussion.models import Link, Subject, TimelineRow
from geoportal.kernel.multilingual import text_in
from participation.actions.move import edge_of, locked, take
from participation.models import Policy, Promise, Weighed
from participation.workflow import Who

Part = tuple[Literal["measure", "promise", "project"], int]
"""Something that counts in a policy: its kind and its number."""
MOST = 100


def parts_of(policy: Policy) -> list[tuple[Part, str, int]]:
    """(part, its name, its weight) of all that counts in the policy, in the order of its page; three queries."""
    measures = Policy.objects.public().filter(parent=policy.pk).order_by("order", "pk")
    links = links_of(policy.pk).filter(target__is_public=True).select_related("target", "weighed").order_by("pk")
    found: list[tuple[Part, str, int]] = [(("promise", one.pk), text_in(one.text), one.weight) for one in policy.promises.all()]
    found += [(("project", link.target_id), link.target.title, weight_of(link)) for link in links]
    return found + [(("measure", one.pk), text_in(one.title), one.weight) for one in measures]


def links_of(policy_id: int) -> Any:
    """The links that say by which planned projects it is carried out."""
    return Link.objects.filter(source=policy_id, kind=Link.Kind.CARRIED_OUT_BY, target__kind=Subject.Kind.PROJECT)


def weight_of(link: Link) -> int:
    return link.weighed.weight if hasattr(link, "weighed") else 1


def _require(*weights: int) -> None:
    if not all(1 <= weight <= MOST for weight in weights):
        raise ValidationError({"weight": _("A weight is a whole number from 1 to 100.")})


@transaction.atomic
def weigh(
    policy_id: int, weights: Mapping[Part, int], *, by: User, version: int | None = None, at: datetime.datetime | None = None
) -> TimelineRow | None:
    """How much each counts beside the others, 1 to 100; their sum is nobody's matter. None where all stays as it is.

    What is not a part of the policy is passed over. Raises ValidationError for a weight out of bounds.
    """
    policy = locked(Policy, policy_id, version=version)
    edge = edge_of(policy, "weigh", by)
    _require(*weights.values())
    changed = [(part, name, old, weights[part]) for part, name, old in parts_of(policy) if weights.get(part, old) != old]
    if not changed:
        return None
    for (kind, pk), _name, _old, new in changed:
        if kind == "measure":
            Policy.objects.filter(pk=pk).update(weight=new)
        elif kind == "promise":
            Promise.objects.filter(pk=pk).update(weight=new)
        else:
            Weighed.objects.update_or_create(link=links_of(policy_id).get(target=pk), defaults={"weight": new})
    lines = [f"{name}: {old} → {new}" for _part, name, old, new in changed]
    return take(policy, edge, by=by, capacity=Who.ORGANISER, text="\n".join(lines), at=at, tells=False)


@transaction.atomic
def carry_out(
    policy_id: int, project: Subject, *, by: User, weight: int = 1, version: int | None = None,
    at: datetime.datetime | None = None,
) -> bool:  # fmt: skip
    """Says by which planned project it is carried out and how much that counts; whether that is new."""
    policy = locked(Policy, policy_id, version=version)
    edge = edge_of(policy, "carried_out_by", by)
    if project.kind != Subject.Kind.PROJECT or not project.is_public:
        raise ValidationError({"project": _("Choose a planned project from the list.")})
    _require(weight)
    link, new = Link.objects.get_or_create(source=policy.subject, target=project, kind=Link.Kind.CARRIED_OUT_BY)
    if not new:
        return False
    if weight != 1:
        Weighed.objects.create(link=link, weight=weight)
    take(policy, edge, by=by, capacity=Who.ORGANISER, at=at, data={"carried": project.pk}, text=project.title)
    return True


@transaction.atomic
def not_carry_out(
    policy_id: int, project: Subject, *, by: User, version: int | None = None, at: datetime.datetime | None = None
) -> bool:
    """The project does not count here any more; whether it did."""
    policy = locked(Policy, policy_id, version=version)
    edge = edge_of(policy, "not_carried_out_by", by)
    gone, _kinds = links_of(policy_id).filter(target=project).delete()
    if gone:
        take(policy, edge, by=by, capacity=Who.ORGANISER, at=at, data={"linked": project.pk}, tells=False)
    return bool(gone)
