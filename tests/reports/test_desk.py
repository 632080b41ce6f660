"""Officials, dispatchers and moderators at their desk, through the pages."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core.cache import cache
from django.test import Client

from discussion import actions as spine
from discussion.models import Comment, Flag, TimelineRow
from reports import actions
from reports.actions import hide
from reports.models import Reason, Report
from reports.views.page import MOST_ROWS
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town():
    cache.clear()
    return factories.town()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def hidden(html: str) -> dict[str, str]:
    inputs = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', html)
    return {name: value for name, value in inputs if name not in ("csrfmiddlewaretoken", "go")}


def act(client: Client, report: Report, name: str, **fields: str):
    """Form, preview, done: the three pages of an act; answers the last response."""
    address = f"/desk/{report.subject.reference}/act/{name}/"
    page = client.get(address)
    assert page.status_code == 200, page.content.decode()[:400]
    shown = client.post(address, {**hidden(page.content.decode()), **fields})
    if shown.status_code != 200:
        return shown
    return client.post(address, hidden(shown.content.decode()))


def test_official_takes_a_report_from_inbox_to_resolved():
    report, ivan = factories.report(), factories.official()
    client = signed_in(ivan)
    inbox = client.get("/desk/").content.decode()
    assert report.subject.title in inbox
    assert client.get(f"/desk/{report.subject.reference}/").status_code == 200
    assert act(client, report, "assign", person=str(ivan.pk)).status_code == 302
    assert act(client, report, "start").status_code == 302
    assert act(client, report, "resolve", text="Запълнихме я.").status_code == 302
    assert Report.objects.get().status == "resolved"
    assert list(TimelineRow.objects.values_list("code", flat=True)) == ["submitted", "assign", "start", "resolve"]


def test_first_post_shows_the_message_and_changes_nothing():
    report, client = factories.report(), signed_in(factories.official())
    address = f"/desk/{report.subject.reference}/act/refuse/"
    shown = client.post(address, {"version": "1", "reason": "not_ours", "text": "Пътят е на държавата."})
    assert shown.status_code == 200
    assert "Пътят е на държавата." in shown.content.decode()
    assert Report.objects.get().status == "received"


def test_missing_field_is_named_and_the_words_stay():
    report, client = factories.report(), signed_in(factories.official())
    answer = client.post(f"/desk/{report.subject.reference}/act/refuse/", {"version": "1", "text": "Дълги думи."})
    assert answer.status_code == 422
    assert 'href="#id_reason"' in answer.content.decode() and "Дълги думи." in answer.content.decode()


def test_second_official_sees_the_first_one_s_act_and_keeps_the_own_words():
    report = factories.report()
    ivan, maria = factories.official(), factories.official()
    actions.act(report.pk, "start", by=ivan, version=1)
    answer = signed_in(maria).post(
        f"/desk/{report.subject.reference}/act/resolve/", {"version": "1", "text": "Мои думи.", "sure": "1"}
    )
    assert answer.status_code == 412
    html = answer.content.decode()
    assert "Мои думи." in html and 'name="version" value="2"' in html
    assert Report.objects.get().status == "in_progress"


def test_own_second_click_is_no_conflict():
    report, client = factories.report(), signed_in(factories.official())
    sent = {"version": "1", "text": "Готово.", "sure": "1"}
    address = f"/desk/{report.subject.reference}/act/resolve/"
    assert [client.post(address, sent).status_code, client.post(address, sent).status_code] == [302, 302]
    assert TimelineRow.objects.filter(code="resolve").count() == 1


@pytest.mark.parametrize("who", ["resident", "other"])
def test_desk_of_others_is_missing(who):
    report = factories.report()
    user = factories.resident() if who == "resident" else factories.official("parks")
    assert signed_in(user).get(f"/desk/{report.subject.reference}/").status_code == 404


@pytest.mark.parametrize("tab", ["mine", "department", "unassigned", "late", "waiting", "all", "ended"])
def test_every_tab_answers_and_its_csv(tab):
    factories.report()
    client = signed_in(factories.official())
    assert client.get(f"/desk/?tab={tab}").status_code == 200
    body = b"".join(client.get(f"/desk/list.csv?tab={tab}").streaming_content).decode()
    assert body.count("\r\n") == (2 if tab in ("department", "unassigned", "all") else 1)


def test_csv_says_category_department_and_person():
    report, ivan = factories.report(), factories.official()
    Report.objects.filter(pk=report.pk).update(status="assigned", assignee=ivan)
    head, row = b"".join(signed_in(ivan).get("/desk/list.csv?tab=mine").streaming_content).decode().splitlines()
    assert head.endswith(",Категория,Отдел,Служител,Версия,Ново състояние,Отговор,Причина,Очаква се до")
    assert row.endswith(f",Дупка,Отдел „Пътища“,Иван Петров,{report.subject.version},,,,")


def test_csv_cell_is_no_formula():
    factories.report(title="=HYPERLINK(1)")
    body = b"".join(signed_in(factories.official()).get("/desk/list.csv?tab=all").streaming_content).decode()
    assert "'=HYPERLINK(1)" in body


@pytest.mark.parametrize("count", [1, 3, 300])
def test_queries_of_the_inbox_do_not_grow(count, django_assert_max_num_queries):
    factories.reports(count)
    client = signed_in(factories.official())
    client.get("/desk/")
    with django_assert_max_num_queries(18):
        assert client.get("/desk/?tab=all").status_code == 200


@pytest.mark.parametrize("count", [1, 3, 300])
def test_queries_of_a_case_do_not_grow(count, django_assert_max_num_queries):
    report, ivan = factories.reports(count)[0], factories.official()
    TimelineRow.objects.bulk_create(
        TimelineRow(
            subject=report.subject, code="noted", audience="staff", capacity="official", actor=ivan, version=1, tells=False
        )
        for _number in range(count)
    )
    client = signed_in(ivan)
    client.get("/desk/")
    with django_assert_max_num_queries(40):
        page = client.get(f"/desk/{report.subject.reference}/")
    assert len(page.context["rows"]) == min(count + 1, MOST_ROWS)


def test_note_move_turn_restrict():
    report, ivan = factories.report(), factories.official()
    client, base = signed_in(ivan), f"/desk/{report.subject.reference}"
    assert client.post(f"{base}/note/", {"text": "Обадих се."}).status_code == 302
    form = {"version": "1", "category": "lamp", "place": "ул. Втора 2", "lon": "23.6", "lat": "42.9"}
    shown = client.post(f"{base}/move/", form)
    assert shown.status_code == 200 and Report.objects.get().category.slug == "pothole"
    assert client.post(f"{base}/move/", {**form, "sure": "1"}).status_code == 302
    assert Report.objects.get().category.slug == "lamp"
    assert client.post(f"{base}/restrict/", {"version": "2", "text": "Лични данни.", "sure": "1"}).status_code == 302
    assert not Report.objects.get().is_public
    turned = client.post(f"{base}/turn/", {"version": "3", "category": "road-idea", "text": "Предложение е.", "sure": "1"})
    assert turned.status_code == 302 and Report.objects.get().kind == "idea"


def test_report_that_came_by_telephone_is_entered_for_a_person():
    client = signed_in(factories.dispatcher())
    page = client.get("/desk/new/").content.decode()
    sent = {**hidden(page), "channel": "phone", "kind": "problem", "category": "pothole", "title": "Дупка", "settlement": "levka",
            "place": "до чешмата", "official": "on", "name": "Рада Колева", "address": "ул. Първа 1", "happened_on": "2026-11-01",
            "public_name": "none"}  # fmt: skip
    answer = client.post("/desk/new/", sent)
    assert answer.status_code == 302, re.findall(r'class="error"[^>]*>.*?</p>', answer.content.decode(), re.S)
    report = Report.objects.get()
    assert (report.status, report.channel, report.register_number.serial) == ("received", "phone", 1)


def test_moderator_publishes_what_waited_and_settles_flags():
    waiting = factories.report(author=None)
    flagged = factories.report()
    spine.flag(flagged.pk, reason="spam")
    client = signed_in(factories.moderator())
    queue = client.get("/desk/moderation/").content.decode()
    assert waiting.subject.title in queue
    assert f">{Reason.objects.get(slug='spam')} ·" in queue
    assert queue.count(waiting.words.text) == 2  # the one that waits, the one that is flagged
    assert 'href="#waiting">Още непубликувани <span class="num">1</span>' in queue
    assert 'Модериране <span class="num">2</span>' in client.get("/desk/").content.decode()
    assert act(client, waiting, "publish").status_code == 302
    assert Report.objects.get(pk=waiting.pk).status == "received"
    assert client.post(f"/desk/moderation/flags/{Flag.objects.get().pk}/").status_code == 302
    assert Flag.objects.get().settled_at is not None


def test_moderator_cuts_words_and_photos_and_the_original_stays():
    report, client = factories.report(text="Обади се на 0888 123 456."), signed_in(factories.moderator())
    sent = {"version": "1", "title": "Дупка", "words": "Обади се на […].", "reason": "spam", "sure": "1"}
    assert client.post(f"/desk/{report.subject.reference}/moderate/redact/", sent).status_code == 302
    public = Client().get(f"/reports/{report.subject.reference}/").content.decode()
    assert "0888 123 456" not in public and "[…]" in public
    assert "0888 123 456" in client.get(f"/desk/{report.subject.reference}/").content.decode()


@pytest.mark.parametrize("verb", ["hide", "remove"])
def test_moderator_hides_or_removes_and_undoes_it(verb):
    report, client = factories.report(), signed_in(factories.moderator())
    base = f"/desk/{report.subject.reference}/moderate"
    assert client.post(f"{base}/{verb}/", {"version": "1", "reason": "spam", "sure": "1"}).status_code == 302
    assert Client().get(f"/reports/{report.subject.reference}/").status_code == (404 if verb == "hide" else 200)
    assert client.post(f"{base}/show/", {"version": "2", "text": "Погледнахме отново.", "sure": "1"}).status_code == 302
    assert Report.objects.get().is_public


def test_comment_is_not_taken_down_without_a_reason():
    report, client = factories.report(), signed_in(factories.moderator())
    comment = spine.comment(
        report.pk, text="Купете от нас.", client_uuid=uuid.uuid4(), correspondent=factories.guest(), by=None
    )
    address = f"/desk/moderation/comments/{comment.pk}/"
    queue = client.get("/desk/moderation/").content.decode()
    assert re.search(r'name="reason" required><option value="">', queue)
    refused = client.post(address, {"reason": ""})
    assert refused.status_code == 422 and f'id="reason-comment-{comment.pk}_error"' in refused.content.decode()
    assert client.post(address, {"reason": "spam"}).status_code == 302
    assert Comment.objects.get().state == "removed"


def test_a_comment_that_waits_and_is_flagged_twice_has_three_forms_with_their_own_ids():
    report = factories.report()
    comment = spine.comment(
        report.pk, text="Купете от нас.", client_uuid=uuid.uuid4(), correspondent=factories.guest(), by=None
    )
    for words in ("", "Реклама."):
        spine.flag(report.pk, reason="spam", text=words, comment_id=comment.pk)
    client = signed_in(factories.moderator())
    refused = client.post(f"/desk/moderation/comments/{comment.pk}/", {"reason": ""})
    for page in (client.get("/desk/moderation/"), refused):
        ids = re.findall(r'\sid="([^"]+)"', page.content.decode())
        assert sum(name.startswith("reason-") and not name.endswith("_error") for name in ids) == 3
        assert sorted(ids) == sorted(set(ids))


def test_case_says_in_words_how_it_came():
    report, client = factories.report(), signed_in(factories.official())
    Report.objects.update(channel="phone")
    assert "· по телефона" in client.get(f"/desk/{report.subject.reference}/").content.decode()


DESK_OF = {
    "head": {"hand_over", "assign", "forward", "start", "extend", "resolve", "refuse", "mark_duplicate", "note", "move", "turn",
             "restrict"},
    "dispatcher": {"hand_over", "assign", "note", "move", "restrict"},
    "moderator": {"note", "move", "restrict", "redact", "hide", "remove"},
    "planner": set(),
}  # fmt: skip


@pytest.mark.parametrize("role", DESK_OF)
def test_each_role_alone_is_offered_what_it_may_do(role):
    own, other = factories.report(), factories.report(category="private")
    client = signed_in(factories.person(role))
    html = client.get(f"/desk/{own.subject.reference}/").content.decode()
    assert set(re.findall(rf'href="/desk/{own.subject.reference}/(?:\w+/)?(\w+)/#step"', html)) == DESK_OF[role]
    assert (own.author.email in html) is (role != "planner")
    assert client.get(f"/desk/{other.subject.reference}/").status_code == (404 if role == "head" else 200)
    assert client.get("/desk/moderation/").status_code == (200 if role == "moderator" else 404)
    hide(own.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    assert "/restrict/" not in client.get(f"/desk/{own.subject.reference}/").content.decode()


def test_a_head_assigns_within_the_department_and_a_dispatcher_everywhere():
    report, gardener = factories.report(), factories.official("parks")
    address = f"/desk/{report.subject.reference}/act/assign/"
    offered = {role: f'<option value="{gardener.pk}"' in signed_in(factories.person(role)).get(address).content.decode()
               for role in ("head", "dispatcher")}  # fmt: skip
    assert offered == {"head": False, "dispatcher": True}
