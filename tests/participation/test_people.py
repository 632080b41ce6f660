"""People find each other by cards of their own choice: read by a moderator, found by sector, area and words, gone at a press."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import Block, User
from discussion import actions as spine
from municipality.models import Area, Sector
from participation.actions import profile as actions
from participation.models import Profile
from participation.person import copy_of
from participation.waiting import PROFILES
from reports.actions import person
from reports.models import Reason
from tests import factories

pytestmark = pytest.mark.usefixtures("town")


def card(**fields: Any) -> actions.Card:
    defaults: dict[str, Any] = {"name": "Мария", "about": "Градини", "helps": "Имам бус", "area": None, "sectors": ()}
    return actions.Card(**{**defaults, **fields})


def public(by: User | None = None, **fields: Any) -> Profile:
    made = actions.keep(card(**fields), by=by or factories.resident(email=f"{uuid.uuid4()}@levka.test"))
    return actions.settle(made.pk, publish=True, by=factories.moderator())


def names(**query: str) -> list[str]:
    return [profile.name for profile in Client().get("/people/", query).context["people"]]


def test_it_waits_for_a_moderator_and_again_when_its_words_change() -> None:
    who = factories.resident()
    made = actions.keep(card(), by=who)
    assert (made.state, names(), list(PROFILES.rows())) == ("waiting", [], [made])
    actions.settle(made.pk, publish=True, by=factories.moderator())
    assert names() == ["Мария"]
    urban = Sector.objects.get(slug="urban")
    assert actions.keep(card(sectors=(urban,)), by=who).state == "public"
    assert actions.keep(card(helps="Имам два буса"), by=who).state == "waiting"
    assert Profile.objects.count() == 1


def test_it_is_found_by_sector_area_and_words() -> None:
    urban, health = (Sector.objects.get(slug=slug) for slug in ("urban", "health"))
    village = Area.objects.exclude(parent=None).exclude(slug="levka").first()
    assert village is not None
    public(name="Ана", sectors=(urban,), area=village)
    public(name="Борис", sectors=(health,))
    assert names(sector="urban") == ["Ана"]
    assert sorted(names(area=village.slug)) == ["Ана", "Борис"]
    assert names(area="levka") == ["Борис"]
    assert names(q="борис бус") == ["Борис"]
    assert names(q="самолет") == []


def test_who_opens_what_waits() -> None:
    who = factories.resident()
    made = actions.keep(card(), by=who)
    seen = []
    for user in (None, factories.resident(email="other@levka.test"), who, factories.moderator()):
        client = Client()
        if user:
            client.force_login(user)
        seen.append(client.get(f"/people/{made.key}/").status_code)
    assert seen == [404, 404, 200, 200]


def test_refused_with_a_reason_that_its_person_reads() -> None:
    who = factories.resident()
    made = actions.keep(card(), by=who)
    with pytest.raises(ValidationError):
        actions.settle(made.pk, publish=False, by=factories.moderator())
    with pytest.raises(PermissionDenied):
        actions.settle(made.pk, publish=True, by=who)
    Reason.objects.create(slug="advert", name=factories.texts("Реклама", "Advert"), serves=["reject"])
    client = Client()
    client.force_login(factories.moderator())
    assert client.post(f"/people/{made.key}/reject/", {}).status_code == 422
    assert client.post(f"/people/{made.key}/reject/", {"reason": "advert"}).status_code == 302
    client.force_login(who)
    assert "Реклама" in client.get(f"/people/{made.key}/").content.decode()


def test_the_form_keeps_what_was_typed_and_takes_the_card_away(client: Client) -> None:
    who = factories.resident()
    client.force_login(who)
    wrong = client.post("/people/mine/", {"name": "", "about": "Градини и дървета"})
    assert (wrong.status_code, "Градини и дървета" in wrong.content.decode()) == (422, True)
    assert client.post("/people/mine/", {"name": "Мария", "about": "Градини", "sectors": ["urban"]}).status_code == 302
    assert Profile.objects.get().state == "waiting"
    client.post("/people/mine/", {"away": "1"})
    assert Profile.objects.count() == 0


def test_it_goes_with_its_person_and_hides_while_they_may_not_write() -> None:
    who = factories.resident(email="maria@levka.test")
    public(who)
    from tests.reports.test_blocks import blocked

    Reason.objects.create(slug="insult", name=factories.texts("Обиди", "Insults"), serves=["hide", "comment"])
    block = blocked(who)
    assert names() == []
    from reports.actions import lift

    lift(block.pk, by=factories.moderator())
    assert names() == ["Мария"]
    assert copy_of(spine.correspondent_of(who))["card"]["name"] == "Мария"
    person.erase(spine.correspondent_of(who))
    assert Profile.objects.count() == 0


def test_blocks_that_are_over_or_lifted_hide_no_card_together() -> None:
    who = factories.resident()
    public(who)
    day, known = timezone.localdate(), spine.correspondent_of(who)
    common = {"correspondent": known, "reason": "insult", "by": factories.moderator()}
    Block.objects.create(until=day - datetime.timedelta(days=1), **common)
    Block.objects.create(until=day + datetime.timedelta(days=9), lifted_at=timezone.now(), **common)
    assert names() == ["Мария"]


def test_the_list_is_bounded_in_queries(django_assert_max_num_queries: Any) -> None:
    for _each in range(5):
        public(sectors=(Sector.objects.get(slug="urban"),))
    with django_assert_max_num_queries(7):
        Client().get("/people/")
