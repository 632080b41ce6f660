"""Private data in comments, additions, edits and answers: quoted, taken out or left, and nothing typed is lost, without scripts."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from discussion.models import Comment, Flag, TimelineRow
from reports import actions
from reports.forms.talk import CommentForm
from reports.models import FixedClaim, Photo, Reason
from tests import factories
from tests.kernel.pictures import picture

pytestmark = pytest.mark.django_db
PHONE = "0888 123 456"


@pytest.fixture(autouse=True)
def town():
    factories.town()


@pytest.fixture
def author():
    rada, client = factories.resident(), Client()
    client.force_login(rada, backend="django.contrib.auth.backends.ModelBackend")
    return client, factories.report(author=rada)


def seal_of(html: str) -> str:
    return re.search(r'type="checkbox" name="noticed" value="([^"]+)"', html)[1]


def test_comment_with_a_telephone_waits_until_it_is_left_or_taken_out():
    address = f"/reports/{factories.report().subject.reference}/comment/"
    given = {
        "text": f"Питайте на {PHONE}", "public_name": "Рада", "email": "rada@levka.test", "client_uuid": str(uuid.uuid4())
    }  # fmt: skip
    stopped = Client().post(address, given)
    html = stopped.content.decode()
    assert (stopped.status_code, Comment.objects.count()) == (422, 0)
    assert f"<b>„{PHONE}“</b>" in html and f"Питайте на {PHONE}</textarea>" in html and 'value="Рада"' in html
    taken = Client().post(address, {**given, "go": "remove_private"})
    html = taken.content.decode()
    assert (taken.status_code, Comment.objects.count()) == (200, 0)
    assert "Питайте на …</textarea>" in html and PHONE not in html and 'value="rada@levka.test"' in html
    left = Client().post(address, {**given, "noticed": seal_of(stopped.content.decode())})
    assert (left.status_code, Comment.objects.get().text) == (200, given["text"])


def test_comment_that_says_nothing_private_goes_at_once_and_the_signature_is_looked_at_too():
    def form(**more):
        return CommentForm({"text": "И аз го видях.", "client_uuid": str(uuid.uuid4()), **more}, known=True)

    assert form().is_valid()
    assert list(form(public_name=f"Рада {PHONE}").errors) == ["noticed"]
    other = form(text="тел. 0888 123 457").notice.seal
    assert list(form(text=f"тел. {PHONE}", noticed=[other]).errors) == ["noticed"]


def test_author_mends_without_what_is_private(author):
    client, report = author
    address = f"/reports/{report.subject.reference}/edit/"
    given = {"title": "Колата СО 1234 АВ", "text": f"тел. {PHONE}"}
    stopped = client.post(address, given)
    assert stopped.status_code == 422 and 'value="Колата СО 1234 АВ"' in stopped.content.decode()
    html = client.post(address, {**given, "go": "remove_private"}).content.decode()
    assert 'value="Колата …"' in html and "тел. …</textarea>" in html
    report.subject.refresh_from_db()
    assert report.subject.title not in given["title"]
    assert client.post(address, {**given, "noticed": seal_of(stopped.content.decode())}).status_code == 302
    report.subject.refresh_from_db()
    assert report.subject.title == given["title"]


@pytest.mark.parametrize("ends", ["left", "taken out"])
def test_addition_keeps_its_photo_while_its_words_are_looked_at(author, ends):
    client, report = author
    address = f"/reports/{report.subject.reference}/add/"
    given = {"text": f"Пак е там, {PHONE}"}
    html = client.post(address, {**given, "photo": SimpleUploadedFile("a.jpg", picture(), "image/jpeg")}).content.decode()
    kept = re.search(r'name="kept" value="([^"]+)"', html)[1]
    assert html.count('name="kept"') == 1 and Photo.objects.get().report is None
    if ends == "taken out":
        html = client.post(address, {**given, "kept": kept, "go": "remove_private"}).content.decode()
        assert f'name="kept" value="{kept}"' in html
        given = {"text": "Пак е там, …"}
    else:
        given |= {"noticed": seal_of(html)}
    assert client.post(address, {**given, "kept": kept}).status_code == 302
    assert Photo.objects.get().report == report and Photo.objects.get().row.words.text == given["text"]


def test_answer_says_what_it_holds(author):
    client, report = author
    official = factories.official()
    actions.act(report.pk, "start", by=official)
    actions.act(report.pk, "ask", by=official, given=actions.Given(text="Къде точно?"))
    address = f"/reports/{report.subject.reference}/act/answer/"
    rows = TimelineRow.objects.count()
    stopped = client.post(address, {"text": f"Елате, {PHONE}"})
    html = stopped.content.decode()
    assert (stopped.status_code, TimelineRow.objects.count()) == (422, rows)
    assert "Администрацията ще прочете това:" in html and "Всички ще прочетат" not in html
    assert client.post(address, {"text": f"Елате, {PHONE}", "noticed": seal_of(html)}).status_code == 302


def test_bad_name_of_a_kept_photo_is_refused(author):
    client, report = author
    answer = client.post(f"/reports/{report.subject.reference}/add/", {"text": "Пак е там.", "kept": "няма"})
    assert answer.status_code == 422


def test_looks_fixed_with_a_plate_waits_and_keeps_its_photo():
    address = f"/reports/{factories.report().subject.reference}/fixed/"
    shot = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
    given = {"text": "Зад колата СО 1234 АВ е чисто", "email": "rada@levka.test", "client_uuid": str(uuid.uuid4())}
    stopped = Client().post(address, {**given, "photo": shot})
    html = stopped.content.decode()
    assert (stopped.status_code, FixedClaim.objects.count()) == (422, 0)
    assert "<b>„СО 1234 АВ“</b>" in html and "Администрацията ще прочете това" in html
    taken = Client().post(address, {**given, "go": "remove_private"})
    html = taken.content.decode()
    assert (taken.status_code, FixedClaim.objects.count()) == (200, 0)
    assert "Зад колата … е чисто</textarea>" in html and "/small.jpg" in html
    left = Client().post(address, {**given, "noticed": seal_of(stopped.content.decode())})
    claim = FixedClaim.objects.get()
    assert (left.status_code, claim.text, claim.photo is not None) == (200, given["text"], True)


def test_a_flag_with_a_civil_number_waits_until_it_is_left_or_taken_out():
    address = f"/reports/{factories.report().subject.reference}/flag/"
    reason = Reason.objects.create(slug="rude", name={"bg": "Обидно е"}, serves=["flag"])
    given = {"reason": reason.slug, "text": "Това е ЕГН 7523169263", "client_uuid": str(uuid.uuid4())}
    stopped = Client().post(address, given)
    html = stopped.content.decode()
    assert (stopped.status_code, Flag.objects.count()) == (422, 0)
    assert "<b>„7523169263“</b>" in html and "Администрацията ще прочете това" in html
    assert "Това е ЕГН …</textarea>" in Client().post(address, {**given, "go": "remove_private"}).content.decode()
    sent = {**given, "noticed": seal_of(html), "client_uuid": re.search(r'name="client_uuid" value="([^"]+)"', html)[1]}
    assert [Client().post(address, sent).status_code for _time in range(2)] == [200, 200]
    assert Flag.objects.get().text == given["text"]
