"""Filing, decision and result: what each must be given, what is kept of it, what everyone reads."""

from __future__ import annotations

import datetime
import threading
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test import Client
from django.utils import timezone, translation

from discussion import messages
from discussion.models import TimelineRow
from discussion.words import euros
from reports.actions import act, support
from reports.actions.move import Given
from reports.models import Document, Filing, Report
from tests import factories
from tests.reports.council.world import carried_out, day, decided, document, filed, idea, officer, step


@pytest.fixture
def town(db):
    return factories.town()


def refused(report: Report, name: str, **given) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as found:
        step(report, name, **given)
    assert Report.objects.get(pk=report.pk).status == report.status
    return found.value.message_dict


def test_filing_is_told_with_number_day_body_and_paper(town):
    report = filed(document=document(), link="https://levka.test/vhod")
    filing = Filing.objects.get(report=report)
    assert (filing.number, filing.filed_on, filing.body) == ("94-118", day(30), "Общински съвет")
    assert filing.document.report_id == report.pk
    said = messages.describe(TimelineRow.objects.get(code="file_with_council"), language="bg")
    assert "94-118" in said.headline
    assert said.link == f"/documents/{filing.document_id}/"


def test_a_decision_of_the_council_names_its_day_and_source(town):
    report = filed()
    assert set(refused(report, "accept", text="Прието.")) == {"decided_on", "source"}
    assert set(refused(report, "refuse", text="Не.", decided_on=day(2))) == {"reason", "source"}
    assert list(refused(report, "accept", text="Прието.", source="Протокол", decided_on=day(31))) == ["decided_on"]
    report = decided("accept", report, decision_number="212", link="https://levka.test/212")
    filing = Filing.objects.get(report=report)
    assert (filing.outcome, filing.decided_on, filing.decision_number, filing.source, filing.decision_link) == (
        "accepted", day(20), "212", "Протокол № 7", "https://levka.test/212",
    )  # fmt: skip
    said = messages.describe(TimelineRow.objects.get(code="accept"), language="bg").headline
    assert "212" in said
    assert "Протокол № 7" in said


def test_no_day_comes_before_what_it_follows(town):
    report = step(idea(), "take_up")
    assert timezone.localdate(report.created_at) == day(60)
    paper = {"number": "1", "body": "Общински съвет"}
    assert list(refused(report, "file_with_council", **paper, filed_on=datetime.date(2020, 1, 1))) == ["filed_on"]
    with translation.override("bg"):
        old = refused(report, "file_with_council", **paper, filed_on=day(61))
    assert old == {"filed_on": [f"Идеята е направена на {day(60):%d.%m.%Y}; това не може да е по-рано."]}
    assert list(refused(report, "accept", text="Да.", decided_on=day(61))) == ["decided_on"]
    report = decided("accept", step(report, "file_with_council", **paper, filed_on=day(60)), decided_on=day(20))
    given = {"text": "Готово.", "link": "https://levka.test/"}
    with translation.override("bg"):
        early = refused(report, "carry_out", **given, done_on=day(21))
    assert early == {"done_on": [f"Не може да е готово преди решението от {day(20):%d.%m.%Y}."]}
    step(report, "carry_out", **given, done_on=day(20))
    assert Filing.objects.get(report=report).done_on == day(20)


def test_a_decision_of_the_administration_needs_no_source_and_is_no_filing(town):
    report = step(step(idea(), "take_up"), "accept", text="Приемаме.")
    assert report.status == "accepted"
    assert not Filing.objects.exists()


@pytest.mark.parametrize("name", ["accept", "partly_accept", "refuse"])
def test_each_outcome_is_kept(town, name):
    expected = {"accept": "accepted", "partly_accept": "partly_accepted", "refuse": "refused"}[name]
    assert Filing.objects.get(report=decided(name)).outcome == expected


def test_the_result_has_day_and_money(town):
    report = carried_out()
    filing = Filing.objects.get(report=report)
    assert (filing.done_on, filing.amount) == (day(3), Decimal("900"))
    said = messages.describe(TimelineRow.objects.get(code="carry_out"), language="bg").headline
    assert f"{day(3):%d.%m.%Y}" in said
    assert "900\u00a0€" in said
    assert euros(Decimal("1431.62")).startswith("1")


