"""One key, one act: repeats, strangers, other payloads, failures and sixteen threads at once."""

from __future__ import annotations

import datetime
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from geoportal.kernel import idempotency
from geoportal.kernel.idempotency import Conflict, Kept, digest, once, parse_key, purge
from geoportal.kernel.models import Answer, Counter
from geoportal.kernel.problems import Problem

KEY = uuid.UUID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff")
SENT = {"title": "Дупка", "photos": [uuid.UUID(int=1)], "on": datetime.date(2026, 11, 25)}
BODY = {"reference": "1234567897", "due": "2026-12-01"}


def act(creator: str = "account:1", payload: Any = SENT, verb: str = "submit", key: uuid.UUID | None = KEY) -> Kept:
    """A verb that leaves one Counter row each time it is really done."""
    with once(key, verb=verb, creator=creator, payload=payload) as slot:
        if slot.is_first:
            Counter.objects.create(key=uuid.uuid4(), scope="done", count=1, until=timezone.now())
            slot.keep(status=201, body=BODY, reference="1234567897")
    return slot.answer


@pytest.mark.django_db
def test_a_repeat_by_its_creator_gets_the_first_answer() -> None:
    assert act() == Kept(201, BODY, "1234567897")
    assert act() == Kept(201, BODY, "1234567897", repeated=True)
    assert Counter.objects.count() == 1


@pytest.mark.django_db
def test_a_stranger_gets_the_reference_alone() -> None:
    act()
    assert act(creator="browser:x") == Kept(200, {"reference": "1234567897"}, "1234567897", repeated=True)
    assert Counter.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"payload": {"title": "Друга"}}, {"verb": "support"}])
def test_something_else_under_the_key_is_409(other: dict[str, Any]) -> None:
    act()
    with pytest.raises(Conflict) as refused:
        act(**other)
    assert refused.value.status == 409
    assert Counter.objects.count() == 1


@pytest.mark.django_db
def test_a_verb_that_fails_leaves_no_key() -> None:
    with pytest.raises(ValidationError), once(KEY, verb="submit", creator="account:1", payload=SENT):
        Counter.objects.create(key=uuid.uuid4(), scope="done", count=1, until=timezone.now())
        raise ValidationError("no")
    assert Answer.objects.count() == Counter.objects.count() == 0
    assert act().repeated is False


@pytest.mark.django_db
def test_without_a_key_it_is_done_each_time() -> None:
    assert [act(key=None).repeated for _number in range(3)] == [False] * 3
    assert Counter.objects.count() == 3
    assert Answer.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_f9_sixteen_threads_with_one_key_do_it_once() -> None:
    barrier = threading.Barrier(16)

    def run(_number: int) -> Kept:
        try:
            barrier.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(run, range(16)))
    assert [answer.repeated for answer in answers].count(False) == 1
    assert {(answer.status, answer.reference) for answer in answers} == {(201, "1234567897")}
    assert Counter.objects.count() == Answer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_when_the_first_fails_the_second_that_waited_does_it() -> None:
    entered, release = threading.Event(), threading.Event()

    def fails() -> None:
        try:
            with once(KEY, verb="submit", creator="account:1", payload=SENT):
                entered.set()
                release.wait(10)
                raise ValidationError("no")
        except ValidationError:
            pass
        finally:
            connection.close()

    def waits() -> Kept:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(fails)
        assert entered.wait(10)
        second = pool.submit(waits)
        release.set()
        first.result()
        assert second.result().repeated is False
    assert Counter.objects.count() == 1


@pytest.mark.django_db
def test_who_asked_is_not_stored_in_the_clear() -> None:
    act(creator="account:4711")
    stored = Answer.objects.get()
    assert "4711" not in stored.creator
    assert "Дупка" not in stored.digest


@pytest.mark.django_db
def test_large_answers_and_second_answers_are_mistakes() -> None:
    with pytest.raises(ValueError, match="too large"), once(KEY, verb="v", creator="c", payload={}) as slot:
        slot.keep(body={"text": "x" * 20_000})
    act()
    with pytest.raises(ValueError, match="has its answer"), once(KEY, verb="submit", creator="account:1", payload=SENT) as slot:
        slot.keep()
    with once(None, verb="v", creator="c", payload={}) as slot:
        pass
    with pytest.raises(ValueError, match="nothing was kept"):
        _ = slot.answer


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "left"), [(datetime.timedelta(seconds=-1), 1), (datetime.timedelta(seconds=1), 0)])
def test_kept_90_days(age: datetime.timedelta, left: int) -> None:
    act()
    Answer.objects.update(created_at=timezone.now() - datetime.timedelta(days=idempotency.KEPT_DAYS) - age)
    assert purge() == 1 - left
    assert Answer.objects.count() == left


def test_payloads_are_compared_by_content() -> None:
    assert digest({"a": 1, "b": [1, 2]}) == digest({"b": [1, 2], "a": 1})
    assert digest({"a": 1}) != digest({"a": "1"})
    assert digest([1, 2]) != digest([2, 1])


def test_keys() -> None:
    assert parse_key(str(KEY)) == parse_key(f' "{KEY}" ') == KEY
    assert parse_key(None) is parse_key("") is None
    for wrong in ("x", "1" * 500, "\x00", "6f9619ff-8b86-4d01-b42d"):
        with pytest.raises(Problem) as refused:
            parse_key(wrong)
        assert refused.value.status == 400
        assert "Idempotency-Key" in refused.value.detail
