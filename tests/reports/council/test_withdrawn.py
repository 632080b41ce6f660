"""A withdrawn idea: its title, the day and the reason stay for everyone; words, photos and author do not. It stays in lists and search."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from discussion.models import Subject
from reports import workflow
from reports.actions import act, keep_photo, support
from reports.actions.move import Given
from reports.models import Photo, Report
from tests import factories
from tests.reports.council.world import idea, step

WORDS, NAME, TITLE, REASON = "Тайнствени думи за чешмата", "Рада Колева", "Чешма на площада", "Разбрах, че вече е планирано."


@pytest.fixture
def gone(db, monkeypatch):
    factories.town()
    draft, kept = uuid.uuid4(), uuid.uuid4()
    keep_photo(draft, kept, _jpeg())
    report = idea(title=TITLE, text=WORDS, public_name=NAME, client_uuid=draft, photos=[kept])
    support(report.pk, factories.guest())
    act(report.pk, "withdraw", by=report.author, given=Given(text=REASON), tells=False)
    return Report.objects.select_related("subject").get(pk=report.pk)


def _jpeg() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "JPEG")
    return out.getvalue()


def test_everyone_reads_title_day_and_reason_and_nothing_else(gone):
    page = Client().get(f"/reports/{gone.subject.reference}/")
    assert page.status_code == 200
    assert TITLE in page.text
    assert REASON in page.text
    assert WORDS not in page.text
    assert NAME not in page.text
    assert "/media/" not in page.text
    # How far it came and what happened stay, without the words of anybody but the administration.
    assert [each.code for each in page.context["council_steps"]] == ["idea", "over"]
    assert [each.code for each in page.context["rows"]][-2:] == ["submitted", "withdraw"]
    assert "Какво стана дотук" in page.text
    assert page.text.count(REASON) == 1


def test_author_and_staff_read_it_whole(gone, client: Client):
    for person in (gone.author, factories.official("parks")):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert WORDS in client.get(f"/reports/{gone.subject.reference}/").text


@pytest.mark.parametrize(
    "path",
    ["/reports/", "/reports/?kind=idea", "/reports/?status=withdrawn", "/reports/?q=чешма", "/feeds/reports.atom", "/api/v1/reports/",
     "/api/v1/reports/?status=withdrawn"],
)  # fmt: skip
def test_it_stays_in_lists_search_and_feeds_by_its_title_alone(gone, path):
    text = Client().get(path).content.decode()
    assert TITLE in text
    assert WORDS not in text
    assert NAME not in text
    assert "/media/" not in text


def test_its_words_find_it_no_more(gone):
    assert TITLE not in Client().get("/reports/?q=тайнствени").text


def test_photo_timeline_and_visitors_acts_are_missing(gone):
    photo = Photo.objects.get(report=gone)
    ref = gone.subject.reference
    assert Client().get(f"/media/{photo.pk}/small.jpg").status_code == 404
    assert Client().get(f"/feeds/reports/{ref}.atom").status_code == 404
    assert Client().get(f"/api/v1/subjects/{ref}/comments/").status_code == 404
    for name in ("support", "follow", "comment", "flag"):
        for answer in (Client().get(f"/reports/{ref}/{name}/"), Client().post(f"/reports/{ref}/{name}/", {"email": "a@b.bg"})):
            assert (answer.status_code, "Авторът оттегли тази идея" in answer.text) == (409, True), name
    with pytest.raises(ValidationError):
        support(gone.pk, factories.guest())
    assert Subject.objects.get(pk=gone.pk).support_count == 1


def test_programs_read_a_stub_with_the_title(gone):
    found = Client().get(f"/api/v1/reports/{gone.subject.reference}/").json()
    assert set(found) == {"reference", "kind", "status", "visibility", "status_at", "title"}
    assert found["title"] == TITLE


def test_a_withdrawn_problem_is_a_tombstone_as_before(db):
    factories.town()
    problem = factories.report(title="Дупка до банята")
    act(problem.pk, "withdraw", by=problem.author, given=Given(text="Няма я."), tells=False)
    page = Client().get(f"/reports/{problem.subject.reference}/").text
    assert "Дупка до банята" not in page
    assert "Няма я." not in page
    assert not workflow.is_public("problem", "withdrawn")


def test_the_author_is_told_that_everyone_reads_the_reason(db, client: Client):
    factories.town()
    mine, problem = idea(), factories.report()
    for report, said in ((mine, True), (problem, False)):
        client.force_login(report.author, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(f"/reports/{report.subject.reference}/act/withdraw/").text
        assert ("Заглавието и причината остават видими за всички" in page) is said


def test_refused_and_archived_ideas_stay_whole(db):
    factories.town()
    from tests.reports.council.world import decided

    report = decided("refuse")
    assert report.subject.title in Client().get("/reports/?status=refused").text
    assert report.words.text in Client().get(f"/reports/{report.subject.reference}/").text
    assert step(report, "reconsider", text="Пак.").is_public
