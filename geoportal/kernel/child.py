"""Programs of ours that run in a fresh Python of their own: big libraries, and whatever may hang or die.

What such a program takes, the system has back when it ends, and the process that asked never imports what it needs. A program
is one file without Django, database or settings: bytes come in on stdin, the answer goes out on stdout, 0 means whole.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator
from typing import Literal

Why = Literal["busy", "slow", "killed", "failed"]
# All that a child sees of our environment: where libraries and letters lie. LC_ALL makes answers the same everywhere.
PASSED = ("FONTCONFIG_FILE", "FONTCONFIG_PATH", "HOME", "LD_LIBRARY_PATH", "PATH", "XDG_CACHE_HOME")
# One heap for all threads of a library: each further one would reserve address space of its own.
GIVEN = {"MALLOC_ARENA_MAX": "2", "LC_ALL": "C.UTF-8"}


class Unanswered(Exception):
    """`why`: busy (no place became free), slow (ended by us), killed (by a limit or by its library), failed (an error of its own).

    args[0] is for the log: the last line the program wrote on stderr.
    """

    def __init__(self, why: Why, said: str = "") -> None:
        super().__init__(said)
        self.why: Why = why


def answer(
    program: str, sent: bytes, *arguments: str, seconds: float, places: threading.Semaphore, begins: bytes = b""
) -> bytes:
    """What `program` (a file's path) makes of `sent`; an answer that does not begin with `begins` is none.

    Waits at most `seconds` for one of `places` and as long again for the answer. Raises Unanswered.
    """
    if not places.acquire(timeout=seconds):
        raise Unanswered("busy")
    try:
        done = _run([sys.executable, "-I", program, *arguments], sent, seconds)
    finally:
        places.release()
    said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    if done.returncode:
        raise Unanswered("killed" if done.returncode < 0 else "failed", said)
    if not done.stdout.startswith(begins):
        raise Unanswered("failed", said)
    return done.stdout


def lines(program: str, *arguments: str, seconds: float, places: threading.Semaphore) -> Generator[bytes]:
    """What `program` says line by line, while it says it; who stops listening ends it. Raises Unanswered, at the end too."""
    if not places.acquire(timeout=seconds):
        raise Unanswered("busy")
    command = [sys.executable, "-I", program, *arguments]
    try:
        with (
            tempfile.TemporaryFile() as wrong,
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=wrong, env=_environment(), cwd="/") as running,
        ):  # fmt: skip
            late = threading.Event()

            def end() -> None:
                late.set()
                running.kill()

            ending = threading.Timer(seconds, end)
            ending.start()
            try:
                yield from running.stdout or ()
                running.wait()
            finally:
                ending.cancel()
                running.kill()
            if running.returncode:
                wrong.seek(0)
                said = wrong.read()[-10_000:].decode(errors="replace").strip().rpartition("\n")[2]
                raise Unanswered("slow" if late.is_set() else "killed" if running.returncode < 0 else "failed", said)
    finally:
        places.release()


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in PASSED if name in os.environ} | GIVEN


def _run(command: list[str], sent: bytes, seconds: float) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            command, input=sent, capture_output=True, timeout=seconds, env=_environment(), cwd="/", check=False
        )
    except subprocess.TimeoutExpired:
        raise Unanswered("slow") from None
