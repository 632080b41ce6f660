"""Who am I; tokens: told once, dead at once."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from accounts.keys import digest
from accounts.models import ApiToken
from api.v1 import shapes
from tests import factories
from tests.api.client import Api, with_token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()


def test_a_stranger_is_nobody_and_gets_a_form_token(api: Api):
    answer = api.get("session/")
    assert answer.json()["user"] is None
    assert len(answer.json()["csrf"]) == 64
    assert answer["Cache-Control"] == "private, no-store"


def test_the_signed_in_see_themselves():
    official = factories.official()
    assert Api(official).get("session/").json()["user"] == {
        "name": "Иван Петров", "email": official.email, "language": "bg", "roles": ["official"], "departments": ["roads"],
    }  # fmt: skip


def test_a_token_is_told_once_and_stored_as_a_hash():
    owner = factories.resident()
    api = Api(owner)
    made = api.post("tokens/", {"name": "Скрипт", "scopes": ["read", "report"]})
    body = made.json()
    row = ApiToken.objects.get()
    assert made.status_code == 201
    assert set(body) == set(shapes.NewToken().fields)
    assert (row.digest, row.prefix, row.name) == (digest(body["token"]), body["token"][:8], "Скрипт")
    listed = api.get("tokens/").json()["tokens"]
    assert [set(token) for token in listed] == [set(shapes.TokenFacts().fields)]
    assert body["token"] not in api.get("tokens/").content.decode()
    assert Api(token=body["token"]).get("session/").json()["user"]["email"] == owner.email


def test_a_revoked_token_is_dead_and_only_the_owner_revokes():
    owner = factories.resident()
    made = Api(owner).post("tokens/", {"name": "x", "scopes": ["read"]}).json()
    assert Api(factories.resident()).delete(f"tokens/{made['id']}/").status_code == 404
    assert Api(owner).delete(f"tokens/{made['id']}/").status_code == 204
    assert Api(token=made["token"]).get("session/").status_code == 401


def test_a_token_dies_with_its_time_and_with_its_account(api: Api):
    owner = factories.resident()
    alive = with_token(owner, "read")
    assert alive.get("session/").status_code == 200
    assert ApiToken.objects.get().last_used_at is not None
    ApiToken.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert alive.get("session/").status_code == 401
    ApiToken.objects.update(expires_at=timezone.now() + datetime.timedelta(days=1))
    owner.is_active = False
    owner.save(update_fields=["is_active"])
    answer = alive.get("session/")
    assert (answer.status_code, answer["Content-Type"], answer["WWW-Authenticate"]) == (
        401,
        "application/problem+json",
        "Bearer",
    )


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer x", "bearer \xff", "Bearer " + "x" * 3000])
def test_a_malformed_token_is_401_wherever_it_is_sent(header: str):
    for path in ("session/", "reports/"):
        assert Api().get(path, Authorization=header).status_code == 401


def test_a_token_can_neither_see_nor_make_tokens(api: Api):
    robot = with_token(factories.resident(), "read", "report", "work")
    assert robot.get("tokens/").status_code == 403
    assert robot.post("tokens/", {"name": "x", "scopes": ["read"]}).status_code == 403
    assert robot.delete(f"tokens/{ApiToken.objects.get().pk}/").status_code == 403
    assert api.get("tokens/").status_code == 401


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"scopes": ["read"]}, "name"), ({"name": "", "scopes": ["read"]}, "name"), ({"name": "x" * 81, "scopes": ["read"]}, "name"),
        ({"name": "a\x00", "scopes": ["read"]}, "name"), ({"name": [], "scopes": ["read"]}, "name"), ({"name": "x"}, "scopes"),
        ({"name": "x", "scopes": []}, "scopes"), ({"name": "x", "scopes": ["all"]}, "scopes.0"), ({"name": "x", "scopes": "read"}, "scopes"),
        ({"name": "x", "scopes": ["read"], "user": 1}, "user"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_token_is_named(sent: dict, field: str):
    answer = Api(factories.resident()).post("tokens/", sent)
    assert (answer.status_code, ApiToken.objects.count()) == (400, 0)
    assert field in answer.json()["errors"]


def test_there_is_a_most_of_tokens():
    owner = factories.resident()
    for _n in range(20):
        with_token(owner, "read")
    assert Api(owner).post("tokens/", {"name": "x", "scopes": ["read"]}).status_code == 409
