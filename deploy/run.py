"""Set everything up and serve the site in the foreground, with its workers and, in the demo, its mail server.

deploy/with-python run.py
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

import backup
import cluster
import serve
import setup
from place import REPO, VAR, VENV_PYTHON, Refused, hash_of, main, once, own_database, refuse_unusable_settings, say, tree_hash

READY_SECONDS = 180
# Mails, clocks and sums in one process; analyses of minutes in another, so that nothing waits for them; messages to programs in a
# third, several at once, for their receivers may be slow.
WORKERS = {"worker": "default", "planners' worker": "planning", "programs' worker": "outside"}
AT_ONCE = {"outside": "4"}
"""Jobs of a queue that one process does together; of others one."""
STATIC_SOURCES = ("static", "*/static", "node_modules/@fontsource-variable")
# Parts of packages that no page asks for; collecting and compressing them would take longer than all the rest.
STATIC_UNUSED = (
    "*.map",
    "redoc",
    "rest_framework",
    "gis",
    "*-src.js",
    "scss",
    "wght*.css",
    "wdth*.css",
    "standard*.css",
    "*-devanagari-*",
    "*-greek-*",
    "*-vietnamese-*",
    "*-italic.woff2",
    "*-wdth-normal.woff2",
    "*-standard-normal.woff2",
    "jquery.js",
    "xregexp.js",
    "select2.full.js",
)
DEMO_ACCOUNTS = {
    "resident@demo.test": "a resident: reports, supports, follows",
    "official@demo.test": "an official who also dispatches for the department",
    "planner@demo.test": "a planner: projects on the map",
    "admin@demo.test": "an administrator who also moderates and dispatches",
}
FIRST_ADMINISTRATOR = "  nobody administers this site yet: .venv/bin/python manage.py make_administrator EMAIL"


def is_demo() -> bool:
    """DEMO as given, else on for the private database and off for a database of one's own."""
    given = os.environ.get("DEMO")
    if given is None:
        return own_database()
    return given.lower() in {"1", "true", "yes", "on"}


def bind_address() -> str:
    """Loopback for the demo, whose passwords everybody knows."""
    return "127.0.0.1" if is_demo() else os.environ.get("BIND", "0.0.0.0")  # noqa: S104  a real site is for everybody


def wanted_port() -> int:
    """PORT as a number from 1 to 65535."""
    given = os.environ.get("PORT") or "8000"
    if not (given.isascii() and given.isdigit() and 0 < int(given) < 65536):
        raise Refused(f"PORT={given} is not a port: say a number from 1 to 65535")
    return int(given)


def refuse_taken_port(port: int) -> None:
    """Refuse a port that another program has; one just left by a killed site gets a moment to be free."""
    deadline = time.monotonic() + 3
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((bind_address(), port))
            except OSError as error:
                if error.errno == errno.EACCES:
                    raise Refused(f"port {port} may only be opened by root: say PORT=8000 make run") from error
                if error.errno != errno.EADDRINUSE:
                    raise Refused(f"cannot listen on {bind_address()} port {port}: {error.strerror}") from error
            else:
                return
        if time.monotonic() > deadline:
            raise Refused(f"port {port} is taken by another program: choose a free one, as in PORT={port + 1} make run")
        time.sleep(0.2)


