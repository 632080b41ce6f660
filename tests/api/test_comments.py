"""Conversations through the API: the same verbs, the same refusals."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership
from discussion import actions as spine
from discussion.models import Comment
from municipality.models import Organisation
from tests import factories
from tests.api.client import Api, with_token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town() -> None:
    factories.town()


def written(subject: int, text: str = "Така е.", **fields: Any) -> Comment:
    """A comment of an official, which everyone reads at once."""
    by = fields.pop("by", None) or factories.official()
    return spine.comment(subject, text=text, client_uuid=uuid.uuid4(), correspondent=by.correspondent, by=by, **fields)


def test_a_project_is_talked_about(api: Api):
    from tests.walls.world import _project

    project = _project()
    path, staff = f"subjects/{project.subject.reference}/comments/", with_token(factories.official(), "read", "report")
    first = staff.post(path, {"text": "Кога започва?", "kind": "question", "stance": "for", "about": "s-1"})
    assert (first.status_code, first.json()["state"], first.json()["warnings"]) == (201, "published", [])
    below = staff.post(path, {"text": "Напролет.", "kind": "answer", "parent": first.json()["id"]})
    found = api.get(path).json()
    assert (found["count"], found["next"], found["closed"]) == (2, None, None)
    assert [(c["id"], c["parent"], c["text"], c["kind"], c["stance"], c["about"]) for c in found["comments"]] == [
        (first.json()["id"], None, "Кога започва?", "question", "for", "s-1"),
        (below.json()["id"], first.json()["id"], "Напролет.", "answer", "", "s-1"),
    ]
    assert [c["id"] for c in api.get(f"{path}?about=s-2").json()["comments"]] == []


def test_pages_are_followed(api: Api):
    report = factories.report()
    made = [written(report.pk, text=f"Думи {n}.").pk for n in range(5)]
    path, found = f"subjects/{report.subject.reference}/comments/?limit=2", []
    while path:
        page = api.get(path).json()
        found += [comment["id"] for comment in page["comments"]]
        path = page["next"].partition("/api/v1/")[2] if page["next"] else ""
    assert found == made


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_the_same_however_many(api: Api, count: int, django_assert_num_queries: Any):
    report, by = factories.report(), factories.official()
    for n in range(count):
        written(report.pk, text=f"Думи {n}.", by=by)
    with django_assert_num_queries(4):
        assert len(api.get(f"subjects/{report.subject.reference}/comments/").json()["comments"]) == count


@pytest.mark.parametrize(
    ("query", "name"),
    [("limit=0", "limit"), ("limit=x", "limit"), ("cursor=-1", "cursor"), ("about=А Б", "about"), ("sort=1", "sort")],
)
def test_a_bad_parameter_is_named(api: Api, query: str, name: str):
    answer = api.get(f"subjects/{factories.report().subject.reference}/comments/?{query}")
    assert (answer.status_code, answer.json()["parameter"]) == (400, name)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"), ({"text": ""}, "text"), ({"text": "х" * 2001}, "text"), ({"text": "А", "kind": "shout"}, "kind"),
        ({"text": "А", "stance": "maybe"}, "stance"), ({"text": "А", "parent": 0}, "parent"), ({"text": "А", "parent": 12345}, "parent"),
        ({"text": "А", "about": "../x"}, "about"), ({"text": "А", "speaks_for": "nobody"}, "speaks_for"),
        ({"text": "А", "speaks_for": "parks"}, "speaks_for"), ({"text": "А", "point": {"type": "Point", "coordinates": [1e300, 0]}}, "point"),
        ({"text": "А", "extra": 1}, "extra"),
    ],
)  # fmt: skip
def test_bad_input_is_named_and_changes_nothing(body: dict[str, Any], field: str):
    report = factories.report()
    answer = with_token(factories.official(), "report").post(f"subjects/{report.subject.reference}/comments/", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not Comment.objects.exists()


def test_a_repeat_answers_the_first():
    report, key = factories.report(), str(uuid.uuid4())
    api, path = with_token(factories.resident(), "report"), f"subjects/{report.subject.reference}/comments/"
    answers = [api.post(path, {"text": "Вярно е."}, Idempotency_Key=key) for _n in range(2)]
    assert [(answer.status_code, answer.json()["state"]) for answer in answers] == [(202, "waiting"), (202, "waiting")]
    assert Comment.objects.count() == 1


def test_a_stranger_confirms_by_mail(api: Api):
    report = factories.report()
    path = f"subjects/{report.subject.reference}/comments/"
    assert api.post(path, {"text": "Вярно е."}).status_code == 401
    answer = api.post(path, {"text": "Обадете се: 0888 123 456", "email": "guest@levka.test"})
    assert (answer.status_code, answer.json()["state"]) == (202, "unconfirmed")
    assert [(warned["field"], warned["code"]) for warned in answer.json()["warnings"]] == [("text", "private_phone")]


def test_a_member_speaks_for_a_verified_organisation(api: Api):
    report, member = factories.report(), factories.resident()
    bakery = Organisation.objects.create(slug="bakery", kind="company", name=factories.texts("Пекарна"))
    path, program = f"subjects/{report.subject.reference}/comments/", with_token(member, "report")
    Membership.objects.create(user=member, organisation=bakery, roles=["member"])
    refused = program.post(path, {"text": "Ще помогнем.", "speaks_for": "bakery"})
    assert (refused.status_code, refused.json()["errors"]) == (
        400, {"speaks_for": ["Пекарна още не е потвърдена: това прави администраторът."]},
    )  # fmt: skip
    Organisation.objects.filter(pk=bakery.pk).update(verified_at=timezone.now())
    made = program.post(path, {"text": "Ще помогнем.", "speaks_for": "bakery"})
    spine.settle_comment(made.json()["id"], publish=True, by=factories.moderator())
    [found] = api.get(path).json()["comments"]
    assert (found["speaks_for"], found["stakeholder"], found["name"]) == ("bakery", "business", None)


def test_what_is_gone_keeps_its_place_without_words(api: Api):
    report, writer = factories.report(), factories.official()
    made, hidden = written(report.pk, by=writer), written(report.pk, text="Скрито.")
    spine.withdraw_comment(made.pk, correspondent=writer.correspondent)
    spine.settle_comment(hidden.pk, publish=False, hide=True, by=factories.moderator(), reason="spam")
    [found] = api.get(f"subjects/{report.subject.reference}/comments/").json()["comments"]
    assert (found["id"], found["state"], found["text"], found["stakeholder"]) == (made.pk, "withdrawn", "", None)


def test_of_a_hidden_comment_with_an_answer_not_even_the_reason_is_told(api: Api):
    report, moderator = factories.report(), factories.moderator()
    above = written(report.pk, text="Скрито.", stance="for")
    written(report.pk, by=factories.official(), parent_id=above.pk)
    spine.settle_comment(above.pk, publish=False, hide=True, by=moderator, reason="spam")
    found = api.get(f"subjects/{report.subject.reference}/comments/").json()["comments"]
    [hidden] = [each for each in found if each["id"] == above.pk]
    assert [hidden[name] for name in ("state", "text", "reason", "stance", "kind", "helpful_count")] == [
        "hidden",
        "",
        "",
        "",
        "",
        0,
    ]


def test_a_closed_conversation_says_so_and_takes_nothing(api: Api):
    report = factories.report()
    spine.conclude(report.pk, text="Съгласни сме.", by=factories.moderator())
    path = f"subjects/{report.subject.reference}/comments/"
    assert api.get(path).json()["closed"]["text"] == "Съгласни сме."
    answer = with_token(factories.official(), "report").post(path, {"text": "Но…"})
    assert (answer.status_code, answer.json()["code"], Comment.objects.count()) == (400, "closed", 0)
