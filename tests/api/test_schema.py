"""The description is valid, complete, and its reader loads nothing from elsewhere."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.urls import get_resolver

from discussion.models import Comment, Subject
from layers.models import Place
from participation.workflow import Kind, public_states
from reports import workflow
from reports.models import Question
from reports.parameters import ORDERS
from tests import factories
from tests.api.client import Api


@pytest.fixture(scope="module")
def schema() -> dict:
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", stdout=out)
    return json.loads(out.getvalue())


def test_it_is_openapi_3_1(schema: dict):
    assert schema["openapi"] == "3.1.0"


def test_every_address_of_the_api_is_described(schema: dict):
    patterns = next(p for p in get_resolver().url_patterns if str(p.pattern) == "api/v1/").url_patterns
    paths = {"/api/v1/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern)) for pattern in patterns}
    assert paths - set(schema["paths"]) == {"/api/v1/schema/", "/api/v1/docs/"}


def test_every_operation_says_what_it_answers_and_how_it_fails(schema: dict):
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert "default" in operation["responses"], (path, method)
            assert any(code.startswith("2") for code in operation["responses"]), (path, method)


def test_a_report_is_told_whole_or_only_its_state(schema: dict):
    answer = schema["paths"]["/api/v1/reports/{ref}/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer == {"$ref": "#/components/schemas/ReportTold"}
    either = [{"$ref": f"#/components/schemas/{name}"} for name in ("ReportDocument", "ReportStub")]
    assert schema["components"]["schemas"]["ReportTold"] == {"anyOf": either}


NAMES = {
    "status",
    "state",
    "kind",
    "form",
    "level",
    "phase",
    "stage",
    "outcome",
    "verdict",
    "visibility",
    "datatype",
    "stance",
    "who_may",
}
FREE = {("ConsultationFacts", "kind"), ("ConsultationDocument", "kind"), ("ProblemDocument", "status")}
"""A kind of consultation is set-up data: its slug is the municipality's. A problem has the status of HTTP."""


def test_states_and_kinds_are_counted_up_as_the_code_has_them(schema: dict):
    shapes = schema["components"]["schemas"]
    fields = {
        (name, field): told
        for name, shape in shapes.items()
        for field, told in shape.get("properties", {}).items()
        if field in NAMES
    }
    assert {key for key, told in fields.items() if "enum" not in told} == FREE
    assert "x-spec-enum-id" not in json.dumps(schema)
    said = {key: {value for value in told["enum"] if value} for key, told in fields.items() if key not in FREE}
    states = {
        "Event": Kind.EVENT, "Initiative": Kind.INITIATIVE, "Policy": Kind.POLICY, "Consultation": Kind.CONSULTATION, "Comparison": Kind.COMPARISON,
        "Survey": Kind.SURVEY, "Goal": Kind.GOAL,
    }  # fmt: skip
    for name, kind in states.items():
        assert said[f"{name}Facts", "status"] == set(public_states(kind)), name
    assert said["ReportFacts", "status"] == set(workflow.STATES)
    assert said["QuestionFacts", "datatype"] == set(Question.Datatype.values)
    assert said["PlaceFacts", "kind"] == set(Place.Kind.values)
    assert said["CommentFacts", "kind"] == set(Comment.Kind.values)
    asked = {each["name"]: each["schema"] for each in schema["paths"]["/api/v1/reports/"]["get"]["parameters"]}
    assert (set(asked["kind"]["items"]["enum"]), set(asked["order"]["enum"])) == (set(Subject.Kind.values), set(ORDERS))


def test_no_answer_has_a_field_for_personal_data(schema: dict):
    """T-42: e-mail stands in the asker's own account alone; nothing names address, phone or contact of a person."""
    found = {
        (name, field)
        for name, shape in schema["components"]["schemas"].items()
        for field in shape.get("properties", {})
        if re.search("mail|phone|address|contact|correspondent|supporter", field)
    }
    assert found == {
        ("OwnAccount", "email"),
        ("Sent", "email"),
        ("Supporter", "email"),
        ("CommentSent", "email"),
        ("Sent", "phone"),
        ("Sent", "address"),
        *(("CasePerson", field) for field in ("email", "address", "phone")),  # who filed a case, for whoever works on it
        ("ServiceFacts", "phone"),  # the service's own
        ("ServiceDocument", "phone"),
    }


def test_unknown_parameters_are_refused_as_elsewhere(api: Api):
    assert (api.get("schema/?lang=en").status_code, api.get("schema/?lang=en").json()["parameter"]) == (400, "lang")


@pytest.mark.django_db
def test_it_is_served_with_a_reader_from_our_own_files(api: Api):
    factories.town()
    answer = api.get("schema/")
    assert (answer.status_code, answer.json()["openapi"]) == (200, "3.1.0")
    page = api.get("docs/")
    html = page.content.decode()
    assert page.status_code == 200
    assert re.findall(r'<script(?![^>]* (?:src="/|type="application/json"))', html) == []
    assert "<style" not in html
    assert "'unsafe" not in page["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "label"), [("bg", "Опитай"), ("en", "Try it out")])
def test_the_readers_labels_are_in_the_language_asked_for(api: Api, language: str, label: str):
    factories.town()
    html = api.get("docs/", Accept_Language=language).content.decode()
    words = json.loads(re.search(r'<script id="reader-words" type="application/json">(.*?)</script>', html)[1])
    assert words["Try it out"] == label
    library = finders.find("drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js")
    drawn = Path(library).read_text(encoding="utf-8")
    assert [english for english in words if english not in drawn and english.capitalize() not in drawn] == []
