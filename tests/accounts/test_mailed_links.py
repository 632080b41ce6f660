"""A guest's way in: a mailed link, used once, within half an hour; nobody learns which addresses are known."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts import browser, mailed_links
from accounts.models import Correspondent, MailedLink
from notifications.link_letters import send_mailed_link
from tests import factories

GUEST = "guest@levka.test"


def asked(client: Client, email: str = GUEST, **data: str) -> str:
    """The address in the letter that comes after asking for a link."""
    mail.outbox.clear()
    assert client.post("/accounts/link/", {"email": email, **data}).status_code == 200
    made = MailedLink.objects.latest("pk")
    send_mailed_link(made.pk)
    found = re.search(r"https?://[^/]+(/accounts/link/\S+/)", mail.outbox[0].body)
    assert found and mail.outbox[0].to == [email]
    return found[1]


def test_the_link_opens_once_by_a_button_and_leads_on(town, client):
    path = asked(client, next="/accounts/link/?x=1")
    for _twice in range(2):
        assert client.get(path).status_code == 200
        assert "known" not in client.cookies
    answer = client.post(path)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/link/?x=1")
    assert Correspondent.objects.get(email=GUEST).verified_at is not None
    assert client.post(path).status_code == client.get(path).status_code == 410


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", "\\\\evil.test", "/" + "a" * 500]
)
def test_it_never_leads_to_another_site(town, client, elsewhere):
    assert client.post(asked(client, next=elsewhere))["Location"] == "/accounts/"


def test_it_lasts_half_an_hour(town, client):
    with time_machine.travel(timezone.now() - datetime.timedelta(minutes=31), tick=True):
        path = asked(client)
    assert client.post(path).status_code == 410
    with time_machine.travel(timezone.now() - datetime.timedelta(minutes=29), tick=True):
        path = asked(client)
    assert client.post(path).status_code == 302


def test_a_newer_link_ends_the_older_one(town, client):
    with time_machine.travel(timezone.now() - datetime.timedelta(minutes=3), tick=True):
        older = asked(client)
    newer = asked(client)
    assert client.post(older).status_code == 410
    assert client.post(newer).status_code == 302


def test_nobody_learns_which_addresses_are_known(town, client):
    known, account = Correspondent.objects.create(email="known@levka.test", language="bg"), factories.resident()
    answers = {
        client.post("/accounts/link/", {"email": email}).content.decode().replace(email, "")
        for email in (known.email, account.email, "new@levka.test")
    }
    assert len({re.sub(r'name="csrfmiddlewaretoken"[^>]*', "", answer) for answer in answers}) == 1


def test_an_account_signs_in_instead(town, client):
    account = factories.resident()
    path = asked(client, account.email)
    assert "/accounts/login/" in client.get(path).content.decode()
    assert client.post(path)["Location"] == "/accounts/login/"
    assert "known" not in client.cookies


def test_an_address_is_written_to_three_times_in_a_quarter_of_an_hour(town, client, settings):
    settings.LIMITS = {}
    pages = ["/accounts/", "/accounts/alerts/", "/accounts/data/", "/accounts/email/"]
    statuses = [client.post("/accounts/link/", {"email": GUEST, "next": page}).status_code for page in pages]
    assert statuses == [200, 200, 200, 422]


def test_a_forged_link_opens_nothing(town, client):
    link = mailed_links.send_link(GUEST, language="bg")
    assert client.get("/accounts/link/nonsense/").status_code == 410
    token = mailed_links.token_of(link)
    assert mailed_links.opened(token[:-2] + "xx", MailedLink.Kind.ENTER) is None
    assert mailed_links.opened(token, MailedLink.Kind.ADDRESS) is None


def test_the_mark_of_half_an_hour_is_the_guests_own(town, rf: RequestFactory):
    one, other = (Correspondent.objects.create(email=f"{name}@levka.test", language="bg") for name in "ab")
    answer = HttpResponse()
    browser.remember(answer, one, proven=True)
    request = rf.get("/")
    request.COOKIES[browser.FRESH_COOKIE] = answer.cookies[browser.FRESH_COOKIE].value
    assert browser.proven_lately(request, one)
    assert not browser.proven_lately(request, other)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=31)):
        assert not browser.proven_lately(request, one)


def test_known_people_go_on_and_strangers_are_led_to_the_link(town, rf: RequestFactory):
    @browser.known_required
    def view(request: Any) -> HttpResponse:
        return HttpResponse(request.correspondent.email)

    request = rf.get("/accounts/alerts/?a=1")
    request.user = AnonymousUser()
    assert view(request)["Location"] == "/accounts/link/?next=%2Faccounts%2Falerts%2F%3Fa%3D1"
    official = factories.official()
    Correspondent.objects.filter(user=official).delete()
    request.user = official
    assert view(request).content.decode() == official.email
