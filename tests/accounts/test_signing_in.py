"""Sign-up and sign-in by code or password, without telling who has an account; guests' reports are claimed."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import Correspondent, User
from discussion.actions import support
from municipality.models import Organisation
from reports.actions import submit
from tests import factories

PASSWORD = "correct horse battery"


def code() -> str:
    return re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.outbox[-1].body, re.M)[1]


def sign_up(client, email: str) -> None:
    client.post("/accounts/signup/", {"email": email, "password1": PASSWORD, "guardian": "on"})


def confirm(client):
    return client.post("/accounts/confirm-email/", {"code": code()})


@pytest.fixture(autouse=True)
def no_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = False


def verified(email: str, **fields) -> User:
    user = factories.resident(email=email, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def test_sign_up_confirm_and_claim_what_the_guest_sent(town, client):
    known = factories.guest("rada@levka.test")
    sent = submit(factories.submission(email="rada@levka.test", proven=known))
    other = submit(factories.submission(email="other@levka.test", proven=factories.guest("other@levka.test")))
    neighbour = factories.report()
    support(neighbour.pk, known)
    sign_up(client, "Rada@levka.test")
    assert mail.outbox[-1].subject == "Левка: Потвърдете имейла си"
    assert mail.outbox[-1].from_email.endswith("<no-reply@localhost>")
    sent.refresh_from_db()
    assert sent.author is None
    assert confirm(client).status_code == 302
    user = User.objects.get(email="rada@levka.test")
    sent.refresh_from_db()
    other.refresh_from_db()
    assert (sent.author, other.author) == (user, None)
    assert Correspondent.objects.get(user=user) == known
    assert sent.subject.timeline.filter(code="claimed").count() == 1
    page = client.get("/accounts/")
    assert page.status_code == 200
    assert sent.subject.reference in page.content.decode()
    assert neighbour.subject.reference in page.content.decode()


def test_an_unconfirmed_report_is_not_claimed_by_signing_in(town, client):
    kept = submit(factories.submission(email="rada@levka.test"))
    sign_up(client, "rada@levka.test")
    confirm(client)
    kept.refresh_from_db()
    assert (kept.author, kept.status) == (None, "awaiting_confirmation")


def test_sign_in_by_code_works_once(town, client):
    verified("rada@levka.test")
    client.post("/accounts/login/code/", {"email": "rada@levka.test"})
    right = code()
    assert client.post("/accounts/login/code/confirm/", {"code": right}).status_code == 302
    assert client.get("/accounts/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/accounts/").status_code == 302
    client.post("/accounts/login/code/confirm/", {"code": right})
    assert client.get("/accounts/").status_code == 302


def test_password_of_who_never_had_the_address_opens_nothing_after_the_owner_came(town, client):
    owner, stranger = Client(), Client()
    sign_up(Client(), "rada@levka.test")
    owner.post("/accounts/login/code/", {"email": "rada@levka.test"})
    owner.post("/accounts/login/code/confirm/", {"code": code()})
    assert owner.get("/accounts/").status_code == 200
    stranger.post("/accounts/login/", {"login": "rada@levka.test", "password": PASSWORD})
    assert stranger.get("/accounts/").status_code == 302


def test_an_invited_official_who_signs_in_by_code_keeps_the_password(town, client):
    official = verified("ivan@levka.test")
    official.set_password(PASSWORD)
    official.save()
    official.memberships.create(organisation=Organisation.objects.get(slug="roads"), roles=["official"])
    client.post("/accounts/login/code/", {"email": "ivan@levka.test"})
    client.post("/accounts/login/code/confirm/", {"code": code()})
    assert client.get("/accounts/").status_code == 200
    official.refresh_from_db()
    assert official.check_password(PASSWORD)


def test_password_given_with_the_address_proven_in_the_same_browser_stays(town, client):
    sign_up(client, "rada@levka.test")
    confirm(client)
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": "rada@levka.test", "password": PASSWORD})
    assert client.get("/accounts/").status_code == 200


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/accounts/signup/", {"password1": PASSWORD, "guardian": "on"}),
        ("/accounts/login/code/", {}),
        ("/accounts/password/reset/", {}),
    ],
)
def test_nobody_learns_who_has_an_account(town, client, django_user_model, path, fields):
    verified("rada@levka.test")
    answers = []
    for email in ("rada@levka.test", "nobody@levka.test"):
        client.cookies.clear()
        answer = client.post(path, {"email": email, **fields})
        answers.append((answer.status_code, answer.get("Location")))
    assert answers[0] == answers[1]
    assert len(mail.outbox) == 2


def test_the_mail_to_a_taken_address_says_so_to_it_alone(town, client):
    verified("rada@levka.test")
    sign_up(client, "rada@levka.test")
    assert mail.outbox[-1].to == ["rada@levka.test"]
    assert "вече има профил" in mail.outbox[-1].body


def test_a_mail_server_that_is_down_breaks_no_page(town, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    verified("rada@levka.test")
    for email in ("rada@levka.test", "nobody@levka.test"):
        assert client.post("/accounts/login/code/", {"email": email}).status_code == 302


def test_a_wrong_password_keeps_the_address(town, client):
    verified("rada@levka.test")
    page = client.post("/accounts/login/", {"login": "rada@levka.test", "password": "wrong"})
    assert page.status_code == 200
    assert 'value="rada@levka.test"' in page.content.decode()


@pytest.mark.parametrize("path", ["login", "login/code", "signup", "password/reset"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_are_ours_and_without_inline_code(town, client, path, prefix):
    text = client.get(f"{prefix}/accounts/{path}/").content.decode()
    assert 'class="skip"' in text
    assert re.findall(r"<script(?![^>]*src=)|<style| style=| on\w+=\"", text) == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("x", "Напишете поне 10 знака."),
        ("1234567890", "Изберете друга."),
        ("rada@levka.test", "прилича на името или адреса Ви."),
    ],
)
def test_a_password_that_is_refused_is_told_why_in_the_readers_language(town, client, given: str, words: str):
    user = verified("rada@levka.test")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    data = {"oldpassword": PASSWORD, "password1": given, "password2": given}
    assert words in client.post("/accounts/password/change/", data).content.decode()
    english = client.post("/en/accounts/password/change/", data).context["form"].errors
    assert not re.search("[а-я]", " ".join(english["password1"]))


def test_a_form_without_its_token_is_refused_with_the_remedy(town):
    answers = [Client(enforce_csrf_checks=True).post(f"{prefix}/accounts/login/", {}) for prefix in ("", "/en")]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert "заредете страницата отново" in answers[0].content.decode()
    assert "load the page again" in answers[1].content.decode()


def test_who_makes_an_account_is_fourteen_or_somebody_agrees(town, client):
    refused = client.post("/accounts/signup/", {"email": "nova@levka.test", "password1": PASSWORD})
    assert "Ако сте под 14 години, направете профила заедно с родител или настойник" in refused.text
    assert not User.objects.filter(email="nova@levka.test").exists()


LONG, NUL, RTL, EMOJI = "я" * 50_000, "а\x00б", "а\u202eб", "дупка 🕳️"


@pytest.mark.parametrize(
    ("path", "field", "further"),
    [
        ("login", "login", {"password": PASSWORD}), ("login", "password", {"login": "rada@levka.test"}),
        ("login/code", "email", {}), ("signup", "email", {"password1": PASSWORD, "guardian": "on"}),
        ("signup", "password1", {"email": "nova@levka.test", "guardian": "on"}), ("password/reset", "email", {}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", ["", LONG, NUL, RTL, EMOJI], ids=["empty", "long", "nul", "rtl", "emoji"])
def test_bad_input_of_signing_in_is_refused_in_words_and_keeps_the_address(town, client, path, field, further, value):
    verified("rada@levka.test")
    if field == "password1" and value in (RTL, EMOJI):
        further = {**further, "password1": value * 10}  # long enough: any characters make a password
        assert client.post(f"/accounts/{path}/", further).status_code == 302
        return
    answer = client.post(f"/accounts/{path}/", {**further, field: value})
    html = answer.content.decode()
    assert answer.status_code in (200, 422)
    assert client.get("/accounts/").status_code == 302
    assert 'class="error"' in html or 'class="errors"' in html
    for kept in ("login", "email"):
        if kept in further:
            assert f'value="{further[kept]}"' in html


def test_who_asks_is_proven_by_a_code_in_the_readers_words(town, client):
    """Neither the page nor its mail speaks of a password or of signing in, and no word is the library's English."""
    client.force_login(verified("rada@levka.test"))
    page = client.get("/accounts/reauthenticate/code/", headers={"accept-language": "bg"}).content.decode()
    main = re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("</main>")[0])
    assert "Recipient" not in main and "Напишете паролата" not in main
    assert "Код на адрес" in main and "уверим, че сте Вие" in main
    assert client.post("/accounts/reauthenticate/code/", {"recipient": "rada@levka.test"}).status_code == 302
    sent = mail.outbox[-1]
    assert "за да влезете" not in sent.body and "уверим, че сте Вие" in sent.body
    asked = client.get("/accounts/reauthenticate/code/confirm/").content.decode()
    assert "Въведете кода от писмото" in asked
    assert client.post("/accounts/reauthenticate/code/confirm/", {"code": code()}).status_code == 302
