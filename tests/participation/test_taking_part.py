"""Registration: one seat a person, the rest wait in their order and move up by themselves."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.utils import timezone

from discussion.models import TimelineRow
from participation.actions import taking_part
from participation.actions.event import change
from participation.models import Event, TakingPart
from tests import factories
from tests.participation.conftest import event, past, said

pytestmark = pytest.mark.usefixtures("town")


def states(made: Event) -> list[str]:
    return list(TakingPart.objects.filter(subject=made.pk).order_by("since", "pk").values_list("state", flat=True))


def test_seats_then_the_waiting_list_in_order() -> None:
    made = event(registration=True, capacity=1)
    people = [factories.guest() for _each in range(3)]
    for each in people:
        taking_part.register(made.pk, each)
    assert states(made) == ["going", "waiting", "waiting"]
    assert taking_part.leave(made.pk, people[0])
    assert states(made) == ["left", "going", "waiting"]
    assert TimelineRow.objects.get(subject=made.pk, code="moved_up").data == {"correspondent": people[1].pk}
    assert not taking_part.leave(made.pk, people[0])


def test_registering_twice_is_one_seat_and_coming_back_is_the_end_of_the_list() -> None:
    made, first, second = event(registration=True, capacity=1), factories.guest(), factories.guest()
    taking_part.register(made.pk, first)
    taking_part.register(made.pk, first)
    taking_part.register(made.pk, second)
    taking_part.leave(made.pk, first)
    assert taking_part.register(made.pk, first).state == "waiting"
    assert TakingPart.objects.count() == 2


def test_more_seats_move_people_up() -> None:
    by = factories.official()
    made = event(by=by, registration=True, capacity=1)
    for _each in range(3):
        taking_part.register(made.pk, factories.guest())
    change(made.pk, said(registration=True, capacity=2, starts_at=made.starts_at, ends_at=made.ends_at), by=by)
    assert states(made) == ["going", "going", "waiting"]


def test_only_proven_addresses_and_only_before_it_begins() -> None:
    made = event(registration=True)
    with pytest.raises(ValidationError):
        taking_part.register(made.pk, factories.guest(verified=False))
    with pytest.raises(ValidationError):
        taking_part.register(past(made).pk, factories.guest())
    with pytest.raises(ValidationError):
        taking_part.register(event().pk, factories.guest())
    assert TakingPart.objects.count() == 0


def test_reminders_go_once_at_the_hour_that_each_chose() -> None:
    made = event(registration=True)
    early, usual, never = (factories.guest() for _each in range(3))
    for each in (early, usual, never):
        taking_part.register(made.pk, each)
    taking_part.remind_me(made.pk, early, 48)
    taking_part.remind_me(made.pk, never, 0)
    two_days = made.starts_at - datetime.timedelta(hours=47)
    assert [taking_part.remind(two_days), taking_part.remind(two_days)] == [1, 0]
    assert [taking_part.remind(made.starts_at - datetime.timedelta(hours=1)) for _each in range(2)] == [1, 0]
    told = (
        TimelineRow.objects.filter(subject=made.pk, code="reminder")
        .order_by("pk")
        .values_list("data__correspondent", flat=True)
    )
    assert list(told) == [early.pk, usual.pk]
    with pytest.raises(ValidationError):
        taking_part.remind_me(made.pk, usual, 1000)


@pytest.mark.django_db(transaction=True)
def test_sixty_four_at_the_last_seat_are_one_seat_and_a_queue() -> None:
    made = event(registration=True, capacity=1)
    people = [factories.guest() for _each in range(64)]
    begin, failed = threading.Barrier(64), []

    def run(who: object) -> None:
        try:
            begin.wait()
            for left in reversed(range(20)):
                try:
                    return taking_part.register(made.pk, who)
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
    assert failed == []
    assert sorted(states(made)) == ["going", *["waiting"] * 63]
    rows = TimelineRow.objects.filter(subject=made.pk, code__in=["taken", "waits"]).order_by("pk")
    queue = list(TakingPart.objects.waiting().filter(subject=made.pk).values_list("correspondent", flat=True))
    assert [row.data["correspondent"] for row in rows][1:] == queue


def test_who_comes_is_never_public() -> None:
    made = event(registration=True)
    taking_part.register(made.pk, factories.guest())
    assert set(TimelineRow.objects.filter(subject=made.pk, code="taken").values_list("audience", flat=True)) == {"staff"}
    assert timezone.now() < made.starts_at
