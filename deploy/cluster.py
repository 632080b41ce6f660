"""The private PostgreSQL + PostGIS under var/postgres: made, started, shared and stopped here.

It listens on a socket in a folder only its owner can enter: no port, no password, no contact with the system's own
clusters. Whoever uses it holds a shared lock; the last to leave stops it, unless `make setup` asked to keep it running.

    deploy/with-python cluster.py start|stop|status
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from place import LOGS, REPO, VAR, Refused, hash_of, main, say

HOME = VAR / "postgres"
SOCKET = HOME / "socket"
KEEP = HOME / "keep-running"
OUTSIDE = Path("/var/lib/geoportal")
DATABASE = "geoportal"
EXTENSIONS = ("postgis", "pg_trgm", "unaccent", "btree_gist")
START_SECONDS = 60
SOCKET_PATH_LIMIT = 107
SOCKET_NAME = "/.s.PGSQL.5432"
MEGABYTE = 1 << 20


def _own_memory() -> str:
    """What the server keeps of its tables: an eighth of the machine's memory, from 256 MB to 2 GB; taken as it is needed."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    return f"{min(2048, max(256, machine // 8))}MB"


# Socket path relative to the data folder: a server's path may then hold spaces, commas and any letters.
SERVER_OPTIONS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_directories": "../socket",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": _own_memory(),
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def versions_with_postgis() -> dict[int, Path]:
    """Server binaries by major version, only of versions for which PostGIS is installed too."""
    found = {}
    for folder in Path("/usr/lib/postgresql").glob("*/bin"):
        version = folder.parent.name
        control = Path(f"/usr/share/postgresql/{version}/extension/postgis.control")
        if version.isdigit() and (folder / "initdb").exists() and control.exists():
            found[int(version)] = folder
    return found


def programs() -> Path:
    """The folder of the server's programs: the version that made the data, else the newest."""
    found = versions_with_postgis()
    if not found:
        raise Refused("no PostgreSQL server with PostGIS is installed: run `make setup`")
    made_by = data_folder() / "PG_VERSION"
    if not made_by.exists():
        return found[max(found)]
    version = int(made_by.read_text())
    if version not in found:
        raise Refused(
            f"{HOME} was made by PostgreSQL {version}, which is not installed with PostGIS: install"
            f" postgresql-{version}-postgis-3, or `make reset` to begin anew"
        )
    return found[version]


@functools.cache
def as_server() -> tuple[str, ...]:
    """What to put before a server program: PostgreSQL refuses to run as root, so root's runs in a user namespace.

    On disk everything stays root's. Where namespaces are forbidden (some containers) the system user `postgres` is
    taken, with the data under /var/lib.
    """
    if os.getuid() != 0:
        return ()
    namespace = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
    wanted = os.environ.get("CLUSTER_USER") != "postgres" and shutil.which("unshare")
    if wanted and subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode == 0:
        return namespace
    return ("setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups")


def data_folder() -> Path:
    """The data folder, resolved: under var/, or under /var/lib where the system user must own it."""
    return (HOME / "data").resolve()


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PGHOST": str(SOCKET), "PGUSER": DATABASE}


