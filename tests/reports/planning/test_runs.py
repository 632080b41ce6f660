"""Long analyses: one job for one question, progress that is seen, an end in every case."""

from __future__ import annotations

import datetime
import math
import threading
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from reports.actions import planning as verbs
from reports.models import Run, SavedAnalysis
from reports.planning import analyses, asking, progress, stored
from reports.planning.kept import LONGEST_QUERY
from reports.planning.result import Chart, Column, Result, Series
from tests import factories
from tests.reports.planning.town import ask

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def client_(planner) -> Client:
    client = Client()
    client.force_login(planner, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def long_areas(monkeypatch):
    """More than three reports are too many to wait for."""
    monkeypatch.setitem(analyses.ANALYSES, "areas", replace(analyses.ANALYSES["areas"], long_from=3))


def answering(monkeypatch, answer) -> None:
    monkeypatch.setitem(analyses.ANALYSES, "areas", replace(analyses.ANALYSES["areas"], answer=answer))


def atomically(answer, question):
    """The test's own transaction outlives the error."""
    with transaction.atomic():
        return answer(question)


def test_a_result_comes_back_from_json_as_it_was():
    result = Result(
        "areas", "Title", "Method", "Source", 5, (Column("a", "A", "m", 1),),
        [{"a": 1.5, "d": datetime.date(2026, 1, 2), "geometry": {"type": "Point", "coordinates": [1.0, 2.0]}}],
        (("Width", "5"),), (datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)), 9, ("c",), Chart("bars", "a", (Series("a", "A"),)),
    )  # fmt: skip
    assert stored.from_json(stored.to_json(result)) == result


def test_a_long_question_offers_the_background_and_its_page_ends_with_the_result(client_, long_areas):
    factories.reports(6)
    page = client_.get("/en/planning/?analysis=areas")
    assert "This takes a while" in page.content.decode() and "result" not in page.context
    address = client_.post("/en/planning/runs/", {"query": "analysis=areas"})["Location"]
    run = Run.objects.get()
    job = ProcrastinateJob.objects.get(task_name="reports.planning_run")
    assert job.args == {"run_id": str(run.pk)}
    assert "Look again" in client_.get(address).content.decode()
    assert verbs.carry_out(run.pk) == "done"
    done = client_.get(address)
    assert done.context["result"].n == 6
    assert '<tr data-row="0"' in done.content.decode()
    assert client_.get(f"/planning/answer.csv?run={run.pk}").status_code == 200
    assert client_.get("/planning/?analysis=areas").context["known"] == run
    assert client_.get(f"{address}state.json").json()["state"] == "done"


def test_the_same_question_of_the_same_person_is_the_same_run_while_it_waits(planner):
    first = verbs.start_run(planner, "analysis=areas", "bg")
    assert verbs.start_run(planner, "analysis=areas", "bg") == first
    assert verbs.start_run(factories.planner(), "analysis=areas", "bg") != first
    verbs.carry_out(first.pk)
    assert verbs.start_run(planner, "analysis=areas", "bg") != first
    assert ProcrastinateJob.objects.filter(task_name="reports.planning_run").count() == 3


def test_a_very_long_address_is_no_key_that_an_index_refuses(planner):
    corners = ",".join(f"23.{n:05d} 42.{n * 7919 % 99999:05d}" for n in range(190))
    assert verbs.start_run(planner, f"within=polygon:{corners}", "bg").state == "waiting"


def test_a_cancelled_run_has_no_result_and_is_asked_again(client_, planner):
    run = verbs.start_run(planner, "analysis=areas", "bg")
    client_.post(f"/planning/runs/{run.pk}/", {"do": "cancel"})
    assert verbs.carry_out(run.pk) == "gone"
    run.refresh_from_db()
    assert (run.state, run.result) == ("failed", None)
    again = client_.post(f"/planning/runs/{run.pk}/", {"do": "again"})["Location"]
    assert str(run.pk) not in again


def test_a_bad_end_says_why(planner, monkeypatch):
    factories.reports(6)

    def broken(_question):
        raise RuntimeError("a secret of the server")

    answering(monkeypatch, broken)
    run = verbs.start_run(planner, "analysis=areas", "en")
    assert verbs.carry_out(run.pk) == "failed"
    run.refresh_from_db()
    assert run.message and "secret" not in run.message


def test_a_person_who_may_no_longer_plan_gets_nothing(planner):
    run = verbs.start_run(planner, "analysis=areas", "bg")
    planner.memberships.update(active=False)
    assert verbs.carry_out(run.pk) == "failed"


