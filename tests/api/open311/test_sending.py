"""POST of Open311: keys, the same report whatever the form, tokens, photos, repeats, limits; nothing is left of what is refused."""

from __future__ import annotations

import datetime
import json
import uuid
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import ApiClient, Correspondent
from geoportal.kernel.models import Answer as Kept
from layers.models import Place
from municipality.models import Area
from reports import actions
from reports.models import Category, Photo, Report
from tests import factories
from tests.api.open311.asking import of, post, program, read, whole
from tests.kernel.pictures import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town(db: None) -> None:
    factories.town()


def shot(name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(), "image/jpeg")


def test_who_has_no_key_is_refused_and_leaves_nothing() -> None:
    today = timezone.localdate()
    keys = {
        "none": "", "wrong": "x" * 43, "strange": "😀я", "expired": program(expires_on=today - datetime.timedelta(days=1)),
        "stopped": program(active=False), "without right": program("update", account=factories.official()),
    }  # fmt: skip
    for name, key in keys.items():
        for kind in ("json", "xml"):
            answer = Client().post(f"/open311/v2/requests.{kind}", whole(key))
            assert answer.status_code == 403, name
            assert of(answer)[0]["code"] in (403, "403")
    assert post(whole(program(expires_on=today))).status == 200
    assert Report.objects.count() == 1


def test_the_key_may_stand_in_the_header() -> None:
    assert post(whole(...), headers={"Authorization": f"Bearer {program()}"}).status == 200


def test_a_guest_confirms_and_the_token_becomes_a_number(django_capture_on_commit_callbacks: Any) -> None:
    known = factories.resident()
    tokens = []
    for email in ("new@levka.test", known.email.upper()):  # nobody learns whether there is an account
        sent = post(whole(program(), email=email, first_name="Рада", last_name="Колева", phone="0888 123 456"))
        assert (sent.status, sorted(sent.tree[0])) == (200, ["account_id", "service_notice", "token"])
        assert sent.tree[0]["service_notice"].startswith("На адреса")
        tokens.append(sent.tree[0]["token"])
    first, _second = Report.objects.order_by("pk")
    contact = first.contact
    assert (first.status, first.channel, first.author, contact.name, contact.phone) == (
        "awaiting_confirmation", "open311", None, "Рада Колева", "0888 123 456",
    )  # fmt: skip
    assert contact.correspondent == Correspondent.objects.get(email="new@levka.test")
    waiting = read(f"v2/tokens/{tokens[0]}")
    assert waiting.tree == [{"service_request_id": None, "token": tokens[0]}]
    actions.act(first.pk, "confirm", proven_author=True)
    assert read(f"v2/tokens/{tokens[0]}").numbers == [first.subject.reference]
    actions.hide(first.pk, reason=factories.Reason.objects.get(slug="spam"), by=factories.moderator())
    assert read(f"v2/tokens/{tokens[0]}").status == 404
    assert mail.outbox == []


def test_a_guest_without_mail_waits_for_a_moderator_and_private_ones_have_no_number() -> None:
    sent = post(whole(program(), service_code="private"))
    asked = post(whole(program(), service_code="private", email="new@levka.test"))
    assert [sorted(one.tree[0]) for one in (sent, asked)] == [["account_id", "service_notice"]] * 2
    never = "Сигналите по тази услуга не се публикуват, затова номер не се казва."
    assert [one.tree[0]["service_notice"] for one in (sent, asked)] == [
        f"Първо го чете модератор. {never}", f"На адреса отиде връзка; щом бъде отворена, сигналът е получен. {never}",
    ]  # fmt: skip
    waiting = post(whole(program())).tree[0]["token"]
    made = Report.objects.get(subject__client_uuid=waiting)
    assert made.status == "awaiting_moderation"
    actions.act(
        made.pk, "reject", by=factories.moderator(), given=actions.Given(reason=factories.Reason.objects.get(slug="spam"))
    )
    assert read(f"v2/tokens/{waiting}").status == 404
    for private in Report.objects.exclude(pk=made.pk):
        assert read(f"v2/tokens/{private.subject.client_uuid}").status == 404


def test_an_official_vouches_and_the_number_comes_at_once() -> None:
    official = factories.official()
    sent = post(
        whole(program("enter", account=official), description="Дупка\nГоляма.", address_string="ул. Рила 4"), kind="json"
    )
    number = sent.tree[0]["service_request_id"]
    made = Report.objects.get()
    assert (number, made.status, made.entered_by, made.author, made.place) == (
        made.subject.reference, "received", official, None, "ул. Рила 4",
    )  # fmt: skip
    assert sent.headers["Location"].endswith(f"/open311/v2/requests/{number}.json")
    assert read(f"v2/requests/{number}").tree[0]["description"] == "Дупка\nГоляма."
    official.memberships.update(active=False)  # who does not work here any more vouches for nothing
    assert "token" in post(whole(program("enter", account=official))).tree[0]


