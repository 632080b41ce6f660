"""Photos beside comments and acts: sent on a page without scripts, seen with their words alone, covered, hidden, gone with them."""

from __future__ import annotations

import datetime
import io
import json
import re
import uuid
import zipfile
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from accounts.models import User
from discussion import actions as spine
from discussion.actions import photos
from discussion.models import Comment, SubjectPhoto, TimelineRow
from reports import actions
from reports.actions import clockwork, person
from reports.freshness import data_version
from reports.models import Reason, Report
from reports.my_copy import written
from tests import factories
from tests.kernel.pictures import SECRETS, exif, picture

pytestmark = pytest.mark.django_db
State = Comment.State


@pytest.fixture
def report() -> Report:
    factories.town()
    cache.clear()
    return factories.report()


def client_of(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def file(kind: str = "JPEG", name: str = "гара.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(kind, exif=exif()) if kind == "JPEG" else picture(kind))


def several(*sizes: int) -> list[SimpleUploadedFile]:
    """Pictures that differ, one for each size."""
    return [SimpleUploadedFile(f"{size}.jpg", picture(size=(size, size))) for size in sizes]


def sent(**fields: Any) -> dict[str, Any]:
    return {"client_uuid": uuid.uuid4(), "shots": uuid.uuid4(), "text": "Така изглежда сега.", **fields}


def said(report: Report, by: User, count: int = 1, **fields: Any) -> Comment:
    """A comment with photos, as its author sent it."""
    draft = uuid.uuid4()
    for _each in range(count):
        photos.keep(draft, uuid.uuid4(), picture())
    return spine.comment(
        report.pk, text=fields.pop("text", "Вижте."), client_uuid=uuid.uuid4(), correspondent=by.correspondent, by=by,
        photos=draft, **fields,
    )  # fmt: skip


def seen(photo: SubjectPhoto, *people: User | None) -> list[int]:
    answers = [client_of(user).get(photo.url("small")) for user in people]
    for answer in answers:
        if answer.streaming:
            answer.getvalue()  # as a server does: a file that is read to its end is closed
    return [answer.status_code for answer in answers]


def test_a_photo_comes_with_a_comment_and_is_seen_once_a_moderator_has_read_it(report: Report):
    writer, moderator = factories.resident(), factories.moderator()
    address = f"/reports/{report.subject.reference}/comment/"
    client = client_of(writer)
    assert 'type="file" name="photo"' in client.get(address).content.decode()
    answer = client.post(address, sent(photo=[file(), file("PNG", "друга.png")], photo_words="Пейката без облегалка"))
    assert answer.status_code == 200
    comment = Comment.objects.get()
    first, second = comment.photos.all()
    assert (comment.state, comment.photo_count, first.subject_id, first.draft) == (State.WAITING, 2, report.pk, None)
    assert [one.description for one in (first, second)] == ["Пейката без облегалка"] * 2
    assert [one.position for one in (first, second)] == [0, 1]
    for size in ("small", "large"):
        body = (photos.folder_of(first) / f"{size}.jpg").read_bytes()
        assert body[:3] == b"\xff\xd8\xff" and not any(secret in body for secret in SECRETS)
    assert seen(first, None, factories.resident(), factories.official(), writer, moderator) == [404, 404, 404, 200, 200]
    assert str(first.pk) in client_of(moderator).get("/desk/moderation/").content.decode()
    assert str(first.pk) not in Client().get(report.subject.path).content.decode()

    spine.settle_comment(comment.pk, publish=True, by=moderator)
    html = Client().get(report.subject.path).content.decode()
    assert 'alt="Пейката без облегалка (1/2)"' in html and 'alt="Пейката без облегалка (2/2)"' in html
    response = Client().get(first.url("small"))
    assert (response.status_code, response["Cache-Control"]) == (200, "public, max-age=60")
    told = Client().get(f"/api/v1/subjects/{report.subject.reference}/comments/").json()["comments"]
    assert [list(one) for one in told[0]["photos"]] == [["small", "large", "width", "height", "description"]] * 2
    assert told[0]["photos"][0]["small"].endswith(first.url("small"))


def test_without_words_of_its_own_the_photo_is_named_after_who_wrote(report: Report):
    spine.settle_comment(said(report, factories.resident(), public_name="Мария").pk, publish=True, by=factories.moderator())
    assert 'alt="Снимка към коментара на Мария"' in Client().get(report.subject.path).content.decode()


def test_photos_that_came_are_kept_while_something_else_is_wrong(report: Report):
    client, address = client_of(factories.resident()), f"/reports/{report.subject.reference}/comment/"
    data = sent(text="", photo=several(90, 91))
    answer = client.post(address, data)
    kept = list(SubjectPhoto.objects.order_by("created_at"))
    assert (answer.status_code, len(kept), {one.draft for one in kept}) == (422, 2, {data["shots"]})
    assert f'src="{kept[0].url("small")}"' in answer.content.decode()
    assert client_of(None).get(f"/media/{kept[0].pk}/small.jpg").status_code == 404
    assert client_of(None).get(kept[0].url("small")).status_code == 200  # whoever holds the draft's UUID

    del data["photo"]
    answer = client.post(address, {**data, "text": "Ето.", "drop_photo": [kept[0].client_uuid]})
    assert answer.status_code == 200
    assert list(Comment.objects.get().photos.all()) == [kept[1]]
    assert not photos.folder_of(kept[0]).exists()


def test_pressed_twice_a_photo_is_kept_once_and_three_stay_three(report: Report):
    client, address = client_of(factories.resident()), f"/reports/{report.subject.reference}/comment/"
    data = sent(text="")
    for sizes in ((90,), (90, 91, 92, 90), (90, 91, 92)):
        answer = client.post(address, {**data, "photo": several(*sizes)})
        assert (answer.status_code, "Най-много 3 снимки." in answer.content.decode()) == (422, False)
    assert sorted(SubjectPhoto.objects.values_list("draft", "width")) == [(data["shots"], size) for size in (90, 91, 92)]
    for _press in range(2):
        assert client.post(address, {**data, "text": "Ето.", "photo": several(90)}).status_code == 200
    assert (Comment.objects.get().photo_count, SubjectPhoto.objects.count()) == (3, 3)


def test_a_photo_that_came_after_the_words_is_taken_or_said_to_be_left_out(report: Report):
    address, words = f"/reports/{report.subject.reference}/comment/", {"text": "Лампата не свети.", "email": "rada@levka.test"}
    guest, first = Client(), sent(**words)
    late = "Тези думи вече са изпратени, без тази снимка."

    def again(client: Client, **fields: Any) -> tuple[int, bool]:
        answer = client.post(address, sent(**{**words, "photo": file(), **fields}))
        return answer.status_code, late in answer.content.decode()

    assert guest.post(address, first).status_code == 200
    assert again(guest) == (422, True)  # another form: it may be anybody's
    assert again(guest, client_uuid=first["client_uuid"]) == (200, False)
    comment = Comment.objects.get()
    assert (comment.state, comment.photo_count) == (State.UNCONFIRMED, 1)
    assert again(guest, client_uuid=first["client_uuid"]) == (422, True)

    writer = factories.resident()
    made = said(report, writer, count=0, text=words["text"])
    spine.settle_comment(made.pk, publish=True, by=factories.moderator())
    assert again(client_of(writer)) == (422, True)
    assert client_of(writer).post(address, sent(**words)).status_code == 302  # without a photo nothing is lost
    assert list(Comment.objects.order_by("pk").values_list("photo_count", flat=True)) == [1, 0]


def test_what_the_words_took_meanwhile_is_not_dropped_with_the_draft(report: Report, monkeypatch: pytest.MonkeyPatch):
    by, draft = factories.official(), uuid.uuid4()
    photo, folder_of = photos.keep(draft, uuid.uuid4(), picture()), photos.folder_of

    def meanwhile(found: SubjectPhoto) -> Any:
        monkeypatch.undo()
        spine.comment(report.pk, text="Ето.", client_uuid=uuid.uuid4(), correspondent=by.correspondent, by=by, photos=draft)
        return folder_of(found)

    monkeypatch.setattr(photos, "folder_of", meanwhile)
    assert photos.drop(draft, photo.client_uuid) is False
    assert (Comment.objects.get().photos.get(), folder_of(photo).exists()) == (photo, True)
    monkeypatch.setattr(photos, "MOST_IN_DRAFT", 0)
    with pytest.raises(ValidationError) as many:
        photos.keep(uuid.uuid4(), uuid.uuid4(), picture())
    assert many.value.messages == ["Изпратени са твърде много снимки. Първо махнете някоя."]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (lambda: several(90, 91, 92, 93), "Най-много 3 снимки."),
        (
            lambda: [SimpleUploadedFile("писмо.jpg", b"%PDF-1.4 no photo")],
            "писмо.jpg: Това не е снимка, която може да се прочете.",
        ),
    ],
)
def test_a_refused_photo_is_said_at_its_field_and_nothing_is_written(report: Report, files: Any, words: str):
    answer = client_of(factories.resident()).post(f"/reports/{report.subject.reference}/comment/", sent(photo=files()))
    html = answer.content.decode()
    assert (answer.status_code, Comment.objects.count()) == (422, 0)
    assert words in html and "Така изглежда сега." in html


