"""How `make run` decides what it serves and where, and what it refuses."""

import socket

import place
import pytest
import run
import serve
import setup


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, True),
        ({"DEMO": "0"}, False),
        ({"DEMO": "1"}, True),
        ({"DATABASE_URL": "postgis://db/x"}, False),
        ({"DATABASE_URL": "postgis://db/x", "DEMO": "1"}, True),
    ],
)
def test_the_demo_is_for_the_private_database_unless_said_otherwise(monkeypatch, given, expected):
    for name in ("DEMO", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert run.is_demo() is expected


def test_the_demo_is_on_loopback_whatever_is_asked(monkeypatch):
    monkeypatch.setenv("BIND", "0.0.0.0")
    monkeypatch.setenv("DEMO", "1")
    assert run.bind_address() == "127.0.0.1"
    monkeypatch.setenv("DEMO", "0")
    assert run.bind_address() == "0.0.0.0"


@pytest.mark.parametrize("given", ["x", "0", "65536", "-1", "80.5", "٨٠", "8000 "])
def test_what_is_no_port_is_refused(monkeypatch, given):
    monkeypatch.setenv("PORT", given)
    with pytest.raises(place.Refused, match="is not a port: say a number from 1 to 65535"):
        run.wanted_port()


def test_a_taken_port_is_refused_with_a_free_number(monkeypatch):
    monkeypatch.setenv("DEMO", "1")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(place.Refused, match=f"port {port} is taken by another program.*PORT={port + 1} make run"):
            run.refuse_taken_port(port)
    run.refuse_taken_port(port)


def test_a_second_site_in_the_folder_is_told_where_the_first_is(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "VAR", tmp_path)
    with run.only_site(8000), pytest.raises(place.Refused, match=r"runs already: http://localhost:8000"), run.only_site(8001):
        pytest.fail("two sites at once")
    with run.only_site(8001):
        assert (tmp_path / "run.lock").read_text().startswith("http://localhost:8001 ")


def test_steps_are_done_once_for_the_same_inputs(tmp_path):
    done = []
    stamp = tmp_path / "deep/stamp"
    assert place.once(stamp, "a", lambda: done.append("a"), "step") is True
    assert place.once(stamp, "a", lambda: done.append("again"), "step") is False
    assert place.once(stamp, "b", lambda: done.append("b"), "step") is True
    assert done == ["a", "b"]


def test_a_failed_step_is_done_again(tmp_path):
    def fail():
        raise place.Refused("no network")

    with pytest.raises(place.Refused):
        place.once(tmp_path / "stamp", "a", fail, "step")
    assert place.once(tmp_path / "stamp", "a", lambda: None, "step") is True


def test_env_file_fills_in_what_is_not_set(monkeypatch, tmp_path):
    monkeypatch.setenv("GIVEN", "environment")
    monkeypatch.setenv("FROM_FILE", "")
    monkeypatch.delenv("FROM_FILE")
    (tmp_path / ".env").write_text("# comment\nGIVEN=file\nexport FROM_FILE='a b'\n#OFF=1\n\n")
    place.read_env_file(tmp_path / ".env")
    assert (place.os.environ["GIVEN"], place.os.environ["FROM_FILE"]) == ("environment", "a b")
    assert "OFF" not in place.os.environ


@pytest.fixture
def announced(monkeypatch, capsys):
    """What a start says of a database that answers as given: the addresses in it, and whether somebody administers."""

    def words(addresses: str, administrator: str, demo: str = "1") -> str:
        monkeypatch.setenv("DEMO", demo)
        monkeypatch.delenv("EMAIL_URL", raising=False)
        monkeypatch.setattr(run.backup, "sql", lambda text: addresses if "SELECT email" in text else administrator)
        run.announce(8000)
        return capsys.readouterr().out

    return words


def test_only_demo_accounts_of_this_database_are_announced(announced):
    said = announced("resident@demo.test\nadmin@demo.test", "1")
    assert [name for name in run.DEMO_ACCOUNTS if name in said] == ["resident@demo.test", "admin@demo.test"]
    assert "password of each: demo" in said
    assert "make_administrator" not in said
    said = announced("", "")
    assert "@demo.test" not in said
    assert "password" not in said


def test_a_site_without_an_administrator_says_how_one_is_made(announced):
    assert "manage.py make_administrator EMAIL" in announced("", "", demo="0")
    assert "make_administrator" not in announced("", "1", demo="0")


def test_a_database_that_cannot_be_asked_does_not_end_the_site(monkeypatch, capsys):
    def refuse(_statement):
        raise place.Refused("asking the database failed: invalid URI query parameter")

    monkeypatch.setenv("DEMO", "1")
    monkeypatch.delenv("EMAIL_URL", raising=False)
    monkeypatch.setattr(run.backup, "sql", refuse)
    run.announce(8000)
    said = capsys.readouterr().out
    assert "ready: http://localhost:8000" in said
    assert "Ctrl-C stops everything" in said
    assert not any(words in said for words in ("@demo.test", "make_administrator"))


def test_the_password_of_the_database_is_no_argument(monkeypatch, tmp_path):
    psql = tmp_path / "psql"
    psql.write_text('#!/bin/sh\necho "$PGPASSWORD" "$@"\n')
    psql.chmod(0o755)
    monkeypatch.setattr(run.backup, "_program", lambda _name: str(psql))
    monkeypatch.setenv("DATABASE_URL", "postgis://site:s%40cret@db:5433/town?sslmode=require")
    password, *arguments = run.backup.sql("SELECT 1").split()
    assert password == "s@cret"
    assert "postgresql://site@db:5433/town?sslmode=require" in arguments
    assert not any("cret" in argument for argument in arguments)


def test_without_a_network_the_last_words_are_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(setup, "LOGS", tmp_path)
    monkeypatch.setattr(setup, "_installer", lambda: ["sh", "-c", "echo ERROR: No matching distribution; exit 1"])
    with pytest.raises(place.Refused, match=r"(?s)ERROR: No matching.*\nIs the network there\? .*connect this machine"):
        setup._install_locked(tmp_path / "requirements.lock")


def test_every_queue_has_a_worker_and_planners_hold_up_nobody():
    from procrastinate.contrib.django import app

    ours = [task for name, task in app.tasks.items() if "builtin" not in name]
    assert {task.queue for task in ours} <= set(run.WORKERS.values())
    slow = ("reports.planning_run", "notifications.deliver", "notifications.webhook")
    assert [app.tasks[name].queue for name in slow] == ["planning", "default", "outside"]
    commands = [run.worker_command(queue) for queue in ("planning", "outside")]
    assert [(command[-6:-4], command[-2:]) for command in commands] == [
        (["--queues", "planning"], ["--concurrency", "1"]),
        (["--queues", "outside"], ["--concurrency", "4"]),
    ]


def test_the_web_server_starts_with_few_arenas_of_memory(monkeypatch):
    started = {}
    site = serve.Supervisor(environment={"DEMO": "1"})
    monkeypatch.setattr(site, "start", lambda name, _command: started.update({name: dict(site.environment)}))
    run.start_site(site, 8000)
    assert started["web server"] == {"DEMO": "1", "MALLOC_ARENA_MAX": "2"}
    assert set(started) == {"web server", *run.WORKERS}
