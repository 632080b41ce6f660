"""The private database: one place, no port, back after every kind of death."""

import os
import signal
import stat

import pytest


def test_a_new_cluster_has_what_the_site_needs(installation):
    done = installation.script("cluster.py", "start")
    assert done.returncode == 0, done.stderr
    assert f"making a private cluster in {installation.var}/postgres\n" in done.stdout
    assert installation.sql("SHOW listen_addresses") == ""
    assert installation.sql(
        "SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension WHERE extname <> 'plpgsql'"
    ) == ("btree_gist pg_trgm postgis unaccent")
    # Bulgarian order and case folding, wherever the machine was set up.
    assert installation.sql("SELECT string_agg(w, ' ' ORDER BY w) FROM unnest(ARRAY['ябълка','Бор','алея','бор']) w") == (
        "алея бор Бор ябълка"
    )
    assert installation.sql("SELECT 'ДУПКА' ILIKE 'дупка'") == "t"
    assert stat.S_IMODE((installation.var / "postgres").stat().st_mode) == 0o700


def test_a_killed_server_comes_back_with_every_row(running, ended):
    running.sql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    pid = running.server_pid()
    os.kill(pid, signal.SIGKILL)
    assert ended(pid, 10)
    assert running.script("cluster.py", "status").returncode == 1
    assert (running.var / "postgres/data/postmaster.pid").exists()
    done = running.script("cluster.py", "start")
    assert done.returncode == 0, done.stderr
    assert running.sql("SELECT n FROM kept") == "7"


def test_a_pid_file_that_names_another_process_is_not_believed(running):
    running.script("cluster.py", "stop")
    (running.var / "postgres/data/postmaster.pid").write_text(f"{os.getpid()}\nelsewhere\n")
    done = running.script("cluster.py", "start")
    assert done.returncode == 0, done.stderr
    assert running.server_pid() != os.getpid()
    assert running.sql("SELECT 1") == "1"


def test_stop_ends_the_server(running, ended):
    pid = running.server_pid()
    assert running.script("cluster.py", "stop").returncode == 0
    assert ended(pid, 1)
    assert running.script("cluster.py", "status").stdout == "stopped\n"


def test_the_last_to_leave_stops_the_server(running, ended):
    pid = running.server_pid()
    (running.var / "postgres/keep-running").unlink()
    assert running.script("backup.py", "backup", str(running.var / "b.tar")).returncode == 0
    assert ended(pid, 1)


def test_a_path_too_long_for_a_socket_is_refused_in_one_sentence(installation):
    installation.environment["VAR_DIR"] = str(installation.var / ("дълго" * 12))
    done = installation.script("cluster.py", "start")
    assert done.returncode == 1
    assert done.stderr.startswith("geoportal: the path of this folder is ")
    assert "set VAR_DIR to a folder with a short path" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["restart"]])
def test_unknown_words_are_refused(installation, arguments):
    done = installation.script("cluster.py", *arguments)
    assert (done.returncode, done.stderr) == (1, "geoportal: say cluster.py start, stop or status\n")
