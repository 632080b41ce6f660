"""Promises, cards, organisations, links, goals and one comment through the API."""

from __future__ import annotations

from typing import Any

import pytest

from discussion import actions as spine
from discussion.models import Link
from municipality.models import Organisation, Sector
from participation.actions import pledge as promises
from participation.actions import profile as cards
from participation.actions.goal import serve
from participation.actions.weights import carry_out
from reports.freshness import data_version
from tests import factories
from tests.api.client import Api, with_token
from tests.api.test_comments import written
from tests.participation.test_initiatives import initiative
from tests.participation.test_people import card, public
from tests.participation.test_pledges import DAY, pledge, today
from tests.participation.test_policies import policy, project
from tests.participation.test_sectors import goal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()


def test_promises_are_told_by_state_and_page_as_everyone_sees_them(api: Api) -> None:
    made = initiative()
    for days in (3, 5):
        pledge(made.pk, until=today() + days * DAY)
    kept = pledge(made.pk, by=factories.official("parks"))
    promises.act(kept.pk, "done", by=kept.author, text="Засадени са.")
    pledge(made.pk, by=factories.resident(), what="Още непрочетено")
    first = api.get("pledges/?limit=2").json()
    second = api.get(first["next"].partition("/api/v1/")[2]).json()
    told = first["pledges"] + second["pledges"]
    assert [(one["state"], one["note"], one["subject"]) for one in told] == [
        ("open", "", made.subject.reference), ("open", "", made.subject.reference), ("kept", "Засадени са.", made.subject.reference),
    ]  # fmt: skip
    assert second["next"] is None
    assert [one["id"] for one in api.get("pledges/?state=kept").json()["pledges"]] == [kept.pk]
    assert api.get(f"pledges/?subject={factories.report().subject.reference}").json()["pledges"] == []
    for query, name in (("state=x", "state"), ("limit=0", "limit"), ("order=1", "order")):
        assert (api.get(f"pledges/?{query}").status_code, api.get(f"pledges/?{query}").json()["parameter"]) == (400, name)
    assert api.get("pledges/?subject=1").status_code == 404


def test_cards_are_told_that_their_owners_made_public(api: Api) -> None:
    urban = Sector.objects.get(slug="urban")
    shown = [public(name="Мария", sectors=(urban,)), public(name="Петър")]
    cards.keep(card(name="Непрочетена"), by=factories.resident())
    first = api.get("people/?limit=1")
    second = api.get(first.json()["next"].partition("/api/v1/")[2]).json()
    told = {one["name"]: one for one in first.json()["people"] + second["people"]}
    assert sorted(told) == ["Мария", "Петър"] and second["next"] is None
    assert told["Мария"] | {"url": ""} == {
        "key": str(shown[0].key), "name": "Мария", "about": "Градини", "helps": "Имам бус", "language": "bg", "area": None,
        "sectors": ["urban"], "url": "",
    }  # fmt: skip
    assert [one["name"] for one in api.get("people/?sector=urban").json()["people"]] == ["Мария"]
    assert "no-store" in first["Cache-Control"]
    cards.take_away(shown[1].user)
    assert [one["name"] for one in api.get("people/").json()["people"]] == ["Мария"]
    for query, name in (("sector=x", "sector"), ("area=x", "area"), ("cursor=x", "cursor"), ("q=x", "q")):
        assert (api.get(f"people/?{query}").status_code, api.get(f"people/?{query}").json()["parameter"]) == (400, name)


def test_organisations_and_what_they_said_are_told(api: Api) -> None:
    Organisation.objects.create(slug="new", kind="company", name=factories.texts("Нова", "New"))
    written(factories.report().pk, by=factories.official(), organisation=Organisation.objects.get(slug="roads"))
    told = {one["slug"]: one for one in api.get("organisations/").json()["organisations"]}
    assert [(told[slug]["verified"], told[slug]["comment_count"]) for slug in ("roads", "new")] == [(True, 1), (False, 0)]
    assert set(told) == set(Organisation.objects.filter(active=True).values_list("slug", flat=True))