def _run(command: list[str], what: str, *, server: bool = False) -> None:
    done = subprocess.run(
        [*(as_server() if server else ()), *command],
        cwd=data_folder() if server else "/",
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused(f"{what} failed: {(done.stderr or done.stdout).strip()[-1500:]}")


def answers() -> bool:
    """True when the server accepts connections now; asks the server itself, a pid file may lie."""
    with contextlib.suppress(Refused):
        asked = [str(programs() / "pg_isready"), "-q", "-t", "2", "-d", "postgres"]
        return subprocess.run(asked, env=_environment(), cwd="/", check=False).returncode == 0
    return False


def _server_pid() -> int | None:
    """The pid in postmaster.pid when it is a live server of this very data folder."""
    try:
        pid = int((data_folder() / "postmaster.pid").read_text().split()[0])
        if Path(f"/proc/{pid}/comm").read_text().strip() not in {"postgres", "postmaster"}:
            return None
        if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return None
        return pid if Path(f"/proc/{pid}/cwd").resolve() == data_folder() else None
    except (OSError, ValueError, IndexError):
        return None


def refuse_long_path() -> None:
    length = len(os.fsencode(f"{SOCKET}{SOCKET_NAME}"))
    if length > SOCKET_PATH_LIMIT:
        raise Refused(
            f"the path of this folder is {length - SOCKET_PATH_LIMIT} bytes too long for the database's socket:"
            " move the project to a shorter path, or set VAR_DIR to a folder with a short path"
        )


def _make_folders() -> None:
    HOME.mkdir(parents=True, exist_ok=True)
    if as_server()[:1] != ("setpriv",):
        HOME.chmod(0o700)
        (HOME / "data").mkdir(mode=0o700, exist_ok=True)
        SOCKET.mkdir(mode=0o700, exist_ok=True)
        return
    outside = OUTSIDE / hash_of(str(REPO), str(VAR))
    for name in ("data", "socket"):
        folder = outside / name
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        shutil.chown(folder, "postgres", "postgres")
        if not (HOME / name).exists():
            (HOME / name).symlink_to(folder)
    outside.chmod(0o755)


def _initialise() -> None:
    say(f"database: making a private cluster in {HOME}")
    for leftover in data_folder().iterdir():
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    locale = ["-E", "UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=bg-BG"]
    initdb = [str(programs() / "initdb"), "-D", ".", "-U", DATABASE, "-A", "trust", *locale]
    _run(initdb, "making the database cluster", server=True)


def _populate() -> None:
    psql = [str(programs() / "psql"), "-q", "-X", "-v", "ON_ERROR_STOP=1"]
    extensions = "".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS)
    # In template1 too, so that test databases begin with them.
    _run([*psql, "-d", "template1", "-c", extensions], "adding PostGIS to the cluster")
    exists = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608  our own constant
    asked = [*psql, "-d", "postgres", "-Atc", exists]
    if not subprocess.run(asked, env=_environment(), cwd="/", capture_output=True, check=True).stdout.strip():
        _run([*psql, "-d", "postgres", "-c", f"CREATE DATABASE {DATABASE}"], "making the database")
    (HOME / "ready").write_text("cluster, extensions and database are there\n")


def start() -> None:
    """Make and start the cluster as far as needed; safe against a stale or re-used pid in postmaster.pid."""
    refuse_long_path()
    _make_folders()
    with open(HOME / "starting.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not answers():
            if not (HOME / "ready").exists() and _server_pid() is None:
                _initialise()
            _launch()
        if not (HOME / "ready").exists():
            _populate()


def _drop_foreign_pid_file() -> None:
    """Remove a pid file whose number belongs to some other program by now; PostgreSQL itself sees to dead ones.

    It must see to those: the file names the shared memory that backends of a killed server may still be leaving.
    """
    path = data_folder() / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError, IndexError):
        if _server_pid() is None and Path(f"/proc/{int(path.read_text().split()[0])}").exists():
            path.unlink()


def _spawn() -> subprocess.Popen[bytes]:
    LOGS.mkdir(parents=True, exist_ok=True)
    _drop_foreign_pid_file()
    options = [f"--{name}={value}" for name, value in SERVER_OPTIONS.items()]
    with open(LOGS / "postgres.log", "ab") as log:
        return subprocess.Popen(
            [*as_server(), str(programs() / "postgres"), "-D", ".", *options],
            cwd=data_folder(),
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _launch() -> None:
    """Start the server and wait until it answers; one that finds a killed predecessor's last processes is started again."""
    say("database: starting")
    process = None
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if time.monotonic() > deadline:
            raise Refused(f"the database did not start within {START_SECONDS} s: see the end of {LOGS / 'postgres.log'}")
        if _server_pid() is None and (process is None or process.poll() is not None):
            process = _spawn()
        time.sleep(0.1)


def stop() -> None:
    """Stop the server: open transactions are rolled back, what was committed is kept."""
    pid = _server_pid()
    KEEP.unlink(missing_ok=True)
    if pid is None:
        return
    for sent, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sent)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if _server_pid() != pid:
                return
            time.sleep(0.05)
    raise Refused(f"the database (process {pid}) does not stop: see {LOGS / 'postgres.log'}")


@contextlib.contextmanager
def in_use(*, start_now: bool = True) -> Iterator[None]:
    """The running cluster, for the time of the block; the last user to leave stops it, unless it is to be kept.

    With `start_now=False` the block itself starts it when its programs are there.
    """
    HOME.mkdir(parents=True, exist_ok=True)
    with open(HOME / "users.lock", "w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            if start_now:
                start()
            yield
        finally:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if not KEEP.exists():
                    stop()


def command(arguments: list[str]) -> int:
    """`start` keeps the cluster running until `stop`; `status` exits with 1 when it does not answer."""
    match arguments:
        case ["start"]:
            start()
            KEEP.touch()
        case ["stop"]:
            stop()
        case ["status"]:
            running = answers()
            print("running" if running else "stopped")
            return 0 if running else 1
        case _:
            raise Refused("say cluster.py start, stop or status")
    return 0


if __name__ == "__main__":
    main(command)
