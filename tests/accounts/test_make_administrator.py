"""The first administrator of a site on which nobody has an account."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, User
from municipality.models import Organisation

PASSWORD = "a long word of mine"


def link_for(*arguments: str) -> str:
    """The path of the printed link."""
    out = io.StringIO()
    call_command("make_administrator", *arguments, stdout=out)
    return out.getvalue().split()[-1].partition("://")[2].partition("/")[2]


def test_the_link_makes_an_administrator(town, client, settings):
    path = f"/{link_for('First@Example.org')}"
    assert client.login(email="first@example.org", password="") is False
    assert client.get(path).status_code == 200
    assert client.post(path, {"name": "Ана", "password": PASSWORD}).status_code == 302
    assert client.login(email="first@example.org", password=PASSWORD)
    assert client.get("/accounts/people/").status_code == 200
    assert client.get(path).status_code == 404


def test_a_colleague_keeps_password_and_roles(town, client):
    user = User.objects.create_user("known@example.org", PASSWORD)
    department = Membership.objects.create(
        user=user, organisation=Organisation.objects.get(slug="roads"), roles=["official"]
    ).organisation
    path = f"/{link_for('known@example.org', '--department', department.slug)}"
    assert client.post(path, {"name": "Ана", "password": "another long word"}).status_code == 422
    assert client.post(path, {"name": "Ана", "password": PASSWORD}).status_code == 302
    assert Membership.objects.get(user=user).roles == ["administrator", "official"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody"], "nobody is not an e-mail address"),
        (["a@example.org", "--department", "none"], "there is no department named none"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(town, arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("make_administrator", *arguments)
    assert not User.objects.filter(email="a@example.org").exists()


def test_before_a_municipality_is_loaded_that_comes_first(db):
    with pytest.raises(CommandError, match="load_municipality DIR first"):
        call_command("make_administrator", "a@example.org")
