from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from geoportal.kernel.logs import JsonFormatter, request_id, scrub
from geoportal.kernel.middleware import LARGEST_UPLOAD
from tests import factories


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request_id.get())


def kept(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("x", headers={"Cache-Control": "public, max-age=60"})
    if "cookie" in request.GET:
        response.set_cookie("browser", "1")
    return response


urlpatterns = [path("plain/", plain, name="plain"), path("api/plain/", plain), path("kept/", kept)]
pytestmark = pytest.mark.urls(__name__)


def test_headers_on_every_answer(client: Any) -> None:
    for address in ("/plain/", "/missing-here/"):
        response = client.get(address) if address == "/plain/" else client.get("/api/plain/?" + "x" * 5000)
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=(self)" in response["Permissions-Policy"]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert len(response["X-Request-ID"]) == 32


def test_a_request_has_one_identity_and_a_client_cannot_choose_it(client: Any) -> None:
    response = client.get("/plain/", HTTP_X_REQUEST_ID="mine")
    assert response.content.decode() == response["X-Request-ID"] != "mine"
    assert client.get("/plain/").content != response.content


def test_what_says_nothing_about_caches_is_private(client: Any) -> None:
    assert client.get("/plain/")["Cache-Control"] == "private, no-store"
    assert client.get("/kept/")["Cache-Control"] == "public, max-age=60"
    assert client.get("/kept/?cookie=1")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("address", "extra", "status"),
    [
        ("/api/plain/?" + "x" * 9000, {}, 414),
        ("/api/plain/?" + "&".join(f"x{n}=y" for n in range(2000)), {}, 414),
        ("/api/plain/?x=" + "y" * 7000, {}, 200),
        ("/api/plain/?q=%00", {}, 400),
        ("/api/plain/", {"CONTENT_LENGTH": "x"}, 400),
        ("/api/plain/", {"CONTENT_LENGTH": str(3 * 1024 * 1024)}, 413),
        ("/api/plain/", {"CONTENT_LENGTH": str(LARGEST_UPLOAD + 1), "CONTENT_TYPE": "multipart/form-data; boundary=x"}, 413),
    ],
)
def test_walls(client: Any, address: str, extra: dict[str, str], status: int) -> None:
    assert client.get(address, **extra).status_code == status


def test_a_machine_is_told_the_parameter_that_holds_nul(client: Any) -> None:
    answer = client.get("/api/plain/?a=1&q=x%00", HTTP_ACCEPT_LANGUAGE="en")
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["parameter"], list(answer.json()["errors"])) == ("q", ["q"])


def test_a_machine_is_told_the_parameter_that_is_too_long(client: Any) -> None:
    corners = "polygon:" + ",".join(["23.7 42.9"] * 5_000)
    answer = client.get("/api/plain/", {"a": "1", "bbox": corners}, HTTP_ACCEPT_LANGUAGE="bg")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert (answer.json()["parameter"], answer.json()["detail"]) == (
        "bbox",
        "Част от картата (bbox): Твърде дълго е. Съкратете го.",
    )


@pytest.mark.django_db
@pytest.mark.urls("geoportal.urls")
@pytest.mark.parametrize(
    ("address", "extra", "status", "words"),
    [
        ("/about/?next=%00", {}, 400, "next: В текста има знаци"),
        ("/en/about/?next=%00", {}, 400, "next: The text holds characters"),
        ("/reports/%00/", {}, 400, "Този адрес не се разчита"),
        ("/about/?" + "x" * 9000, {}, 414, "Адресът е твърде дълъг"),
        ("/about/?q=" + "ы" * 2000, {}, 400, "Думи, номер или населено място (q): Твърде дълго е. Съкратете го."),
        ("/en/about/?q=1&within=" + "x" * 9000, {}, 400, "Drawn area (within): This is too long. Shorten it."),
        ("/en/reports/new/", {"CONTENT_LENGTH": str(3 * 1024 * 1024)}, 413, "Send fewer or smaller photos"),
    ],
)
def test_people_read_a_page_in_their_language(
    client: Any, address: str, extra: dict[str, str], status: int, words: str
) -> None:
    factories.town()
    answer = client.get(address, **extra)
    assert (answer.status_code, answer["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert words in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.urls("geoportal.urls")
def test_the_title_of_a_refusal_says_what_its_heading_says(client: Any) -> None:
    factories.town()
    body = client.get("/reports/new/", CONTENT_LENGTH=str(3 * 1024 * 1024)).content.decode()
    assert ("<title>Твърде голямо – " in body, "<h1>Твърде голямо</h1>" in body) == (True, True)


def _line(record: logging.LogRecord) -> dict[str, Any]:
    written = JsonFormatter().format(record)
    assert "\n" not in written
    return json.loads(written)  # type: ignore[no-any-return]


def test_log_lines_hold_no_person_and_no_place() -> None:
    message, values = "mail to %s at %s\nforged line", ("ana@example.bg", "23.79421 42.9061")
    line = _line(logging.LogRecord("x", logging.ERROR, "f", 1, message, values, None))
    assert line["message"] == "mail to [e-mail] at [number] [number]\nforged line"
    assert (line["level"], line["logger"]) == ("ERROR", "x")


def test_log_lines_hold_no_token_of_a_mailed_link() -> None:
    token = "eyJ3aXNoIjoiZm9sbG93In0:1sQxyz:" + "a" * 43
    said = scrub(f"Not Found: /unsubscribe/{token}/ beside /reports/1234-5678/")
    assert said == "Not Found: /unsubscribe/[token]/ beside /reports/1234-5678/"


def test_log_lines_of_errors_hold_places_in_the_code_but_no_rows() -> None:
    try:
        raise ValueError(
            "duplicate key\nDETAIL:  Key (email)=(Ana Petrova) already exists. Failing row contains (1, secret, x)."
        )
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", (), sys.exc_info())
    line = _line(record)
    assert line["error"] == "ValueError"
    assert "Ana" not in line["error_message"]
    assert "secret" not in line["error_message"]
    assert "test_log_lines_of_errors" in line["stack"][-1]


def test_scrub_is_bounded() -> None:
    assert len(scrub("x" * 100_000)) == 4_000
    assert scrub("a@b" * 5_000) is not None
