"""The same form sent again: the same words are one, other words go with one more press."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client

from discussion.models import Comment, Flag
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ref() -> str:
    factories.town()
    return factories.report().subject.reference


def again(page: bytes) -> str:
    (found,) = re.findall(r'name="client_uuid" value="([^"]+)"', page.decode())
    return found


def test_another_comment_under_the_same_number_goes_with_the_next_press(ref: str) -> None:
    client, key = Client(), str(uuid.uuid4())
    client.force_login(factories.resident(), backend="django.contrib.auth.backends.ModelBackend")
    send = {"text": "Първи думи.", "client_uuid": key, "public_name": ""}
    client.post(f"/reports/{ref}/comment/", send)
    refused = client.post(f"/reports/{ref}/comment/", send | {"text": "Други думи."})
    assert refused.status_code == 422 and "Натиснете още веднъж" in refused.content.decode()
    fresh = again(refused.content)
    assert fresh != key
    client.post(f"/reports/{ref}/comment/", send | {"text": "Други думи.", "client_uuid": fresh})
    assert sorted(Comment.objects.values_list("text", flat=True)) == ["Други думи.", "Първи думи."]


def test_a_flag_is_one_however_often_its_page_is_opened_anew(ref: str) -> None:
    client, key = Client(), str(uuid.uuid4())
    send = {"reason": "spam", "text": "Обидно.", "client_uuid": key}
    for number in (key, str(uuid.uuid4())):
        client.post(f"/reports/{ref}/flag/", send | {"client_uuid": number})
    assert Flag.objects.count() == 1
    refused = client.post(f"/reports/{ref}/flag/", send | {"text": "И друго."})
    assert refused.status_code == 422
    client.post(f"/reports/{ref}/flag/", send | {"text": "И друго.", "client_uuid": again(refused.content)})
    assert Flag.objects.count() == 2
