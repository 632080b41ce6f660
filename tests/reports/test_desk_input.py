"""Bad input at the desk: the field is named, what was typed stays, nothing is done; two officials at once."""

from __future__ import annotations

import datetime
import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from discussion.models import TimelineRow
from layers.models import Place
from municipality.models import Area
from reports import workflow
from reports.actions.move import Given, check_given
from reports.models import Report
from tests import factories
from tests.participation.test_policies import project
from tests.reports.test_desk import signed_in

BAD = {
    "person": ["x", "0", "9" * 25, "\0"],
    "reason": ["unknown", "\0", "🙂"],
    "duplicate_of": ["123", "\0", "🙂", "9" * 60],
    "expected_on": ["31.02.2026", "\0", "0001-01-01", "🙂"],
    "extended_to": ["yesterday", "1990-01-01"],
    "notice": ["x" * 201, "a\0b"],
    "text": ["x" * 4001, "a\0b", ""],
    "forwarded_to": ["roads", "\0"],
}
EDGE_OF = {
    "person": "assign", "reason": "refuse", "duplicate_of": "mark_duplicate", "expected_on": "plan", "extended_to": "extend",
    "notice": "extend", "text": "refuse", "forwarded_to": "forward",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in BAD.items() for value in values])
def test_a_bad_field_is_named_and_the_words_stay(field, value):
    factories.town()
    report, user = factories.report(), factories.official()
    Report.objects.filter(pk=report.pk).update(status="assigned", assignee=user)
    if field == "person":
        Report.objects.filter(pk=report.pk).update(status="received")
    sent = {"version": "1", "text": "Моите думи.", "sure": "1", field: value}
    answer = signed_in(user).post(f"/desk/{report.subject.reference}/act/{EDGE_OF[field]}/", sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in html
    assert field == "text" or "Моите думи." in html
    assert TimelineRow.objects.filter(subject_id=report.pk).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["act/resolve", "turn", "restrict"])
def test_an_old_form_is_said_to_be_old(act):
    factories.town()
    report = factories.report()
    for version in ("", "x", "0"):
        answer = signed_in(factories.official()).post(
            f"/desk/{report.subject.reference}/{act}/", {"version": version, "text": "А."}
        )
        assert answer.status_code == 422
        html = answer.content.decode()
        assert "<li>Формулярът е остарял." in html and "Version" not in html


@pytest.mark.django_db
def test_right_to_left_marks_are_dropped_and_emoji_kept():
    factories.town()
    report = factories.report()
    sent = {"version": "1", "text": "Готово \u202e🙂", "sure": "1"}
    answer = signed_in(factories.official()).post(f"/desk/{report.subject.reference}/act/resolve/", sent)
    assert answer.status_code == 302
    assert TimelineRow.objects.get(code="resolve").words.text == "Готово 🙂"


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["planner", "administrator"])
def test_notes_and_questions_are_not_for_readers(role):
    from reports import actions

    factories.town()
    report, user = factories.report(), factories.official()
    actions.note(report.pk, text="Само за отдела.", by=user)
    page = signed_in(getattr(factories, role)()).get(f"/desk/{report.subject.reference}/").content.decode()
    assert report.subject.title in page and "Само за отдела." not in page


@pytest.mark.django_db
def test_a_dispatcher_gives_a_report_to_a_person_of_another_department():
    factories.town()
    report, gardener = factories.report(), factories.official("parks")
    sent = {"version": "1", "person": str(gardener.pk), "sure": "1"}
    answer = signed_in(factories.dispatcher()).post(f"/desk/{report.subject.reference}/act/assign/", sent)
    report.refresh_from_db()
    assert answer.status_code == 302
    assert (report.status, report.department.slug, report.assignee) == ("assigned", "parks", gardener)


