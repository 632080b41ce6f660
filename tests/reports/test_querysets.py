"""Who sees which rows: one policy asked for many (`visible_to`, `for_desk`) and for one (`capacities`) agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import override_settings

from reports import rules, workflow
from reports.models import Report
from tests.databases import kept_meanwhile
from tests.walls.world import ROLES, World, build

pytestmark = pytest.mark.django_db
IDEAS = {"idea", "withdrawn idea"}
"""A withdrawn idea stays in the public set by its title; a withdrawn problem does not."""
PUBLIC = {"report", "case", "removed", "withdrawn", *IDEAS}
OF_ROADS = {*PUBLIC, "hidden", "restricted"}
ALL = {*OF_ROADS, "hidden idea"}
SEEN = {
    "anonymous": PUBLIC,
    "resident": PUBLIC,
    "author": ALL,
    "official": OF_ROADS,
    "other_official": {*PUBLIC, "hidden idea"},  # of the department that has the ideas
    "dispatcher": ALL,
    "moderator": ALL,
    "planner": ALL,
    "administrator": ALL,
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One of everything for all tests that only read; gone after them."""
    with kept_meanwhile(django_db_blocker), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("world")):
        yield build()


def named(world, reports):
    by_reference = {
        kwargs["ref"]: name for name, kwargs in world.kwargs.items() if set(kwargs) == {"ref"} and name in ALL | {"draft"}
    }
    return {by_reference[reference] for reference in reports.values_list("subject__reference", flat=True)}


@pytest.mark.parametrize("role", ROLES)
def test_rows_that_a_role_may_open(world, role):
    user = world.people[role] or AnonymousUser()
    assert named(world, Report.objects.visible_to(user)) == SEEN[role]


@pytest.mark.parametrize("role", ROLES)
def test_public_set_is_the_same_for_everyone(world, role):
    assert named(world, Report.objects.public()) == {"report", "case", *IDEAS}
    assert named(world, Report.objects.in_full()) == {"report", "case", "idea"}


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("anonymous", "resident", "author")])
def test_whoever_may_act_can_fetch(world, role):
    user = world.people[role]
    fetched = set(Report.objects.for_desk(user).values_list("pk", flat=True))
    for report in Report.objects.exclude(status__in=workflow.DRAFTS):
        if rules.capacities(user, report):
            assert report.pk in fetched


def test_newest_in_a_box_is_read_in_the_order_of_the_index(world):
    query = Report.objects.in_box((23.5, 42.8, 24.0, 43.1)).newest(boxed=True)[:100]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        sql, params = query.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "report_place_time" in plan
    assert "Order By" in plan
