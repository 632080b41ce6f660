"""The line between a phone and the site, which can be cut, or swallow the answer after the server has committed."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from playwright.sync_api import Page

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
Rule = Callable[[str, str], bool]


def never(_method: str, _path: str) -> bool:
    return False


def always(_method: str, _path: str) -> bool:
    return True


class Line(ThreadingHTTPServer):
    """`cut`: requests that do not get through; `swallow`: requests that get through and whose answer is lost. `seen`: all that reached
    the server, as (method, path, status)."""

    daemon_threads = True

    def __init__(self, to: str) -> None:
        super().__init__(("127.0.0.1", 0), Carrier)
        self.to = urlsplit(to)
        self.cut: Rule = never
        self.swallow: Rule = never
        self.seen: list[tuple[str, str, int]] = []

    @property
    def address(self) -> str:
        return f"http://localhost:{self.server_port}"

    def down(self) -> None:
        self.cut = always

    def up(self) -> None:
        self.cut = self.swallow = never

    def reached(self, page: Page, method: str, ending: str, within_ms: int = 45_000) -> None:
        """Waits until such a request was answered by the server, whether or not its answer came back."""
        for _each in range(within_ms // 100):
            if any(how == method and path.endswith(ending) for how, path, _status in self.seen):
                return
            page.wait_for_timeout(100)
        raise AssertionError(f"{method} …{ending} never reached the server: {self.seen[-5:]}")

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no error here."""


class Carrier(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Line

    def _carry(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        line = self.server
        if line.cut(self.command, self.path):
            self._hang_up()
            return
        ahead = http.client.HTTPConnection(line.to.hostname or "", line.to.port, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        ahead.request(self.command, self.path, body=body, headers=headers)
        answer = ahead.getresponse()
        content = answer.read()
        ahead.close()
        line.seen.append((self.command, self.path, answer.status))
        if line.swallow(self.command, self.path):
            self._hang_up()
            return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = _carry

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: `seen` tells."""


@contextmanager
def line_to(address: str) -> Iterator[Line]:
    with Line(address) as line:
        threading.Thread(target=line.serve_forever, daemon=True).start()
        yield line
        line.shutdown()
