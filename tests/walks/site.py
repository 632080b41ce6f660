"""The whole product as a newcomer runs it: own database, web server, worker and mail server, with the demo's data."""

from __future__ import annotations

import email
import email.policy
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.databases import REPO, connected, dropped, made, managed
from tests.walks.demonstration import Demonstration, environment_of, filled

sys.path.insert(0, str(REPO / "deploy"))
import serve  # the supervisor that `make run` uses

WAIT_SECONDS = 60


@dataclass
class Site:
    """`address` without a final slash; `mail` is the folder of what the product sent."""

    address: str
    mail: Path
    environment: dict[str, str]

    def letters(self, to: str, saying: str = "") -> list[email.message.EmailMessage]:
        """What was sent to that address with those words in its text, oldest first."""
        found = []
        for path in sorted(self.mail.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if to in str(letter["To"]) and saying in text_of(letter):
                found.append(letter)
        return found

    def letter(self, to: str, *, saying: str = "", after: int = 0) -> email.message.EmailMessage:
        """The first letter with those words to that address beyond the `after` ones known; waits for the worker."""
        deadline = time.monotonic() + WAIT_SECONDS
        while len(found := self.letters(to, saying)) <= after:
            if time.monotonic() > deadline:
                raise AssertionError(f"no letter number {after + 1} to {to} saying „{saying}“ within {WAIT_SECONDS} s")
            subprocess.run(["sleep", "0.2"], check=True)
        return found[after]

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What the site's own database answers."""
        with connected(self.environment.get("PGDATABASE", "geoportal")) as connection:
            return connection.execute(statement, values).fetchall()

    def manage(self, *arguments: str) -> None:
        managed(self.environment, *arguments)


def text_of(letter: email.message.EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(letter: email.message.EmailMessage, part: str) -> str:
    """The first address in the letter's text that contains `part`."""
    found = re.search(rf"https?://\S*{re.escape(part)}\S*", text_of(letter))
    assert found, f"no link with {part} in the letter „{letter['Subject']}“"
    return found.group()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    var: Path,
    municipality: str = "fixtures/botevgrad",
    tile_hosts: str = "",
    limits: str = "",
    webhook_hosts: str = "",
    begun: Demonstration | None = None,
) -> Iterator[Site]:
    """The site with the demo's data, until the block ends; a copy of `begun`, or loaded for it alone."""
    port = free_port()
    name = f"walks_{os.getpid()}_{port}"
    environment = environment_of(name, var) | {
        "PORT": str(port),
        "SITE_URL": f"http://localhost:{port}",
        "TILE_HOSTS": tile_hosts,
        "LIMITS": limits,
        "WEBHOOK_TRUSTED": webhook_hosts,
    }
    site = Site(f"http://localhost:{port}", var / "mail", environment)
    supervisor = serve.Supervisor(environment)
    try:
        if begun:
            begun.copied(name, var)
        else:
            made(name)
            managed(environment, "migrate", "--verbosity", "0")
            filled(environment, municipality)
        started(supervisor, site, var, port)
        yield site
    finally:
        supervisor.stop()
        dropped(name)


def started(supervisor: serve.Supervisor, site: Site, var: Path, port: int) -> None:
    """Mail server, web server and worker; when they answer."""
    port_file = var / "mail_port"
    supervisor.start("mail server", [sys.executable, "deploy/mail_catcher.py", str(site.mail), str(port_file)])
    supervisor.wait_until(lambda: serve.port_of(port_file) is not None, "the mail server", WAIT_SECONDS)
    site.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{serve.port_of(port_file)}"
    web = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    web += ["--blocking-threads", "4", "--log-level", "warning", "geoportal.wsgi:application"]
    supervisor.start("web server", [sys.executable, *web])
    supervisor.start("worker", [sys.executable, "manage.py", "procrastinate", "worker"])
    supervisor.wait_until(lambda: serve.site_answers(port), "the site", WAIT_SECONDS)
