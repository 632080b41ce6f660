"""Servers under measurement: the site exactly as `make run` starts it, bare WSGI beside it, peers; each on its own port."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import place
import serve

from bench.asked import ADDRESS, UUID, Request
from bench.target import REPO, VAR_BENCH

READY_SECONDS = 180


def free_port() -> int:
    """A port of the loopback that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """One running server; `root` is its first process, below which its workers are."""

    name: str
    port: int
    root: subprocess.Popen[bytes]
    log: Path
    paths: dict[str, str] = field(default_factory=dict)

    def rss_mb(self) -> float:
        """Resident memory of its largest process, MB (10^6 bytes)."""
        return max((_rss(pid) for pid in _family(self.root.pid)), default=0.0)

    def wait(self, path: str) -> None:
        """Until it answers `path` with any status below 500; Refused with its last words when it ends or stays silent."""
        deadline = time.monotonic() + READY_SECONDS
        while True:
            if self.root.poll() is not None or time.monotonic() > deadline:
                raise place.Refused(f"{self.name} did not start: {self.words()}")
            with contextlib.suppress(OSError):
                if ask(self.port, Request(path))[0] < 500:
                    return
            time.sleep(0.2)

    def words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace").strip()[-600:]


def ask(port: int, request: Request, timeout: float = 30) -> tuple[int, bytes]:
    """(status, body) of one request."""
    status, body, _headers = answer_of(port, request, timeout)
    return status, body


def answer_of(port: int, request: Request, timeout: float = 30) -> tuple[int, bytes, Mapping[str, str]]:
    """(status, body, headers) of one request."""
    sent = urllib.request.Request(f"http://127.0.0.1:{port}{request.path}", method=request.method)
    for name, value in request.headers:
        sent.add_header(name, _filled(value))
    data = _filled(request.body).encode() if request.body else None
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sent, data, timeout=timeout) as answer:
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read(), dict(error.headers)


def _filled(text: str) -> str:
    return text.replace(UUID, str(uuid.uuid4())).replace(ADDRESS, "10.1.2.3")


@contextlib.contextmanager
def running(
    name: str, command: list[str], environment: Mapping[str, str], port: int, ready: str = "/", folder: Path = REPO
) -> Iterator[Server]:
    """The server for the time of the block; its words go to var/bench/log."""
    log = VAR_BENCH / f"log/{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "wb") as output:
        root = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, preexec_fn=serve._end_with_parent,  # noqa: PLW1509  no thread runs here
        )  # fmt: skip
    server = Server(name, port, root, log)
    try:
        server.wait(ready)
        yield server
    finally:
        _stop(server)


def _stop(server: Server) -> None:
    pids = _family(server.root.pid)
    server.root.terminate()
    try:
        server.root.wait(serve.STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.root.kill()
        server.root.wait()
    for pid in pids[1:]:
        # Workers of a server that did not take them along.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 15)


def _family(root: int) -> list[int]:
    """`root` and all processes below it."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            fields = path.read_text().rsplit(")", 1)[1].split()
            children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def _rss(pid: int) -> float:
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) * 1024 / 1e6
    return 0.0