def test_the_database_holds_a_photo_to_one_comment_and_three_places(report: Report):
    comment = said(report, factories.official())
    photo = comment.photos.get()
    row = TimelineRow.objects.filter(subject=report.pk).first()
    for wrong in ({"row": row}, {"subject": None}, {"position": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SubjectPhoto.objects.filter(pk=photo.pk).update(**wrong)
    with pytest.raises(ValidationError) as refused:
        said(report, factories.official(), count=4, text="Още.")
    assert refused.value.message_dict == {"photo": ["Най-много 3 снимки."]}
    assert Comment.objects.count() == 1


def test_taken_down_with_its_comment_and_gone_when_that_is_withdrawn(report: Report, django_capture_on_commit_callbacks: Any):
    writer, moderator = factories.resident(), factories.moderator()
    comment = said(report, writer)
    photo = comment.photos.get()
    spine.settle_comment(comment.pk, publish=True, by=moderator)
    for hide in (True, False):
        spine.settle_comment(comment.pk, publish=False, hide=hide, by=moderator, reason="spam")
        assert seen(photo, None, factories.resident(), writer, moderator) == [404, 404, 200, 200]
        body = Client().get(f"/api/v1/subjects/{report.subject.reference}/comments/").content.decode()
        assert str(photo.pk) not in body
    spine.settle_comment(comment.pk, publish=True, by=moderator)
    with django_capture_on_commit_callbacks(execute=True):
        spine.withdraw_comment(comment.pk, correspondent=writer.correspondent)
    assert (SubjectPhoto.objects.count(), photos.folder_of(photo).exists()) == (0, False)
    comment.refresh_from_db()
    assert comment.photo_count == 0


def test_a_moderator_publishes_the_words_and_photos_that_they_have_read(report: Report):
    writer, client = factories.resident(), client_of(factories.moderator())
    key, words = uuid.uuid4(), {"text": "Дупката е тук.", "correspondent": writer.correspondent, "by": writer}
    comment = spine.comment(report.pk, client_uuid=key, **words)
    queue, talk = "/desk/moderation/", f"/subjects/{report.subject.reference}/comments/{comment.pk}/moderate/"

    def publish(read: str, *, at_desk: bool) -> tuple[int, str, str]:
        where, more = (f"{queue}comments/{comment.pk}/", {"publish": "1"}) if at_desk else (talk, {"verb": "show"})
        answer = client.post(where, {**more, "read": read})
        comment.refresh_from_db()
        return answer.status_code, str(comment.state), answer.content.decode()

    def mark(html: str) -> str:
        return re.search('name="read" value="([^"]+)"', html)[1]  # type: ignore[index]

    marks = [mark(client.get(queue).content.decode())]
    photos.keep(draft := uuid.uuid4(), uuid.uuid4(), picture())
    spine.comment(report.pk, client_uuid=key, photos=draft, **words)  # sent again for the photo's sake
    for at_desk in (True, False):
        status, state, html = publish(marks[0], at_desk=at_desk)
        assert (status, state, "Променено е, след като го отворихте" in html) == (422, State.WAITING, True)
        assert comment.photos.get().url("small") in html and comment.text in html
        marks.append(mark(html))
    assert marks[0] != marks[1] == marks[2]
    spine.edit_comment(comment.pk, text="Дупката е тук. 😡", correspondent=writer.correspondent, by=writer)
    for read in (marks[1], ""):
        assert publish(read, at_desk=True)[:2] == publish(read, at_desk=False)[:2] == (422, State.WAITING)
    assert publish(mark(client.get(talk).content.decode()), at_desk=True)[:2] == (302, State.PUBLISHED)

    spine.settle_comment(comment.pk, publish=False, by=factories.moderator(), reason="spam")
    spine.appeal(comment.pk, text="Това е улицата ми.", correspondent=writer.correspondent, by=writer)
    assert comment.photos.get().url("small") in client.get(queue).content.decode()


def test_hidden_with_its_comment_and_with_the_whole_but_not_with_the_answered_one(report: Report):
    writer, moderator = factories.resident(), factories.moderator()
    root = said(report, factories.official())
    below = said(report, factories.official(), parent_id=root.pk, text="Ето и снимка.")
    photo, above = below.photos.get(), root.photos.get()
    assert seen(photo, None) == seen(above, None) == [200]
    spine.settle_comment(root.pk, publish=False, hide=True, by=moderator, reason="spam")
    assert (seen(photo, None, writer), seen(above, None, writer)) == ([200, 200], [404, 404])
    spine.settle_comment(root.pk, publish=True, by=moderator)
    actions.hide(report.pk, reason=Reason.objects.get(slug="spam"), by=moderator)
    assert seen(photo, None, writer) == [404, 404]


def test_a_moderator_covers_a_part_or_hides_the_photo(report: Report):
    moderator = factories.moderator()
    comment = said(report, factories.official(), count=2)
    first, second = comment.photos.all()
    address = f"/subjects/{report.subject.reference}/photos/"
    client = client_of(moderator)
    assert client.get(f"{address}{first.pk}/").status_code == 200
    assert client.post(f"{address}{first.pk}/", {}).status_code == 422
    box = {"x1": 0, "y1": 0, "w1": 50, "h1": 50}
    assert client.post(f"{address}{first.pk}/", box)["Location"].endswith(f"#comment-{comment.pk}")
    copy = comment.photos.get(hidden=False, position=0)
    covered = Image.open(io.BytesIO((photos.folder_of(copy) / "large.jpg").read_bytes())).convert("L")
    assert covered.getpixel((20, 20)) < 10
    assert seen(first, None, moderator) == [404, 404] and seen(copy, None) == [200]

    assert client.post(f"{address}{second.pk}/", {"hide": "1"}).status_code == 302
    comment.refresh_from_db()
    assert (comment.photo_count, seen(second, None, moderator)) == (1, [404, 404])
    rows = list(TimelineRow.objects.filter(subject=report.pk).order_by("pk").values_list("code", flat=True))[-2:]
    assert rows == ["said_photo_covered", "said_photo_hidden"]
    for by in (factories.official(), factories.resident()):
        with pytest.raises(PermissionDenied):
            photos.hide(copy.pk, by=by)
    clockwork.drop_covered(timezone.now() + datetime.timedelta(days=31))
    assert (SubjectPhoto.objects.filter(pk=first.pk).exists(), photos.folder_of(first).exists()) == (False, False)


def test_in_the_persons_copy_and_unseen_ones_gone_with_the_person(report: Report, django_capture_on_commit_callbacks: Any):
    writer = factories.resident()
    public, waiting = said(report, writer, text="Видяна."), said(report, writer, text="Чакаща.", photo_words="Двор")
    spine.settle_comment(public.pk, publish=True, by=factories.moderator())
    stays, goes = public.photos.get(), waiting.photos.get()
    with zipfile.ZipFile(written(writer.correspondent)) as archive:
        data = json.loads(archive.read("data.json"))
        assert {f"photos/{stays.pk}.jpg", f"photos/{goes.pk}.jpg"} <= set(archive.namelist())
    assert [one["photos"] for one in data["comments"]] == [
        [{"photo": str(stays.pk), "shows": ""}], [{"photo": str(goes.pk), "shows": "Двор"}]
    ]  # fmt: skip
    covered, hidden = said(report, writer, count=2, text="Две.").photos.all()
    spine.settle_comment(covered.comment.pk, publish=True, by=(moderator := factories.moderator()))
    photos.cover(covered.pk, [(0, 0, 50, 50)], by=moderator)
    photos.hide(hidden.pk, by=moderator)
    copy = covered.comment.photos.get(hidden=False)
    with django_capture_on_commit_callbacks(execute=True):
        person.erase(writer.correspondent)
    assert set(SubjectPhoto.objects.all()) == {stays, copy}
    assert [photos.folder_of(one).exists() for one in (goes, covered, hidden)] == [False] * 3
    assert (seen(stays, None), seen(copy, None)) == ([200], [200])


def test_drafts_and_unconfirmed_ones_are_swept(report: Report, django_capture_on_commit_callbacks: Any):
    draft = uuid.uuid4()
    left = photos.keep(draft, uuid.uuid4(), picture())
    taken = said(report, factories.official()).photos.get()
    guest = factories.guest(verified=False)
    photos.keep(draft_of_guest := uuid.uuid4(), uuid.uuid4(), picture())
    spine.comment(
        report.pk, text="Без потвърждение.", client_uuid=uuid.uuid4(), correspondent=guest, by=None, photos=draft_of_guest
    )
    tomorrow = timezone.now() + datetime.timedelta(days=2)
    clockwork.sweep_photos(tomorrow)
    assert (photos.folder_of(left).exists(), photos.folder_of(taken).exists()) == (False, True)
    with django_capture_on_commit_callbacks(execute=True):
        assert spine.forget_unconfirmed(tomorrow) == 1
    assert list(SubjectPhoto.objects.all()) == [taken]


def test_a_conversation_with_photos_costs_one_query_more(report: Report):
    def cost() -> list[str]:
        cache.clear()
        data_version.forget()
        with CaptureQueriesContext(connection) as found:
            Client().get(report.subject.path)
        return [one["sql"] for one in found]

    by = factories.official()
    said(report, by, count=0, text="Без снимка.")
    cost()
    without = cost()
    for number in range(3):
        said(report, by, text=f"Със снимка {number}.")
    assert [sql for sql in cost() if "subjectphoto" in sql] and len(cost()) == len(without) + 1