@pytest.mark.django_db(transaction=True)
def test_of_two_officials_at_once_exactly_one_succeeds():
    """F10."""
    factories.town()
    clients = [signed_in(factories.official()) for _who in range(2)]
    for _round in range(5):
        report = factories.report()
        statuses: list[int] = []
        gate = threading.Barrier(2)

        def send(client: Client, name: str, address: str, gate=gate, statuses=statuses) -> None:
            gate.wait()
            try:
                sent = {"version": "1", "text": f"Думите на {name}.", "sure": "1"}
                statuses.append(client.post(f"{address}/act/resolve/", sent).status_code)
            finally:
                connection.close()

        address = f"/desk/{report.subject.reference}"
        threads = [threading.Thread(target=send, args=(client, str(n), address)) for n, client in enumerate(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(statuses) == [302, 412]
        assert TimelineRow.objects.filter(subject_id=report.pk, code="resolve").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [("happened_on", "2030-01-01"), ("happened_on", "11/20/2026"), ("name", "Рада"), ("address", ""), ("phone", "абв 12345"),
     ("lon", "10")],
)  # fmt: skip
def test_intake_that_is_refused_keeps_the_words(field, value):
    factories.town()
    sent = {
        "channel": "desk", "kind": "problem", "category": "pothole", "title": "Дупка", "text": "Моите думи.", "lon": "23.62",
        "lat": "42.92", "official": "on", "happened_on": "2026-11-20", "name": "Рада Иванова", "address": "ул. Първа 1",
        "client_uuid": str(uuid.uuid4()), field: value,
    }  # fmt: skip
    answer = signed_in(factories.official()).post("/desk/new/", sent)
    assert answer.status_code == 422
    assert "Моите думи." in answer.content.decode()
    assert not Report.objects.exists()


@pytest.mark.django_db
def test_intake_looks_a_place_up_without_scripts_and_keeps_the_words():
    factories.town()
    home = Area.objects.get(slug="levka")
    street = Place.objects.create(
        slug="ul-gurko", kind=Place.Kind.STREET, area=home, name=factories.texts("ул. Гурко"), folded="gurko"
    )
    client, draft = signed_in(factories.official()), str(uuid.uuid4())
    sent = {
        "channel": "phone", "kind": "problem", "category": "pothole", "title": "Дупка", "text": "Моите думи.", "client_uuid": draft,
        "find": "гурко 5",
    }  # fmt: skip
    page = client.post("/desk/new/", {**sent, "go": "search"})
    html = page.content.decode()
    assert (page.status_code, "Моите думи." in html, Report.objects.exists()) == (200, True, False)
    hit = page.context["hits"][0].key
    assert (hit.partition(":")[0], f'name="hit" value="{hit}"' in html) == (street.slug, True)
    assert client.post("/desk/new/", {**sent, "find": "", "hit": hit}).status_code == 302
    report = Report.objects.get()
    assert (report.place, report.area.slug) == ("ул. Гурко 5", "levka")


@pytest.mark.django_db
def test_day_is_taken_as_it_is_written_in_bulgaria_and_a_decision_is_not_of_the_future():
    factories.town()
    report, user = factories.report(), factories.official()
    Report.objects.filter(pk=report.pk).update(status="assigned", assignee=user)
    soon = timezone.localdate() + datetime.timedelta(days=60)
    sent = {"version": "1", "text": "Ще го направим.", "sure": "1", "expected_on": soon.strftime("%d.%m.%Y")}
    assert signed_in(user).post(f"/desk/{report.subject.reference}/act/plan/", sent).status_code == 302
    assert Report.objects.get(pk=report.pk).expected_on == soon
    edge = next(edge for edge in workflow.TRANSITIONS.values() if "decided_on" in edge.fields)
    with pytest.raises(ValidationError) as refused:
        check_given(edge, Report.objects.get(pk=report.pk), Given(decided_on=soon))
    assert "decided_on" in refused.value.error_dict


@pytest.mark.django_db
def test_planned_projects_are_offered_by_name_and_place_while_they_go_on() -> None:
    factories.town()
    report, user = factories.report(), factories.official()
    Report.objects.filter(pk=report.pk).update(status="assigned", assignee=user)
    on, over = (project(stage=stage) for stage in ("tender", "done"))
    html = signed_in(user).get(f"/desk/{report.subject.reference}/act/plan/").content.decode()
    assert f'<option value="{on.subject.reference}">{on.subject.title} ({on.subject.area.full_name})</option>' in html
    assert over.subject.reference not in html
