"""Faces and numbers are covered in the pixels: by the reporter before sending, by staff afterwards; the original is seen by nobody."""

from __future__ import annotations

import datetime
import io
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from PIL import Image

from geoportal.kernel import photos
from notifications.recipients import recipients_of
from reports import actions
from reports.actions import clockwork
from reports.actions.photos import folder_of
from reports.models import Photo, Report
from tests import factories
from tests.reports.test_my_page import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town() -> Any:
    return factories.town()


def white(width: int = 800, height: int = 600) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "JPEG")
    return out.getvalue()


def dark(data: bytes, *places: tuple[float, float]) -> list[bool]:
    """Whether the picture is dark at each place, given in parts of its width and height."""
    picture = Image.open(io.BytesIO(data)).convert("L")
    return [picture.getpixel((int(x * picture.width), int(y * picture.height))) < 60 for x, y in places]


def with_photo(**fields: Any) -> tuple[Report, Photo]:
    draft, client_uuid = uuid.uuid4(), uuid.uuid4()
    actions.keep_photo(draft, client_uuid, white())
    report = factories.report(client_uuid=draft, photos=[client_uuid], **fields)
    return report, Photo.objects.get(client_uuid=client_uuid)


INSIDE, OUTSIDE = (0.3, 0.35), (0.8, 0.8)
BOX = (20, 25, 20, 20)


def test_every_size_is_black_under_the_box_and_only_there():
    made = photos.sanitise(white(), [BOX])
    for size in made.sizes.values():
        assert dark(size, INSIDE, OUTSIDE, (0.18, 0.23), (0.42, 0.47)) == [True, False, False, False]


def test_a_box_at_the_edge_of_a_turned_picture_covers_what_is_seen_there():
    turned = Image.new("RGB", (800, 400), "white")
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    turned.save(out, "JPEG", exif=exif)
    made = photos.sanitise(out.getvalue(), [(90, 90, 10, 10)])
    assert (made.width, made.height) == (400, 800)
    assert dark(made.sizes["large"], (0.99, 0.99), (0.01, 0.99), (0.99, 0.01)) == [True, False, False]


def test_staff_covers_and_everyone_sees_the_copy_alone():
    report, photo = with_photo()
    official = factories.official()
    desk = signed_in(official)
    page = f"/desk/{report.subject.reference}/photos/{photo.pk}/cover/"
    assert desk.get(page).status_code == 200
    sent = {"x1": "20", "y1": "25", "w1": "20", "h1": "20", "text": "Закрихме номера.", "version": report.subject.version}
    assert desk.post(page, sent).status_code == 302
    copy = report.photos.get(hidden=False)
    assert copy.pk != photo.pk and (copy.position, copy.created_at) == (photo.position, photo.created_at)
    for client in (Client(), desk, signed_in(report.author), signed_in(factories.moderator())):
        assert client.get(f"/media/{photo.pk}/large.jpg").status_code == 404
        for size in ("small", "large"):
            assert dark(b"".join(client.get(f"/media/{copy.pk}/{size}.jpg")), INSIDE, OUTSIDE) == [True, False]
    html = Client().get(f"/reports/{report.subject.reference}/").content.decode()
    assert str(copy.pk) in html and str(photo.pk) not in html
    row = report.subject.timeline.latest("pk")
    assert (row.code, row.words.text, row.audience) == ("photo_covered", "Закрихме номера.", "author")
    assert [found.correspondent for found in recipients_of(row)] == [report.author.correspondent]
    assert desk.get(page).status_code == 404


def test_a_cover_needs_a_box_and_the_right_to_work_on_it():
    report, photo = with_photo()
    for who in (factories.resident(), factories.official("parks"), report.author):
        with pytest.raises(PermissionDenied):
            actions.cover_photo(report.pk, photo.pk, [BOX], by=who)
    with pytest.raises(ValidationError):
        actions.cover_photo(report.pk, photo.pk, [], by=factories.official())
    other, _its = with_photo()
    with pytest.raises(ValidationError):
        actions.cover_photo(other.pk, photo.pk, [BOX], by=factories.official())
    desk, page = signed_in(factories.official()), f"/desk/{report.subject.reference}/photos/{photo.pk}/cover/"
    version = report.subject.version
    assert desk.post(page, {"version": version}).status_code == 422
    wide = desk.post(page, {"x1": "100", "y1": "0", "w1": "5", "h1": "5", "version": version})
    assert (wide.status_code, set(wide.context["form"].errors)) == (422, {"w1"})
    assert desk.post(page, {"x1": "5", "y1": "0", "w1": "500", "h1": "5", "version": version}).status_code == 422
    stale = desk.post(page, {"x1": "1", "y1": "1", "w1": "5", "h1": "5", "text": "Пазя се.", "version": version + 7})
    assert stale.status_code == 422 and "Пазя се." in stale.content.decode()
    assert not Photo.objects.exclude(covered_at=None).exists()
    assert sorted(path.name for path in folder_of(photo).parent.iterdir() if uuid.UUID(path.name)) == sorted(
        str(pk) for pk in Photo.objects.values_list("pk", flat=True)
    )


def test_the_original_goes_after_thirty_days():
    report, photo = with_photo()
    actions.cover_photo(report.pk, photo.pk, [BOX], by=factories.official())
    now = timezone.now()
    assert clockwork.drop_covered(now + datetime.timedelta(days=29)) == 0
    assert folder_of(photo).exists()
    assert clockwork.drop_covered(now + datetime.timedelta(days=31)) == 1
    assert not folder_of(photo).exists()
    assert report.photos.count() == 1


def test_before_sending_the_copy_takes_the_place_and_the_original_is_deleted_at_once():
    draft, client_uuid = uuid.uuid4(), uuid.uuid4()
    photo = actions.keep_photo(draft, client_uuid, white())
    page = f"/reports/drafts/photos/{client_uuid}/cover/?draft={draft}"
    assert Client().get(page).status_code == 200
    assert Client().get(page.partition("?")[0]).status_code == 404
    assert Client().post(page, {}).status_code == 422
    answer = Client().post(page, {"x2": "20", "y2": "25", "w2": "20", "h2": "20"})
    assert answer["Location"] == f"/reports/new/?draft={draft}&step=photos"
    copy = Photo.objects.get()
    assert (copy.client_uuid, copy.draft, copy.pk == photo.pk) == (client_uuid, draft, False)
    assert not folder_of(photo).exists()
    assert dark((folder_of(copy) / "large.jpg").read_bytes(), INSIDE, OUTSIDE) == [True, False]
    assert actions.keep_photo(draft, client_uuid, white()).pk == copy.pk
    report = factories.report(client_uuid=draft, photos=[client_uuid])
    assert [photo.pk for photo in report.photos.all()] == [copy.pk]


def test_the_same_photo_under_another_draft_is_refused_not_thanked_for():
    client_uuid = uuid.uuid4()
    actions.keep_photo(uuid.uuid4(), client_uuid, white())
    with pytest.raises(ValidationError):
        actions.keep_photo(uuid.uuid4(), client_uuid, white())
