"""The site's life from clone to clone, in a folder with spaces and Cyrillic: starts, deaths and refusals, told in order.

Too long for every day: `make deep` runs it. It fetches packages, so it wants a network, or full caches.
"""

import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.deep
FIRST_SECONDS, LATER_SECONDS = 300, 60
NOWHERE = "http://127.0.0.1:9"
NO_NETWORK = {
    **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "npm_config_registry"), NOWHERE),
    "PIP_INDEX_URL": NOWHERE,
    "UV_DEFAULT_INDEX": NOWHERE,
    "UV_NO_CACHE": "1",
}


def newcomers(**further: str) -> dict[str, str]:
    """The environment without what this run of the tests has set for its own installation."""
    ours = {"VAR_DIR", "DEMO", "DATABASE_URL", "PORT", "SITE_URL", "STARTED_AT", "MAKEFLAGS", "MAKELEVEL"}
    return {name: value for name, value in os.environ.items() if name not in ours} | further


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processes_in(folder: Path) -> dict[int, str]:
    """Pid and command line of all living processes that work in or below a folder."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if folder in [(where := Path(os.readlink(entry / "cwd"))), *where.parents]:
                found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


class Site:
    """`make run` in a clone, in a process group of its own as a terminal would have it."""

    def __init__(self, folder: Path, port: int, further: dict[str, str] | None = None) -> None:
        self.folder, self.port, self.lines = folder, port, list[str]()
        self.process = subprocess.Popen(
            ["make", "run"],
            cwd=folder,
            env=newcomers(PORT=str(port), **(further or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait_ready(self, seconds: float) -> float:
        """Read its words until it says that it is ready; seconds it took."""
        start = time.monotonic()
        while not any("ready: http://localhost" in line for line in self.lines):
            left = start + seconds - time.monotonic()
            readable, _, _ = select.select([self.process.stdout], [], [], max(0, left))
            line = self.process.stdout.readline().decode() if readable else ""
            assert line, "\n".join(["not ready:", *self.lines])
            self.lines.append(line.rstrip())
        return time.monotonic() - start

    def status(self, path: str) -> int:
        with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=30) as answer:
            return answer.status

    def end(self, sent: signal.Signals) -> int:
        """Send a signal to the whole group, as Ctrl-C does; the exit code of make."""
        os.killpg(self.process.pid, sent)
        self.lines += self.process.communicate(timeout=60)[0].decode().splitlines()
        return self.process.returncode

    def sql(self, statement: str) -> str:
        command = ["psql", "-X", "-At", "-h", str(self.folder / "var/postgres/socket"), "-U", "geoportal", "-d", "geoportal"]
        return subprocess.run([*command, "-c", statement], capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def folder():
    """A clone where nothing was ever set up."""
    root = Path(tempfile.mkdtemp(prefix="geo-"))
    clone = root / "моят проект 1"
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(REPO), str(clone)], check=True)
    yield clone
    subprocess.run(["make", "reset"], cwd=clone, env=newcomers(YES="1"), check=False)
    shutil.rmtree(root)


@pytest.fixture
def site(folder):
    """A started site; whatever is left of it is killed afterwards."""
    made = Site(folder, free_port())
    yield made
    if made.process.poll() is None:
        os.killpg(made.process.pid, signal.SIGKILL)
        made.process.communicate()


def test_from_clone_to_page_and_ctrl_c_leaves_nobody(site):
    print(f"first start: {site.wait_ready(FIRST_SECONDS):.1f} s")
    assert [site.status(path) for path in ("/", "/en/", "/reports/", "/readyz", "/demo/mail/")] == [200] * 5
    assert int(site.sql("SELECT count(*) FROM discussion_subject")) > 60
    second = subprocess.run(
        ["make", "run"], cwd=site.folder, env=newcomers(), capture_output=True, text=True, timeout=60, check=False
    )
    assert second.returncode == 2
    assert f"the site of this folder runs already: http://localhost:{site.port}" in second.stderr
    site.end(signal.SIGINT)
    assert processes_in(site.folder) == {}
    assert "stopped" in site.lines[-1] or "stopped" in " ".join(site.lines[-3:])


def test_second_start_needs_no_network_and_keeps_the_data(folder):
    site = Site(folder, free_port(), NO_NETWORK)
    try:
        print(f"second start: {site.wait_ready(LATER_SECONDS):.1f} s")
        assert site.status("/") == 200
        assert int(site.sql("SELECT count(*) FROM discussion_subject")) > 60
    finally:
        site.end(signal.SIGTERM)
    assert processes_in(folder) == {}


def test_everything_killed_starts_again_with_every_row(folder, site):
    site.wait_ready(LATER_SECONDS)
    site.sql("CREATE TABLE survived (n int); INSERT INTO survived VALUES (7)")
    server = int((folder / "var/postgres/data/postmaster.pid").read_text().split()[0])
    supervisor = int((folder / "var/run.lock").read_text().rstrip(")").split()[-1])
    os.kill(supervisor, signal.SIGKILL)
    os.kill(server, signal.SIGKILL)
    site.process.communicate(timeout=60)
    again = Site(folder, site.port)
    try:
        again.wait_ready(LATER_SECONDS)
        assert again.sql("SELECT n FROM survived") == "7"
    finally:
        again.end(signal.SIGINT)
    assert processes_in(folder) == {}


def test_a_taken_port_is_refused(folder):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            ["make", "run"], cwd=folder, env=newcomers(PORT=str(port)), capture_output=True, text=True, check=False
        )
    assert done.returncode == 2
    assert f"port {port} is taken by another program" in done.stderr
    assert processes_in(folder) == {}


def test_a_dead_worker_stops_the_site_and_is_told(folder, site):
    site.wait_ready(LATER_SECONDS)
    (worker,) = [pid for pid, command in processes_in(folder).items() if "--queues default" in command]
    os.kill(worker, signal.SIGKILL)
    words = site.process.communicate(timeout=60)[0].decode()
    assert site.process.returncode == 2
    assert "the worker ended by itself (exit code -9), so everything was stopped" in words
    assert processes_in(folder) == {}
