"""An officially filed case: told to the document system, taken with a token, registered there once; its page says how far that is."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from api.authentication import issue
from notifications.webhooks import sending, signing
from reports import actions
from reports.actions import filing
from reports.cases.rows import Case
from reports.models import RegisterNumber
from tests import factories
from tests.api.client import Api, with_token
from tests.api.conftest import server  # noqa: F401
from tests.kernel.test_outside import catcher  # noqa: F401
from tests.notifications.webhooked import hook, signed, told

pytestmark = pytest.mark.django_db
FILED: dict[str, Any] = {"official": True, "name": "Рада Колева Илиева", "address": "ул. Първа 1", "tells": True}

DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


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
    plain = factories.report(tells=True)  # everyone reads it, and it is no case
    assert list(told(plain.subject.timeline.get())) == []
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
        "pdf": f"{site}/api/v1/cases/{reference}/case.pdf", "register": f"{site}/api/v1/cases/{reference}/register/",
        "desk": f"{site}/desk/{reference}/",
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


class DocumentSystem:
    """A small one, with what docs/webhooks.md tells alone: believes signed messages, takes what they point to, gives a number, says it."""

    def __init__(self, secret: str, token: str) -> None:
        self.secret, self.token = secret, token
        self.files: dict[str, tuple[dict[str, Any], bytes]] = {}

    def work(self, messages: list[tuple[str, dict[str, str], bytes]]) -> None:
        for _path, headers, body in messages:
            assert headers["webhook-signature"] == signed(self.secret, headers, body)
            told = json.loads(body)
            assert told["type"] == "case.filed"
            number = f"РД-12/{len(self.files) + 3}"
            case, paper = json.loads(self.ask(told["data"]["document"])), self.ask(told["data"]["pdf"])
            self.files[number] = (case, paper)
            self.say(told["data"], number)

    def say(self, data: dict[str, Any], number: str) -> dict[str, Any]:
        said = {"number": number, "registered_on": "2026-11-27", "link": "https://dms.example/12"}
        return json.loads(self.ask(data["register"], json.dumps(said).encode()))

    def ask(self, address: str, body: bytes | None = None) -> bytes:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        with DIRECTLY.open(urllib.request.Request(address, body, headers), timeout=60) as answer:
            return answer.read()


def test_a_document_system_hears_takes_json_and_pdf_and_says_its_number_once(system, catcher, server):  # noqa: F811
    author = factories.resident(email="rada@levka.test")
    report = filed(author=author)
    (delivery,) = told(report.subject.timeline.get())
    assert sending.deliver(delivery.pk) == "delivered"
    robot = DocumentSystem(signing.secret(system), issue(factories.dispatcher(), "Деловодство", ["cases"])[1])
    robot.work(catcher.got)
    ((number, (whole, paper)),) = robot.files.items()
    assert (number, whole["title"], whole["text"], whole["state"], whole["person"]) == (
        "РД-12/3", "Дупка пред училището", "Голяма дупка на пътя.", "sent",
        {"name": "Рада Колева Илиева", "address": "ул. Първа 1", "phone": "", "email": "rada@levka.test"},
    )  # fmt: skip
    assert paper[:5] == b"%PDF-"
    again = robot.say(whole, number)
    assert {name: again[name] for name in ("state", "number", "registered_on", "link")} == {
        "state": "registered", "number": "РД-12/3", "registered_on": "2026-11-27", "link": "https://dms.example/12",
    }  # fmt: skip
    with pytest.raises(urllib.error.HTTPError) as other:
        robot.say(whole, "РД-13")
    assert (other.value.code, json.loads(other.value.read())["code"]) == (409, "registered")
    (listed,) = json.loads(robot.ask(f"{server.address}/api/v1/cases/"))["cases"]
    assert {name: again[name] for name in listed} == listed
    assert json.loads(robot.ask(f"{server.address}/api/v1/cases/?state=waiting")) == {"cases": [], "next": None}
    assert list(report.subject.timeline.order_by("pk").values_list("code", flat=True)) == [
        "submitted",
        "case_sent",
        "case_registered",
    ]
    html = desk(factories.official(), report)
    assert "регистрирана под номер РД-12/3 на 27.11.2026" in html and "case/again" not in html
    client = Client()
    page = f"/reports/{report.subject.reference}/"
    assert "РД-12/3" not in client.get(page).content.decode()
    client.force_login(author)
    assert "РД-12/3" in client.get(page).content.decode()


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
