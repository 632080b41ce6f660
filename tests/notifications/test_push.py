"""Messages to browsers: sealed for the device alone, signed by the installation, each once; a device that is gone is forgotten."""

from __future__ import annotations

import base64
import json
import os
import re

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.exceptions import ValidationError
from django.urls import reverse
from py_vapid import Vapid02

from discussion.models import Follow
from geoportal.kernel.references import display
from notifications import actions, handing, push, sms
from notifications.models import Delivery, Phone, PushSubscription
from reports.actions import act, hide
from reports.actions.move import Given
from reports.models import Reason
from tests import factories
from tests.kernel.test_outside import catcher  # noqa: F401


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Device:
    """A browser: its keys, and what it can read."""

    def __init__(self) -> None:
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        self.p256dh = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def keys(self) -> dict[str, str]:
        return {"p256dh": text(self.p256dh), "auth": text(self.auth)}

    def read(self, body: bytes) -> dict[str, str]:
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"))


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def author(town):
    return factories.resident(email="rada@levka.test")


@pytest.fixture
def device(author, catcher):  # noqa: F811
    made = Device()
    push.subscribe(author.correspondent, endpoint=f"{catcher.address}/one", language="bg", **made.keys())
    return made


def asked(author) -> list[Delivery]:
    """The deliveries to devices when the official asks the author."""
    report, worker = factories.report(author=author), factories.official()
    act(report.pk, "start", by=worker)
    row = act(report.pk, "ask", by=worker, given=Given(text="Къде точно?"))
    actions.tell(row.pk)
    return list(Delivery.objects.filter(row=row, channel="push").order_by("pk"))


def test_the_device_alone_can_read_the_message_and_the_service_knows_the_sender(author, device, catcher):  # noqa: F811
    delivery = asked(author)[0]
    assert actions.deliver(delivery.pk) == "sent"
    (path, headers, body) = catcher.got[0]
    reference = delivery.row.subject.reference
    assert device.read(body) == {
        "title": "Дупка пред училището", "body": device.read(body)["body"], "url": f"/reports/{reference}/",
        "tag": f"subject-{delivery.row.subject_id}",
    }  # fmt: skip
    assert device.read(body)["body"].startswith("Отдел „Пътища“ има въпрос към Вас")
    assert (path, headers["Content-Encoding"], headers["Urgency"], len(body) < 4096) == ("/one", "aes128gcm", "high", True)
    assert int(headers["TTL"]) == push.LIFE_SECONDS
    assert Vapid02.verify(headers["Authorization"])
    assert f"k={push.keys()[1]}" in headers["Authorization"]
    claims = re.search(r"t=[^.]+\.([^.]+)\.", headers["Authorization"])[1]
    until = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"]
    assert type(until) is int  # a browser may take no text for a time (RFC 7519, 4.1.4)