@contextlib.contextmanager
def only_site(port: int) -> Iterator[None]:
    """One site per folder; a second one is told where the first is."""
    VAR.mkdir(parents=True, exist_ok=True)
    with open(VAR / "run.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            where = lock.read().strip() or "another terminal"
            raise Refused(f"the site of this folder runs already: {where}; stop that one with Ctrl-C first") from None
        lock.truncate(0)
        lock.write(f"http://localhost:{port} (process {os.getpid()})")
        lock.flush()
        yield


def _program(title: str, command: list[str]) -> None:
    done = subprocess.run(command, cwd=REPO, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise Refused(f"{title} failed: its words stand above")


def collect_static() -> None:
    """Static files with hashed names under var/static, made anew when a source of them changed."""
    folders = [folder for pattern in STATIC_SOURCES for folder in sorted(REPO.glob(pattern)) if folder != VAR / "static"]
    settings = [REPO / "requirements.lock", REPO / "geoportal/settings.py", *REPO.glob("geoportal/kernel/static.py")]

    def collect() -> None:
        shutil.rmtree(VAR / "static", ignore_errors=True)
        unused = [f"--ignore={pattern}" for pattern in STATIC_UNUSED]
        command = [str(VENV_PYTHON), "manage.py", "collectstatic", "--no-input", "--verbosity", "0", *unused]
        _program("collecting static files", command)

    once(VAR / "static/.stamp", hash_of(tree_hash(folders), *settings), collect, "static files: collecting")


def update_database() -> None:
    """Migrations, and the first load of a new database."""
    _program("updating the database", [str(VENV_PYTHON), str(REPO / "deploy/database.py")])


def start_mail(site: serve.Supervisor) -> None:
    """The demo's mail server, unless EMAIL_URL names a real one."""
    if not is_demo() or os.environ.get("EMAIL_URL"):
        return
    port_file = VAR / "mail_port"
    port_file.unlink(missing_ok=True)
    site.start("mail server", [str(VENV_PYTHON), str(REPO / "deploy/mail_catcher.py"), str(VAR / "mail"), str(port_file)])
    site.wait_until(lambda: serve.port_of(port_file) is not None, "the demo's mail server", 30)
    site.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{serve.port_of(port_file)}"


def share_metrics(site: serve.Supervisor) -> None:
    """A folder in which the processes of the site add up their counters; it begins empty."""
    folder = VAR / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    site.environment["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


WEB_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}
"""Of the web server. Python's threads take turns, so an arena of memory for each would only keep what its largest answer took."""

WEB_MEMORY = ["--workers-max-rss", "400", "--rss-sample-interval", "30", "--rss-samples", "2"]
"""The last guard: a process beyond 400 MiB for a minute gives way to a new one, which answers before the old one ends."""


def web_command(port: int) -> list[str]:
    """How the web server is started."""
    granian = ["-m", "granian", "--interface", "wsgi", "--host", bind_address(), "--port", str(port), "--http", "1"]
    threads = ["--workers", os.environ.get("WEB_WORKERS", "2"), "--blocking-threads", os.environ.get("WEB_THREADS", "4")]
    # Its warnings are about a setting of the kernel: without it a restart may lose a connection that still waits in the queue.
    limits = [*WEB_MEMORY, "--workers-kill-timeout", "10", "--log-level", "error"]
    return [str(VENV_PYTHON), *granian, *threads, *limits, "geoportal.wsgi:application"]


def worker_command(queue: str) -> list[str]:
    """How the worker of a queue is started."""
    worker = ["manage.py", "procrastinate", "worker", "--queues", queue, "--shutdown-graceful-timeout", "10"]
    return [str(VENV_PYTHON), *worker, "--concurrency", AT_ONCE.get(queue, "1")]


def start_site(site: serve.Supervisor, port: int) -> None:
    """Web server and workers."""
    site.environment |= WEB_ENVIRONMENT
    site.start("web server", web_command(port))
    for title, queue in WORKERS.items():
        site.start(title, worker_command(queue))


def demo_accounts() -> dict[str, str]:
    """Those of the demo's accounts that are in the database: none without the municipality's `demo/`."""
    if not is_demo():
        return {}
    there = backup.sql("SELECT email FROM accounts_user WHERE is_active AND email LIKE '%@demo.test'").splitlines()
    return {email: words for email, words in DEMO_ACCOUNTS.items() if email in there}


def has_administrator() -> bool:
    held = "SELECT 1 FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id"
    return bool(backup.sql(f"{held} WHERE m.active AND u.is_active AND 'administrator' = ANY(m.roles) LIMIT 1"))


def announce_accounts() -> None:
    """Who may sign in, or how the first administrator is made."""
    if accounts := demo_accounts():
        print()
        for email, words in accounts.items():
            print(f"  {email:20} {words}")
        print("  password of each: demo")
    if not has_administrator():
        print(FIRST_ADMINISTRATOR)


def announce(port: int) -> None:
    """Where the site is and who may sign in; a database that psql cannot ask does not end a site that answers."""
    say(f"ready: http://localhost:{port}")
    with contextlib.suppress(Refused):
        announce_accounts()
    if is_demo() and not os.environ.get("EMAIL_URL"):
        print(f"  mail of the demo: http://localhost:{port}/demo/mail/")
    print("  Ctrl-C stops everything", flush=True)


def run(_arguments: list[str]) -> int:
    """`make run`."""
    refuse_unusable_settings("DEMO", "DATABASE_URL")
    port = wanted_port()
    # Everything below, and every process started from here, sees one and the same decision.
    with only_site(port):
        refuse_taken_port(port)
        os.environ.update({"DEMO": "1" if is_demo() else "0", "PORT": str(port)})
        refuse_unusable_settings()
        if own_database():
            cluster.refuse_long_path()
        serve.stop_on_signals()
        try:
            with cluster.in_use(start_now=False) if own_database() else contextlib.nullcontext():
                setup.prepare(dev=False, start_server=True, after_files=collect_static)
                update_database()
                serve_until_stopped(port)
        except serve.Stopped:
            say("stopped")
    return 0


def serve_until_stopped(port: int) -> None:
    """The site's life: start, announce, watch until Stopped or Refused, stop."""
    site = serve.Supervisor()
    try:
        site.environment = dict(os.environ)
        share_metrics(site)
        start_mail(site)
        start_site(site, port)
        site.wait_until(lambda: serve.site_answers(port), "the site", READY_SECONDS, pause=0.3)
        announce(port)
        site.watch()
    finally:
        say("stopping")
        site.stop()
        (VAR / "mail_port").unlink(missing_ok=True)


if __name__ == "__main__":
    main(run)
