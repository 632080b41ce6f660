"""Goals set on a page, from a vision or without one, changed with a reason, reached or given up with words; services written on pages."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from discussion.models import Link, Subject, TimelineRow
from participation.actions import goal as actions
from participation.actions.service import add_service
from participation.models import Goal, Service, Survey
from reports.querysets import today
from tests import factories
from tests.participation.asked import opened
from tests.participation.test_event_pages import signed_in
from tests.participation.test_sectors import indicator

pytestmark = pytest.mark.usefixtures("town")


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "title": "До училището се стига пеша", "measure": "Половината деца идват пеша.", "by_year": str(today().year + 5),
        "sector": "urban", "organisation": "roads", "client_uuid": str(uuid.uuid4()), **fields,
    }  # fmt: skip


def codes(pk: int) -> list[str]:
    return list(TimelineRow.objects.filter(subject=pk).order_by("pk").values_list("code", flat=True))


def vision(**state: Any) -> Survey:
    made = opened(factories.official())
    Survey.objects.filter(pk=made.pk).update(**{"form": "vision", "status": "reported", **state})
    made.refresh_from_db()
    return made


def test_a_vision_ends_in_a_goal_and_both_pages_say_so() -> None:
    made, owner = vision(), signed_in(factories.official())
    page = f"/surveys/{made.subject.reference}/"
    button = f"/goals/new/?from={made.subject.reference}"
    assert button in owner.get(page).content.decode() and button not in Client().get(page).content.decode()
    first = owner.get(button).context["form"].initial
    assert (first["title"], first["sector"]) == (made.subject.title, made.subject.sector)
    sent = typed()
    address = owner.post(button, sent).url
    assert owner.post(button, sent).url == address  # sent twice
    goal = Goal.objects.get()
    assert Link.objects.values_list("source", "target", "kind").get() == (goal.pk, made.pk, "inspired_by")
    assert codes(goal.pk) == ["submitted"] and codes(made.pk)[-1] == "goal_set"
    assert made.subject.title in Client().get(address).content.decode()
    assert "От нея произлезе цел" in Client().get(page).content.decode()


def test_no_goal_comes_from_a_survey_nor_from_a_vision_that_is_open() -> None:
    staff = signed_in(factories.official())
    for made in (vision(form="survey"), vision(status="open")):
        assert staff.get(f"/goals/new/?from={made.subject.reference}").status_code == 404
        assert "/goals/new/" not in staff.get(f"/surveys/{made.subject.reference}/").content.decode()
    assert staff.get("/goals/new/?from=none").status_code == 404


def test_what_is_wrong_is_said_at_its_field() -> None:
    client = signed_in(factories.planner())
    for sent, wrong, field, words in (
        ("by_year", "2000", "by_year", "която предстои"),
        ("target", "12,5", "indicator", "показател"),
        ("measure", "", "measure", "задължително"),
    ):
        answer = client.post("/goals/new/", typed(**{sent: wrong}))
        assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
        assert words in str(answer.context["form"].errors[field])
    assert Goal.objects.count() == 0


def test_a_goal_is_changed_with_the_reason_by_who_looks_after_it() -> None:
    figure = indicator(y2024=1, y2025=2)
    owner = signed_in(factories.official())
    page = owner.post("/goals/new/", typed(indicator=figure.slug, target="12,5")).url
    goal = Goal.objects.get()
    assert (goal.target, goal.indicator, goal.organisation.slug) == (12.5, figure, "roads")
    for stranger in (factories.resident(), factories.official("parks")):
        assert signed_in(stranger).get(f"{page}change/").status_code == 404
        with pytest.raises(PermissionDenied):
            actions.finish(goal.pk, "reach", by=stranger, text="Да.")
    sent = typed(title="До училището се стига с колело", indicator=figure.slug, target="20", version=goal.subject.version)
    assert list(owner.post(f"{page}change/", sent).context["form"].errors) == ["why"]
    bare = {**sent, "why": "Без мярка.", "indicator": ""}
    assert list(owner.post(f"{page}change/", bare).context["form"].errors) == ["indicator"]
    english = {**typed(indicator=figure.slug, target="20", version=goal.subject.version), "why": "The figure is known."}
    owner.post(f"/en{page}change/", english)
    goal.refresh_from_db()
    assert goal.title == {"bg": "До училището се стига пеша"}
    sent["version"] = Subject.objects.get(pk=goal.pk).version
    owner.post(f"{page}change/", {**sent, "why": "Така решиха родителите."})
    assert owner.post(f"{page}change/", {**sent, "why": "Пак."}).status_code == 422  # an old version
    text = Client().get(page).content.decode()
    assert all(words in text for words in ("с колело", "Така решиха родителите.", "Преди пишеше: „До училището се стига пеша“"))
    assert codes(goal.pk) == ["submitted", "change", "change"]


@pytest.mark.parametrize(
    ("name", "state", "words"), [("reach", "reached", "Постигната"), ("end", "ended", "Вече не се преследва")]
)
def test_a_goal_ends_with_words_and_stays_in_the_list(name: str, state: str, words: str) -> None:
    owner = signed_in(factories.official())
    page = owner.post("/goals/new/", typed()).url
    goal = Goal.objects.get()
    with pytest.raises(ValidationError):
        actions.finish(goal.pk, name, by=factories.moderator(), text="")
    owner.post(f"{page}finish/{name}/", {"text": "Преброихме децата."})
    goal.refresh_from_db()
    assert (goal.status, goal.ended_on) == (state, today())
    assert "Преброихме децата." in Client().get(page).content.decode() and words in Client().get("/goals/").content.decode()
    for address in ("change/", "finish/reach/"):
        assert owner.get(f"{page}{address}").status_code == 409
    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.filter(pk=goal.pk).update(ended_on=None)
    assert codes(goal.pk) == ["submitted", name]


def test_the_administrator_adds_a_service_and_changes_what_is_said_of_it() -> None:
    keeper = signed_in(factories.administrator())
    sent = {"name": "Разрешение за дърво", "slug": "tree-permit", "what": "Оглеждаме.", "who": "За всички.", "sector": "urban"}
    assert "/services/new/" not in signed_in(factories.official()).get("/services/").content.decode()
    for wrong in ("new", "Дърво", "a--b"):
        answer = keeper.post("/services/new/", {**sent, "slug": wrong})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["slug"])
    assert keeper.post("/services/new/", sent).url == "/services/tree-permit/"
    assert list(keeper.post("/services/new/", sent).context["form"].errors) == ["slug"]
    made = Service.objects.get()
    page = "/services/tree-permit/describe/"
    assert keeper.post(page, {**sent, "version": "1", "what": "Оглеждаме до седмица."}).status_code == 302
    assert keeper.post(page, {**sent, "version": "1", "what": "Пак."}).status_code == 422
    made.refresh_from_db()
    assert (made.what, made.who) == ({"bg": "Оглеждаме до седмица."}, {"bg": "За всички."})
    assert "Оглеждаме до седмица." in Client().get("/services/tree-permit/").content.decode()
    with pytest.raises(PermissionDenied):
        add_service("other", {}, sector=made.subject.sector, by=factories.official())
    assert codes(made.pk) == ["submitted", "described"]
