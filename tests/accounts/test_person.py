"""My data: the copy is whole, erasing leaves nothing; officials come by invitation and go at once."""

from __future__ import annotations

import datetime
import io
import json
import os
import re
import shutil
import subprocess
import uuid
import zipfile

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

import discussion.actions
from accounts import actions
from accounts.models import ApiToken, Invitation, Membership, User
from api.authentication import issue
from municipality.models import Organisation
from reports import my_copy
from reports.actions import act, add_words, person
from reports.actions.move import Given
from tests import factories

NAME, EMAIL, PHONE, STREET = "Сентинелка Уникалова", "sentinel-7391@levka.test", "0888 7391 7391", "ул. Сентинелна 7391"
PASSWORD = "correct horse battery"


def sentinel() -> User:
    user = factories.resident(email=EMAIL)
    user.name = NAME
    user.save()
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    return user


def lived() -> tuple[User, object]:
    """A person with a report filed officially, an addition, a comment, a support, a follow, a token, a session."""
    user = sentinel()
    report = factories.report(author=user, official=True, name=NAME, address=STREET, phone=PHONE, public_name=NAME, email=EMAIL)
    add_words(report.pk, text="Още нещо.", by=user)
    correspondent = discussion.actions.correspondent_of(user)
    discussion.actions.comment(
        report.pk, text="Съгласна съм.", client_uuid=uuid.uuid4(), correspondent=correspondent, by=user, public_name=NAME
    )
    other = factories.report()
    discussion.actions.support(other.pk, correspondent)
    discussion.actions.follow(other.pk, correspondent)
    issue(user, "mine", ["report"])
    return user, report