def test_links_and_goals_read_from_both_ends(api: Api) -> None:
    by, aim, idea = factories.official(), goal(), factories.report(category="park-idea")
    made, built = policy(by), project(steps=2, done=1)
    carry_out(made.pk, built.subject, by=by, weight=3)
    for source in (made.subject, built.subject, idea.subject):
        serve(aim.pk, source, by=by)
    (told,) = api.get("goals/").json()["goals"]
    assert {name: told[name] for name in ("status", "progress", "policies", "projects", "ideas")} == {
        "status": "aimed_at", "progress": 50, "policies": [made.subject.reference], "projects": [built.subject.reference],
        "ideas": [idea.subject.reference],
    }  # fmt: skip
    assert api.get("policies/").json()["policies"][0]["projects"][0]["weight"] == 3
    links = api.get(f"subjects/{built.subject.reference}/links/").json()["links"]
    assert [(one["kind"], one["direction"], one["reference"]) for one in links] == [
        ("serves", "out", aim.subject.reference), ("carried_out_by", "in", made.subject.reference),
    ]  # fmt: skip
    assert links[0]["words"] == "Служи на целта" and aim.subject.title in api.client.get(built.subject.path).content.decode()
    assert aim.subject.title in api.client.get(idea.subject.path).content.decode()
    type(aim.subject).objects.filter(pk=aim.pk).update(is_public=False)
    assert Link.objects.count() == 4
    data_version.forget()
    assert [one["kind"] for one in api.get(f"subjects/{built.subject.reference}/links/").json()["links"]] == ["carried_out_by"]


def test_a_comment_is_mended_and_withdrawn_by_its_author_alone(api: Api) -> None:
    report, writer = factories.report(), factories.official()
    made = written(report.pk, by=writer)
    path, owner = f"subjects/{report.subject.reference}/comments/{made.pk}/", with_token(writer, "read", "report")
    assert api.get(path).json()["text"] == "Така е."
    assert api.patch(path, {"text": "Друго."}).status_code == 401
    for stranger in (factories.resident(), factories.moderator()):
        program = with_token(stranger, "read", "report")
        assert (program.patch(path, {"text": "Друго."}).status_code, program.delete(path).status_code) == (404, 404)
    assert with_token(writer, "read").patch(path, {"text": "Друго."}).status_code == 403
    assert owner.patch(path, {"text": "Друго.", "kind": "answer"}).json()["errors"].keys() == {"kind"}
    assert owner.patch(path, {"text": "Друго."}).json() == {"id": made.pk, "state": "published", "text": "Друго.", "mended": ""}
    assert api.get(path).json()["text"] == "Друго."
    for _twice in range(2):
        assert owner.delete(path).json() == {"id": made.pk, "state": "withdrawn", "text": "", "mended": ""}
    assert owner.patch(path, {"text": "Пак."}).status_code == 404


def test_a_residents_mended_comment_is_read_again_and_not_after_an_answer(api: Api) -> None:
    report, resident = factories.report(), factories.resident()
    made = written(report.pk, by=resident)
    spine.settle_comment(made.pk, publish=True, by=factories.moderator())
    path, owner = f"subjects/{report.subject.reference}/comments/{made.pk}/", with_token(resident, "read", "report")
    mended = owner.patch(path, {"text": "Друго."}).json()
    assert (mended["state"], mended["mended"]) == ("published", "Друго.")
    assert api.get(path).json()["text"] == "Така е." and "Друго." not in api.get(path).content.decode()
    spine.settle_comment(made.pk, publish=True, by=factories.moderator())
    assert api.get(path).json()["text"] == "Друго."
    written(report.pk, parent_id=made.pk, kind="answer")
    late = owner.patch(path, {"text": "Трето."})
    assert late.status_code == 400 and api.get(path).json()["text"] == "Друго."


def test_a_comment_is_helpful_once_to_somebody_else(api: Api) -> None:
    report, writer = factories.report(), factories.official()
    made = written(report.pk, by=writer)
    path = f"subjects/{report.subject.reference}/comments/{made.pk}/helpful/"
    reader = with_token(factories.resident(), "read", "report")
    assert api.put(path).status_code == 401 and with_token(writer, "read", "report").put(path).status_code == 400
    for _twice in range(2):
        assert reader.put(path).json() == {"helpful": True, "helpful_count": 1}
    assert api.get(path).json() == {"helpful": False, "helpful_count": 1}
    assert reader.delete(path).json() == {"helpful": False, "helpful_count": 0}


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_number_of_questions(api: Api, count: int, django_assert_num_queries: Any) -> None:
    made, by, urban = initiative(), factories.official(), Sector.objects.get(slug="urban")
    for number in range(count):
        pledge(made.pk, by=by, what=f"Фиданки {number}")
        public(sectors=(urban,))
        aim, below = goal(f"g{number}"), policy(by)
        serve(aim.pk, below.subject, by=by)
        serve(aim.pk, factories.report(category="park-idea").subject, by=by)
        spine.connect(made.pk, below.subject, "inspired_by", by=by)
    for path, most in (
        ("pledges/", 1), ("people/", 2), ("organisations/", 2), ("goals/", 7), (f"subjects/{made.subject.reference}/links/", 2),
    ):  # fmt: skip
        api.get("sectors/")
        data_version.forget()
        with django_assert_num_queries(most + (path != "people/")):
            assert api.get(path).status_code == 200
