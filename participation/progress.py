"""How far policies are: weighted means from promises and projects upward, by fixed questions however large the trees are."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from discussion.models import Link
from layers.models import Project
from participation.models import Policy, Promise


@dataclass(frozen=True)
class Part:
    """Something that counts with its weight; `share`: how much of it is done, 0 to 1, None where nobody knows."""

    weight: int
    share: float | None


def mean(parts: Iterable[Part]) -> float | None:
    """The weighted mean of the shares that are known; None where none is."""
    known = [(part.weight, part.share) for part in parts if part.share is not None]
    total = sum(weight for weight, _share in known)
    return sum(weight * share for weight, share in known) / total if total else None


def percent(share: float | None) -> int | None:
    """Whole percent, downwards: 100 only where all of it is done."""
    return None if share is None else int(share * 100 + 1e-9)


def share_of(stage: str, steps: int, done: int) -> float | None:
    """Of a planned project: by its milestones; without any only what is done is known to be done."""
    if stage == Project.Stage.DONE:
        return 1.0
    return done / steps if steps else None


@dataclass
class Carried:
    """A planned project by which a policy is carried out. `title`: {language: text}."""

    pk: int
    reference: str
    title: dict[str, str]
    stage: str
    steps: int
    done: int
    weight: int = 1

    @property
    def share(self) -> float | None:
        return share_of(self.stage, self.steps, self.done)


@dataclass
class Node:
    """A policy in its tree, with what is promised on `day` and before."""

    policy: Policy
    day: datetime.date
    measures: list[Node] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    projects: list[Carried] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        parts = [Part(node.policy.weight, node.share) for node in self.measures]
        parts += [Part(one.weight, 1.0 if one.done_on else 0.0) for one in self.promises]
        return mean([*parts, *(Part(project.weight, project.share) for project in self.projects)])

    @property
    def percent(self) -> int | None:
        return percent(self.share)

    @property
    def counts(self) -> dict[str, int]:
        """{state of promises: how many there are, here and below}."""
        found = dict.fromkeys(Promise.State.values, 0)
        for one in self.promises:
            found[one.state(self.day)] += 1
        for node in self.measures:
            for state, number in node.counts.items():
                found[state] += number
        return found


def trees(programmes: Iterable[Policy], day: datetime.date) -> list[Node]:
    """The programmes with all that is below them; three queries."""
    roots = {policy.pk: Node(policy, day) for policy in programmes}
    if not roots:
        return []
    measures = Policy.objects.public().filter(parent__in=roots).with_page_facts().order_by("order", "pk")
    nodes = dict(roots)
    for policy in measures:
        nodes[policy.pk] = node = Node(policy, day)
        roots[policy.parent_id].measures.append(node)
    for promise in Promise.objects.filter(policy__in=nodes).order_by("due_on", "pk"):
        nodes[promise.policy_id].promises.append(promise)
    for source, project in _projects(nodes):
        nodes[source].projects.append(project)
    return list(roots.values())


def _projects(sources: Iterable[int]) -> list[tuple[int, Carried]]:
    steps = "target__project__milestones"
    rows = (
        Link.objects.filter(source__in=sources, kind=Link.Kind.CARRIED_OUT_BY, target__is_public=True, target__kind="project")
        .annotate(
            weight=Coalesce("weighed__weight", 1),
            steps=Count(steps),
            done=Count(steps, filter=Q(**{f"{steps}__done_on__isnull": False})),
        )
        .order_by("pk")
        .values(
            "source",
            "target",
            "target__reference",
            "target__project__title",
            "target__project__stage",
            "steps",
            "done",
            "weight",
        )
    )
    return [(row["source"], _carried(row)) for row in rows]


@dataclass
class Toward:
    """What serves a goal: policies with their trees, planned projects, and the numbers of ideas."""

    nodes: list[Node] = field(default_factory=list)
    projects: list[Carried] = field(default_factory=list)
    ideas: list[int] = field(default_factory=list)

    @property
    def percent(self) -> int | None:
        """Of policies and projects alike; an idea is no progress yet."""
        return percent(mean(Part(1, one.share) for one in (*self.nodes, *self.projects)))


def toward(goals: Iterable[int], day: datetime.date) -> dict[int, Toward]:
    """Goal → what serves it; six queries at most."""
    found = {pk: Toward() for pk in goals}
    links = Link.objects.filter(target__in=found, kind=Link.Kind.SERVES, source__is_public=True).order_by("pk")
    rows = list(links.values_list("target", "source", "source__kind"))
    nodes = _nodes([source for _goal, source, kind in rows if kind == "policy"], day)
    projects = _of_projects([source for _goal, source, kind in rows if kind == "project"])
    for goal, source, kind in rows:
        if source in nodes:
            found[goal].nodes.append(nodes[source])
        elif source in projects:
            found[goal].projects.append(projects[source])
        elif kind == "idea":
            found[goal].ideas.append(source)
    return found


def _nodes(policies: list[int], day: datetime.date) -> dict[int, Node]:
    """The policies of these keys in the trees of their programmes."""
    if not policies:
        return {}
    asked = Policy.objects.filter(pk__in=policies)
    roots = Policy.objects.public().with_page_facts().filter(Q(pk__in=policies) | Q(pk__in=asked.values("parent")), parent=None)
    forest = trees(roots, day)
    return {node.policy.pk: node for root in forest for node in (root, *root.measures)}


def _of_projects(projects: list[int]) -> dict[int, Carried]:
    rows = (
        Project.objects.filter(pk__in=projects)
        .annotate(
            steps=Count("milestones"), done=Count("milestones", filter=Q(milestones__done_on__isnull=False)),
            reference=F("subject__reference"),
        )
        .values_list("pk", "reference", "title", "stage", "steps", "done")
    )  # fmt: skip
    return {row[0]: Carried(*row) for row in rows} if projects else {}


def _carried(row: dict[str, Any]) -> Carried:
    return Carried(
        row["target"], row["target__reference"], row["target__project__title"], row["target__project__stage"], row["steps"],
        row["done"], row["weight"],
    )  # fmt: skip
