"""An officially filed case: told to the document system, taken with a token, registered there once; its page says how far that is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.webhooks import sending
from reports import actions
from reports.actions import filing
from reports.cases.rows import Case
from reports.models import RegisterNumber
from tests import factories
from tests.api.client import Api, with_token
from tests.kernel.test_outside import catcher  # noqa: F401
from tests.notifications.webhooked import hook, told

pytestmark = pytest.mark.django_db
FILED: dict[str, Any] = {"official": True, "name": "Рада Колева Илиева", "address": "ул. Първа 1", "tells": True}


@pytest.fixture
def system(town, catcher, settings):  # noqa: F811
    settings.DOCUMENT_SYSTEM, settings.LIMITS = "Деловодство", {"*": ""}
    return hook(catcher, organisation="", events=["case.filed"])


def filed(**fields: Any) -> Any:
    return factories.report(**FILED, **fields)


def desk(user: Any, report: Any) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("desk_report", args=[report.subject.reference])).content.decode()


def test_the_document_system_is_told_of_a_case_and_nothing_of_what_it_says(system, catcher, settings):  # noqa: F811
    factories.report(tells=True)
    hook(catcher, events=["case.filed"], asked="kind=idea")
    report = filed(restricted=True)
    (delivery,) = told(report.subject.timeline.get())
    assert (delivery.webhook, delivery.event, report.is_public) == (system, "case.filed", False)
    assert "Деловодство</dt><dd>чака да бъде взета" in desk(factories.official(), report)
    assert sending.deliver(delivery.pk) == "delivered"
    reference, site = report.subject.reference, settings.SITE_URL
    said = json.loads(catcher.got[0][2])
    assert said["data"] == {
        "kind": "problem", "reference": reference, "register_number": f"ЛВ-{timezone.localdate().year}-1",
        "filed_at": said["data"]["filed_at"], "department": "roads", "document": f"{site}/api/v1/cases/{reference}/",
        "pdf": f"{site}/api/v1/cases/{reference}/case.pdf", "desk": f"{site}/desk/{reference}/",
    }  # fmt: skip
    assert Case.objects.get().state == "sent"
    assert list(report.subject.timeline.values_list("code", "audience", "tells"))[1:] == [("case_sent", "staff", False)]
    assert "изпратена, номерът ѝ още не се е върнал" in desk(factories.official(), report)


def test_a_case_that_could_not_be_sent_says_why_and_is_sent_again_by_hand(system, catcher, settings):  # noqa: F811
    report, official = filed(), factories.official()
    trusted, settings.WEBHOOK_TRUSTED = settings.WEBHOOK_TRUSTED, []
    (delivery,) = told(report.subject.timeline.get())
    assert sending.deliver(delivery.pk) == "failed"
    assert "не можа да бъде изпратена: адресът ѝ води натам" in desk(official, report)
    settings.WEBHOOK_TRUSTED = trusted
    again = reverse("desk_case_again", args=[report.subject.reference])
    for user, status in ((official, 302), (official, 302), (factories.official("parks"), 404), (factories.planner(), 404)):
        client = Client()
        client.force_login(user)
        assert client.post(again).status_code == status
    assert Case.objects.get().state == "waiting"
    row = report.subject.timeline.get(code="case_again")
    (delivery,) = told(row)
    assert (sending.deliver(delivery.pk), Case.objects.get().state, Case.objects.get().error) == ("delivered", "sent", "")


def test_a_program_takes_a_case_and_says_its_number_once(system, catcher):  # noqa: F811
    author = factories.resident(email="rada@levka.test")
    report = filed(author=author)
    robot = with_token(factories.dispatcher(), "cases")
    (listed,) = robot.get("cases/?state=waiting").json()["cases"]
    address = f"cases/{report.subject.reference}/"
    whole = robot.get(address).json()
    assert {name: whole[name] for name in listed} == listed
    assert (whole["title"], whole["text"], whole["person"]) == (
        "Дупка пред училището", "Голяма дупка на пътя.",
        {"name": "Рада Колева Илиева", "address": "ул. Първа 1", "phone": "", "email": "rada@levka.test"},
    )  # fmt: skip
    paper = robot.get(f"{address}case.pdf")
    assert (paper.status_code, paper["Content-Type"], paper.content[:5]) == (200, "application/pdf", b"%PDF-")
    said = {"number": "РД-12/3", "registered_on": "2026-11-27", "link": "https://dms.example/12"}
    answers = [robot.post(f"{address}register/", said) for _time in range(2)]
    assert [(answer.status_code, answer.json()["state"], answer.json()["number"]) for answer in answers] == [
        (200, "registered", "РД-12/3")
    ] * 2
    other = robot.post(f"{address}register/", {"number": "РД-13"})
    assert (other.status_code, other.json()["code"]) == (409, "registered")
    assert report.subject.timeline.filter(code="case_registered").count() == 1
    html = desk(factories.official(), report)
    assert "регистрирана под номер РД-12/3 на 27.11.2026" in html and "case/again" not in html
    client = Client()
    page = f"/reports/{report.subject.reference}/"
    assert "РД-12/3" not in client.get(page).content.decode()
    client.force_login(author)
    assert "РД-12/3" in client.get(page).content.decode()
    assert robot.get("cases/?state=waiting").json() == {"cases": [], "next": None}


def test_only_who_works_on_a_case_takes_it(system):
    report = filed()
    one = f"cases/{report.subject.reference}/"
    askers = {
        "nobody": Api(), "resident": Api(factories.resident()), "without the scope": with_token(factories.dispatcher(), "read", "work"),
        "administrator": with_token(factories.administrator(), "cases"), "other": with_token(factories.official("parks"), "cases"),
        "official": with_token(factories.official(), "cases"),
    }  # fmt: skip
    found = {
        name: (api.get("cases/").status_code, api.get(one).status_code, api.post(f"{one}register/", {}).status_code)
        for name, api in askers.items()
    }
    assert found == {
        "nobody": (401, 401, 401), "resident": (403, 403, 403), "without the scope": (403, 403, 403),
        "administrator": (200, 404, 404), "other": (200, 404, 404), "official": (200, 200, 400),
    }  # fmt: skip
    assert askers["other"].get("cases/").json()["cases"] == []
    for wrong in (
        "?state=",
        "?state=lost",
        "?limit=0",
        "?limit=x",
        "?cursor=-1",
        "?x=1",
        "?state=sent&state=sent",
        "?state=%00",
    ):
        answer = askers["official"].get(f"cases/{wrong}")
        assert (wrong, answer.status_code, answer["Content-Type"]) == (wrong, 400, "application/problem+json")


def test_a_register_number_of_an_older_version_gets_its_case(system):
    report = filed()
    Case.objects.all().delete()
    assert (filing.open_missing(), filing.open_missing(), Case.objects.get().pk) == (1, 0, report.pk)


def test_cases_come_page_by_page_in_their_order(system, django_assert_num_queries):
    late = filed(author=None, email="gost@levka.test")  # a guest's becomes a case when it is confirmed
    numbers = [str(filed().register_number) for _n in range(2)]
    actions.act(late.pk, "confirm", proven_author=True)
    numbers.append(str(RegisterNumber.objects.get(report=late)))
    robot = with_token(factories.dispatcher(), "cases")
    robot.get("cases/")
    with django_assert_num_queries(3):  # the token, its person's roles, the cases
        first = robot.get("cases/?limit=2").json()
    second = robot.get(first["next"].partition("/api/v1/")[2]).json()
    assert [case["register_number"] for case in first["cases"] + second["cases"]] == numbers
    assert second["next"] is None