@pytest.mark.parametrize(
    ("field", "value"),
    [("amount", Decimal("-1")), ("done_on", day(-2)), ("done_on", datetime.date(1900, 1, 1))],
)
def test_a_result_that_cannot_be_is_refused_by_field(town, field, value):
    report = decided()
    given = {"text": "Готово.", "link": "https://levka.test/", field: value}
    assert list(refused(report, "carry_out", **given)) == [field]
    assert Filing.objects.get(report=report).done_on is None


def test_a_document_of_something_else_is_refused(town):
    taken = document()
    filed(document=taken)
    second = step(idea(), "take_up")
    given = {"number": "2", "filed_on": day(1), "body": "Общински съвет"}
    assert list(refused(second, "file_with_council", **given, document=taken)) == ["document"]
    assert Document.objects.get(pk=taken).report_id != second.pk


def test_an_idea_filed_again_has_another_filing(town):
    report = decided("refuse")
    report = step(report, "reconsider", text="Има нови факти.")
    report = step(report, "file_with_council", number="7", filed_on=day(5), body="Общински съвет")
    report = decided("accept", report, decided_on=day(1))
    assert list(Filing.objects.order_by("pk").values_list("number", "outcome")) == [("94-118", "refused"), ("7", "accepted")]


@pytest.mark.django_db(transaction=True)
def test_two_supporters_at_the_threshold_open_one_case():
    factories.town(support_threshold=2)
    report, guests = idea(), [factories.guest(), factories.guest()]
    barrier, failed = threading.Barrier(2), []

    def press(guest) -> None:
        try:
            barrier.wait(10)
            support(report.pk, guest)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(guest,)) for guest in guests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert failed == []
    report.refresh_from_db()
    assert report.status == "under_review"
    assert TimelineRow.objects.filter(subject=report.pk, code="reach_threshold").count() == 1
    assert connection.is_usable()


def test_the_desk_files_with_a_paper_and_keeps_it_through_the_preview(town, client: Client):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.reports.council.world import PDF

    report, by = step(idea(), "take_up"), officer()
    client.force_login(by, backend="django.contrib.auth.backends.ModelBackend")
    path = f"/desk/{report.subject.reference}/act/file_with_council/"
    assert "PDF" in client.get(path).text
    sent = {"version": report.subject.version, "number": "94-5", "filed_on": f"{day(2)}", "body": "Общински съвет"}
    wrong = client.post(path, {**sent, "document": SimpleUploadedFile("a.pdf", b"no pdf", "application/pdf")})
    assert wrong.status_code == 422
    assert "Запишете документа като PDF" in wrong.text
    assert 'value="94-5"' in wrong.text
    paper = SimpleUploadedFile("a.pdf", PDF, "application/pdf")
    late = client.post(path, {**sent, "filed_on": f"{day(-3)}", "document": paper})
    assert late.status_code == 422
    kept = Document.objects.get()
    assert f'name="document_id" value="{kept.pk}"' in late.text, "what arrived stays when the day is wrong"
    assert "Документът е приложен" in late.text
    seen = client.post(path, {**sent, "document_id": str(kept.pk)})
    assert f'name="document_id" value="{kept.pk}"' in seen.text
    done = client.post(path, {**sent, "document_id": str(kept.pk), "sure": "1"})
    assert done.status_code == 302
    assert Filing.objects.get().document == kept
    assert client.get(kept.path).status_code == 200


def test_the_desk_writes_the_sum_with_a_comma(town, client: Client):
    report, by = decided(), officer()
    client.force_login(by, backend="django.contrib.auth.backends.ModelBackend")
    path = f"/desk/{report.subject.reference}/act/carry_out/"
    sent = {"version": report.subject.version, "text": "Готово.", "link": "https://levka.test/", "sure": "1"}
    assert "1431,62" in client.post(path, {**sent, "amount": "хиляда"}).text
    assert client.post(path, {**sent, "amount": "1431,62", "done_on": f"{day(4)}"}).status_code == 302
    assert Filing.objects.get().amount == Decimal("1431.62")


def test_only_who_works_on_ideas_files_them(town):
    report = step(idea(), "take_up")
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        act(
            report.pk, "file_with_council", by=factories.official("roads"), given=Given(number="1", filed_on=day(1), body="ОбС")
        )
