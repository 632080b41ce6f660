"""The same report sent again: a month later, after a page had sent it, with photos of others."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from geoportal.kernel.models import Answer
from reports.actions import expire_unconfirmed, keep_photo, submit
from reports.models import Report
from tests import factories
from tests.api.client import Api, with_token
from tests.api.test_sending import body
from tests.kernel.pictures import picture


@pytest.fixture
def town(db: None) -> None:
    factories.town()


@pytest.mark.usefixtures("town")
class TestReplay:
    """A phone that was off for a month, or never heard an answer, sends the same again."""

    def test_thirty_days_later_the_first_report_answers(self):
        key, author = str(uuid.uuid4()), factories.resident()
        first = with_token(author, "report").post("reports/", body(), Idempotency_Key=key)
        with time_machine.travel(timezone.now() + timedelta(days=30)):
            again = with_token(author, "report").post("reports/", body(), Idempotency_Key=key)
        assert (again.status_code, again.json()) == (201, first.json())
        assert Report.objects.count() == 1

    def test_thirty_days_later_a_guests_report_that_was_never_confirmed_is_said_to_be_gone(self):
        key = str(uuid.uuid4())
        assert Api().post("reports/", body(email="gost@example.org"), Idempotency_Key=key).status_code == 202
        with time_machine.travel(timezone.now() + timedelta(days=30)):
            assert expire_unconfirmed() == 1
            Answer.objects.all().delete()
            again = Api().post("reports/", body(email="gost@example.org"), Idempotency_Key=key)
        assert (again.status_code, again.json()["code"]) == (410, "expired")
        assert Report.objects.count() == 0

    def test_what_a_page_has_sent_with_its_photo_answers_the_outbox(self):
        draft, photo = uuid.uuid4(), uuid.uuid4()
        keep_photo(draft, photo, picture("JPEG"))
        report = submit(factories.submission(client_uuid=draft, photos=[photo]))
        answer = Api().post("reports/", body(photos=[str(photo)]), Idempotency_Key=str(draft))
        assert answer.status_code in (201, 202)
        assert answer.json()["client_uuid"] == str(draft)
        assert list(Report.objects.values_list("pk", flat=True)) == [report.pk]

    def test_a_photo_of_another_report_is_refused(self):
        photo = uuid.uuid4()
        keep_photo(draft := uuid.uuid4(), photo, picture("JPEG"))
        submit(factories.submission(client_uuid=draft, photos=[photo]))
        answer = Api().post("reports/", body(photos=[str(photo)]), Idempotency_Key=str(uuid.uuid4()))
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["photos"])
