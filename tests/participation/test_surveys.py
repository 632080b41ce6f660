"""Surveys: what is asked stays, each person answers once, no answer knows its person, small groups are not told."""

from __future__ import annotations

import datetime
import threading
import uuid

import pytest
from django.contrib.gis.geos import Point, Polygon
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from discussion.models import TimelineRow
from participation.actions import answering, questions
from participation.actions import survey as actions
from participation.actions.move import NotAllowed
from participation.models import Answered, Question, Reply, Response, Survey
from participation.results import counted_before, number_of, results
from tests import factories
from tests.participation.asked import HERE, LAT, LON, asked, by_kind, filled, given, opened, planned, prepared

pytestmark = pytest.mark.usefixtures("town")


def codes(survey: Survey) -> list[str]:
    return list(TimelineRow.objects.filter(subject=survey.pk).order_by("pk").values_list("code", flat=True))


def answer(survey: Survey, who: object = None, key: uuid.UUID | None = None, **more: object) -> Response:
    who = who or factories.guest()
    return answering.answer(survey.pk, given(survey, **more), correspondent=who, client_uuid=key or uuid.uuid4())  # type: ignore[arg-type]


def test_staff_prepares_opens_and_reports_and_each_act_is_one_row() -> None:
    by = factories.official()
    made = prepared(by, ("single",))
    assert not Survey.objects.get(pk=made.pk).subject.is_public
    actions.open_it(made.pk, by=by)
    actions.close(made.pk, by=by)
    actions.report(made.pk, by=by, text="Започваме с парка.")
    assert codes(made) == ["kept_preparing", "ask", "open", "close", "report"]
    assert Survey.objects.get(pk=made.pk).status == "reported"


def test_residents_ask_nobody_and_strangers_change_nothing() -> None:
    with pytest.raises(PermissionDenied):
        actions.prepare(planned(), by=factories.resident(), client_uuid=uuid.uuid4())
    made = prepared(factories.official(), ("single",))
    with pytest.raises(PermissionDenied):
        actions.open_it(made.pk, by=factories.official("parks"))
    with pytest.raises(PermissionDenied):
        questions.ask(made.pk, asked(kind="text"), by=factories.resident())
    assert codes(made) == ["kept_preparing", "ask"]


def test_it_is_not_opened_without_a_question_or_when_its_time_is_over() -> None:
    by = factories.official()
    empty = actions.prepare(planned(), by=by, client_uuid=uuid.uuid4())
    late = prepared(by, ("single",), closes_at=timezone.now() - datetime.timedelta(minutes=1))
    for each in (empty, late):
        with pytest.raises(ValidationError):
            actions.open_it(each.pk, by=by)
        assert Survey.objects.get(pk=each.pk).status == "preparing"


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"kind": "single", "options": ["Само един"]}, "options"), ({"kind": "scale", "least": 5, "most": 5}, "most"),
     ({"kind": "scale", "least": 0, "most": 11}, "most"), ({"kind": "single", "options": [str(n) for n in range(21)]}, "options")],
)  # fmt: skip
def test_a_question_that_cannot_be_answered_is_refused(fields: dict[str, object], field: str) -> None:
    by = factories.official()
    made = actions.prepare(planned(), by=by, client_uuid=uuid.uuid4())
    with pytest.raises(ValidationError) as refused:
        questions.ask(made.pk, asked(**fields), by=by)
    assert (list(refused.value.message_dict), Question.objects.count()) == ([field], 0)


def test_questions_move_and_go_while_it_is_prepared() -> None:
    by = factories.official()
    made = prepared(by, ("single", "text", "scale"))
    first, second, third = made.questions.all()
    questions.move(made.pk, third.pk, up=True, by=by)
    assert list(made.questions.values_list("pk", flat=True)) == [first.pk, third.pk, second.pk]
    questions.move(made.pk, first.pk, up=True, by=by)
    questions.take_out(made.pk, first.pk, by=by)
    assert list(made.questions.values_list("pk", "order")) == [(third.pk, 0), (second.pk, 1)]


