"""What our own description allows, and what it forbids, made up by schemathesis for every operation: nothing breaks, and every answer
is one that the description knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from api.authentication import issue
from api.v1.access import SCOPES
from discussion.models import Comment, Subject
from layers.models import Layer, Place
from municipality.models import Organisation
from participation.models import Indicator
from tests.walls.world import World, build

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
WIDE = {"reports": ("problem", "idea"), "cases": ("problem",), "policies": ("policy",)}
"""Kinds of subjects below an address that is not just the plural of its kind."""
NAMED: dict[str, Any] = {"organisations": Organisation, "indicators": Indicator, "layers": Layer, "places": Place}
"""What has a slug in its address."""


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """One of everything; the application leaves the test's connection open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield build()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def described() -> Any:
    """Our schema, answered by the application in this process."""
    schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
    schema.app = get_wsgi_application()
    schema.config.generation.update(with_security_parameters=False)
    return schema


def places(path: str) -> st.SearchStrategy[dict[str, Any]]:
    """Parts of the address: now and then what was made up, mostly what is there."""
    found = Subject.objects.order_by("pk")
    part = path.split("/")[3]
    if "{comment}" in path:
        said = Comment.objects.order_by("pk").values_list("subject__reference", "pk")
        there: list[dict[str, Any]] = [{"ref": ref, "comment": pk} for ref, pk in said]
    elif "{slug}" in path:
        there = [{"slug": slug} for slug in NAMED[part].objects.order_by("pk").values_list("slug", flat=True)]
    else:
        found = found if part == "subjects" else found.filter(kind__in=WIDE.get(part, (part.removesuffix("s"),)))
        there = [{"ref": ref} for ref in found.values_list("reference", flat=True)] if "{ref}" in path else []
    return st.sampled_from([{}, *there])


def undescribed(case: Any, answer: Any) -> str:
    """What the description does not say of this answer, in words; "" when it says all."""
    status, kind = str(answer.status_code), answer.headers["content-type"][0]
    if answer.status_code >= 400 and kind != "application/problem+json":
        return f"{kind} is no problem document"
    if answer.status_code < 400 and status not in case.operation.definition.raw["responses"]:
        return "the status is not described"
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as failed:
        return "; ".join(str(each) for each in failed.exceptions)
    return ""


def asking(operation: Any, mode: GenerationMode, tokens: list[str], count: int, note: Callable[[Any, Any], None]) -> None:
    """Sends `count` requests, each undone afterwards."""

    @settings(
        max_examples=count, derandomize=True, database=None, deadline=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(mode), there=places(operation.path), token=st.sampled_from(tokens))
    def ask(case: Any, there: dict[str, Any], token: str) -> None:
        case.path_parameters.update(there)
        signed = {"Authorization": f"Bearer {token}"} if token else {}
        with transaction.atomic():
            answer = case.call(headers={"Accept-Encoding": "identity", **signed})
            transaction.set_rollback(True)
        note(case, answer)

    ask()


def answers(world: World, count: int) -> tuple[dict[str, str], set[int]]:
    """({request: what is wrong}, statuses answered)."""
    people = [person for role in ("official", "administrator") if (person := world.people[role])]
    tokens = ["", *(issue(person, "test", list(SCOPES))[1] for person in people)]
    wrong: dict[str, str] = {}
    told: set[int] = set()

    def note(case: Any, answer: Any) -> None:
        told.add(answer.status_code)
        if sentence := undescribed(case, answer):
            wrong.setdefault(f"{case.operation.label} {answer.status_code}", f"{sentence}\n{case.as_curl_command()}")

    for result in described().get_all_operations():
        operation = result.ok()
        asking(operation, GenerationMode.POSITIVE, tokens, count, note)
        if operation.query or operation.headers or operation.body:  # else there is nothing that could be wrong
            asking(operation, GenerationMode.NEGATIVE, tokens, count, note)
    return wrong, told


def test_nothing_that_one_may_send_breaks_an_operation_or_is_answered_otherwise_than_described(world: World):
    wrong, told = answers(world, 2)
    assert wrong == {}
    assert told >= {200, 400, 401, 404}


@pytest.mark.deep
def test_nor_does_much_more_of_it(world: World):
    wrong, _told = answers(world, 25)
    assert wrong == {}