def test_the_copy_holds_everything(town):
    user, report = lived()
    copy = my_copy.copy_of(discussion.actions.correspondent_of(user))
    assert copy["account"]["email"] == EMAIL
    assert [row["reference"] for row in copy["reports"]] == [report.subject.reference]
    assert copy["reports"][0]["contact"] == {"name": NAME, "address": STREET, "phone": PHONE}
    assert {row["page"] for row in copy["reports"][0]["consents"]} == {"terms", "privacy"}
    assert [row["words__text"] for row in copy["added"]] == ["Още нещо."]
    assert [len(copy[key]) for key in ("comments", "supports", "follows", "addresses")] == [1, 1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_erasing_leaves_nothing_in_the_database():
    factories.town()
    user, report = lived()
    if shutil.which("pg_dump") is None:
        pytest.fail("pg_dump is needed: `make setup` installs it")
    before = dump()
    assert [word in before for word in (NAME, EMAIL, PHONE, STREET)] == [True] * 4
    person.erase(discussion.actions.correspondent_of(user))
    after = dump()
    assert [word in after for word in (NAME, EMAIL, PHONE, STREET)] == [False] * 4
    report.refresh_from_db()
    assert (report.author, report.public_name, report.words.text) == (None, "", "Голяма дупка на пътя.")
    assert report.subject.timeline.filter(words__text="Още нещо.").count() == 1
    assert type(report.subject).objects.get(support_count=1).supports.count() == 1
    assert ApiToken.objects.count() == 0


def dump() -> str:
    settings = connection.settings_dict
    where = {"PGHOST": settings["HOST"], "PGUSER": settings["USER"], "PGPORT": str(settings["PORT"] or 5432)}
    command = ["pg_dump", "--data-only", "--inserts", settings["NAME"]]
    env = {**os.environ, **{key: value for key, value in where.items() if value}, "PGPASSWORD": settings["PASSWORD"]}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout


def test_who_works_here_is_not_erased(town):
    with pytest.raises(ValidationError):
        person.erase(factories.official().correspondent)


def signed_in(user: User) -> Client:
    client = Client()
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def test_copy_and_erasing_ask_for_the_password_again(town, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    user, _report = lived()
    client = signed_in(user)
    assert client.get("/accounts/data/").status_code == 200
    assert client.get("/accounts/data/copy/")["Location"].startswith("/accounts/reauthenticate/")
    assert client.post("/accounts/data/erase/", {"sure": "on"})["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.get(pk=user.pk).is_active
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    copy = client.get("/accounts/data/copy/")
    assert (copy.status_code, copy["Content-Type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(copy.getvalue())) as archive:
        assert json.loads(archive.read("data.json"))["account"]["name"] == NAME
    assert client.post("/accounts/data/erase/", {}).status_code == 422
    assert client.post("/accounts/data/erase/", {"sure": "on"}).status_code == 302
    assert User.objects.get(pk=user.pk).email == f"erased-{user.pk}@invalid.invalid"
    assert client.get("/accounts/").status_code == 302


def test_profile_names_the_field_and_keeps_what_was_typed(town, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    client = signed_in(sentinel())
    page = client.post("/accounts/profile/", {"name": "x" * 121, "language": "de"})
    assert set(page.context["form"].errors) == {"name", "language"}
    assert "x" * 121 in page.content.decode()
    assert client.post("/accounts/profile/", {"name": "Рада", "language": "en"}).status_code == 302
    user = User.objects.get(email=EMAIL)
    assert (user.name, user.language, user.correspondent.language) == ("Рада", "en", "en")


# -- officials


def invited(**fields) -> Invitation:
    given = {"email": "New@levka.test", "organisation": Organisation.objects.get(slug="roads"), "roles": ["official"],
             "language": "bg", "by": factories.administrator(), **fields}  # fmt: skip
    return actions.invite(given.pop("email"), given.pop("organisation"), given.pop("roles"), **given)


def test_an_invitation_is_a_page_with_one_button_and_works_once(town, client):
    address = f"/accounts/invitation/{invited().token}/"
    assert client.get(address).status_code == 200
    assert not User.objects.filter(email="new@levka.test").exists()
    weak = client.post(address, {"name": "Ива", "password": "12345"})
    assert set(weak.context["form"].errors) == {"password"}
    assert client.post(address, {"name": "Ива", "password": PASSWORD}).status_code == 302
    user = User.objects.get(email="new@levka.test")
    assert [(m.organisation.slug, m.roles) for m in user.held] == [("roads", ["official"])]
    assert client.get(address).status_code == 404
    assert client.post(address, {"name": "Друг", "password": PASSWORD}).status_code == 404
    signed_in(user)


def test_an_invitation_ends_after_14_days_and_is_replaced_by_a_newer(town, client):
    first = invited()
    second = invited()
    assert client.get(f"/accounts/invitation/{first.token}/").status_code == 404
    with time_machine.travel(timezone.now() + datetime.timedelta(days=13), tick=False):
        assert client.get(f"/accounts/invitation/{second.token}/").status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(days=15), tick=False):
        assert client.get(f"/accounts/invitation/{second.token}/").status_code == 404


def test_an_invitation_does_not_take_over_an_account(town, client):
    resident = factories.resident(email="new@levka.test")
    address = f"/accounts/invitation/{invited().token}/"
    page = client.post(address, {"name": "Крадец", "password": "another long password"})
    assert set(page.context["form"].errors) == {"password"}
    assert client.post(address, {"name": "Рада", "password": PASSWORD}).status_code == 302
    kept = User.objects.get(pk=resident.pk)
    assert (kept.has_role("official"), kept.name) == (True, resident.name)


def test_who_is_signed_in_with_the_invited_address_needs_one_button(town):
    resident = factories.resident(email="new@levka.test")
    address = f"/accounts/invitation/{invited().token}/"
    assert f"?next={address}" in Client().get(address).content.decode()
    other = Client()
    other.force_login(factories.resident(), backend="django.contrib.auth.backends.ModelBackend")
    assert "поканата е за друг адрес" in other.get(address).content.decode()
    client = Client()
    client.force_login(resident, backend="django.contrib.auth.backends.ModelBackend")
    html = client.get(address).content.decode()
    assert ("Рада Колева" in html, 'name="password"' in html, 'name="name"' in html) == (True, False, False)
    assert not User.objects.get(pk=resident.pk).has_role("official")
    was = resident.password
    assert client.post(address)["Location"] == "/accounts/"
    user = User.objects.get(pk=resident.pk)
    assert (user.name, user.password, user.has_role("official")) == ("Рада Колева", was, True)
    assert client.post(address).status_code == 404


def test_only_administrators_see_and_invite_people(town):
    for who, status in ((factories.resident(), 403), (factories.moderator(), 403), (factories.administrator(), 200)):
        client = Client()
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/accounts/people/").status_code == status
    with pytest.raises(ValidationError):
        invited(by=factories.moderator())
    assert Client().get("/accounts/people/").status_code == 302


def test_a_refused_invitation_names_the_field_and_keeps_the_rest(town):
    client = Client()
    client.force_login(factories.administrator(), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/accounts/people/", {"email": "не е адрес", "roles": ["moderator"], "language": "en"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_email"' in html and 'href="#id_organisation"' in html
    assert 'value="не е адрес"' in html and re.search(r'value="moderator"[^>]*checked', html)
    assert client.post("/accounts/people/", {}).status_code == 422


def test_deactivation_ends_sessions_and_tokens_at_once(town, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    worker, admin = factories.official(), factories.administrator()
    EmailAddress.objects.create(user=worker, email=worker.email, verified=True, primary=True)
    client = signed_in(worker)
    _row, token = issue(worker, "script", ["report"])
    assert client.get("/accounts/").status_code == 200
    actions.deactivate(worker.pk, by=admin)
    assert client.get("/accounts/").status_code == 302
    assert ApiToken.objects.filter(user=worker).count() == 0
    User.objects.filter(pk=worker.pk).update(is_active=True)
    assert client.get("/accounts/").status_code == 302
    assert Membership.objects.filter(user=worker, active=True).count() == 0
    assert token


def test_the_last_administrator_stays(town):
    admin = factories.administrator()
    membership = admin.memberships.get()
    with pytest.raises(ValidationError):
        actions.set_roles(membership.pk, ["moderator"], by=admin)
    with pytest.raises(ValidationError):
        actions.deactivate(admin.pk, by=admin)
    second = factories.administrator()
    actions.set_roles(membership.pk, [], by=second)
    assert not User.objects.get(pk=admin.pk).works_here


def test_a_changed_password_ends_other_sessions(town, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    user = sentinel()
    here, there = signed_in(user), signed_in(user)
    new = "a quite different phrase"
    answer = here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert here.get("/accounts/").status_code == 200
    assert there.get("/accounts/").status_code == 302


def test_history_names_the_official_after_leaving(town):
    worker = factories.official()
    report = factories.report()
    act(report.pk, "assign", by=worker, given=Given(person=worker), tells=False)
    actions.deactivate(worker.pk, by=factories.administrator())
    report.refresh_from_db()
    assert (report.status, report.assignee) == ("received", None)
    assert report.subject.timeline.order_by("pk").last().code == "unassigned"
    assert report.subject.timeline.get(code="assign").actor.name == "Иван Петров"