def test_another_language_is_added_to_the_words_that_are_there() -> None:
    by = factories.official()
    made = actions.prepare(planned(), by=by, client_uuid=uuid.uuid4())
    question = questions.ask(made.pk, asked(options=["Да", "Не"]), by=by)
    english = questions.Asked(kind="single", text={"en": "Well?"}, options=[{"en": "Yes"}, {"en": "No"}])
    questions.ask_otherwise(made.pk, question.pk, english, by=by)
    question.refresh_from_db()
    assert question.text == {"bg": "Въпрос: single?", "en": "Well?"}
    assert question.options == [{"bg": "Да", "en": "Yes"}, {"bg": "Не", "en": "No"}]


def test_once_open_nothing_that_is_asked_changes_not_even_in_the_database() -> None:
    by = factories.official()
    made = opened(by, ("single",))
    question = made.questions.get()
    for change in (
        lambda: questions.ask(made.pk, asked(kind="text"), by=by),
        lambda: questions.take_out(made.pk, question.pk, by=by),
        lambda: actions.change(made.pk, planned(), by=by),
    ):
        with pytest.raises(NotAllowed):
            change()
    for direct in (
        lambda: Question.objects.filter(pk=question.pk).update(order=7),
        lambda: Question.objects.filter(pk=question.pk).delete(),
        lambda: Question.objects.create(survey=made, order=3, kind="text", text={"bg": "Още?"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            direct()
    assert Question.objects.get().order == 0


def test_answered_twice_is_refused_with_the_reason_and_nothing_changes() -> None:
    made, who = opened(), factories.guest()
    answer(made, who)
    before = (codes(made), Reply.objects.count())
    with pytest.raises(ValidationError, match=r"Отговорили сте вече|answered this survey already") as refused:
        answer(made, who, single=[1])
    assert refused.value.code == "twice"
    assert ((codes(made), Reply.objects.count()), Response.objects.count()) == (before, 1)


def test_the_same_form_sent_twice_is_one_answer() -> None:
    made, who, key = opened(), factories.guest(), uuid.uuid4()
    assert answer(made, who, key).pk == answer(made, who, key).pk
    assert (Response.objects.count(), codes(made).count("answered")) == (1, 1)


def test_open_to_all_takes_as_many_as_come_without_knowing_anybody() -> None:
    made = opened(kinds=("single",), once=False)
    for _each in range(2):
        answering.answer(made.pk, given(made), correspondent=None, client_uuid=uuid.uuid4())
    assert (Response.objects.count(), Answered.objects.count()) == (2, 0)


def test_no_answer_knows_its_person_and_who_answered_is_forgotten_at_the_end() -> None:
    by = factories.official()
    made, who = opened(by), factories.guest()
    response = answer(made, who)
    columns = {field.name for model in (Response, Reply) for field in model._meta.get_fields()}
    assert columns & {"correspondent", "user", "author", "email", "entered_by", "created_at", "at"} == set()
    mark = Answered.objects.get().mark
    assert (mark, response.pk.hex in mark) == (answering.mark_of(made, who), False)
    row = TimelineRow.objects.get(subject=made.pk, code="answered")
    assert (row.actor, row.data, row.audience, row.tells) == (None, {}, "staff", False)
    actions.close(made.pk, by=by)
    assert (Answered.objects.count(), Response.objects.count()) == (0, 1)


def test_only_proven_addresses_answer_and_only_in_time() -> None:
    by = factories.official()
    made = opened(by)
    with pytest.raises(ValidationError):
        answer(made, factories.guest(verified=False))
    Survey.objects.filter(pk=made.pk).update(
        opened_at=timezone.now() - datetime.timedelta(days=2), closes_at=timezone.now() - datetime.timedelta(seconds=1)
    )
    with pytest.raises(ValidationError) as refused:
        answer(made)
    assert (refused.value.code, Response.objects.count()) == ("over", 0)
    assert [actions.close_those_over(), actions.close_those_over()] == [1, 0]
    assert Survey.objects.get(pk=made.pk).status == "closed"


@pytest.mark.parametrize(
    ("kind", "value"),
    [("single", [3]), ("single", [0, 1]), ("multiple", [0, 0]), ("scale", [6]), ("ranking", [0, 0]), ("single", "да"),
     ("text", "я" * 4001), ("point", Point(*factories.OUTSIDE, srid=4326)), ("line", HERE)],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_named_and_nothing_is_kept(kind: str, value: object) -> None:
    made = opened()
    with pytest.raises(ValidationError) as refused:
        answer(made, **{kind: value})
    assert list(refused.value.message_dict) == [f"q{by_kind(made)[kind].pk}"]
    assert (Response.objects.count(), Answered.objects.count()) == (0, 0)


def test_what_is_needed_is_asked_for_and_an_empty_form_is_no_answer() -> None:
    by = factories.official()
    made = actions.prepare(planned(), by=by, client_uuid=uuid.uuid4())
    needed = questions.ask(made.pk, asked(kind="text", required=True), by=by)
    questions.ask(made.pk, asked(kind="scale"), by=by)
    actions.open_it(made.pk, by=by)
    with pytest.raises(ValidationError) as refused:
        answering.answer(made.pk, {}, correspondent=factories.guest(), client_uuid=uuid.uuid4())
    assert list(refused.value.message_dict) == [f"q{needed.pk}"]
    with pytest.raises(ValidationError) as refused:
        answering.answer(opened(kinds=("text",)).pk, {}, correspondent=factories.guest(), client_uuid=uuid.uuid4())
    assert refused.value.code == "empty"


def test_a_mark_outside_is_refused_by_the_database_too() -> None:
    by = factories.official()
    made = actions.prepare(planned(), by=by, client_uuid=uuid.uuid4())
    small = Polygon.from_bbox((LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01))
    small.srid = 4326
    question = questions.ask(made.pk, asked(kind="point", area=small), by=by)
    actions.open_it(made.pk, by=by)
    beside = Point(LON + 0.05, LAT, srid=4326)
    with pytest.raises(ValidationError) as refused:
        answering.answer(made.pk, {question.pk: beside}, correspondent=factories.guest(), client_uuid=uuid.uuid4())
    assert list(refused.value.message_dict) == [f"q{question.pk}"]
    response = Response.objects.create(survey=made)
    for wrong in (beside, Point(*factories.OUTSIDE, srid=4326)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reply.objects.create(response=response, question=question, point=wrong)
    elsewhere = opened(by, ("text",)).questions.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.create(response=response, question=elsewhere, text="Друго")


def test_paper_is_entered_by_staff_also_after_the_end() -> None:
    by = factories.official()
    made = opened(by, ("single",))
    answering.enter_paper(made.pk, given(made), by=by, client_uuid=uuid.uuid4())
    actions.close(made.pk, by=by)
    answering.enter_paper(made.pk, given(made), by=by, client_uuid=uuid.uuid4())
    with pytest.raises(PermissionDenied):
        answering.enter_paper(made.pk, given(made), by=factories.resident(), client_uuid=uuid.uuid4())
    assert list(Response.objects.values_list("paper", flat=True)) == [True, True]
    without = opened(by, ("single",), paper=False)
    with pytest.raises(ValidationError):
        answering.enter_paper(without.pk, given(without), by=by, client_uuid=uuid.uuid4())


def test_groups_of_fewer_than_five_are_not_told() -> None:
    made = opened(kinds=("single",), results="always")
    filled(made, 4)
    assert results(made)[0].few
    filled(made, 8, single=[1])
    filled(made, 9)
    (told,) = results(made)
    assert [(row["name"], row["n"]) for row in told.result.rows] == [("Да", 13), ("Не", 8), ("Не знам", 0)]
    filled(made, 1, single=[2])
    (told,) = results(made)
    # One alone is hidden, and the next smallest with it: else the sum of all would tell it.
    assert [(row["name"], row["n"]) for row in told.result.rows] == [("Да", 13), ("Не", None), ("Не знам", None)]
    assert told.result.n == 22


def test_the_points_of_two_do_not_tell_how_few_set_one_first() -> None:
    by = factories.official()
    made = actions.prepare(planned(results="always"), by=by, client_uuid=uuid.uuid4())
    questions.ask(made.pk, asked(kind="ranking", options=["Вода", "Въздух"]), by=by)
    actions.open_it(made.pk, by=by)
    made = Survey.objects.select_related("subject").get(pk=made.pk)
    filled(made, 7, ranking=[0, 1])
    filled(made, 2, ranking=[1, 0])
    (told,) = results(made)
    assert [(row["name"], row["points"], row["first"]) for row in told.result.rows] == [
        ("Вода", None, None),
        ("Въздух", None, None),
    ]


def test_each_kind_has_its_result() -> None:
    made = opened(results="always")
    filled(made, 6)
    told = {each.question.kind: each.result for each in results(made)}
    assert number_of(made) == 6
    assert [row["n"] for row in told["multiple"].rows] == [6, 0, 6]
    assert [row["n"] for row in told["scale"].rows] == [0, 0, 0, 6, 0]
    assert [(row["name"], row["points"], row["first"]) for row in told["ranking"].rows] == [
        ("Тишина", 3.0, 6), ("Вода", 2.0, 0), ("Въздух", 1.0, 0),
    ]  # fmt: skip
    assert [row["n"] for row in told["point"].rows] == [6]
    assert told["point"].rows[0]["name"] == "1. гр. Левка"
    assert told["point"].rows[0]["geometry"]["type"] == "Polygon"
    assert {row["n"] for row in told["line"].rows} == {6} == {row["n"] for row in told["area"].rows}


def test_marks_far_from_others_are_not_told() -> None:
    made = opened(kinds=("point",), results="always")
    filled(made, 5)
    filled(made, 1, point=Point(LON + 0.2, LAT, srid=4326))
    (told,) = results(made)
    assert (told.result.n, [row["n"] for row in told.result.rows]) == (6, [5])


def test_an_answer_of_today_is_counted_tomorrow_while_it_is_open() -> None:
    by = factories.official()
    made = opened(by, ("single",), results="always")
    filled(made, 5)
    answer(made)
    assert number_of(made) == 5
    last_day = made.last_day
    actions.close(made.pk, by=by)
    assert Survey.objects.get(pk=made.pk).last_day < last_day  # closed early: it says until when it really was
    assert number_of(Survey.objects.get(pk=made.pk)) == 6


def test_days_are_counted_together_until_five_more_have_answered() -> None:
    made = opened(None, ("single",), results="always")
    filled(made, 6)
    today, day = timezone.localdate(), datetime.timedelta(days=1)
    Response.objects.update(on=today - 4 * day)
    for ago in (3, 2):
        for each in filled(made, 2, single=[1]):
            Response.objects.filter(pk=each.pk).update(on=today - ago * day)
    assert (number_of(made), counted_before(made)) == (6, today - 3 * day)  # four more would tell too much of each
    filled(made, 1, single=[2])
    assert (number_of(made), counted_before(made)) == (11, today)


def test_words_are_shown_only_where_a_moderator_says_so() -> None:
    by, moderator = factories.official(), factories.moderator()
    made = opened(by, ("text",), results="always")
    filled(made, 5)
    filled(made, 1, text="Пейки.")
    assert results(made)[0].words == ()
    bench = Reply.objects.get(text="Пейки.").pk
    with pytest.raises(PermissionDenied):
        actions.show_words(made.pk, {bench}, {bench}, by=by)
    actions.show_words(made.pk, {bench}, {bench}, by=moderator)
    assert results(made)[0].words == ("Пейки.",)
    actions.show_words(made.pk, set(), {bench}, by=moderator)
    assert results(made)[0].words == ()


def test_time_is_only_added() -> None:
    by = factories.official()
    made = opened(by, ("single",))
    with pytest.raises(ValidationError):
        actions.extend(made.pk, made.closes_at - datetime.timedelta(days=1), by=by)
    later = made.closes_at + datetime.timedelta(days=1)
    actions.extend(made.pk, later, by=by)
    assert Survey.objects.get(pk=made.pk).closes_at == later


@pytest.mark.django_db(transaction=True)
def test_one_person_in_sixteen_windows_answers_once() -> None:
    made, who = opened(kinds=("single",)), factories.guest()
    begin, twice, failed = threading.Barrier(16), [], []

    def run() -> None:
        try:
            begin.wait(30)
            for left in reversed(range(20)):
                try:
                    answer(made, who)
                    return
                except OperationalError:  # the lock's time is over on a busy machine: one presses again
                    if not left:
                        raise
        except ValidationError as refused:
            twice.append(refused.code)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _each in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert (failed, twice, Response.objects.count()) == ([], ["twice"] * 15, 1)
