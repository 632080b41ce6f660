"""A copy of everything as a ZIP, and erasing oneself, for guests as for accounts."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from typing import Any

import pytest
from django.test import Client

from accounts.models import Correspondent
from discussion import actions as spine
from discussion.models import Comment, Follow
from reports import actions, my_copy
from reports.actions.move import Given
from reports.actions.photos import folder_of
from reports.models import Contact, FixedClaim, Photo, Report
from tests import factories
from tests.kernel.pictures import picture
from tests.reports.test_my_page import guests_report, known_browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town() -> Any:
    return factories.town()


def photo_of(report: Report) -> str:
    """The author adds words with a photo; the photo's id."""
    client_uuid = uuid.uuid4()
    actions.keep_photo(uuid.uuid4(), client_uuid, picture())
    actions.add_words(report.pk, text="Още.", photo=[client_uuid], proven_author=True)
    return str(report.photos.get(client_uuid=client_uuid).pk)


def opened(answer: Any) -> zipfile.ZipFile:
    assert answer["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.getvalue()))


def test_a_guest_takes_a_copy_with_photos_after_a_fresh_link():
    guest = factories.guest()
    report, stranger = guests_report(guest, name="Рада", phone="0888"), factories.report()
    mine, _other = photo_of(report), photo_of(stranger)
    spine.follow(stranger.pk, guest)
    stale = known_browser(guest).get("/accounts/data/copy/")
    assert stale["Location"] == "/accounts/link/?next=%2Faccounts%2Fdata%2Fcopy%2F&again=1"
    with opened(known_browser(guest, proven=True).get("/accounts/data/copy/")) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["README.txt", "data.json", f"photos/{mine}.jpg"]
        data = json.loads(archive.read("data.json"))
        for key in data:
            assert key in archive.read("README.txt").decode()
    assert data["account"] is None
    assert data["addresses"] == [{"email": guest.email, "verified": True}]
    assert [row["reference"] for row in data["reports"]] == [report.subject.reference]
    assert data["reports"][0]["photos"] == [mine]
    assert data["reports"][0]["contact"]["name"] == "Рада"
    assert [row["words__text"] for row in data["added"]] == ["Още."]
    assert [row["subject__reference"] for row in data["follows"]] == [stranger.subject.reference]


def test_photos_of_officials_are_not_mine():
    guest = factories.guest()
    report, client_uuid = guests_report(guest), uuid.uuid4()
    actions.keep_photo(uuid.uuid4(), client_uuid, picture())
    actions.act(report.pk, "resolve", by=factories.official(), given=Given(text="Готово.", photo=[client_uuid]))
    assert report.photos.count() == 1
    assert list(my_copy.own_photos(guest)) == []


def test_a_guest_erases_what_says_who_it_was():
    guest = factories.guest()
    report = guests_report(guest, name="Рада Колева", phone="0888", address="ул. 1", public_name="Рада")
    spine.follow(report.pk, guest)
    spine.comment(report.pk, text="Да.", client_uuid=uuid.uuid4(), correspondent=guest, by=None, public_name="Рада")
    assert known_browser(guest).post("/accounts/data/erase/", {"sure": "on"}).status_code == 302
    assert Correspondent.objects.get(pk=guest.pk).email == guest.email
    client = known_browser(guest, proven=True)
    assert client.get("/accounts/data/erase/").status_code == 200
    assert client.post("/accounts/data/erase/", {}).status_code == 422
    assert client.post("/accounts/data/erase/", {"sure": "on"}).status_code == 302
    assert Correspondent.objects.get(pk=guest.pk).email == ""
    assert list(Contact.objects.values_list("name", "address", "phone")) == [("", "", "")]
    report.refresh_from_db()
    assert (report.public_name, report.words.text, Comment.objects.get().public_name) == ("", "Голяма дупка на пътя.", "")
    assert not Follow.objects.exists()
    assert report.subject.timeline.filter(code="author_erased").count() == 1
    assert known_browser(guest, proven=True).get("/accounts/").status_code == 302


def said_fixed(guest: Correspondent) -> FixedClaim:
    """The guest says of somebody else's report that it looks fixed, with a photo."""
    client_uuid = uuid.uuid4()
    actions.keep_photo(uuid.uuid4(), client_uuid, picture())
    return actions.say_fixed(
        factories.report().pk, text="Запълнена е.", photo=client_uuid, client_uuid=uuid.uuid4(), correspondent=guest
    )


def test_the_copy_holds_the_photos_sent_with_looks_fixed():
    guest = factories.guest()
    waiting, confirmed, strangers = said_fixed(guest), said_fixed(guest), said_fixed(factories.guest())
    actions.accept_fixed(confirmed.pk, text="Да, поправена е.", by=factories.official())
    with opened(known_browser(guest, proven=True).get("/accounts/data/copy/")) as archive:
        names, data = archive.namelist(), json.loads(archive.read("data.json"))
    assert sorted(names[2:]) == sorted(f"photos/{claim.photo_id}.jpg" for claim in (waiting, confirmed))
    assert f"photos/{strangers.photo_id}.jpg" not in names
    assert {row["photo"] for row in data["looks_fixed"]} == {str(waiting.photo_id), str(confirmed.photo_id)}


def test_a_covered_photo_of_what_looks_fixed_is_in_the_copy_as_everyone_sees_it():
    guest, official = factories.guest(), factories.official()
    claim = said_fixed(guest)
    actions.accept_fixed(claim.pk, text="Да, поправена е.", by=official)
    before = claim.photo_id
    actions.cover_photo(claim.report_id, before, [(0.1, 0.1, 0.2, 0.2)], by=official)
    claim.refresh_from_db()
    assert claim.photo_id not in (None, before)
    assert [photo.pk for photo in my_copy.own_photos(guest)] == [claim.photo_id]


def test_erasure_takes_what_looks_fixed_along(django_capture_on_commit_callbacks):
    guest = factories.guest()
    waiting, confirmed, strangers = said_fixed(guest), said_fixed(guest), said_fixed(factories.guest())
    actions.accept_fixed(confirmed.pk, text="Да, поправена е.", by=factories.official())
    photo, public = waiting.photo, confirmed.photo
    assert photo is not None and public is not None and folder_of(photo).is_dir()
    with django_capture_on_commit_callbacks(execute=True):
        assert known_browser(guest, proven=True).post("/accounts/data/erase/", {"sure": "on"}).status_code == 302
    assert not Photo.objects.filter(pk=photo.pk).exists() and not folder_of(photo).exists()
    assert list(FixedClaim.objects.filter(correspondent=guest).order_by("pk").values_list("state", "text", "photo")) == [
        ("dismissed", "", None),
        ("confirmed", "", public.pk),
    ]
    strangers.refresh_from_db()
    assert (strangers.state, strangers.text) == ("waiting", "Запълнена е.")


def test_a_stranger_reaches_nothing():
    for path in ("/accounts/data/", "/accounts/data/copy/", "/accounts/data/erase/", "/accounts/email/"):
        assert Client().get(path)["Location"].startswith("/accounts/link/?next=")
