"""One's own page names what one takes part in: seat or waiting list, tasks, promises, what one sent; and the private calendar."""

from __future__ import annotations

import datetime
import html
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from participation.actions import joining, taking_part
from participation.actions.pledge import promise
from tests import factories
from tests.participation.conftest import event
from tests.participation.test_event_pages import signed_in
from tests.participation.test_initiatives import initiative

pytestmark = pytest.mark.usefixtures("town")


def test_ones_own_page_names_what_one_takes_part_in(django_assert_max_num_queries: Any) -> None:
    user, other = factories.resident(), factories.resident()
    mine, client = user.correspondent, signed_in(user)
    assert "Събития, на които идвам" not in client.get("/accounts/").content.decode()
    first, full, action = event(registration=True), event(registration=True, capacity=1), initiative()
    taking_part.register(first.pk, mine)
    taking_part.register(full.pk, other.correspondent)
    taking_part.register(full.pk, mine)
    joining.join(action.pk, mine)
    until = timezone.localdate() + datetime.timedelta(days=7)
    promise(action.pk, what="Двайсет фиданки", until=until, by=user, client_uuid=uuid.uuid4())
    with django_assert_max_num_queries(23):
        page = html.unescape(client.get("/accounts/").content.decode())
    for words in (
        "Събития, на които идвам",
        "Инициативи, в които участвам",
        "Какво обещах",
        "Двайсет фиданки · Чака модератор",
    ):
        assert words in page, words
    assert (page.count("· Имате място."), page.count("· В списъка на чакащите сте.")) == (1, 1)
    [address] = [part for part in page.split('"') if part.startswith("/events/mine/") or part.endswith(".ics")][:1]
    assert Client().get(address).content.count(b"BEGIN:VEVENT") == 2
    taking_part.leave(first.pk, mine)
    assert "· Имате място." not in html.unescape(signed_in(user).get("/accounts/").content.decode())
