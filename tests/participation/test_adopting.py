"""Programmes and measures entered, changed and weighed on pages; what was said of a promise by mistake is taken back."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from discussion.actions import Stale
from discussion.models import Link, TimelineRow
from participation.actions import policy as actions
from participation.actions.goal import set_goal
from participation.actions.weights import carry_out, not_carry_out, weigh
from participation.models import Policy, Weighed
from participation.progress import trees
from reports.querysets import today
from tests import factories
from tests.participation.test_event_pages import signed_in
from tests.participation.test_policies import day, policy, project, promised, said
from tests.participation.test_sectors import goal_facts

pytestmark = pytest.mark.usefixtures("town")


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "title": "Програма за сенчести улици", "what": "Повече сянка по пътя към училище.", "sector": "urban", "organisation": "roads",
        "adopted_on": f"{day(-3):%d.%m.%Y}", "act": "Решение № 12", "act_url": "https://example.org/12", "budget": "150000",
        "money": "Общинският бюджет", "client_uuid": str(uuid.uuid4()), **fields,
    }  # fmt: skip


def codes(made: Any) -> list[str]:
    return list(TimelineRow.objects.filter(subject=made.pk).order_by("pk").values_list("code", flat=True))


def test_an_official_enters_a_programme_with_a_measure_that_serves_a_goal() -> None:
    owner, goal = signed_in(factories.official()), set_goal("shade", goal_facts(), sector=said().sector)[0]
    assert "Въведете програма" in owner.get("/policies/").content.decode()
    assert "Въведете програма" not in signed_in(factories.resident()).get("/policies/").content.decode()
    sent = typed(goal=goal.slug)
    assert owner.get("/policies/new/").status_code == 200
    page = owner.post("/policies/new/", sent).url
    assert owner.post("/policies/new/", sent).url == page  # sent twice
    measure = typed(title="Дръвчета пред училището", organisation="parks", weight="3")
    owner.post(f"{page}measures/new/", measure)
    root, below = Policy.objects.order_by("pk")
    assert (root.budget, root.act, root.adopted_on, below.parent_id) == (150_000, {"bg": "Решение № 12"}, day(-3), root.pk)
    assert (below.weight, below.organisation.slug, below.act, below.adopted_on) == (3, "parks", None, None)
    assert Link.objects.get(kind="serves").source_id == root.pk and codes(goal) == ["submitted", "served"]
    text = Client().get(page).content.decode()
    assert all(
        words in text for words in ("150 000 €".replace(" ", "\xa0"), "Общинският бюджет", "тежест 3", goal.subject.title)
    )
    assert owner.get(f"/policies/{below.subject.reference}/measures/new/").status_code == 404


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept() -> None:
    client = signed_in(factories.official())
    for field, wrong, words in (
        ("adopted_on", f"{day(9):%d.%m.%Y}", "този ден още не е дошъл"),
        ("until", f"{day(-9):%d.%m.%Y}", "Краят е преди началото."),
        ("organisation", "parks", "Изберете"),
        ("budget", "-1", "Напишете сумата в евро"),
        ("act", "", "задължително"),
    ):
        answer = client.post("/policies/new/", typed(**{field: wrong}))
        assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
        assert words in str(answer.context["form"].errors[field]) and "Програма за сенчести улици" in answer.content.decode()
    assert Policy.objects.count() == 0


def test_only_its_department_enters_and_changes_a_policy() -> None:
    for stranger in (factories.resident(), factories.official("parks")):
        with pytest.raises(PermissionDenied):
            policy(stranger)
    root = policy()
    with pytest.raises(PermissionDenied):
        policy(factories.official("parks"), parent=root)
    with pytest.raises(PermissionDenied):
        actions.change(root.pk, said(), by=factories.official("parks"), why="Защото.")
    assert Policy.objects.count() == 1


def test_a_change_says_why_and_what_it_said_before() -> None:
    made, owner = policy(), signed_in(factories.official())
    page = f"/policies/{made.subject.reference}/"
    first = owner.get(f"{page}change/").context["form"].initial
    sent = typed(title="Зелени и тихи улици", version=first["version"])
    assert list(owner.post(f"{page}change/", sent).context["form"].errors) == ["why"]
    assert owner.post(f"{page}change/", {**sent, "why": "Решение № 40 я допълни."}).status_code == 302
    stale = owner.post(f"{page}change/", {**sent, "why": "Пак."})
    assert (stale.status_code, list(stale.context["form"].errors)) == (422, ["__all__"])
    made.refresh_from_db()
    assert made.title == {"bg": "Зелени и тихи улици", "en": "Green streets"}
    text = Client().get(page).content.decode()
    assert "Решение № 40 я допълни." in text and "Преди пишеше: „Зелени улици“" in text
    assert codes(made) == ["submitted", "change"]


def test_weights_are_edited_in_one_form_and_progress_follows() -> None:
    by = factories.official()
    root, owner = policy(by), signed_in(by)
    first, _second = policy(by, parent=root), policy(by, parent=root, title=factories.texts("Тихи улици"))
    actions.keep(first.pk, promised(first, by).pk, by=by, done_on=day(0), note="Ето.")
    built = project(steps=2, done=2).subject
    carry_out(root.pk, built, by=by, weight=2)
    promise = promised(root, by)
    page = f"/policies/{root.subject.reference}/"
    fields = owner.get(f"{page}weights/").context["form"].initial
    assert {name: fields[name] for name in (f"promise-{promise.pk}", f"project-{built.pk}", f"measure-{first.pk}")} == {
        f"promise-{promise.pk}": 1, f"project-{built.pk}": 2, f"measure-{first.pk}": 1,
    }  # fmt: skip
    assert trees([root], today())[0].share == (1 + 2) / (1 + 1 + 2)  # of the second measure nothing is known
    wrong = owner.post(f"{page}weights/", {**fields, f"measure-{first.pk}": "0"})
    assert list(wrong.context["form"].errors) == [f"measure-{first.pk}"]
    owner.post(f"{page}weights/", {**fields, f"measure-{first.pk}": "6", f"project-{built.pk}": "1"})
    root.refresh_from_db()
    assert trees([root], today())[0].share == (6 + 1) / (6 + 1 + 1)
    text = Client().get(page).content.decode()
    assert "Зелени улици: 1 → 6" in text and "Пътеки: 2 → 1" in text
    assert weigh(root.pk, {("measure", first.pk): 6}, by=by) is None  # nothing changes, nothing is told
    with pytest.raises(Stale):
        weigh(root.pk, {("measure", first.pk): 7}, by=by, version=1)
    with pytest.raises(ValidationError):
        weigh(root.pk, {("measure", first.pk): 101}, by=by)
    assert codes(root) == ["submitted", "carried_out_by", "promise", "weigh"]


def test_a_project_is_tied_once_with_its_weight_and_taken_away() -> None:
    made, built = policy(), project(steps=2, done=1)
    owner, page = signed_in(factories.official()), f"/policies/{made.subject.reference}/"
    owner.post(f"{page}projects/new/", {"project": built.subject.reference, "weight": "4"})
    assert Weighed.objects.get().weight == 4 and "тежест 4" in Client().get(page).content.decode()
    assert carry_out(made.pk, built.subject, by=made.author) is False
    assert built.subject.reference not in owner.get(f"{page}projects/new/").content.decode()
    again = owner.post(f"{page}projects/new/", {"project": built.subject.reference, "weight": "4"})
    assert (again.status_code, again.context["form"].errors["project"]) == (422, ["Този проект вече е свързан тук."])
    unmeasured = project()
    assert unmeasured.subject.reference in owner.get(f"{page}projects/new/").content.decode()
    carry_out(made.pk, unmeasured.subject, by=made.author)
    assert Client().get(page).content.decode().count("не се брои, докато не са известни етапите му") == 1
    not_carry_out(made.pk, unmeasured.subject, by=made.author)
    for other, weight in ((factories.report().subject, 1), (project().subject, 0)):
        with pytest.raises(ValidationError):
            carry_out(made.pk, other, by=made.author, weight=weight)
    assert owner.post(f"{page}projects/{built.subject.reference}/drop/").status_code == 302
    assert (Link.objects.count(), Weighed.objects.count()) == (0, 0)
    assert not_carry_out(made.pk, built.subject, by=made.author) is False
    assert codes(made) == ["submitted", *["carried_out_by"] * 2, *["not_carried_out_by"] * 2]


def test_that_a_promise_was_kept_is_taken_back_within_a_day_or_with_words() -> None:
    by = factories.official()
    made = policy(by)
    one, page = promised(made, by, days=-1), f"/policies/{made.subject.reference}/"
    actions.keep(made.pk, one.pk, by=by, done_on=day(0), note="Ето.")
    address, owner = f"{page}promises/{one.pk}/take-back/", signed_in(by)
    assert owner.post(address, {"text": ""}).status_code == 302
    one.refresh_from_db()
    assert (one.done_on, one.note) == (None, "")
    assert owner.get(address).status_code == 409
    actions.keep(made.pk, one.pk, by=by, done_on=day(-3), note="Ето.", at=timezone.now() - datetime.timedelta(days=2))
    assert list(owner.post(address, {"text": ""}).context["form"].errors) == ["text"]
    owner.post(address, {"text": "Половината изсъхнаха."})
    text = Client().get(page).content.decode()
    assert "Върнато е отбелязването" in text and "Половината изсъхнаха." in text
    assert codes(made) == ["submitted", "promise", "keep", "unkeep", "keep", "unkeep"]
