"""Errors of APIs: one shape, the field named, the reader's language, nothing of the inside."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from geoportal.kernel.photos import PhotoRefused
from geoportal.kernel.problems import Problem, document, errors_of, field_errors, problem


class Inner(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.IntegerField(min_value=1)


class Outer(serializers.Serializer):  # type: ignore[type-arg]
    title = serializers.CharField(max_length=5)
    inner = Inner(required=False)
    many = Inner(many=True, required=False)


RAISED: dict[str, Exception] = {
    "problem": Problem("Look here", status=409, code="twice", headers={"X-Twice": "1"}),
    "model": ValidationError({"place": ["Outside"], "__all__": ["Whole"]}),
    "sentence": ValidationError("Just so", code="so"),
    "missing": Http404("secret"),
    "gone": exceptions.NotFound("secret"),
    "denied": PermissionDenied("secret"),
    "method": exceptions.MethodNotAllowed("PUT"),
    "login": exceptions.NotAuthenticated(),
    "photo": PhotoRefused("no_room"),
    "database": OperationalError("password=secret"),
    "bug": RuntimeError("secret"),
}


class Raising(APIView):
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()

    def get(self, request: Request, name: str) -> Response:
        raise RAISED[name]

    def post(self, request: Request, name: str) -> Response:
        Outer(data=request.data).is_valid(raise_exception=True)
        return Response({})


def page(request: HttpRequest) -> HttpResponse:
    raise Problem("Because", status=409)


urlpatterns = [path("api/<name>/", Raising.as_view()), path("page/", page)]
pytestmark = pytest.mark.urls(__name__)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("problem", 409, "twice"),
        ("model", 400, "invalid"),
        ("sentence", 400, "so"),
        ("missing", 404, "not_found"),
        ("gone", 404, "not_found"),
        ("denied", 403, "permission_denied"),
        ("method", 405, "method_not_allowed"),
        ("photo", 507, "no_room"),
        ("database", 503, "unavailable"),
    ],
)
def test_every_refusal_has_one_shape(client: Any, name: str, status: int, code: str) -> None:
    response = client.get(f"/api/{name}/")
    body = response.json()
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response["Cache-Control"] == "no-store"
    assert (body["type"], body["status"], body["code"]) == ("about:blank", status, code)
    assert body["title"]
    assert "secret" not in response.content.decode()


def test_headers_and_details_go_along(client: Any) -> None:
    response = client.get("/api/problem/")
    assert (response["X-Twice"], response.json()["detail"]) == ("1", "Look here")
    assert client.get("/api/database/")["Retry-After"] == "10"


def test_what_is_no_refusal_stays_a_500(client: Any) -> None:
    with pytest.raises(RuntimeError):
        client.get("/api/bug/")


def test_fields_are_named(client: Any) -> None:
    assert client.get("/api/model/").json()["errors"] == {"place": ["Outside"], "non_field_errors": ["Whole"]}
    sent = {"title": "too long", "inner": {"number": 0}, "many": [{"number": 1}, {"number": "x"}]}
    body = client.post("/api/x/", sent, content_type="application/json").json()
    assert sorted(body["errors"]) == ["inner.number", "many.1.number", "title"]
    assert all(isinstance(sentence, str) for sentences in body["errors"].values() for sentence in sentences)


@pytest.mark.parametrize(
    "sent",
    ["{", "", "[" * 50_000, "[1]", "null", "\x00", '{"title": NaN}', '{"title": ' + "9" * 5000 + "}", "\ud800x"],
    ids=["open", "empty", "deep", "list", "null", "NUL", "NaN", "5000 digits", "surrogate"],
)
def test_bodies_that_are_none(client: Any, sent: str) -> None:
    response = client.post("/api/x/", sent.encode("utf-8", "surrogatepass"), content_type="application/json")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def test_another_media_type_is_415(client: Any) -> None:
    assert client.post("/api/x/", b"<a/>", content_type="application/xml").status_code == 415


def test_the_readers_language(client: Any) -> None:
    english = client.get("/api/missing/", HTTP_ACCEPT_LANGUAGE="en").json()["title"]
    assert english == "Not found"
    response = client.get("/api/missing/", HTTP_ACCEPT_LANGUAGE="en")
    assert response["Content-Language"] == "en"
    assert client.get("/api/missing/", HTTP_ACCEPT_LANGUAGE="bg")["Content-Language"] == "bg"


def test_a_document_by_hand() -> None:
    assert document(400, "d", {"a": ["b"]}, code="c") | {"title": ""} == {
        "type": "about:blank",
        "title": "",
        "status": 400,
        "detail": "d",
        "errors": {"a": ["b"]},
        "code": "c",
    }
    assert document(599)["title"] == document(500)["title"]
    assert problem(404)["Content-Type"] == "application/problem+json"


def test_error_trees() -> None:
    assert field_errors("x") == {"non_field_errors": ["x"]}
    assert field_errors({"a": {"non_field_errors": ["x"]}, "b": [{}, {"c": ["y"]}]}) == {"a": ["x"], "b.1.c": ["y"]}
    assert errors_of(ValidationError(["x", "y"])) == {"non_field_errors": ["x", "y"]}
