"""The message is seen before it is sent, with what follows from the act: the same words, and nothing of it stays."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts.models import Correspondent
from discussion import messages
from discussion.models import Audience, TimelineRow
from reports import clocks, workflow
from reports.models import Category, Photo, Report
from tests import factories
from tests.kernel.pictures import picture
from tests.reports.test_desk import hidden, signed_in

pytestmark = pytest.mark.django_db
ACTS = {
    "act/resolve": {"text": "Готово е."},
    "act/ask": {"text": "Къде точно?"},
    "move": {"category": "lamp", "lon": "23.6", "lat": "42.9"},
    "turn": {"category": "park-idea", "text": "Това е предложение."},
    "restrict": {"text": "Лични данни."},
    "moderate/hide": {"reason": "spam", "text": "Реклама."},
    "moderate/remove": {"reason": "spam", "text": "Реклама."},
    "moderate/redact": {"reason": "spam", "text": "Без телефони, моля.", "title": "Дупка", "words": "[…]"},
}


@pytest.fixture
def worker():
    factories.town()
    return factories.person("official", "moderator")


@pytest.fixture
def report(worker):
    made = factories.report(author=factories.resident(email="rada@levka.test"))
    Report.objects.update(status="assigned", assignee=worker)
    return made


@pytest.mark.parametrize("act", ACTS)
def test_every_act_that_is_told_shows_its_message_first(act, report, worker):
    client, address = signed_in(worker), f"/desk/{report.subject.reference}/{act}/"
    shown = client.post(address, {"version": "1", **ACTS[act]})
    html = shown.content.decode()
    assert (shown.status_code, TimelineRow.objects.count()) == (200, 1)
    assert "Това ще получи подателят" in html
    assert f"http://localhost:8000/reports/{report.subject.reference}/" in html
    assert client.post(address, hidden(html)).status_code == 302
    row = TimelineRow.objects.latest("pk")
    sent = messages.describe(row, language="bg", audience=Audience.AUTHOR)
    assert f"<p><b>{sent.headline}</b></p>" in html
    assert sent.text == ACTS[act].get("text", "") and sent.text in html


def test_a_preview_leaves_no_job_and_goes_back_with_the_words(report, worker):
    client, address = signed_in(worker), f"/desk/{report.subject.reference}/moderate/redact/"
    html = client.post(address, {"version": "1", **ACTS["moderate/redact"]}).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)
    assert report.words.text == Report.objects.get().words.text
    back = client.post(address, {**hidden(html), "sure": "", "go": "back"})
    assert back.status_code == 200 and "Без телефони, моля." in back.content.decode()


def test_turning_and_moving_name_department_and_due_date(report, worker):
    client, base = signed_in(worker), f"/desk/{report.subject.reference}"
    turned = client.post(f"{base}/turn/", {"version": "1", **ACTS["turn"]}).content.decode()
    due = due_of_idea("park-idea", report)
    assert "Ще бъде при: Отдел „Паркове“." in turned and f"Отговор до {due:%d.%m.%Y}." in turned
    moved = client.post(f"{base}/move/", {"version": "1", "category": "tree", "lon": "23.6", "lat": "42.9"}).content.decode()
    assert "Ще бъде при: Отдел „Паркове“." in moved and "Отговор до " in moved


def due_of_idea(category: str, report: Report) -> datetime.date:
    found = Category.objects.get(slug=category)
    due = clocks.answer_due(found, official=report.official, kind=workflow.Kind.IDEA, since=timezone.localdate())
    assert due
    return due


def test_a_photo_of_the_answer_is_seen_before_and_no_direction_mark_travels(report, worker):
    client, address = signed_in(worker), f"/desk/{report.subject.reference}/act/resolve/"
    sent = {"version": "1", "text": "Готово \u202eе.", "photo": SimpleUploadedFile("a.jpg", picture(), "image/jpeg")}
    html = client.post(address, sent).content.decode()
    photo = Photo.objects.get()
    assert f"/media/{photo.pk}/small.jpg?draft={photo.draft}" in html
    assert b"".join(client.get(photo.url("small")).streaming_content).startswith(b"\xff\xd8")
    assert "\u202e" not in html
    assert client.post(address, hidden(html)).status_code == 302
    assert Photo.objects.get().row.code == "resolve"


def test_who_left_no_address_is_not_promised_a_letter(report, worker):
    Correspondent.objects.filter(email="rada@levka.test").update(email="", user=None)
    html = signed_in(worker).post(f"/desk/{report.subject.reference}/act/resolve/", {"version": "1", "text": "Готово."}).content
    assert "Подателят не е оставил имейл" in html.decode() and "и изпрати" not in html.decode()


def test_the_step_stands_before_the_case_and_can_be_jumped_to(report, worker):
    client, base = signed_in(worker), f"/desk/{report.subject.reference}"
    assert f'href="{base}/act/resolve/#step"' in client.get(f"{base}/").content.decode()
    for page in (client.get(f"{base}/act/resolve/"), client.post(f"{base}/act/resolve/", {"version": "1"})):
        html = page.content.decode()
        assert html.index('id="step"') < html.index('class="case-body"')