def test_progress_is_seen_while_it_is_reckoned(planner, monkeypatch):
    seen = []

    def slow(question):
        progress.tell(1, 3, "Reading")
        seen.append(Run.objects.values_list("state", "done", "of", "message").get())
        return Result("areas", "t", "m", "s", 0)

    answering(monkeypatch, slow)
    run = verbs.start_run(planner, "analysis=areas", "bg")
    verbs.carry_out(run.pk)
    run.refresh_from_db()
    assert seen == [("running", 2, 5, "Reading")]
    assert (run.done, run.of, run.message) == (5, 5, "")


@pytest.mark.parametrize("slug", ["areas", "beside", "clusters", "contributors", "time"])
def test_every_analysis_that_may_be_long_names_its_steps(planner, slug):
    factories.reports(6)
    told: list[tuple[int, int, str]] = []
    with progress.heard_by(lambda *step: told.append(step)):
        asking.answered(ask(f"analysis={slug}", planner))
    of = {step[1] for step in told}
    assert analyses.ANALYSES[slug].long_from
    assert of == {len(told)} and [step[0] for step in told] == list(range(len(told)))
    assert len({step[2] for step in told}) == len(told) > 1


def test_the_page_and_its_script_say_the_same_step(client_, planner):
    run = verbs.start_run(planner, "analysis=areas", "en")
    Run.objects.filter(pk=run.pk).update(state="running", done=2, of=5, message="Looking for „clusters“ & more")
    words = "being reckoned · 2 of 5 steps done · Looking for „clusters“ & more"
    assert client_.get(f"/en/planning/runs/{run.pk}/state.json").json()["words"] == words
    assert words.replace("&", "&amp;") in " ".join(client_.get(f"/en/planning/runs/{run.pk}/").content.decode().split())


def test_links_of_a_result_in_the_background_lead_to_questions(client_, planner):
    """Relative to the run's own address they would only open it again."""
    factories.reports(6)
    run = verbs.start_run(planner, "analysis=areas&kind=problem", "en")
    verbs.carry_out(run.pk)
    page = client_.get(f"/en/planning/runs/{run.pk}/").content.decode()
    assert 'href="/en/planning/?analysis=clusters&amp;kind=problem"' in page
    assert 'href="/en/planning/?analysis=areas&amp;kind=problem&amp;area=levka"' in page
    assert 'href="?' not in page


def test_statements_may_take_longer_than_a_pages_and_only_there(planner, monkeypatch):
    seen = []

    def asks(question):
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            seen.append(cursor.fetchone()[0])
        return Result("areas", "t", "m", "s", 0)

    answering(monkeypatch, asks)
    verbs.carry_out(verbs.start_run(planner, "analysis=areas", "bg").pk)
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert [*seen, cursor.fetchone()[0]] == ["10min", "15s"]


def test_a_killed_run_is_taken_up_again_and_given_up_after_the_third_time(planner):
    run = verbs.start_run(planner, "analysis=areas", "bg")
    Run.objects.update(state="running", started_at=timezone.now())  # as a killed worker leaves it
    assert verbs.carry_out(run.pk, attempt=4) == "failed"
    second = verbs.start_run(planner, "analysis=areas", "bg")
    Run.objects.filter(pk=second.pk).update(state="running", started_at=timezone.now())
    assert verbs.carry_out(second.pk, attempt=2) == "done"


def test_nothing_runs_or_waits_for_ever(planner):
    for query, state, since in (("q=a", "running", HOUR), ("q=b", "waiting", HOUR), ("q=c", "running", HOUR / 60)):
        run = verbs.start_run(planner, query, "bg")
        Run.objects.filter(pk=run.pk).update(state=state, started_at=timezone.now() - since, created_at=timezone.now() - since)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    assert verbs.end_stuck_runs() == 2
    assert dict(Run.objects.values_list("query", "state")) == {"q=a": "failed", "q=b": "failed", "q=c": "running"}


def test_a_run_that_waits_for_the_others_is_not_called_lost(planner):
    for query in ("q=a", "q=b"):
        verbs.start_run(planner, query, "bg")
    Run.objects.update(created_at=timezone.now() - HOUR)
    assert verbs.end_stuck_runs() == 0
    assert list(Run.objects.values_list("state", flat=True)) == ["waiting", "waiting"]


