"""Whatever a program in a process of its own does, who asked gets its answer or one word why not."""

from __future__ import annotations

import os
import threading
import time

import pytest

from geoportal.kernel import child


def ask(
    tmp_path, body: str, sent: bytes = b"", *arguments: str, seconds: float = 20, begins: bytes = b"", places=None
) -> bytes:
    program = tmp_path / "program.py"
    program.write_text("import os, signal, sys, time\n" + body)
    places = places or threading.BoundedSemaphore(1)
    try:
        return child.answer(str(program), sent, *arguments, seconds=seconds, places=places, begins=begins)
    finally:
        assert places.acquire(timeout=0), "the place is free again"


def test_bytes_go_in_and_out_whole(tmp_path):
    echo = "sys.stdout.buffer.write(sys.argv[1].encode() + sys.stdin.buffer.read())"
    sent = bytes(range(256)) * 5000
    assert ask(tmp_path, echo, sent, "да", begins="да".encode()) == "да".encode() + sent


def test_it_sees_no_setting_of_ours(tmp_path, monkeypatch):
    for name in ("SECRET_KEY", "DATABASE_URL", "EMAIL_URL"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("FONTCONFIG_PATH", "/letters")
    names = set(ask(tmp_path, "print(*os.environ)").decode().split())
    assert names <= {*child.PASSED, *child.GIVEN, "LC_CTYPE"}
    assert "FONTCONFIG_PATH" in names


@pytest.mark.parametrize(
    ("body", "why", "said"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", "killed", ""),
        ("os.abort()", "killed", ""),
        ("import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass", "killed", ""),
        ("raise ValueError('no such letter')", "failed", "ValueError: no such letter"),
        ("sys.stdout.write('%PDF-'); sys.stdout.flush(); sys.exit(3)", "failed", ""),
        ("print('a warning of a library')", "failed", ""),
        ("import no_such_module", "failed", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("import django; django.setup()", "failed", None),
    ],
)
def test_an_end_that_is_not_an_answer_has_a_name(tmp_path, body, why, said):
    with pytest.raises(child.Unanswered) as failed:
        ask(tmp_path, body, begins=b"%PDF-")
    assert failed.value.why == why
    assert said is None or str(failed.value) == said


def test_what_hangs_is_ended(tmp_path):
    started = time.monotonic()
    with pytest.raises(child.Unanswered) as failed:
        ask(tmp_path, f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)", seconds=1.5)
    assert failed.value.why == "slow"
    assert time.monotonic() - started < 20
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_program_that_reads_nothing_is_no_error(tmp_path):
    assert ask(tmp_path, "os.close(0); print('done')", b"x" * 1_000_000) == b"done\n"


def test_who_finds_no_place_is_told_so(tmp_path):
    places = threading.BoundedSemaphore(1)
    with places, pytest.raises(child.Unanswered) as failed:
        child.answer(str(tmp_path / "none.py"), b"", seconds=0.05, places=places)
    assert failed.value.why == "busy"


def test_threads_get_each_their_own(tmp_path):
    (tmp_path / "program.py").write_text("import sys; sys.stdout.write(sys.stdin.read() * 2)")
    found, places = {}, threading.BoundedSemaphore(2)

    def one(number: int) -> None:
        found[number] = child.answer(str(tmp_path / "program.py"), b"%d" % number, seconds=20, places=places)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: b"%d%d" % (number, number) for number in range(6)}
