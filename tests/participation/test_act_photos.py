"""Photos of an act: an initiative's result, minutes, a promise that was kept; seen on the page by everyone, named by what they show."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from discussion.models import SubjectPhoto, TimelineRow
from tests import factories
from tests.kernel.pictures import picture
from tests.participation.conftest import event, past
from tests.participation.test_event_pages import signed_in
from tests.participation.test_initiatives import initiative
from tests.participation.test_policies import day, policy, promised

pytestmark = pytest.mark.usefixtures("town")


def sent(**fields: Any) -> dict[str, Any]:
    photo = SimpleUploadedFile("след.jpg", picture())
    return {"shots": uuid.uuid4(), "photo_words": "Пейките след боядисването", "photo": photo, **fields}


def shown(path: str) -> list[str]:
    """What the photos of a page show, in their order."""
    return re.findall(r'alt="(Пейките[^"]*)"', Client().get(path).content.decode())


def test_a_result_minutes_and_a_kept_promise_have_photos_that_everyone_sees() -> None:
    by = factories.official()
    made, held, rule = initiative(by=by, status="under_way"), past(event(by=by)), policy(by)
    one = promised(rule, by)
    client = signed_in(by)
    acts = [
        (made.subject, "result/", sent(text="Осем пейки са боядисани."), "finish"),
        (held.subject, "minutes/", sent(text="Видяхме ги.", attendance="3", version=held.subject.version), "hold"),
        (rule.subject, f"promises/{one.pk}/keep/", sent(done_on=f"{day(0):%d.%m.%Y}", note="Боядисани."), "keep"),
    ]
    for subject, rest, data, code in acts:
        answer = client.post(f"{subject.path}{rest}", data)
        assert (answer.status_code, answer.get("Location")) == (302, subject.path)
        row = TimelineRow.objects.get(subject=subject, code=code)
        photo = SubjectPhoto.objects.get(row=row)
        assert (row.data["pictures"], photo.subject_id, photo.comment) == (1, subject.pk, None)
        assert shown(subject.path) == ["Пейките след боядисването"]
        assert Client().get(photo.url("large")).status_code == 200
    moderator = signed_in(factories.moderator())
    address = f"/subjects/{made.subject.reference}/photos/{SubjectPhoto.objects.get(subject=made.pk).pk}/"
    assert address in moderator.get(made.subject.path).content.decode()
    assert moderator.post(address, {"hide": "1"})["Location"] == made.subject.path
    assert shown(made.subject.path) == []


def test_a_photo_waits_with_a_result_without_words() -> None:
    made = initiative(by=(by := factories.official()), status="under_way")
    answer = signed_in(by).post(f"{made.subject.path}result/", sent(text=""))
    kept = SubjectPhoto.objects.get()
    assert (answer.status_code, kept.subject_id) == (422, None)
    assert f'src="{kept.url("small")}"' in answer.content.decode()
