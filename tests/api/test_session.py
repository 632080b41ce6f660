"""Who am I; tokens: told once, dead at once."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.keys import digest
from accounts.models import ApiToken
from api import tokens
from api.v1 import shapes
from reports.filters import midnight
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


def test_a_token_holds_as_long_as_its_owner_says_and_a_year_at_most():
    owner, today = factories.resident(), timezone.localdate()
    api, day = Api(owner), datetime.timedelta(days=1)
    made = api.post("tokens/", {"name": "x", "scopes": ["read"], "expires_on": (today + day).isoformat()}).json()
    assert timezone.localtime(ApiToken.objects.get(pk=made["id"]).expires_at) == midnight(today + 2 * day)
    for last in (today, today + 366 * day):
        refused = api.post("tokens/", {"name": "x", "scopes": ["read"], "expires_on": last.isoformat()})
        assert (refused.status_code, list(refused.json()["errors"])) == (400, ["expires_on"])
    for _each in range(tokens.MOST - 1):
        api.post("tokens/", {"name": "x", "scopes": ["read"]})
    assert (api.post("tokens/", {"name": "x", "scopes": ["read"]}).json()["code"], ApiToken.objects.count()) == (
        "many",
        tokens.MOST,
    )


def test_tokens_are_made_and_revoked_on_a_page_of_ones_own():
    owner, page = factories.resident(), Client()
    page.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    text = page.get("/accounts/tokens/").content.decode()
    assert (text.count("<h1>"), "work" in text, 'value="cases"' in text) == (1, False, False)
    wrong = page.post("/accounts/tokens/", {"name": "", "scopes": ["cases"], "days": "9"})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"name", "scopes", "days"})
    answer = page.post("/accounts/tokens/", {"name": "Скрипт", "scopes": ["read", "report"], "days": "30"})
    token, row = answer.context["text"], ApiToken.objects.get()
    assert (answer.status_code, answer["Cache-Control"].split(", ")[-1], token in answer.content.decode()) == (
        201,
        "private",
        True,
    )
    assert (row.name, row.scopes, row.digest) == ("Скрипт", ["read", "report"], digest(token))
    assert timezone.localdate(row.expires_at) == timezone.localdate() + datetime.timedelta(days=31)
    assert token not in page.get("/accounts/tokens/").content.decode()
    assert Api(token=token).get("session/").json()["user"]["email"] == owner.email
    stranger = Client()
    stranger.force_login(factories.resident(), backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.post(f"/accounts/tokens/{row.pk}/revoke/").status_code == 404
    assert page.post(f"/accounts/tokens/{row.pk}/revoke/")["Location"] == "/accounts/tokens/"
    assert Api(token=token).get("session/").status_code == 401