def test_form_multipart_and_json_mean_the_same() -> None:
    key, client = program("enter", account=factories.official()), Client()
    fields = whole(key, description="Дупка", first_name="Рада", jurisdiction_id="", device_id="7", account_id="9")
    ways: list[tuple[Any, str]] = [
        ("&".join(f"{name}={value}" for name, value in fields.items()), "application/x-www-form-urlencoded; charset=utf-8"),
        (json.dumps({**fields, "lat": float(fields["lat"]), "phone": None}), "application/json"),
    ]
    answers = [client.post("/open311/v2/requests.json", body, content_type=kind) for body, kind in ways]
    answers.append(client.post("/open311/v2/requests.xml", fields))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    rows = Report.objects.values_list("subject__title", "category__slug", "contact__name", "geom", "channel")
    assert (len(rows), len(set(rows))) == (3, 1)
    for body, kind in (("{", "application/json"), ("[]", "application/json"), ('{"media": ["x"]}', "application/json"),
                       ('{"description": {}}', "application/json"), ('{"attribute": {"a": 1, "a": 2}}', "application/json"),
                       ('{"attribute": 5}', "application/json"), ("<a/>", "text/xml"),
                       ('{"description": "\\ud800"}', "application/json"), ("[" * 5000, "application/json"),
                       ("x", "multipart/form-data"), ("api_key", "")):  # fmt: skip
        answer = client.post("/open311/v2/requests.json", body, content_type=kind)
        assert (answer.status_code, answer.json()[0]["code"]) == (400, 400), body[:20]
    twice = client.post(
        "/open311/v2/requests.json",
        f'{{"email": "a@b.test", {json.dumps(fields)[1:-1]}, "email": "b@b.test"}}',
        "application/json",
    )
    assert (twice.status_code, twice.json()[0]["description"][:6]) == (400, "email:")


def test_photos_come_with_it_and_links_are_kept_as_text() -> None:
    key = program("enter", account=factories.official())
    url = "https://pictures.test/a.jpg"
    sent = post(whole(key, media=shot(), **{"media[]": [shot("b.jpg"), shot("c.jpg")]}, media_url=url))
    assert sent.status == 200
    made = Report.objects.get()
    assert (made.photo_count, Photo.objects.filter(report=made).count()) == (3, 3)
    assert list(made.answers.values_list("asked", "said")) == [
        ("Изпратено от", "Град 311"),
        ("Адрес на снимка, не е теглена", url),
    ]
    one = read(f"v2/requests/{made.subject.reference}", {"extensions": "true"}).tree[0]
    assert one["media_url"] == one["photos"][0]["media_url"] and len(one["photos"]) == 3
    assert url not in str(one)
    broken = SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg")
    for files in ({"media": [shot(), broken]}, {"media": [shot() for _each in range(6)]}, {"picture": shot()}):
        refused = post(whole(key, **files))
        assert refused.status == 400 and "media" in refused.sentences[0]
    assert post(whole(program(), service_code="tree")).sentences == ["media: За тази категория е нужна снимка."]
    refused = post(whole(key, lat="42.0", media=shot()))
    assert refused.sentences[0].startswith("lat, long: ")
    assert (Report.objects.count(), Photo.objects.count()) == (1, 3)


def test_sent_twice_under_one_key_it_is_one_report() -> None:
    key, once = program(), {"Idempotency-Key": str(uuid.uuid4())}
    first = post(whole(key, media=shot()), headers=once)
    again = post(whole(key, media=shot()), headers=once)
    assert (first.status, again.tree) == (200, first.tree)
    assert (Report.objects.count(), Photo.objects.count(), Kept.objects.count()) == (1, 1, 1)
    assert post(whole(key, description="Друго"), headers=once).status == 409
    assert "token" not in str(post(whole(program(), media=shot()), headers=once).tree)
    assert post(whole(key), headers={"Idempotency-Key": "7"}).status == 400


def test_the_clients_quota_and_the_persons_limit_hold(settings: Any) -> None:
    key = program(per_hour=2, per_day=2)
    statuses = [post(whole(key)) for _each in range(3)]
    assert [answer.status for answer in statuses] == [200, 200, 429]
    assert 0 < int(statuses[-1].headers["Retry-After"]) <= 86_400
    settings.LIMITS = {"*": "", "report_contact": "1/1h"}
    assert [post(whole(program(), email="a@levka.test")).status for _each in range(2)] == [200, 429]


def test_an_address_is_looked_up() -> None:
    home = Area.objects.get(slug="levka")
    street = factories.texts("ул. Гурко")
    Place.objects.create(slug="gurko", kind="street", area=home, name=street, folded="gurko")
    key = program("enter", account=factories.official())
    where = {"lat": ..., "long": ...}
    assert post(whole(key, **where, address_string="ул. Гурко 5")).status == 200
    made = Report.objects.get()
    assert (made.approximate, made.place, made.geom) == (True, "ул. Гурко 5", home.point)
    for wrong, name in (
        ({"address_string": "zzzz qqqq"}, "address_string"),
        ({"address_id": "7"}, "address_id"),
        ({}, "lat, long"),
    ):
        refused = post(whole(key, **where, **wrong))
        assert (refused.status, refused.sentences[0].split(":")[0]) == (400, name)


def test_titles_are_the_first_line() -> None:
    key = program("enter", account=factories.official())
    long = "дума " * 60
    cases = {
        "Дупка\n\nГоляма.": ("Дупка", "Голяма."),
        "": ("Дупка", ""),
        "Дупка": ("Дупка", ""),
        long: (("дума " * 29).strip() + "…", long.strip()),
    }
    for said, (title, text) in cases.items():
        number = post(whole(key, description=said)).numbers[0]
        made = Report.objects.select_related("subject", "words").get(subject__reference=number)
        assert (made.subject.title, made.words.text) == (title, text)
        shown = read(f"v2/requests/{number}").tree[0]["description"]
        assert shown == (text if title.endswith("…") else f"{title}\n{text}".strip())


def test_closed_and_foreign_services_say_why() -> None:
    Category.objects.filter(slug="lamp").update(not_ours=factories.texts("Обадете се на ЧЕЗ."))
    key = program()
    assert post(whole(key, service_code="lamp")).sentences == ["service_code: Обадете се на ЧЕЗ."]
    assert post(whole(key, service_code="closed")).sentences[0].startswith("service_code: ")


def test_a_client_that_acts_needs_an_account() -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        program("enter")
    assert ApiClient.objects.count() == 0
