"""Keys of other systems: made by an administrator or a command, told once, renewed; only the hash is kept."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.keys import digest
from accounts.models import ApiClient
from tests import factories

KEY = re.compile(r"показва се само сега: ([\w-]{43})")


@pytest.fixture
def client(town) -> Client:
    made = Client()
    made.force_login(factories.administrator(), backend="django.contrib.auth.backends.ModelBackend")
    return made


def test_the_key_is_told_once_and_renewed(client: Client) -> None:
    form = {"name": "Град 311", "contact": "it@311.test", "scopes": ["send"], "per_hour": "10", "per_day": "20",
            "expires_on": "2099-12-31", "active": "on", "account": ""}  # fmt: skip
    page = client.post("/admin/accounts/apiclient/add/", form, follow=True)
    key = KEY.search(page.content.decode())[1]
    made = ApiClient.objects.get()
    assert (made.digest, made.prefix, made.per_hour) == (digest(key), key[:8], 10)
    assert key not in client.get(f"/admin/accounts/apiclient/{made.pk}/change/").content.decode()
    action = {"action": "new_key", "_selected_action": [made.pk]}
    again = KEY.search(client.post("/admin/accounts/apiclient/", action, follow=True).content.decode())[1]
    made.refresh_from_db()
    assert made.digest == digest(again) != digest(key)
    refused = client.post("/admin/accounts/apiclient/add/", {**form, "scopes": ["enter"]})
    assert refused.context["adminform"].form.errors == {
        "account": ["За да въвежда и променя сигнали, системата трябва да има профил."]
    }  # fmt: skip


def test_a_command_makes_one_too(town) -> None:
    said = StringIO()
    official = factories.official()
    call_command("make_api_client", "Град 311", "it@311.test", "--scope", "enter", "--account", official.email, stdout=said)
    made = ApiClient.objects.get()
    assert (made.account, made.scopes, made.digest) == (official, ["enter"], digest(said.getvalue().split("\n")[1]))
    for wrong in (
        ["x", "nobody", "--scope", "send"],
        ["x", "a@b.bg", "--scope", "enter"],
        ["x", "a@b.bg", "--scope", "send", "--account", "y"],
    ):
        with pytest.raises(CommandError):
            call_command("make_api_client", *wrong, stdout=StringIO())
    assert ApiClient.objects.count() == 1
