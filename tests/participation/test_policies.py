"""Policies: adopted, promised, kept and moved by verbs; their tree, pages and observations."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from discussion import actions as spine
from discussion.models import Comment, Link, TimelineRow
from layers.models import Milestone, Project
from municipality.models import Area, Organisation, Sector
from participation.actions.move import NotAllowed, act
from participation.actions.policy import Adopted, Promised, adopt, keep, postpone, promise
from participation.actions.weights import carry_out
from participation.models import Policy, Promise
from participation.progress import trees
from reports.freshness import data_version
from reports.querysets import today
from tests import factories
from tests.participation.test_event_pages import signed_in

pytestmark = pytest.mark.usefixtures("town")


def said(**fields: Any) -> Adopted:
    defaults: dict[str, Any] = {
        "sector": Sector.objects.get(slug="urban"), "organisation": Organisation.objects.get(slug="roads"),
        "title": factories.texts("Зелени улици", "Green streets"), "what": factories.texts("Повече сянка.", "More shade."),
    }  # fmt: skip
    return Adopted(**{**defaults, **fields})


def policy(by: Any = None, **fields: Any) -> Policy:
    return adopt(said(**fields), by=by or factories.official(), client_uuid=uuid.uuid4())


def promised(made: Policy, by: Any, days: int = 30, weight: int = 1, text: str = "Сто дървета") -> Promise:
    """A promise due in so many days; one that has slipped was made a year ago."""
    words = Promised(text={"bg": text}, due_on=day(days), weight=weight)
    at = timezone.now() - datetime.timedelta(days=365) if days < 0 else None
    return promise(made.pk, words, by=by, at=at)


def day(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def project(stage: str = "tender", done: int = 0, steps: int = 0) -> Project:
    root = Area.objects.root()
    subject = spine.lock(factories.report().pk)  # any sector and area
    made = type(subject).objects.create(
        kind="project", title="Пътеки", language="bg", sector=subject.sector, area=root, is_public=True
    )
    found = Project.objects.create(
        subject=made, slug=uuid.uuid4().hex, title=factories.texts("Пътеки", "Crossings"), stage=stage
    )
    for number in range(steps):
        done_on = day(-1) if number < done else None
        Milestone.objects.create(project=found, order=number, name=factories.texts("Стъпка"), done_on=done_on)
    return found


def test_progress_rises_from_promises_and_projects_through_measures() -> None:
    by = factories.official()
    root = policy(by)
    first, second = policy(by, parent=root, weight=3), policy(by, parent=root)
    kept, _open = promised(first, by), promised(first, by)
    keep(first.pk, kept.pk, by=by, done_on=day(0), note="Засадени са.")
    carry_out(second.pk, project(steps=4, done=1).subject, by=by)
    carry_out(second.pk, project().subject, by=by)  # of which nothing is known
    (node,) = trees([root], today())
    assert [below.share for below in node.measures] == [0.5, 0.25]
    assert node.share == (3 * 0.5 + 0.25) / 4
    assert (node.percent, node.counts) == (43, {"planned": 1, "done": 1, "slipped": 0})


def test_a_promise_is_kept_with_evidence_once() -> None:
    by = factories.official()
    made = policy(by)
    one = promised(made, by)
    for wrong, field in (({"note": ""}, "note"), ({"done_on": day(1)}, "done_on")):
        with pytest.raises(ValidationError) as refused:
            keep(made.pk, one.pk, by=by, **{"done_on": day(0), "note": "Ето.", **wrong})
        assert list(refused.value.message_dict) == [field]
    form = signed_in(by).get(f"/policies/{made.subject.reference}/promises/{one.pk}/keep/").content.decode()
    assert "само снимка не казва какво е изпълнено" in form
    keep(made.pk, one.pk, by=by, done_on=day(0), note="Ето.")
    with pytest.raises(ValidationError):
        keep(made.pk, one.pk, by=by, done_on=day(0), note="Пак.")
    one.refresh_from_db()
    assert (one.done_on, one.note) == (day(0), "Ето.")
    assert list(TimelineRow.objects.filter(subject=made.pk).order_by("pk").values_list("code", flat=True)) == [
        "submitted", "promise", "keep",
    ]  # fmt: skip


def test_what_happened_stands_in_the_order_of_its_days() -> None:
    by = factories.official()
    made = policy(by)
    promised(made, by, text="Сто дървета")
    promised(made, by, days=-1, text="Двайсет пейки")  # told later, though it was promised a year ago
    rows = Client().get(f"/policies/{made.subject.reference}/").context["rows"]
    assert [(row.code, row.text) for row in rows] == [
        ("promise", "Двайсет пейки"), ("submitted", ""), ("promise", "Сто дървета"),
    ]  # fmt: skip


def test_a_moved_promise_shows_the_day_promised_first() -> None:
    by = factories.official()
    made = policy(by)
    one = promised(made, by, 30)
    for due, text, field in ((30, "Защото.", "due_on"), (60, "", "text")):
        with pytest.raises(ValidationError) as refused:
            postpone(made.pk, one.pk, by=by, due_on=day(due), text=text)
        assert list(refused.value.message_dict) == [field]
    postpone(made.pk, one.pk, by=by, due_on=day(60), text="Втора поръчка.")
    one.refresh_from_db()
    assert (one.due_on, one.first_due_on) == (day(60), day(30))
    text = Client().get(f"/policies/{made.subject.reference}/").content.decode()
    assert f"първо обещано за {day(30):%d.%m.%Y}" in text and "Втора поръчка." in text


def test_nothing_is_promised_for_the_past_nor_by_strangers() -> None:
    made = policy(factories.official())
    with pytest.raises(ValidationError):
        promise(made.pk, Promised(text={"bg": "Вчера"}, due_on=day(-1)), by=made.author)
    for stranger in (factories.resident(), factories.official("parks")):
        with pytest.raises(PermissionDenied):
            promised(made, stranger)
    act(Policy, made.pk, "end", by=made.author, text="Изпълнена е.")
    with pytest.raises(NotAllowed):
        promised(made, made.author)
    assert Promise.objects.count() == 0


def test_a_measure_stands_below_a_programme_alone() -> None:
    root = policy()
    measure = policy(parent=root)
    with pytest.raises(IntegrityError), transaction.atomic():
        policy(parent=measure)
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.filter(pk=root.pk).update(parent=measure.pk, level="measure")
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.filter(pk=measure.pk).update(parent=None)
    assert Policy.objects.filter(parent=root).count() == 1


def test_the_owner_promises_keeps_and_moves_on_pages() -> None:
    made = policy(factories.official())
    page, owner = f"/policies/{made.subject.reference}/", signed_in(factories.official())
    assert "promise/" not in signed_in(factories.resident()).get(page).content.decode()
    wrong = owner.post(f"{page}promise/", {"promise": "Сянка до училището", "due_on": "вчера", "weight": "1"})
    assert wrong.status_code == 422 and "Сянка до училището" in wrong.content.decode()
    owner.post(f"{page}promise/", {"promise": "Сянка до училището", "due_on": f"{day(20):%d.%m.%Y}", "weight": "2"})
    one = Promise.objects.get()
    assert (one.text, one.weight) == ({"bg": "Сянка до училището"}, 2)
    owner.post(f"{page}promises/{one.pk}/postpone/", {"due_on": f"{day(40):%d.%m.%Y}", "text": "Чакаме фиданки."})
    owner.post(f"{page}promises/{one.pk}/keep/", {"done_on": f"{day(0):%d.%m.%Y}", "evidence_url": "https://example.org/1"})
    text = Client().get(page).content.decode()
    assert all(words in text for words in ("Сянка до училището", "https://example.org/1", "Изпълнено: 100 %"))
    for name in ("keep", "postpone"):  # the browser's Back, or sent again
        for back in (
            owner.get(f"{page}promises/{one.pk}/{name}/"),
            owner.post(f"{page}promises/{one.pk}/{name}/", {"text": "Пак."}),
        ):
            assert (back.status_code, "Вече е отбелязано, че обещанието е изпълнено." in back.content.decode()) == (409, True)
    assert "не е нужна причина" in owner.get(f"{page}promises/{one.pk}/take-back/").content.decode()
    assert owner.get(f"{page}promises/{one.pk + 1}/keep/").status_code == 404


def test_a_slipped_promise_is_said_on_page_and_list() -> None:
    made = policy()
    promised(made, made.author, -3)
    for address in (f"/policies/{made.subject.reference}/", "/policies/"):
        text = Client().get(address).content.decode()
        assert "1 просрочено" in text and "Изпълнено: 0 %" in text
    assert (
        f"срокът беше {day(-3):%d.%m.%Y}, преди 3 дни" in Client().get(f"/policies/{made.subject.reference}/").content.decode()
    )


def test_residents_observe_what_works_and_the_owner_answers() -> None:
    made, guest = policy(), factories.guest()
    spoke = {"client_uuid": uuid.uuid4(), "correspondent": guest, "by": None}
    seen = spine.comment(made.pk, text="Липите се хванаха.", kind="works", place="до училището", **spoke)
    spine.settle_comment(seen.pk, publish=True, by=factories.moderator())
    text = Client().get(f"/policies/{made.subject.reference}/").content.decode()
    assert "работи: 1" in text and "Липите се хванаха." in text
    choices = dict(
        signed_in(factories.resident())
        .get(f"/subjects/{made.subject.reference}/comment/")
        .context["form"]
        .fields["kind"]
        .choices
    )
    assert {"works", "fails"} <= set(choices)
    with pytest.raises(ValidationError):
        spine.comment(factories.report().pk, text="Работи.", kind="works", **{**spoke, "client_uuid": uuid.uuid4()})
    assert Comment.objects.count() == 1


def test_filters_find_a_programme_by_its_measures() -> None:
    root = policy()
    policy(parent=root, sector=Sector.objects.get(slug="health"), title=factories.texts("Кабинет", "Room"))
    for query, found in (("sector=health", True), ("sector=other", False), ("q=кабинет", True), ("q=автобус", False)):
        assert ("Зелени улици" in Client().get(f"/policies/?{query}").content.decode()) is found
    assert Client().get("/policies/?sector=няма").status_code == 200


def test_a_hidden_project_is_not_told_of() -> None:
    made, hidden = policy(), project(steps=2, done=1)
    carry_out(made.pk, hidden.subject, by=made.author)
    type(hidden.subject).objects.filter(pk=hidden.pk).update(is_public=False)
    assert Link.objects.filter(source=made.pk).count() == 1
    assert trees([made], today())[0].share is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions(count: int, django_assert_num_queries: Any) -> None:
    by = factories.official()
    for _each in range(count):
        root = policy(by)
        for _measure in range(count):
            promised(policy(by, parent=root), by)
    Client().get("/policies/")
    data_version.forget()
    with django_assert_num_queries(5):
        Client().get("/policies/?q=")
