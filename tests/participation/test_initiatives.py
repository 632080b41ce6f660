"""Initiatives: begun, published, joined, written to, finished with a result or stopped; tasks have so many places."""

from __future__ import annotations

import datetime
import threading
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, connection
from django.utils import timezone

from accounts.models import Correspondent
from discussion import actions as spine
from discussion.actions.links import connect
from discussion.models import Link, Subject, TimelineRow
from municipality.models import Organisation, Sector
from notifications.recipients import recipients_of
from participation.actions import joining
from participation.actions.event import Held, hold
from participation.actions.initiative import Proposed, act, change, finish, propose, write_to_all
from participation.actions.move import NotAllowed
from participation.forms.initiative import InitiativeForm
from participation.models import Initiative, InitiativeTask, Joining
from tests import factories
from tests.participation.conftest import WHERE, event, home_of, past
from tests.participation.test_events import codes
from tests.participation.test_practices import practice

pytestmark = pytest.mark.usefixtures("town")


def said(**fields: Any) -> Proposed:
    defaults: dict[str, Any] = {
        "title": "Садим дървета", "text": "По едно пред всеки вход.", "sector": Sector.objects.get(slug="urban"),
        "place": "паркът", "point": WHERE, "people_needed": 20, "tasks": [("Копаем", 2, None), ("Чай", 1, None)],
    }  # fmt: skip
    return Proposed(**{**defaults, **fields})


def initiative(by: Any = None, *, status: str = "gathering", **fields: Any) -> Initiative:
    """An official's, as far as asked for."""
    by = by or factories.official()
    made = propose(said(**{"organisation": home_of(by), **fields}), by=by, client_uuid=uuid.uuid4())
    for name, state in (("gather", "gathering"), ("begin", "under_way")):
        if made.status != status:
            act(Initiative, made.pk, name, by=by)
            made = Initiative.objects.select_related("subject").get(pk=made.pk)
        if state == status:
            break
    return made


def states(made: Initiative) -> list[tuple[str | None, str]]:
    return list(Joining.objects.filter(initiative=made).order_by("pk").values_list("task__title", "state"))


def test_from_forming_to_its_result() -> None:
    by = factories.official()
    made = initiative(by=by, status="forming")
    assert (made.status, made.subject.is_public, made.subject.kind, made.subject.area.slug) == (
        "forming",
        True,
        "initiative",
        "levka",
    )
    for name in ("gather", "begin"):
        act(Initiative, made.pk, name, by=by)
    with pytest.raises(ValidationError) as refused:
        finish(made.pk, text="", by=by)
    assert list(refused.value.message_dict) == ["text"]
    finish(made.pk, text="Дванайсет дървета.", link="https://example.org/dervo", by=by)
    made.refresh_from_db()
    assert (made.status, made.result, made.result_link) == ("finished", "Дванайсет дървета.", "https://example.org/dervo")
    assert codes(made.pk) == ["submitted", "gather", "begin", "finish"]
    assert Subject.objects.get(pk=made.pk).is_public


def test_a_residents_initiative_waits_and_what_is_taken_back_is_never_public() -> None:
    by = factories.resident()
    made = propose(said(), by=by, client_uuid=uuid.uuid4())
    assert (made.status, made.subject.is_public) == ("awaiting_moderation", False)
    with pytest.raises(NotAllowed):
        act(Initiative, made.pk, "stop", by=by, text="Няма смисъл.")
    act(Initiative, made.pk, "take_back", by=by)
    assert not Subject.objects.get(pk=made.pk).is_public
    other = propose(said(), by=by, client_uuid=uuid.uuid4())
    act(Initiative, other.pk, "publish", by=factories.moderator())
    act(Initiative, other.pk, "stop", by=by, text="Теренът е зает.")
    assert (Initiative.objects.get(pk=other.pk).status, Subject.objects.get(pk=other.pk).is_public) == ("stopped", True)


