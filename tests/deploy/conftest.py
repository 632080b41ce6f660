"""The scripts of deploy/: as modules, as they see each other, and as programs with a var/ of their own."""

import os
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
sys.path.append(str(DEPLOY))


@pytest.fixture
def ended() -> Callable[[int, float], bool]:
    """Wait until a process that need not be our child has ended; False when it still lives after the seconds."""

    def wait(pid: int, seconds: float) -> bool:
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            return True
        try:
            return bool(select.select([descriptor], [], [], seconds)[0])
        finally:
            os.close(descriptor)

    return wait


class Installation:
    """An empty var/ with a short path, and the scripts run on it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        self.environment |= {"VAR_DIR": str(var), "DATABASE_URL": "", "MEDIA_ROOT": "", "FILE": ""}

    def script(self, name: str, *arguments: str, words: str = "") -> subprocess.CompletedProcess[str]:
        """Run one script to its end."""
        command = [sys.executable, str(DEPLOY / name), *arguments]
        return subprocess.run(
            command, env=self.environment, input=words, capture_output=True, text=True, timeout=120, check=False
        )

    def sql(self, statement: str) -> str:
        """The answer of this installation's own database."""
        command = ["psql", "-X", "-At", "-h", str(self.var / "postgres/socket"), "-U", "geoportal", "-d", "geoportal"]
        done = subprocess.run([*command, "-c", statement], env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def server_pid(self) -> int:
        """The pid of the database server by its own file."""
        return int((self.var / "postgres/data/postmaster.pid").read_text().split()[0])


@pytest.fixture
def installation():
    """Nothing in it yet; removed with its database server when the test ends."""
    folder = Path(tempfile.mkdtemp(prefix="geo-"))
    made = Installation(folder / "var")
    yield made
    if (made.var / "postgres").exists():
        made.script("cluster.py", "stop")
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def made_cluster():
    """The var/ of a stopped installation, to be copied: making one takes seconds."""
    folder = Path(tempfile.mkdtemp(prefix="geo-"))
    made = Installation(folder / "var")
    assert made.script("cluster.py", "start").returncode == 0
    assert made.script("cluster.py", "stop").returncode == 0
    yield made.var
    shutil.rmtree(folder)


@pytest.fixture
def running(installation, made_cluster):
    """An installation with its database running, to be kept until `stop`."""
    shutil.copytree(made_cluster, installation.var)
    done = installation.script("cluster.py", "start")
    assert done.returncode == 0, done.stderr
    return installation
