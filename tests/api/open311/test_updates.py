"""Service request updates: the acts that everyone reads; new ones in the name of an account, as far as it may."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from discussion.models import Comment, SubjectPhoto
from reports import actions
from reports.models import Photo, Report
from tests import factories
from tests.api.open311.asking import post, program, read
from tests.kernel.pictures import picture

pytestmark = pytest.mark.django_db
PATH = "v2/servicerequestupdates"


@pytest.fixture(autouse=True)
def _town(db: None) -> None:
    factories.town()


def test_the_acts_that_everyone_reads_are_told_in_their_order() -> None:
    official, made, other = factories.official(), factories.report(), factories.report()
    actions.act(made.pk, "start", by=official, given=actions.Given(text="Идваме."))
    actions.note(made.pk, text="Тайна бележка.", by=official)
    actions.act(made.pk, "resolve", by=official, given=actions.Given(text="Готово."))
    number = made.subject.reference
    told = read(PATH, {"service_request_id": number}).tree
    assert [(one["status"], one["external_status_code"]) for one in told] == [
        ("open", "received"), ("open", "in_progress"), ("closed", "resolved"),
    ]  # fmt: skip
    assert told[1]["description"].endswith("\nИдваме.") and "Тайна" not in str(told)
    assert len(read(PATH).tree) == 4
    assert read(PATH).headers["X-Total-Count"] == "4" and 'rel="last"' in read(PATH).headers["Link"]
    second = read(PATH, {"page": 2, "page_size": 3})
    assert (len(second.tree), second.headers["X-Total-Count"]) == (1, "4")
    assert read(PATH, {"end_date": "2025-01-01"}).tree == []
    assert {one["service_request_id"] for one in read(PATH).tree} == {number, other.subject.reference}


def test_an_update_is_a_comment_or_the_act_of_its_account() -> None:
    key, made = program("update", account=factories.official()), factories.report()
    number = made.subject.reference
    said = {"api_key": key, "service_request_id": number, "description": "Ще дойдем утре.", "status": "OPEN"}
    assert post(said, path=PATH).tree[0]["update_id"] == f"c{Comment.objects.get().pk}"
    closed = post({**said, "status": "closed", "description": "Запълнена е."}, path=PATH)
    made.refresh_from_db()
    assert (closed.status, made.status) == (200, "resolved")
    assert closed.tree[0]["update_id"] == read(PATH, {"service_request_id": number}).tree[-1]["update_id"]
    assert post({**said, "status": "open"}, path=PATH).status == 400  # nobody opens again by a program
    idea = factories.report(category="park-idea")
    Report.objects.filter(pk=idea.pk).update(
        status="archived"
    )  # which the account itself could consider again, with words alone
    key = program("update", account=factories.official("parks"))
    again = {**said, "api_key": key, "service_request_id": idea.subject.reference, "status": "open"}
    assert post(again, path=PATH).status == 400
    assert Report.objects.get(pk=idea.pk).status == "archived"


def test_the_same_update_of_a_client_is_done_once() -> None:
    keys = [program("update", account=factories.official()) for _each in range(2)]
    said = {"service_request_id": factories.report().subject.reference, "description": "Ще дойдем утре.", "update_id": "7"}
    first, second, other = (post({**said, "api_key": key}, path=PATH).tree for key in (keys[0], keys[0], keys[1]))
    assert first == second != other
    assert post({**said, "api_key": keys[0], "description": "Друго."}, path=PATH).status == 409
    assert Comment.objects.count() == 2


def test_photos_come_with_an_update_and_are_its_acts_or_comments_once() -> None:
    key, made, path = program("update", account=factories.official()), factories.report(), PATH
    number = made.subject.reference

    def said(*pictures: bytes, **more: str) -> Any:
        files = [SimpleUploadedFile(f"{n}.jpg", one) for n, one in enumerate(pictures)]
        return post({"api_key": key, "service_request_id": number, "description": "Идваме.", "media": files, **more}, path=path)

    first, again = (said(picture(size=(80, 60)), update_id="1") for _each in range(2))
    assert (first.status, first.tree, SubjectPhoto.objects.count()) == (200, again.tree, 1)
    assert (SubjectPhoto.objects.get().comment_id, Comment.objects.get().photo_count) == (Comment.objects.get().pk, 1)
    assert said(picture(size=(60, 80)), update_id="1").status == 409
    for wrong in ([b"no photo"], [picture(size=(80, 60)), b"no photo"], [picture(size=(80, 60))] * 6):
        refused = said(*wrong, status="closed")
        assert (refused.status, refused.sentences[0].split(":")[0]) == (400, "media")
    assert (Photo.objects.count(), SubjectPhoto.objects.count(), Report.objects.get().status) == (0, 1, "received")
    closed = said(picture(size=(80, 60)), picture(size=(80, 60)), status="closed", description="Запълнена е.")
    assert (closed.status, Report.objects.get().status, Photo.objects.filter(row=closed.tree[0]["update_id"]).count()) == (
        200,
        "resolved",
        2,
    )
    told = read(PATH, {"service_request_id": number}).tree
    assert [one["media_url"] is None for one in told] == [True, False]
    shown = Client().get(urlsplit(told[1]["media_url"]).path)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")


def test_nothing_is_done_that_the_account_could_not_do() -> None:
    made = factories.report()
    said = {"service_request_id": made.subject.reference, "description": "Готово.", "status": "closed"}
    keys = {
        program("update", account=factories.official("parks")): 400, program("update", account=factories.resident()): 400,
        program("send"): 403, "": 403, program("update", account=factories.official(is_active=False)): 403,
    }  # fmt: skip
    assert {key: post({**said, "api_key": key}, path=PATH).status for key in keys} == keys
    key = program("update", account=factories.official())
    for wrong, status in (
        ({"service_request_id": ""}, 400), ({"service_request_id": "1"}, 404), ({"description": ""}, 400), ({"status": "done"}, 400),
        ({"description": "я" * 4001}, 400), ({"media_url": "https://x.test/a.jpg"}, 400), ({"unknown": "x"}, 400),
    ):  # fmt: skip
        assert post({**said, **wrong, "api_key": key}, path=PATH).status == status, wrong
    assert Report.objects.get().status == "received"
