"""Another address: proven by a link there, both told, history kept; a guest with it is the same person."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts import actions as people
from accounts import mailed_links
from accounts.models import Correspondent, MailedLink, User
from discussion import actions as spine
from discussion.models import Follow, Support
from notifications.link_letters import send_mailed_link, tell_of_change
from notifications.recipients import recipients_of
from reports import actions
from reports.actions.move import Given
from tests import factories
from tests.reports.test_my_page import guests_report, known_browser

NEW = "new@levka.test"


def asked(client: Client, email: str = NEW) -> str:
    mail.outbox.clear()
    assert client.post("/accounts/email/", {"email": email}).status_code == 200
    send_mailed_link(MailedLink.objects.latest("pk").pk)
    assert mail.outbox[0].to == [email]
    return re.search(r"https?://[^/]+(/accounts/email/new/\S+/)", mail.outbox[0].body)[1]  # type: ignore[index]


def told(report, code: str = "resolve") -> list[str]:
    row = report.subject.timeline.filter(code=code).latest("pk")
    return sorted(found.correspondent.email for found in recipients_of(row) if found.correspondent)


def resolved(report) -> None:
    official = factories.official()
    actions.act(report.pk, "resolve", by=official, given=Given(text="Готово."))


def test_a_guest_changes_the_address_and_both_are_told(town):
    guest = factories.guest()
    old, report = guest.email, guests_report(guest)
    client = known_browser(guest, proven=True)
    path = asked(client)
    assert Client().get(path).status_code == 200
    assert Correspondent.objects.get(pk=guest.pk).email == old
    assert Client().post(path).status_code == 302
    assert Client().post(path).status_code == 410
    assert Correspondent.objects.get(pk=guest.pk).email == NEW
    mail.outbox.clear()
    tell_of_change(MailedLink.objects.get().pk)
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([old, NEW])
    assert report.subject.reference in client.get("/accounts/").content.decode()
    resolved(report)
    assert told(report) == [NEW]


def test_it_asks_for_a_fresh_link_first(town):
    guest = factories.guest()
    answer = known_browser(guest).post("/accounts/email/", {"email": NEW})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/link/?next=%2Faccounts%2Femail%2F&again=1")
    assert not MailedLink.objects.exists()


def test_an_account_signs_in_with_the_new_address(town, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    user = factories.resident()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": "correct horse battery"})
    assert client.get("/accounts/email/")["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    assert client.post(asked(client)).status_code == 302
    user = User.objects.get(pk=user.pk)
    assert (user.email, user.correspondent.email) == (NEW, NEW)
    assert list(EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary")) == [(NEW, True, True)]
    assert Client().post("/accounts/login/", {"login": NEW, "password": "correct horse battery"}).status_code == 302


def test_the_address_of_another_account_is_not_taken(town):
    guest, other = factories.guest(), factories.resident()
    path = asked(known_browser(guest, proven=True), other.email)
    assert Client().post(path).status_code == 422
    assert Correspondent.objects.get(pk=guest.pk).email == guest.email
    assert Correspondent.objects.get(user=other).email == other.email


def test_a_link_to_enter_confirms_no_address(town):
    link = mailed_links.send_link("a@levka.test", language="bg")
    assert Client().post(f"/accounts/email/new/{mailed_links.token_of(link)}/").status_code == 410


@pytest.mark.parametrize("by", ["address", "claim"])
def test_two_addresses_of_one_person_are_joined_and_every_mail_comes_once(town, by):
    user, guest = factories.resident(), factories.guest()
    report, both, one = guests_report(guest), factories.report(), factories.report()
    for known in (user.correspondent, guest):
        actions.support(both.pk, known)
        spine.follow(both.pk, known)
        spine.follow(report.pk, known)
    actions.support(one.pk, guest)
    spine.follow(one.pk, guest)
    if by == "claim":
        for email in (user.email, guest.email):
            EmailAddress.objects.create(user=user, email=email, verified=True)
        people.claim(user)
        report.refresh_from_db()
        assert report.author == user
    else:
        assert people.change_address(user.correspondent, guest.email)
    known = Correspondent.objects.get(user=user)
    both.subject.refresh_from_db()
    one.subject.refresh_from_db()
    assert (both.subject.support_count, one.subject.support_count) == (1, 1)
    assert Support.objects.filter(correspondent=known).count() == 2
    assert set(Follow.objects.values_list("correspondent", flat=True)) == {known.pk}
    for followed in (report, both, one):
        resolved(followed)
        assert told(followed).count(known.email) == 1
    assert told(report) == [known.email]
    assert Correspondent.objects.get(pk=guest.pk).email == ""