def test_runs_have_a_queue_of_their_own(planner):
    verbs.start_run(planner, "analysis=areas", "bg")
    assert ProcrastinateJob.objects.get(task_name="reports.planning_run").queue_name == "planning"


def test_a_person_starts_only_a_few_at_once(client_, planner):
    for number in range(verbs.MOST_ACTIVE):
        assert client_.post("/en/planning/runs/", {"query": f"analysis=clusters&eps={50 + number}"}).status_code == 302
    refused = client_.post("/en/planning/runs/", {"query": "analysis=clusters&eps=90"})
    assert refused.status_code == 409
    assert "3 of your analyses are not ready yet" in refused.content.decode()
    assert client_.post("/en/planning/runs/", {"query": "analysis=clusters&eps=50"}).status_code == 302  # it is there already
    assert verbs.start_run(factories.planner(), "analysis=areas", "bg").state == "waiting"
    verbs.cancel_run(Run.objects.filter(owner=planner).earliest("created_at"))
    assert client_.post("/en/planning/runs/", {"query": "analysis=clusters&eps=90"}).status_code == 302


def test_only_what_took_too_long_is_said_to_have(planner, monkeypatch):
    def waits(_question):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 1")
            cursor.execute("SELECT pg_sleep(5)")

    def asks_wrong(_question):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'rejected'::reports_status")

    said = []
    for answer in (waits, asks_wrong):
        answering(monkeypatch, lambda question, answer=answer: atomically(answer, question))
        run = verbs.start_run(planner, "analysis=areas", "en")
        assert verbs.carry_out(run.pk) == "failed"
        run.refresh_from_db()
        said.append(run.message.partition(".")[0])
    assert said == ["It took longer than 10 minutes", "Something broke on our side"]


def test_old_results_go(planner):
    for days in (31, 29):
        run = verbs.start_run(planner, f"q={days}", "bg")
        Run.objects.filter(pk=run.pk).update(created_at=timezone.now() - datetime.timedelta(days=days))
    assert verbs.drop_old_runs() == 1
    assert Run.objects.get().query == "q=29"


@pytest.mark.django_db(transaction=True)
def test_cancelling_stops_the_statement_that_is_being_carried_out(planner, monkeypatch):
    held = threading.Event()

    def sleeps(question):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(1)")
            held.set()
            cursor.execute("SELECT pg_advisory_unlock(1), pg_sleep(30)")
        raise AssertionError("it was not stopped")

    answering(monkeypatch, sleeps)
    run = verbs.start_run(planner, "analysis=areas", "bg")
    ended = []

    def work() -> None:
        ended.append(verbs.carry_out(run.pk))
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    assert held.wait(10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(1)")  # waits until the worker's statement lets go of it, then sleeps
        cursor.execute("SELECT pg_advisory_unlock(1)")
    verbs.cancel_run(run)
    worker.join(10)
    assert ended == ["failed"]
    run.refresh_from_db()
    assert run.message in ("Отказан.", "Cancelled.")


def circled(corners: int, digits: int) -> str:
    """A polygon around the middle, each coordinate with so many decimals."""
    angles = [at / corners * math.tau for at in range(corners)]
    return "polygon:" + ",".join(
        f"{23.6 + math.cos(at) / 10:.{digits}f} {42.9 + math.sin(at) / 10:.{digits}f}" for at in angles
    )


# Short enough as it is sent; as an address writes it, each comma takes three signs.
GROWN = f"analysis=areas&within={circled(199, 20)}"
LONG = f"analysis=areas&within={circled(700, 5)}"
# Cut behind its first signs it would be a question that can be asked, of other reports.
CUT = f"analysis=areas&q=път{'+' * 9600}&until=2026-01-01"


@pytest.mark.parametrize("query", [LONG, CUT, GROWN])
@pytest.mark.parametrize(("address", "name"), [("/planning/runs/", ""), ("/planning/saved/", "Име")])
def test_a_question_too_long_to_keep_is_refused_and_never_cut(client_, query, address, name):
    answer = client_.post(address, {"query": query, "name": name})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "знака. Начертайте района с по-малко върхове" in page
    assert not Run.objects.exists() and not SavedAnalysis.objects.exists()


def test_a_question_just_short_enough_is_kept_whole(client_):
    query = urlencode({"analysis": "areas", "kind": "problem", "within": circled(190, 20), "by": "settlement"})
    assert LONGEST_QUERY - 600 < len(query) < LONGEST_QUERY
    client_.post("/planning/runs/", {"query": query})
    assert Run.objects.get().query == query