def test_what_left_the_public_meanwhile_is_not_shown_on_a_phone(town, device, author, catcher):  # noqa: F811
    report = factories.report()
    Follow.objects.create(subject=report.subject, correspondent=author.correspondent)
    row = act(report.pk, "start", by=factories.official())
    actions.tell(row.pk)
    hide(report.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    assert actions.deliver(Delivery.objects.get(channel="push", row=row).pk) == "skipped"
    assert catcher.got == []


def test_a_repeated_job_sends_once(author, device, catcher):  # noqa: F811
    delivery = asked(author)[0]
    assert [actions.deliver(delivery.pk), actions.deliver(delivery.pk)] == ["sent", "sent"]
    assert len(catcher.got) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(author, device, catcher, status):  # noqa: F811
    delivery = asked(author)[0]
    catcher.status = status
    assert actions.deliver(delivery.pk) == "skipped"
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_again(author, device, catcher, status):  # noqa: F811
    delivery = asked(author)[0]
    catcher.status = status
    with pytest.raises(handing.TryAgain):
        actions.deliver(delivery.pk)
    catcher.status = 201
    assert actions.deliver(delivery.pk) == "sent"


def test_a_refusal_for_good_is_kept_and_not_shown_on_the_case(author, device, catcher):  # noqa: F811
    delivery = asked(author)[0]
    catcher.status = 403
    assert actions.deliver(delivery.pk) == "failed"
    delivery.refresh_from_db()
    assert delivery.error == "status 403"
    assert not delivery.row.subject.timeline.filter(code="not_delivered").exists()


def test_an_address_that_became_private_is_not_asked(author, device, catcher, settings):  # noqa: F811
    delivery = asked(author)[0]
    settings.PUSH_TRUSTED = []
    assert actions.deliver(delivery.pk) == "failed"
    assert catcher.got == []


def test_each_device_of_a_person_gets_it_once(author, device, catcher):  # noqa: F811
    push.subscribe(author.correspondent, endpoint=f"{catcher.address}/two", language="en", **Device().keys())
    for delivery in asked(author):
        actions.deliver(delivery.pk)
    assert sorted(path for path, _headers, _body in catcher.got) == ["/one", "/two"]


def test_keys_are_made_once_and_are_nobody_elses_to_read(tmp_path, settings):
    first = push.keys()
    assert push.keys() == first
    assert (tmp_path / "vapid_key").stat().st_mode & 0o777 == 0o600
    settings.VAPID_PRIVATE_KEY, settings.VAR_DIR = first[0], tmp_path / "elsewhere"
    assert push.keys() == first


@pytest.mark.parametrize(
    "wrong",
    [{"endpoint": "http://push.example/1"}, {"endpoint": "https://10.0.0.1/"}, {"endpoint": "https://push.example/" + "x" * 1000},
     {"p256dh": "short"}, {"auth": "A" * 50}, {"p256dh": "ю" * 87}],
)  # fmt: skip
def test_what_no_browser_sends_is_refused(author, client, wrong):
    with pytest.raises(ValidationError):
        push.subscribe(
            author.correspondent, **{"endpoint": "https://push.example/1", "language": "bg", **Device().keys(), **wrong}
        )
    client.force_login(author)
    said = {"endpoint": "https://push.example/1", "keys": Device().keys()}
    said |= {"endpoint": wrong["endpoint"]} if "endpoint" in wrong else {"keys": {**said["keys"], **wrong}}
    answer = client.post(reverse("notifications:device"), json.dumps(said), content_type="application/json")
    assert (answer.status_code, PushSubscription.objects.count()) == (400, 0)


@pytest.mark.parametrize(
    "body", ['{"old": {"endpoint": "a\\u0000b", "keys": {"auth": "x"}}}', "[" * 5000, "7", '{"endpoint": "\\ud800", "stop": 1}']
)
def test_a_body_that_is_none_is_refused(author, client, body):
    address = reverse("notifications:device")
    assert client.post(address, body, content_type="application/json").status_code == 302
    client.force_login(author)
    assert client.post(address, body, content_type="application/json").status_code == 400


def test_the_page_takes_a_device_and_lets_it_go(author, client):
    client.force_login(author)
    address, said = reverse("notifications:device"), {"endpoint": "https://push.example/1", "keys": Device().keys()}
    assert client.post(address, json.dumps(said), content_type="application/json").json() == {"on": True}
    assert PushSubscription.objects.get().correspondent == author.correspondent
    stop = {"endpoint": said["endpoint"], "stop": True}
    assert client.post(address, json.dumps(stop), content_type="application/json").json() == {"on": False}
    assert not PushSubscription.objects.exists()


def test_a_device_with_a_new_address_goes_on_hearing_whoever_is_signed_in(author, client, device, catcher):  # noqa: F811
    delivery = asked(author)[0]
    address, newer = reverse("notifications:device"), Device()
    assert client.get(address).json()["key"] == push.keys()[1]
    said = {"endpoint": f"{catcher.address}/two", "keys": newer.keys()}
    old = {"endpoint": f"{catcher.address}/one", "keys": {"auth": device.keys()["auth"]}}
    guess = {**said, "old": {**old, "keys": {"auth": newer.keys()["auth"]}}}
    assert client.post(address, json.dumps(guess), content_type="application/json").status_code == 302
    assert PushSubscription.objects.get().endpoint == old["endpoint"]
    client.force_login(factories.resident())
    for _time in range(2):
        answer = client.post(f"/en{address}", json.dumps({**said, "old": old}), content_type="application/json")
    assert (answer.status_code, answer.json()) == (200, {"on": True})
    found = PushSubscription.objects.get(endpoint=said["endpoint"], language="bg")
    assert found.correspondent == author.correspondent
    assert actions.deliver(delivery.pk) == "sent"
    assert [path for path, _headers, _body in catcher.got] == ["/two"]
    assert newer.read(catcher.got[0][2])["title"] == "Дупка пред училището"


def renewing(catcher, device, path="two"):  # noqa: F811
    """What the worker says, and the keys of the new address."""
    newer = Device()
    old = {"endpoint": f"{catcher.address}/one", "keys": {"auth": device.keys()["auth"]}}
    return {"endpoint": f"{catcher.address}/{path}", "keys": newer.keys(), "old": old}, newer


def test_of_ten_devices_none_is_pushed_out_when_one_has_a_new_address(author, client, device, catcher):  # noqa: F811
    person = author.correspondent
    for number in range(9):
        push.subscribe(person, endpoint=f"https://push.example/{number}", language="bg", **Device().keys())
    before = set(PushSubscription.objects.values_list("pk", flat=True))
    said, _newer = renewing(catcher, device)
    assert client.post(reverse("notifications:device"), json.dumps(said), content_type="application/json").status_code == 200
    assert (len(before), set(PushSubscription.objects.values_list("pk", flat=True))) == (10, before)


def test_the_page_may_have_said_the_new_address_before_the_worker_does(author, client, device, catcher):  # noqa: F811
    said, newer = renewing(catcher, device)
    push.subscribe(author.correspondent, endpoint=said["endpoint"], language="bg", **newer.keys())
    asked(author)  # both rows of the one device have the question queued
    assert Delivery.objects.filter(channel="push").count() == 2
    answer = client.post(reverse("notifications:device"), json.dumps(said), content_type="application/json")
    assert (answer.status_code, PushSubscription.objects.count()) == (200, 1)
    for delivery in Delivery.objects.filter(channel="push"):
        actions.deliver(delivery.pk)
    assert [path for path, _headers, _body in catcher.got] == ["/two"]


def test_what_was_queued_for_the_new_address_alone_is_told(author, client, device, catcher):  # noqa: F811
    said, newer = renewing(catcher, device)
    twin = push.subscribe(author.correspondent, endpoint=said["endpoint"], language="bg", **newer.keys())
    delivery = next(one for one in asked(author) if one.device == twin.pk)
    Delivery.objects.filter(channel="push").exclude(pk=delivery.pk).delete()
    client.post(reverse("notifications:device"), json.dumps(said), content_type="application/json")
    assert actions.deliver(delivery.pk) == "sent"


def test_the_next_person_of_a_shared_computer_keeps_the_address(author, client, device, catcher):  # noqa: F811
    said, newer = renewing(catcher, device)
    other = factories.resident().correspondent
    push.subscribe(other, endpoint=said["endpoint"], language="bg", **newer.keys())
    client.post(reverse("notifications:device"), json.dumps(said), content_type="application/json")
    assert list(PushSubscription.objects.values_list("correspondent", "endpoint")) == [(other.pk, said["endpoint"])]


def test_an_address_that_no_browser_has_renews_nothing(author, client, device, catcher):  # noqa: F811
    said, _newer = renewing(catcher, device)
    for wrong in ({"endpoint": "https://10.0.0.1/"}, {"endpoint": "https://push.example/" + "x" * 1000}, {"keys": {}}):
        answer = client.post(reverse("notifications:device"), json.dumps({**said, **wrong}), content_type="application/json")
        assert (answer.status_code, PushSubscription.objects.get().endpoint[-4:]) == (400, "/one")


def test_so_many_devices_a_minute_and_no_more(author, client, settings):
    settings.LIMITS = {"*": "", "write_address": "2/1m"}
    client.force_login(author)
    said = json.dumps({"endpoint": "https://push.example/1", "keys": Device().keys()})
    address = reverse("notifications:device")
    answers = [client.post(address, said, content_type="application/json") for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert (answers[2]["Retry-After"], "минути" in answers[2].json()["detail"] or "мин" in answers[2].json()["detail"]) == (
        "60",
        True,
    )
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("old", [None, "x", 7, [], {}, {"endpoint": "https://push.example/1"}, {"endpoint": 1, "keys": "x"}])
def test_a_former_address_that_is_none_replaces_nothing(author, client, device, old):
    said = {"endpoint": "https://push.example/2", "keys": Device().keys(), "old": old}
    answer = client.post(reverse("notifications:device"), json.dumps(said), content_type="application/json")
    assert (answer.status_code, PushSubscription.objects.get().endpoint[-4:]) == (302, "/one")


def test_the_worker_asks_where_the_site_answers():
    from django.contrib.staticfiles import finders

    with open(str(finders.find("js/app/push_events.js")), encoding="utf-8") as script:
        assert f'const DEVICE = "{reverse("notifications:device")}";' in script.read()


# -- SMS


@pytest.fixture
def gateway(catcher, settings):  # noqa: F811
    settings.SMS_URL, settings.SMS_TOKEN = f"{catcher.address}/sms", "secret"
    catcher.status = 200
    return catcher


def code_of(gateway) -> str:
    return json.loads(gateway.got[-1][2])["text"].rpartition(" ")[2]


def test_nothing_is_sent_to_a_number_before_its_code_came_back(author, gateway):
    person = author.correspondent
    sms.ask(person, "0888 12-34-56")
    assert gateway.got[0][1]["Authorization"] == "Bearer secret"
    assert json.loads(gateway.got[0][2])["to"] == "+359888123456"
    from notifications import preferences

    preferences.choose(person, {("question", "sms"): True})
    asked(author)
    assert not Delivery.objects.filter(channel="sms").exists()
    assert sms.confirm(person, "000000x") is False
    assert sms.confirm(person, code_of(gateway)) is True
    asked(author)
    delivery = Delivery.objects.get(channel="sms")
    assert actions.deliver(delivery.pk) == "sent"
    said = json.loads(gateway.got[-1][2])
    assert (said["to"], said["reference"]) == ("+359888123456", delivery.message_id)
    reference = delivery.row.subject.reference
    assert f"/reports/{reference}/" in said["text"] and said["text"].startswith(f"{display(reference)}: ")


def test_five_wrong_codes_end_it(author, gateway):
    sms.ask(author.correspondent, "+359888123456")
    right = code_of(gateway)
    assert [sms.confirm(author.correspondent, "12345x") for _n in range(5)] == [False] * 5
    assert sms.confirm(author.correspondent, right) is False
    assert Phone.objects.get().confirmed_at is None


@pytest.mark.parametrize("number", ["", "12", "+3598881234567890", "abc", "+0888123456", "088888"])
def test_what_is_no_number(author, gateway, number):
    with pytest.raises(ValidationError):
        sms.ask(author.correspondent, number)
    assert gateway.got == []


def test_without_a_gateway_sms_is_not_offered(author, client, settings):
    settings.SMS_URL = ""
    client.force_login(author)
    assert "SMS" not in client.get(reverse("notifications:table")).content.decode().replace("съобщения или SMS", "")
    assert client.post(reverse("notifications:phone"), {"number": "+359888123456"}).status_code == 404


def test_a_wrong_number_stands_at_its_field_as_it_was_typed(author, client, gateway):
    client.force_login(author)
    answer = client.post(reverse("notifications:phone"), {"number": "0888 12"})
    html = answer.content.decode()
    assert (answer.status_code, gateway.got) == (422, [])
    assert client.get(reverse("notifications:phone"))["Location"] == reverse("notifications:table")
    assert 'value="0888 12"' in html and 'href="#id_number"' in html
    sms.ask(author.correspondent, "0888123456")
    answer = client.post(reverse("notifications:phone"), {"code": "1"})
    assert (answer.status_code, 'href="#id_code"' in answer.content.decode()) == (422, True)
    assert client.post(reverse("notifications:phone"), {"code": code_of(gateway)}).status_code == 302
    assert Phone.objects.get().confirmed_at
