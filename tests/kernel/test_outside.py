"""The door to addresses that somebody gave: https, a name, a public address, nothing else; no redirect is followed."""

from __future__ import annotations

import contextlib
import http.server
import socket
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate

import pytest

from geoportal.kernel import outside


class Catcher(http.server.BaseHTTPRequestHandler):
    """Keeps what it was sent; answers as the class says."""

    got: list[tuple[str, dict[str, str], bytes]] = []
    status, headers_sent, body = 201, {}, b""

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        type(self).got.append((self.path, dict(self.headers), self.rfile.read(size)))
        self.send_response(self.status)
        for name, value in self.headers_sent.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def catcher(settings) -> Iterator[type[Catcher]]:
    made = type("Made", (Catcher,), {"got": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), made)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.address = f"http://127.0.0.1:{server.server_port}"
    settings.OUTSIDE_TRUSTED = settings.WEBHOOK_TRUSTED = settings.PUSH_TRUSTED = [f"127.0.0.1:{server.server_port}"]
    yield made
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "address",
    [
        "http://push.example/1", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/x", "https://169.254.169.254/latest",
        "https://2130706433/", "https://0x7f000001/", "https://push.example:8443/", "https://user@push.example/",
        "https:///x", "ftp://push.example/", "file:///etc/passwd", "https://push.example/a b", "https://push.example/\r\nX: y",
        "https://пуш.example/", f"https://{'a' * 64}.example/", "https://a..example/", "https://push.example:99999/", "", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_is_no_place_to_ask(address):
    with pytest.raises(outside.NotAllowed):
        outside.check(address)
    with pytest.raises(outside.NotAllowed):
        outside.post(address, b"", {})


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "fe80::1%lo", "fc00::1",
                "::ffff:127.0.0.1", "2002:7f00:1::", "224.0.0.1", "ff02::1", "64:ff9b::a00:8", "64:ff9b:1::1", "::10.0.0.8", "fec0::1"],
)  # fmt: skip
def test_a_public_name_of_a_private_address_is_not_asked(address, monkeypatch):
    asked = []
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_a, **_k: [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", (address, 443))]
    )
    monkeypatch.setattr(socket, "create_connection", lambda *a, **_k: asked.append(a))
    with pytest.raises(outside.NotAllowed):
        outside.post("https://push.example/1", b"", {})
    assert asked == []


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    asked = []

    def connect(to, *_args, **_kwargs):
        asked.append(to)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(0, 0, 0, "", ("93.184.215.14", 443))])
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(outside.Unreachable):
        outside.post("https://push.example/1", b"", {})
    assert asked == [("93.184.215.14", 443)]


def test_what_is_sent_and_answered(catcher):
    catcher.status, catcher.headers_sent, catcher.body = 429, {"Retry-After": "120"}, b"x" * 100_000
    answer = outside.post(f"{catcher.address}/push?a=1", b"sealed", {"TTL": "60"})
    assert (answer.status, answer.retry_after, len(answer.body)) == (429, 120, outside.MOST_BYTES)
    path, headers, body = catcher.got[0]
    assert (path, headers["TTL"], body) == ("/push?a=1", "60", b"sealed")


def test_who_answers_letter_by_letter_is_cut_off(catcher, monkeypatch):
    monkeypatch.setattr(outside, "MOST_SECONDS", 0.3)

    def drip(handler: Catcher) -> None:
        with contextlib.suppress(OSError):
            for _n in range(50):
                handler.wfile.write(b"H")
                time.sleep(0.05)

    monkeypatch.setattr(catcher, "do_POST", drip)
    began = time.monotonic()
    with pytest.raises(outside.Unreachable):
        outside.post(catcher.address, b"", {})
    assert time.monotonic() - began < 2


def test_a_name_that_nobody_resolves_is_given_up_and_another_list_of_trust_stands_for_the_gateways(catcher, monkeypatch):
    place = catcher.address.removeprefix("http://")
    with pytest.raises(outside.NotAllowed):
        outside.post(catcher.address, b"", {}, trusting=[])
    assert (outside.post(catcher.address, b"", {}, trusting=[place]).status, len(catcher.got)) == (201, 1)
    released = threading.Event()
    monkeypatch.setattr(outside, "SECONDS_FOR_A_NAME", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: released.wait(5) and [])
    with pytest.raises(outside.Unreachable, match="TimeoutError"):
        outside.post("https://push.example/1", b"", {})
    released.set()


def test_how_long_a_receiver_asks_to_wait():
    soon = formatdate(time.time() + 120, usegmt=True)
    said = ["120", soon, "Mon, 01 Jan 2001 00:00:00 GMT", "9" * 5000, "-1", "1.5", "soon", "", "Mon, 99 Jan 99999 00:00:00 GMT"]
    found = [outside._wait(each) for each in said]
    assert [found[0], *found[2:]] == [120, 0, None, None, None, None, None, None]
    assert 115 <= (found[1] or 0) <= 120


def test_no_redirect_is_followed(catcher):
    catcher.status, catcher.headers_sent = 302, {"Location": f"{catcher.address}/elsewhere"}
    assert outside.post(catcher.address, b"", {}).status == 302
    assert [path for path, _headers, _body in catcher.got] == ["/"]
