"""Photos after `visible_to`; pictures for sharing; both tell nothing of what is hidden."""

from __future__ import annotations

import io
import uuid

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.browser import COOKIE, remember
from accounts.models import Correspondent
from reports import actions
from reports.models import Photo, Reason, Report
from tests import factories
from tests.kernel.pictures import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()
    cache.clear()


def with_photo(**fields: object) -> tuple[Report, Photo]:
    draft = uuid.uuid4()
    photo = actions.keep_photo(draft, uuid.uuid4(), picture("PNG"))
    report = factories.report(client_uuid=draft, photos=[photo.client_uuid], **fields)
    return report, photo


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_photo_of_a_public_report_is_a_jpeg_that_runs_nothing():
    _report, photo = with_photo()
    response = Client().get(photo.url("small"))
    body = b"".join(response)
    assert (response.status_code, response["Content-Type"], body[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("address", ["{0}/huge.jpg", "{0}/large.png", "{0}/../secret_key", "x/large.jpg", "{0}/large.jpg/"])
def test_only_known_sizes_are_addresses(address: str):
    _report, photo = with_photo()
    assert Client().get("/media/" + address.format(photo.pk)).status_code == 404


def test_hidden_is_missing_at_once_for_all_but_author_and_staff():
    author = factories.resident()
    report, photo = with_photo(author=author)
    address = photo.url("large")
    before = Client().get(address).status_code
    actions.hide(report.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    stranger = Client().get(address)
    after = {
        "stranger": stranger.status_code,
        "resident": client_of(factories.resident()).get(address).status_code,
        "author": client_of(author).get(address).status_code,
        "official": client_of(factories.official()).get(address).status_code,
    }
    assert (before, after) == (200, {"stranger": 404, "resident": 404, "author": 200, "official": 200})
    assert stranger["Content-Security-Policy"] != "default-src 'none'; sandbox"
    assert client_of(author).get(address)["Cache-Control"] == "private, no-store"


def test_a_single_hidden_photo_is_missing_to_everyone():
    author = factories.resident()
    _report, photo = with_photo(author=author)
    Photo.objects.filter(pk=photo.pk).update(hidden=True)
    assert client_of(author).get(photo.url("large")).status_code == 404


def test_a_drafts_photo_is_shown_to_whoever_holds_the_drafts_uuid():
    draft = uuid.uuid4()
    photo = actions.keep_photo(draft, uuid.uuid4(), picture("PNG"))
    address = photo.url("small").partition("?")[0]
    assert Client().get(address).status_code == 404
    assert Client().get(address, {"draft": str(uuid.uuid4())}).status_code == 404
    assert Client().get(address, {"draft": "x" * 50}).status_code == 404
    shown = Client().get(address, {"draft": str(draft)})
    assert (shown.status_code, shown["Cache-Control"]) == (200, "private, no-store")


def test_a_web_server_in_front_sends_the_bytes(settings):
    settings.MEDIA_ACCEL = "/internal-media/"
    _report, photo = with_photo()
    response = Client().get(photo.url("small"))
    assert (response["X-Accel-Redirect"], response.content) == (f"/internal-media/{photo.pk}/small.jpg", b"")


def test_a_missing_file_is_404():
    report = factories.report()
    photo = Photo.objects.create(client_uuid=uuid.uuid4(), report=report, width=1, height=1)
    assert Client().get(photo.url("small")).status_code == 404


def share(report: Report) -> Image.Image:
    response = Client().get(f"/share/{report.subject.reference}.jpg")
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    return Image.open(io.BytesIO(response.content))


def test_the_shared_picture_is_the_photo_or_a_card_with_the_words():
    photographed, _photo = with_photo()
    plain = factories.report(title="Дълго заглавие " * 9)
    shown, drawn = share(photographed), share(plain)
    assert shown.size == drawn.size == (1200, 630)
    red, _green, blue = shown.getpixel((600, 150))[:3]
    assert red > 150 > blue
    assert drawn.getpixel((10, 10))[1] > 60
    assert drawn.getpixel((1190, 600)) == (255, 255, 255)
    assert min(drawn.convert("L").crop((60, 60, 1100, 330)).getdata()) < 80


def test_what_is_not_public_has_no_picture():
    report = factories.report(restricted=True)
    assert Client().get(f"/share/{report.subject.reference}.jpg").status_code == 404
    assert Client().get("/share/1234567890.jpg").status_code == 404


def test_a_guest_sees_the_photos_of_the_own_report_that_is_not_public_and_nobody_else_does():
    report, photo = with_photo(author=None, email="gost@levka.test")
    correspondent = report.contact.correspondent
    Correspondent.objects.filter(pk=correspondent.pk).update(verified_at=timezone.now())
    guest, response = Client(), HttpResponse()
    remember(response, correspondent)
    guest.cookies[COOKIE] = response.cookies[COOKIE].value
    answer = guest.get(photo.url("small"))
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert Client().get(photo.url("small")).status_code == 404
