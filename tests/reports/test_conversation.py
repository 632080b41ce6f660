"""The conversation on a page: order, levels, who sees what, one's own; on reports and on planned projects alike."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from discussion import actions as spine
from discussion import wishes
from discussion.conversation import counts_by_anchor
from discussion.models import Appeal, Comment, Follow, Helpful, Subject, Support, TimelineRow
from layers.models import Project
from reports.freshness import data_version
from reports.models import Report
from tests import factories
from tests.walls.world import _project

pytestmark = pytest.mark.django_db
State = Comment.State


@pytest.fixture
def staff() -> User:
    factories.town()
    return factories.official()


@pytest.fixture
def project(staff: User) -> Project:
    return _project()


def write(subject: int, text: str, by: User, **fields: Any) -> Comment:
    made = spine.comment(subject, text=text, client_uuid=uuid.uuid4(), correspondent=by.correspondent, by=by, **fields)
    return made if made.state == State.PUBLISHED else spine.settle_comment(made.pk, publish=True, by=factories.moderator())


def page(subject: Subject, query: str = "", user: User | None = None) -> str:
    client = Client()
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"{subject.path}{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def ids(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'id="comment-(\d+)"', html)]


def test_a_project_has_a_conversation_to_follow_and_to_flag(project: Project, staff: User):
    path = f"/subjects/{project.subject.reference}"
    html = page(project.subject)
    for verb in ("comment", "follow", "flag"):
        assert f'href="{path}/{verb}/"' in html
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    sent = client.post(
        f"{path}/comment/",
        {"text": "Кога **започва**?", "client_uuid": str(uuid.uuid4()), "kind": "question", "stance": "against"},
    )
    made = Comment.objects.get()
    assert sent["Location"] == f"/projects/{project.subject.reference}/#comment-{made.pk}"
    html = page(project.subject)
    assert "<p>Кога <strong>започва</strong>?</p>" in html
    assert "въпрос" in html and "против" in html
    assert client.post(f"{path}/follow/").status_code == 302
    assert Follow.objects.get().subject_id == project.pk
    assert client.post(f"{path}/flag/", {"reason": "spam", "client_uuid": str(uuid.uuid4())}).status_code == 200
    assert project.subject.flags.get().reason == "spam"


def test_a_report_of_any_kind_answers_at_both_addresses(staff: User):
    report = factories.report()
    for folder in ("reports", "subjects"):
        assert Client().get(f"/{folder}/{report.subject.reference}/comment/").status_code == 200
    client = Client()
    client.force_login(factories.resident(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/subjects/{report.subject.reference}/support/").status_code == 302
    assert Support.objects.get().subject_id == report.pk


def test_the_order_stands_in_the_address(project: Project, staff: User):
    first, second, third = (write(project.pk, text, staff) for text in ("А", "Б", "В"))
    write(project.pk, "Отговор", staff, parent_id=second.pk)
    spine.find_helpful(first.pk, factories.guest())
    newest, helpful, discussed = (ids(page(project.subject, query)) for query in ("", "?talk=helpful", "?talk=discussed"))
    answer = Comment.objects.latest("pk").pk
    assert newest == [third.pk, second.pk, answer, first.pk]
    assert helpful == [first.pk, third.pk, second.pk, answer]
    assert discussed == [second.pk, answer, third.pk, first.pk]
    spine.pin(first.pk, pinned=True, by=factories.moderator())
    assert ids(page(project.subject))[0] == first.pk
    assert ids(page(project.subject, "?talk=best")) == ids(page(project.subject))  # what is not known is passed over


@pytest.mark.parametrize(
    "query",
    [
        "?talk_page=x",
        "?talk_page=-1",
        "?talk_page=99999999999999999999999",
        "?thread=0",
        "?about=%D0%90",
        "?talk=",
    ],
)
def test_a_wrong_address_shows_the_conversation(project: Project, staff: User, query: str):
    made = write(project.pk, "А", staff)
    assert ids(page(project.subject, query)) == [made.pk]


def test_three_hundred_comments_stand_on_pages(project: Project, staff: User):
    write(project.pk, "Първи", staff)
    first = Comment.objects.get()
    Comment.objects.bulk_create(
        Comment(
            subject=project.subject, correspondent=staff.correspondent, text=f"Думи {n}", language="bg", state=State.PUBLISHED,
            published_at=first.created_at, client_uuid=uuid.uuid4(),
        )
        for n in range(299)
    )  # fmt: skip
    seen, query = [], ""
    while True:
        html = page(project.subject, query)
        seen += ids(html)
        following = re.search(r'rel="next" href="([^"#]+)', html)
        if not following:
            break
        query = following[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 300


def test_many_answers_stand_on_the_threads_own_pages(project: Project, staff: User):
    root = write(project.pk, "А", staff)
    answers = [write(project.pk, f"Отговор {n}", staff, parent_id=root.pk).pk for n in range(7)]
    assert ids(page(project.subject)) == [root.pk, *answers[:5]]
    assert f"?thread={root.pk}#talk-head" in page(project.subject)
    assert ids(page(project.subject, f"?thread={root.pk}")) == [root.pk, *answers]


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(project: Project, staff: User, count: int, django_assert_num_queries: Any):
    for n in range(count):
        root = write(project.pk, f"Думи {n}", staff)
        write(project.pk, f"Отговор {n}", factories.official(), parent_id=root.pk)
    Client().get("/reports/0000000000/")
    cache.clear()
    data_version.forget()  # what is remembered for a second is asked again
    with django_assert_num_queries(14):
        page(project.subject)


def test_one_part_has_its_own_conversation(project: Project, staff: User):
    first, second = (write(project.pk, "А", staff, anchor=anchor) for anchor in ("s-1", "s-2"))
    write(project.pk, "Б", staff, parent_id=second.pk)
    assert counts_by_anchor(project.subject) == {"s-1": 1, "s-2": 2}
    assert ids(page(project.subject, "?about=s-1")) == [first.pk]
    assert f'href="/subjects/{project.subject.reference}/comment/?about=s-1"' in page(project.subject, "?about=s-1")


def test_hidden_is_missing_for_all_but_author_and_moderator(staff: User):
    report, writer, by = factories.report(), factories.resident(), factories.moderator()
    made = write(report.pk, "Тайни думи.", writer)
    spine.settle_comment(made.pk, publish=False, hide=True, by=by, reason="spam")
    assert "Тайни думи." not in page(report.subject) and ids(page(report.subject)) == []
    assert ids(page(report.subject, user=factories.official())) == []
    for reader in (writer, by):
        assert "Тайни думи." in page(report.subject, user=reader)
    assert f"/subjects/{report.subject.reference}/comments/{made.pk}/appeal/" in page(report.subject, user=writer)


def test_the_official_answer_below_a_hidden_comment_stays_and_a_line_says_so(staff: User):
    report, writer = factories.report(), factories.resident()
    made = write(report.pk, "Тайни думи.", writer, public_name="Пенка")
    below = write(report.pk, "Поправихме го.", staff, parent_id=made.pk)
    spine.settle_comment(made.pk, publish=False, hide=True, by=factories.moderator(), reason="spam")
    html = page(report.subject)
    assert ids(html) == [made.pk, below.pk]
    assert "Скрит от модератор" in html and "Поправихме го." in html
    assert "Тайни думи." not in html and "Пенка" not in html and "само авторът" not in html


def test_removed_says_why_and_withdrawn_says_so(staff: User):
    report, writer = factories.report(), factories.resident()
    removed, withdrawn = write(report.pk, "Купете от нас.", writer), write(report.pk, "Ядосан съм.", writer)
    spine.settle_comment(removed.pk, publish=False, by=factories.moderator(), reason="spam", text="Това е реклама.")
    spine.withdraw_comment(withdrawn.pk, correspondent=writer.correspondent)
    html = page(report.subject)
    assert ids(html) == [withdrawn.pk, removed.pk]
    assert "Премахнат от модератор: Спам" in html and "Това е реклама." in html and "Оттеглен от автора си" in html
    assert "Купете от нас." not in html and "Ядосан съм." not in html
    assert "Купете от нас." in page(report.subject, user=writer)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_ones_own_comment_is_mended_withdrawn_and_appealed_on_the_page(staff: User):
    report, writer = factories.report(), factories.resident()
    made = write(report.pk, "Така е.", writer)
    client, path = signed_in(writer), f"/subjects/{report.subject.reference}/comments/{made.pk}"
    assert client.post(f"{path}/edit/", {"text": "Обадете се: 0888 123 456"}).status_code == 422  # the notice of private data
    assert (
        client.post(f"{path}/edit/", {"text": "Не е така."})["Location"]
        == f"/reports/{report.subject.reference}/#comment-{made.pk}"
    )
    spine.settle_comment(made.pk, publish=True, by=factories.moderator())
    assert "Така е." in Client().get(f"{path}/history/").content.decode()
    spine.settle_comment(made.pk, publish=False, by=factories.moderator(), reason="spam")
    assert client.post(f"{path}/appeal/", {"text": ""}).status_code == 422
    assert client.post(f"{path}/appeal/", {"text": "Не е спам."}).status_code == 302
    assert Appeal.objects.get().text == "Не е спам."
    again = client.post(f"{path}/appeal/", {"text": "И пак."})
    assert again.status_code == 422 and "помолихте веднъж" in again.content.decode()
    queue = signed_in(factories.moderator())
    asked = Appeal.objects.get()
    assert "Не е спам." in queue.get("/desk/moderation/").content.decode()
    assert queue.post(f"/desk/moderation/appeals/{asked.pk}/", {"uphold": "1", "text": " "}).status_code == 422
    assert queue.post(f"/desk/moderation/appeals/{asked.pk}/", {"uphold": "1", "text": "Прав сте."}).status_code == 302
    made.refresh_from_db()
    assert made.state == State.PUBLISHED
    assert client.post(f"{path}/withdraw/").status_code == 302
    made.refresh_from_db()
    assert (made.state, made.text) == (State.WITHDRAWN, "")


def test_helpful_is_one_button_for_known_people_and_a_link_for_others(staff: User):
    report = factories.report()
    made = write(report.pk, "Така е.", staff)
    path = f"/subjects/{report.subject.reference}/comments/{made.pk}/helpful/"
    assert Client().post(path)["Location"].startswith("/accounts/link/?next=")
    client = signed_in(factories.resident())
    assert client.post(path).status_code == 302
    assert Helpful.objects.count() == 1
    assert client.post(path, {"back": "1"}).status_code == 302
    assert not Helpful.objects.exists()


def test_what_is_not_possible_any_more_is_said_before_somebody_writes(staff: User):
    report, writer = factories.report(), factories.resident()
    made = write(report.pk, "Така е.", writer)
    client, path = signed_in(writer), f"/subjects/{report.subject.reference}"
    mine = f"{path}/comments/{made.pk}"
    assert client.get(f"{mine}/edit/").status_code == 200
    write(report.pk, "Не е.", staff, parent_id=made.pk)
    spine.conclude(report.pk, text="Казано е.", by=factories.moderator())
    for address, words, method in (
        (f"{mine}/edit/", "Разговорът е приключен", "get"), (f"{path}/comment/?answer={made.pk}", "Разговорът е приключен", "get"),
        (f"{mine}/helpful/", "отсъждат другите", "get"), (f"{mine}/helpful/", "отсъждат другите", "post"),
    ):  # fmt: skip
        answer = getattr(client, method)(address)
        html = answer.content.decode()
        assert (answer.status_code, words in html, "<textarea" in html) == (409, True, False), (address, html[-3000:])
    spine.open_again(report.pk, by=factories.moderator())
    late = client.get(f"{mine}/edit/")
    assert (late.status_code, "докато някой отговори" in late.content.decode()) == (409, True)


def test_a_moderator_closes_the_conversation_and_opens_it_again(staff: User):
    report, by = factories.report(), factories.moderator()
    client, path = signed_in(by), f"/subjects/{report.subject.reference}/close/"
    assert client.post(path, {"text": ""}).status_code == 422
    assert client.post(path, {"text": "Съгласни сме:\n\n- за лампите"}).status_code == 302
    html = page(report.subject)
    assert "<li>за лампите</li>" in html and "Разговорът е приключен" in html
    assert f"/reports/{report.subject.reference}/comment/" not in html
    refused = signed_in(staff).post(
        f"/reports/{report.subject.reference}/comment/", {"text": "Но…", "client_uuid": str(uuid.uuid4())}
    )
    assert refused.status_code == 422 and "Но…" in refused.content.decode()
    assert client.post(path, {"back": "1"}).status_code == 302
    assert "Обобщено" not in page(report.subject) and f"/reports/{report.subject.reference}/comment/" in page(report.subject)
    assert list(TimelineRow.objects.filter(subject_id=report.pk, code__startswith="talk").values_list("code", flat=True)) == [
        "talk_closed",
        "talk_opened",
    ]


@pytest.mark.parametrize(("verb", "state"), [("remove", State.REMOVED), ("hide", State.HIDDEN)])
def test_a_moderator_takes_a_comment_down_with_a_reason(staff: User, verb: str, state: str):
    report = factories.report()
    made = write(report.pk, "Така е.", staff)
    client, path = signed_in(factories.moderator()), f"/subjects/{report.subject.reference}/comments/{made.pk}/moderate/"
    assert client.post(path, {"verb": verb}).status_code == 422
    made.refresh_from_db()
    assert made.state == State.PUBLISHED
    assert client.post(path, {"verb": verb, "reason": "spam", "text": "Реклама."}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.reason) == (state, "spam")
    read = re.search('name="read" value="([^"]+)"', client.get(path).content.decode())
    assert read and client.post(path, {"verb": "show", "read": read[1]}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.reason) == (State.PUBLISHED, "")


def comment_on(report: Report, by: User, **fields: Any) -> Any:
    path = f"/reports/{report.subject.reference}/comment/"
    return signed_in(by).post(path, {"text": "Думи.", "client_uuid": str(uuid.uuid4()), **fields})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "shout"), ("stance", "maybe"), ("organisation", "1"), ("organisation", "x"), ("anchor", "А Б"), ("parent", "x"),
        ("parent", "999999"), ("text", ""), ("text", "х" * 2001), ("place", "х" * 201), ("client_uuid", "x"),
    ],
)  # fmt: skip
def test_bad_input_is_said_and_nothing_is_kept(staff: User, field: str, value: str):
    report = factories.report()
    answer = comment_on(report, factories.resident(), **{field: value})
    assert answer.status_code == 422
    assert not Comment.objects.exists()
    if field != "text":
        assert "Думи." in answer.content.decode()


@pytest.mark.parametrize("lon, lat", [("1e300", "0"), ("nan", "0"), ("23.8", ""), ("10", "10"), ("<b>", "1")])
def test_a_place_that_is_none_or_elsewhere_is_refused(staff: User, lon: str, lat: str):
    report = factories.report()
    assert comment_on(report, factories.resident(), lon=lon, lat=lat).status_code == 422
    assert not Comment.objects.exists()


def test_a_comment_carries_a_place(staff: User):
    report = factories.report()
    comment_on(report, staff, place="до моста", lon="23.79", lat="42.9")
    made = Comment.objects.get()
    assert (made.point.coords, made.place) == ((23.79, 42.9), "до моста")
    html = page(report.subject)
    assert 'data-points="[[23.79, 42.9]]"' in html and "до моста" in html and "/?at=23.790000,42.900000,17" in html


def test_my_page_tells_what_i_wrote_and_follow(staff: User, project: Project):
    writer, report = factories.resident(), factories.report()
    made = write(report.pk, "Моите думи.", writer)
    spine.follow(project.pk, writer.correspondent)
    client = signed_in(writer)
    html = client.get("/accounts/").content.decode()
    assert "Моите думи." in html and f"/projects/{project.subject.reference}/" in html
    spine.settle_comment(made.pk, publish=False, by=factories.moderator(), reason="spam")
    assert f"/subjects/{report.subject.reference}/comments/{made.pk}/appeal/" in client.get("/accounts/").content.decode()


def test_a_guest_confirms_the_support_of_what_is_no_report(project: Project):
    guest = factories.guest(verified=False)
    path = f"/reports/confirm/{wishes.token(guest.pk, project.pk, wishes.Wish.SUPPORT)}/"
    assert Client().post(path)["Location"] == f"/projects/{project.subject.reference}/"
    assert Support.objects.get().correspondent == guest


def test_who_works_here_answers_for_the_department_unless_said_otherwise(staff: User):
    report = factories.report()
    html = signed_in(staff).get(f"/reports/{report.subject.reference}/comment/").content.decode()
    assert re.search(r'<option value="\d+" selected>Отдел „Пътища“ \(администрация\)</option>', html)
    assert (
        'name="organisation"'
        not in signed_in(factories.resident()).get(f"/reports/{report.subject.reference}/comment/").content.decode()
    )


def test_asking_for_the_map_keeps_what_was_typed_and_stands_by_its_field(staff: User) -> None:
    report = factories.report()
    path, client = f"/reports/{report.subject.reference}/comment/", signed_in(factories.resident())
    first = client.get(path).content.decode()
    assert first.index('id="id_place"') < first.index('name="go" value="map"') < first.index('id="id_public_name"')
    typed = {"text": "Дупката е пред блока.", "place": "входът", "client_uuid": str(uuid.uuid4()), "go": "map"}
    asked = client.post(path, typed)
    html = asked.content.decode()
    assert (asked.status_code, report.subject.comments.count()) == (200, 0)
    assert "Дупката е пред блока." in html and 'value="входът"' in html and 'name="lon"' in html
    assert client.post(path, {**typed, "text": ""}).status_code == 200  # nothing is sent yet, nothing is refused
    assert client.post(path, {**typed, "text": "", "go": "", "map": "1"}).content.decode().count('name="lon"') == 1
    client.post(path, {**typed, "go": "", "map": "1", "lon": "23.6", "lat": "42.9"})
    assert report.subject.comments.get().point.coords == (23.6, 42.9)