def test_stopping_needs_words_and_strangers_change_nothing() -> None:
    by = factories.official()
    made = initiative(by=by)
    with pytest.raises(ValidationError) as refused:
        act(Initiative, made.pk, "stop", by=by)
    assert list(refused.value.message_dict) == ["text"]
    stranger = factories.resident()
    for do in (
        lambda: act(Initiative, made.pk, "begin", by=stranger),
        lambda: change(made.pk, said(title="Моя"), by=stranger),
        lambda: write_to_all(made.pk, text="Елате!", by=stranger),
        lambda: propose(said(organisation=Organisation.objects.get(slug="parks")), by=stranger, client_uuid=uuid.uuid4()),
    ):
        with pytest.raises(PermissionDenied):
            do()
    assert (Initiative.objects.get().status, Subject.objects.get(pk=made.pk).title) == ("gathering", "Садим дървета")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"starts_on": datetime.date(2020, 1, 1)}, "starts_on"),
        ({"tasks": [("Чай", 1, None), ("Чай", 2, None)]}, "tasks"),
    ],
)
def test_a_bad_value_is_named_and_nothing_is_kept(fields: dict, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        propose(said(**fields), by=factories.official(), client_uuid=uuid.uuid4())
    assert (list(refused.value.message_dict), Initiative.objects.count()) == ([field], 0)


def test_what_it_belongs_to_is_linked_and_told_once_it_is_public() -> None:
    by, idea = factories.resident(), factories.report(category="park-idea")
    meeting, model = event(), practice()
    linked = [idea.subject, meeting.subject, model.subject]
    made = propose(said(linked=linked), by=by, client_uuid=uuid.uuid4())
    assert codes(idea.pk).count("organised") == 0
    act(Initiative, made.pk, "publish", by=factories.moderator())
    assert set(Link.objects.values_list("source", "target", "kind")) == {
        (idea.pk, made.pk, "carried_out_by"), (made.pk, meeting.pk, "discussed_at"), (made.pk, model.pk, "inspired_by")
    }  # fmt: skip
    assert [codes(each.pk).count("organised") for each in linked] == [1, 1, 1]
    change(made.pk, said(linked=[idea.subject]), by=by)
    assert set(Link.objects.values_list("source", "target")) == {(idea.pk, made.pk)}
    assert codes(idea.pk).count("organised") == 1


def test_its_organisers_take_no_links_away_that_others_drew_or_that_they_do_not_see() -> None:
    idea, hidden = factories.report(category="park-idea"), factories.report(category="park-idea")
    made, meeting, model = initiative(by=factories.official()), past(event()), practice()
    connect(made.pk, model.subject, "inspired_by", by=factories.official())
    hold(meeting.pk, Held(text="Говорихме.", attendance=3, discussed=[made.subject]), by=meeting.author)
    change(made.pk, said(linked=[idea.subject, hidden.subject]), by=made.author)
    Subject.objects.filter(pk=hidden.pk).update(is_public=False)
    assert InitiativeForm.first(made)["linked"] == idea.subject.reference
    change(made.pk, said(linked=[]), by=made.author)
    assert set(Link.objects.values_list("source", "target")) == {
        (made.pk, model.pk), (made.pk, meeting.pk), (hidden.pk, made.pk)
    }  # fmt: skip


def test_tasks_have_so_many_places_and_leaving_gives_them_back() -> None:
    made, people = initiative(), [factories.guest() for _each in range(3)]
    tea = made.tasks.get(title="Чай")
    joining.join(made.pk, people[0], tea.pk)
    joining.join(made.pk, people[0], tea.pk)
    with pytest.raises(ValidationError) as refused:
        joining.join(made.pk, people[1], tea.pk)
    assert list(refused.value.message_dict) == ["task"]
    joining.join(made.pk, people[1])
    joining.join(made.pk, people[0])
    assert joining.counts(made) == {"people": 2, "tasks": {tea.pk: 1}}
    assert joining.leave(made.pk, people[0], tea.pk) and not joining.leave(made.pk, people[0], tea.pk)
    joining.join(made.pk, people[2], tea.pk)
    assert joining.counts(made) == {"people": 3, "tasks": {tea.pk: 1}}
    assert joining.leave(made.pk, people[0])
    assert Initiative.objects.with_people().get().people == joining.counts(made)["people"] == 2


def test_only_proven_addresses_join_and_only_while_it_gathers() -> None:
    made = initiative(status="forming")
    with pytest.raises(ValidationError):
        joining.join(made.pk, factories.guest())
    with pytest.raises(ValidationError):
        joining.join(initiative().pk, factories.guest(verified=False))
    other = InitiativeTask.objects.filter(initiative=made).first()
    assert other is not None
    with pytest.raises(ValidationError):
        joining.join(initiative().pk, factories.guest(), other.pk)
    assert Joining.objects.count() == 0


def test_a_task_that_somebody_took_keeps_its_name() -> None:
    by = factories.official()
    made = initiative(by=by)
    joining.join(made.pk, factories.guest(), made.tasks.get(title="Чай").pk)
    with pytest.raises(ValidationError) as refused:
        change(made.pk, said(tasks=[("Копаем", 3, None)]), by=by)
    assert list(refused.value.message_dict) == ["tasks"]
    change(made.pk, said(tasks=[("Чай", 4, None)]), by=by)
    assert list(made.tasks.values_list("title", "needed")) == [("Чай", 4)]


def heard(row: TimelineRow) -> list[Correspondent | None]:
    return sorted((who.correspondent for who in recipients_of(row)), key=lambda one: one.pk if one else 0)


def test_organisers_write_to_who_joined_and_to_followers_if_they_wish() -> None:
    by, joined, follows, gone = factories.official(), factories.guest(), factories.guest(), factories.guest()
    made = initiative(by=by)
    joining.join(made.pk, joined)
    joining.join(made.pk, gone)
    joining.leave(made.pk, gone)
    spine.follow(made.pk, follows)
    row = write_to_all(made.pk, text="Вземете ръкавици.", by=by)
    assert heard(row) == [joined, follows]
    assert write_to_all(made.pk, text="Вземете ръкавици.", by=by) == row
    assert heard(write_to_all(made.pk, text="Среща в десет.", followers=False, by=by)) == [joined]
    write_to_all(made.pk, text="Трето.", by=by)
    with pytest.raises(ValidationError) as refused:
        write_to_all(made.pk, text="Четвърто.", by=by)
    assert list(refused.value.message_dict) == ["text"]
    assert codes(made.pk).count("message") == 3
    assert heard(act(Initiative, made.pk, "begin", by=by)) == [joined, follows]


def test_the_last_three_messages_are_those_of_a_day() -> None:
    by = factories.official()
    made, now = initiative(by=by), timezone.now()
    for hours in (80, 60, 40, 30):
        write_to_all(made.pk, text=f"Преди {hours}", by=by, at=now - datetime.timedelta(hours=hours))
    write_to_all(made.pk, text="Сега", by=by, at=now)
    assert codes(made.pk).count("message") == 5


def test_who_joined_is_never_public() -> None:
    made = initiative()
    joining.join(made.pk, factories.guest())
    joining.leave(made.pk, Correspondent.objects.get(joinings__initiative=made))
    rows = TimelineRow.objects.filter(subject=made.pk, code__in=["joined", "left"])
    assert list(rows.order_by("pk").values_list("audience", "tells")) == [("staff", False)] * 2


@pytest.mark.django_db(transaction=True)
def test_thirty_two_at_the_last_place_of_a_task_are_one() -> None:
    made = initiative(tasks=[("Кофа", 1, None)])
    task, people = made.tasks.get(), [factories.guest() for _each in range(32)]
    begin, failed, refused = threading.Barrier(32), [], []

    def run(who: Correspondent) -> None:
        try:
            begin.wait()
            for left in reversed(range(20)):
                try:
                    joining.join(made.pk, who, task.pk)
                    return
                except ValidationError as full:
                    refused.append(full.error_dict["task"][0].code)
                    return
                except OperationalError:  # the lock's time is over on a busy machine: one presses again
                    if not left:
                        raise
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(each,)) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failed, refused, states(made)) == ([], ["full"] * 31, [("Кофа", "going")])
