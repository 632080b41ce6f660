"""A small supervisor: starts the site's processes, waits until the site answers, stops all of them together.

It restarts nothing. A process that ends by itself ends the site with a message and a non-zero exit code; whoever wants
the site started again (systemd, a container) sees that and decides.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from place import REPO, Refused, say

STOP_SECONDS = 15
PR_SET_PDEATHSIG = 1


class Stopped(Exception):
    """Someone asked the site to stop: Ctrl-C, SIGTERM or a closed terminal."""


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # The same wish often comes twice (a second Ctrl-C, make and its group): it must not break the stopping off.
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def stop_on_signals() -> None:
    """Ctrl-C, SIGTERM and a closed terminal raise Stopped in the main thread (nohup keeps its meaning)."""
    for number in SIGNALS:
        if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
            continue
        signal.signal(number, _stop)


def _end_with_parent() -> None:
    # A supervisor killed with -9 cannot stop anybody: the kernel then does it for this process.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Supervisor:
    """The processes of one site; all start in their own process groups, so that Ctrl-C reaches only this one."""

    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, command: list[str]) -> None:
        """Start one process under `name`; its output goes to this terminal."""
        self.children[name] = subprocess.Popen(
            command,
            cwd=REPO,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509  no thread runs in this process
        )

    def check(self) -> None:
        """Refuse when a process has ended by itself."""
        for name, child in self.children.items():
            if (code := child.poll()) is not None:
                raise Refused(
                    f"the {name} ended by itself (exit code {code}), so everything was stopped; its words stand above"
                )

    def wait_until(self, ready: Callable[[], bool], what: str, seconds: float, pause: float = 0.1) -> None:
        """Wait for `ready`, watching all processes."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise Refused(f"{what} did not get ready within {seconds:.0f} s; its words stand above")
            time.sleep(pause)

    def watch(self) -> None:
        """Stay until a process ends by itself (Refused) or a signal comes (Stopped)."""
        while True:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        """Ask all to end, last started first; after STOP_SECONDS end those that did not."""
        running = [child for child in self.children.values() if child.poll() is None]
        for child in reversed(running):
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in running:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                say(f"process {child.pid} did not stop in {STOP_SECONDS} s and is killed")
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def port_of(port_file: Path) -> int | None:
    """The port a process wrote down when it was ready, or None."""
    try:
        return int(port_file.read_text())
    except (FileNotFoundError, ValueError):
        return None


def site_answers(port: int) -> bool:
    """True when the site says that it is ready."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers={"Host": f"localhost:{port}"})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
