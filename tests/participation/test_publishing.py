"""A moderator publishes what they read: what was changed meanwhile is refused and shown as it is now."""

from __future__ import annotations

import dataclasses
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from participation.actions import alternative as alternatives
from participation.actions import event as events
from participation.actions import initiative as initiatives
from participation.actions import practice as practices
from participation.actions import profile as profiles
from participation.models import Profile
from tests import factories
from tests.participation import compared
from tests.participation.conftest import said
from tests.participation.test_event_pages import signed_in
from tests.participation.test_initiatives import said as proposed
from tests.participation.test_people import card
from tests.participation.test_pledges import pledge
from tests.participation.test_practices import summary

pytestmark = pytest.mark.usefixtures("town")
CHANGED = "Променено е, след като го отворихте."
Waiting = tuple[str, Callable[[], Any], Callable[[], bool]]
"""Its page; changes its words into НОВИ; whether it is public."""


def _matter(made: Any, path: str, change: Any, words: Any, **new: Any) -> Waiting:
    newer = dataclasses.replace(words, **new)
    return (
        f"/{path}/{made.subject.reference}/act/publish/",
        lambda: change(made.pk, newer, by=made.author),
        lambda: type(made).objects.get(pk=made.pk).subject.is_public,
    )


def waiting_event() -> Waiting:
    words = said()
    made = events.announce(words, by=factories.resident(), client_uuid=uuid.uuid4())
    return _matter(made, "events", events.change, words, agenda=["НОВИ"])


def waiting_initiative() -> Waiting:
    words = proposed()
    made = initiatives.propose(words, by=factories.resident(), client_uuid=uuid.uuid4())
    return _matter(made, "initiatives", initiatives.change, words, tasks=[("НОВИ", 2, None)])


def waiting_practice() -> Waiting:
    words = summary()
    made = practices.sum_up(words, by=factories.resident(), client_uuid=uuid.uuid4())
    return _matter(made, "practices", practices.mend, words, lesson={"bg": "НОВИ"})


def waiting_variant() -> Waiting:
    made = compared.sent(compared.opened())
    words = compared.variant(compared.SPOT)
    return _matter(made, "variants", alternatives.change, words, description={"bg": "НОВИ"})


def waiting_card() -> Waiting:
    who = factories.resident()
    made = profiles.keep(card(), by=who)
    again = lambda: profiles.keep(card(helps="НОВИ"), by=who)  # noqa: E731
    return f"/people/{made.key}/publish/", again, lambda: Profile.objects.get().state == "public"


@pytest.mark.parametrize("make", [waiting_event, waiting_initiative, waiting_practice, waiting_variant, waiting_card])
def test_what_was_changed_after_it_was_read_is_shown_before_it_is_public(make: Callable[[], Waiting]) -> None:
    page, change, public = make()
    moderator = signed_in(factories.moderator())
    queue = moderator.get("/desk/moderation/").content.decode()
    (link,) = re.findall(f'href="({page}[^"]*)"', queue)
    version = re.compile(r'name="version" value="([^"]+)"')
    opened = moderator.get(link).content.decode()
    assert CHANGED not in opened
    change()
    assert CHANGED in moderator.get(link).content.decode()
    refused = moderator.post(page, {"version": version.findall(opened)[0]})
    text = refused.content.decode()
    assert (refused.status_code, CHANGED in text, "НОВИ" in text, public()) == (422, True, True, False)
    assert (moderator.post(page, {}).status_code, public()) == (422, False)
    assert (moderator.post(page, {"version": version.findall(text)[0]}).status_code, public()) == (302, True)


def test_a_promise_is_published_by_the_version_that_was_read() -> None:
    made = pledge(by=factories.resident(), what="Двайсет фиданки")
    moderator, page = signed_in(factories.moderator()), f"/pledges/{made.pk}/act/publish/"
    assert "Двайсет фиданки" in moderator.get(page).content.decode()
    type(made).objects.update(version=2, what="Трийсет фиданки")
    refused = moderator.post(page, {"version": 1})
    text = refused.content.decode()
    assert (refused.status_code, "Трийсет фиданки" in text, 'name="version" value="2"' in text) == (422, True, True)
    assert moderator.post(page, {"version": 2}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.version) == ("promised", 3)
