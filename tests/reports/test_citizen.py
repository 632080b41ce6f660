"""A resident's way through the pages, without scripts: four steps, confirmation, page, support."""

from __future__ import annotations

import json
import re
import uuid
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Correspondent
from accounts.sessions import SessionStore
from discussion import wishes
from discussion.models import Comment, Follow, Subject, Support
from reports import actions
from reports.forms.place import PlaceForm
from reports.models import Report
from reports.views.drafts import keep
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town():
    cache.clear()
    return factories.town()


PLACE = {"settlement": "levka", "place": "ул. Първа 1"}
WHAT = {"kind": "problem", "category": "pothole", "title": "Дупка на пътя", "text": "Голяма."}
SEND = {"terms": "on", "public_name": "none", "way": ""}


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))


def walk(client: Client, **send: str):
    page = client.get("/reports/new/").content.decode()
    data = {name: value for name, value in hidden(page).items() if name != "csrfmiddlewaretoken"}
    for step, fields in (("place", PLACE), ("what", WHAT), ("photos", {}), ("send", {**SEND, **send})):
        sent = {**data, "step": step, **fields, "go": "send" if step == "send" else "next"}
        answer = client.post("/reports/new/", sent, follow=step != "send")
        if step != "send":
            assert answer.status_code == 200, answer.content.decode()
            page = answer.content.decode()
            data |= {name: value for name, value in hidden(page).items() if name not in ("csrfmiddlewaretoken", "step")}
    return answer, sent


def test_guest_with_email_confirms_by_one_button():
    client = Client()
    answer, _sent = walk(client, email="rada@levka.test")
    report = Report.objects.get()
    assert report.status == "awaiting_confirmation"
    receipt = client.get(answer["Location"])
    assert "още не е подадено" in receipt.content.decode() or "not yet sent" in receipt.content.decode()
    token = wishes.token(report.contact.correspondent_id, report.pk, wishes.Wish.REPORT)
    asked = client.get(f"/reports/confirm/{token}/")
    assert (asked.status_code, "<title>Да изпратим ли написаното?" in asked.content.decode()) == (200, True)
    assert Report.objects.get().status == "awaiting_confirmation"
    done = client.post(f"/reports/confirm/{token}/")
    assert Report.objects.get().status == "received"
    assert client.get(done["Location"]).status_code == 200
    page = client.get(f"/reports/{report.subject.reference}/")
    assert "<title>Отворете своя сигнал" in client.get(f"/reports/confirm/{token}/").content.decode()
    assert "report_edit" not in page.content.decode() and f"/reports/{report.subject.reference}/edit/" in page.content.decode()


def test_page_leads_to_its_place_on_the_map():
    report = factories.report()
    page = Client().get(f"/reports/{report.subject.reference}/").content.decode()
    assert f'href="/?at={report.geom.x:.6f},{report.geom.y:.6f},16"' in page


def test_what_is_not_published_is_not_called_published():
    client = Client()
    walk(client, email="rada@levka.test", restricted="on")
    report = Report.objects.get()
    token = wishes.token(report.contact.correspondent_id, report.pk, wishes.Wish.REPORT)
    receipt = client.get(client.post(f"/reports/confirm/{token}/")["Location"]).content.decode()
    page = client.get(f"/reports/{report.subject.reference}/").content.decode()
    for html in (receipt, page):
        assert "Не е подадено официално" in html
        assert "Публикувано" not in html
    assert "всички" not in receipt.split("<main")[1].split("</main")[0]
    assert f'href="/reports/{report.subject.reference}/"' in receipt


def test_same_form_sent_twice_is_one_report():
    client = Client()
    client.force_login(factories.resident(), backend="django.contrib.auth.backends.ModelBackend")
    first, sent = walk(client)
    again = client.post("/reports/new/", sent)
    assert first.status_code == again.status_code == 302
    assert Report.objects.count() == 1


def test_form_sent_again_after_an_edit_is_still_that_report():
    client = Client()
    person = factories.resident()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    _first, sent = walk(client)
    report = Report.objects.get()
    actions.edit(report.pk, title="Друга дупка", text="По-голяма.", by=person)
    assert client.post("/reports/new/", sent).status_code == 302
    assert Report.objects.count() == 1


def test_drawn_line_or_area_alone_says_where_it_is():
    (lon, lat) = factories.CENTRE
    corners = [[lon, lat], [lon + 0.002, lat], [lon + 0.002, lat + 0.002], [lon, lat]]
    for shape in ({"type": "LineString", "coordinates": corners[:3]}, {"type": "Polygon", "coordinates": [corners]}):
        form = PlaceForm(QueryDict(urlencode({"shape": json.dumps(shape)})))
        assert form.is_valid(), form.errors
        assert lon <= form.cleaned_data["point"].x <= lon + 0.002


def test_receipt_and_page_are_shared_without_scripts_and_say_what_it_is_about():
    client = Client()
    client.force_login(factories.resident(), backend="django.contrib.auth.backends.ModelBackend")
    answer, _sent = walk(client)
    path = f"/reports/{Report.objects.get().subject.reference}/"
    receipt, page = client.get(answer["Location"]).content.decode(), client.get(path).content.decode()
    assert re.search(r"<dt>Поема</dt><dd>(.*)</dd>", receipt)[1] == "Отдел „Пътища“"
    short = path.replace("/reports/", "/r/")
    for html in (receipt, page):
        assert re.search(rf'<input id="share-link" type="text" readonly value="http[^"]+{short}">', html)
        assert re.search(r'<button [^>]*type="button" hidden>.*Изпращане чрез приложение', html, re.S)
    assert re.search(r'og:description" content="Получен[^"]*\. Голяма\."', page)


def test_box_of_the_author_is_absent_when_nothing_can_be_done():
    report = factories.report(author=(person := factories.person()))
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    path = f"/reports/{report.subject.reference}/"
    assert "Това е Ваше" in client.get(path).content.decode()
    Report.objects.filter(pk=report.pk).update(status="resolved", reopen_used=True)
    assert "Това е Ваше" not in client.get(path).content.decode()


def test_receipt_and_page_say_that_nothing_starts_for_what_is_older_than_two_years():
    client = Client()
    client.force_login(factories.resident(), backend="django.contrib.auth.backends.ModelBackend")
    official = {"way": "official", "name": "Рада Колева", "address": "ул. Първа 1"}
    answer, _sent = walk(client, **official, happened_on="2020-01-01")
    page = client.get(f"/reports/{Report.objects.get().subject.reference}/")
    said = "преди повече от две години", "over two years ago"
    for html in (client.get(answer["Location"]).content.decode(), page.content.decode()):
        assert any(words in html for words in said)


def test_step_that_is_wrong_keeps_everything_typed():
    client = Client()
    answer = client.post("/reports/new/", {**WHAT, **PLACE, "step": "what", "title": "", "text": "Остава тук.", "go": "next"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Остава тук." in html and "ул. Първа 1" in html and 'href="#id_title"' in html


def test_every_step_has_an_address_that_keeps_what_was_typed_until_it_is_sent():
    client, draft = Client(), str(uuid.uuid4())
    place = client.post("/reports/new/", {**PLACE, "step": "place", "client_uuid": draft, "go": "next"})
    assert (place.status_code, place["Location"]) == (302, f"/reports/new/?draft={draft}&step=what")
    what = client.post("/reports/new/", {**WHAT, "step": "what", "client_uuid": draft, "go": "next"})
    assert WHAT["title"] in client.get(place["Location"]).content.decode()
    assert what["Location"] == f"/reports/new/?draft={draft}&step=photos"
    assert PLACE["place"] in client.get(f"/reports/new/?draft={draft}").content.decode()
    assert f'href="?draft={draft}"' in client.get("/reports/new/").content.decode()
    sent = client.post("/reports/new/", {**SEND, "step": "send", "client_uuid": draft, "go": "send"})
    assert "/receipt/" in sent["Location"]
    assert Report.objects.get().subject.title == WHAT["title"]
    for step in ("what", "photos", "send"):
        again = client.get(f"/reports/new/?draft={draft}&step={step}")
        assert (again.status_code, again["Location"]) == (302, "/reports/new/")


def test_what_is_too_long_to_be_kept_is_carried_by_the_form_and_no_older_copy_wins(monkeypatch):
    client, draft = Client(), str(uuid.uuid4())
    client.post("/reports/new/", {**PLACE, "place": "старо", "step": "place", "client_uuid": draft, "go": "next"})
    monkeypatch.setattr("reports.views.drafts.LONGEST", 10)
    page = client.post("/reports/new/", {**PLACE, "place": "ново", "step": "place", "client_uuid": draft, "go": "next"})
    assert page.status_code == 200
    assert 'name="place" value="ново"' in page.content.decode()
    assert client.get(f"/reports/new/?draft={draft}&step=what")["Location"] == "/reports/new/"


def test_category_that_needs_a_photo_says_so_and_is_refused_at_the_photos():
    client, draft = Client(), str(uuid.uuid4())
    given = {**PLACE, **WHAT, "category": "tree", "client_uuid": draft, "go": "next"}
    page = client.post("/reports/new/", {**given, "step": "place"}, follow=True).content.decode()
    assert "Дърво (нужна е снимка)" in page
    page = client.post("/reports/new/", {**given, "step": "what"}, follow=True).content.decode()
    assert "За тази категория е нужна снимка." in page and "multiple" in page
    answer = client.post("/reports/new/", {**given, "step": "photos"})
    assert (answer.status_code, 'href="#id_photo"' in answer.content.decode()) == (422, True)


def test_similar_report_is_supported_beside_the_form():
    reference = factories.report().subject.reference
    support, (lon, lat) = f"/reports/{reference}/support/", factories.CENTRE
    guest, known = Client(), Client()
    known.force_login(factories.resident(), backend="django.contrib.auth.backends.ModelBackend")
    near = f"/reports/near/?lon={lon}&lat={lat}"
    for client in (guest, known):
        html = client.get(near).content.decode()
        assert 'target="_blank" rel="noopener"' in html
        assert f'href="{support}" target="_blank"' in html
        assert "formaction" not in html  # what is typed in the form is not sent to another report's page
    assert 'method="post"' in known.get(support).content.decode()
    known.post(support)
    assert Support.objects.count() == 1


def test_report_page_in_another_spelling_is_sent_to_the_right_one():
    ref = factories.report().subject.reference
    answer = Client().get(f"/reports/{ref[:3]} {ref[3:6]}-{ref[6:]}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/reports/{ref}/")


def test_hidden_and_missing_answer_the_same():
    report = factories.report(restricted=True)
    missing, hidden_page = Client().get("/reports/0000000000/"), Client().get(f"/reports/{report.subject.reference}/")
    assert (missing.status_code, hidden_page.status_code) == (404, 404)


def test_resident_supports_follows_comments_and_takes_support_back():
    report, rada = factories.report(), factories.resident()
    client = Client()
    client.force_login(rada, backend="django.contrib.auth.backends.ModelBackend")
    base = f"/reports/{report.subject.reference}"
    for verb in ("support", "follow"):
        assert client.get(f"{base}/{verb}/").status_code == 200
        assert client.post(f"{base}/{verb}/").status_code == 302
    page = client.get(f"{base}/").content.decode()
    assert "Казали сте, че Ви засяга" in page
    assert "Вече следите" in page
    assert "Засяга и мен" not in page
    assert (Support.objects.count(), Follow.objects.count()) == (1, 1)
    client.post(f"{base}/support/", {"back": "1"})
    assert Support.objects.count() == 0
    page = client.get(f"{base}/comment/").content.decode()
    key = re.search(r'name="client_uuid" value="([^"]+)"', page)
    assert key
    for _time in range(2):
        client.post(f"{base}/comment/", {"text": "И аз го видях.", "client_uuid": key.group(1)})
    assert Comment.objects.count() == 1


def test_two_tabs_that_save_at_once_keep_both_reports():
    """The second request has read the session before the first one saved it."""
    client, drafts = Client(), [uuid.uuid4() for _tab in range(3)]
    post(client, drafts[0])
    key = client.cookies["session"].value
    stores = [SessionStore(key), SessionStore(key)]
    for store in stores:
        assert store.load()
    for draft, store in zip(drafts[1:], stores, strict=True):
        asked = RequestFactory().get("/")
        asked.session, asked.user = store, AnonymousUser()
        assert keep(asked, draft, QueryDict("title=x"), ["title"])
        store.save()
    for draft in drafts:
        assert client.get(f"/reports/new/?draft={draft}&step=what").status_code == 200


def post(client, draft):
    return client.post("/reports/new/", {"client_uuid": str(draft), "step": "place", **PLACE})


def test_author_edits_withdraws_and_the_address_says_so():
    rada = factories.resident()
    report, client = factories.report(author=rada), Client()
    client.force_login(rada, backend="django.contrib.auth.backends.ModelBackend")
    base = f"/reports/{report.subject.reference}"
    assert client.post(f"{base}/edit/", {"title": "Нова дупка", "text": "Още по-голяма."}).status_code == 302
    assert "Нова дупка" in client.get(f"{base}/").content.decode()
    assert client.post(f"{base}/act/withdraw/", {"text": "Запълниха я."}).status_code == 302
    gone = Client().get(f"{base}/")
    assert gone.status_code == 200
    assert "Нова дупка" not in gone.content.decode()


@pytest.mark.parametrize("form", ["edit", "move", "act/withdraw", "act/request_reopen"])
def test_author_reads_that_an_act_is_over_instead_of_a_form(form):
    rada = factories.resident()
    report, client = factories.report(author=rada), Client()
    official = factories.official()
    actions.act(report.pk, "start", by=official)
    actions.act(report.pk, "resolve", by=official, given=actions.Given(text="Запълнена е."))
    Report.objects.filter(pk=report.pk).update(reopen_used=True)
    client.force_login(rada, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/reports/{report.subject.reference}/{form}/").content.decode()
    assert "Това вече не е възможно" in page
    assert "<textarea" not in page


@pytest.mark.parametrize("count", [1, 3, 300])
def test_queries_of_the_report_page_do_not_grow(count, django_assert_max_num_queries):
    import uuid

    from discussion import actions as spine

    report, writer = factories.report(), factories.official()
    for _number in range(count):
        spine.comment(
            report.pk, text="Така е.", client_uuid=uuid.uuid4(), correspondent=writer.correspondent, by=writer, tells=False
        )
    Client().get("/reports/0000000000/")
    with django_assert_max_num_queries(22):
        assert Client().get(f"/reports/{report.subject.reference}/").status_code == 200


def _guests_confirmed(client, **fields):
    walk(client, email="rada@levka.test", **fields)
    report = Report.objects.latest("pk")
    client.post(f"/reports/confirm/{wishes.token(report.contact.correspondent_id, report.pk, wishes.Wish.REPORT)}/")
    return report


@pytest.mark.parametrize("wish", [wishes.Wish.OPEN, wishes.Wish.REPORT])
def test_a_forwarded_letter_opens_its_own_report_alone(wish):
    author, other = Client(), Client()
    secret, asked = _guests_confirmed(author, restricted="on"), _guests_confirmed(author)
    link = f"/reports/confirm/{wishes.token(asked.contact.correspondent_id, asked.pk, wish)}/"
    assert "само този сигнал" in other.get(link).content.decode()
    assert other.post(link)["Location"] == asked.subject.path
    assert f"{asked.subject.path}edit/" in other.get(asked.subject.path).content.decode()
    assert other.get(secret.subject.path).status_code == 404
    assert other.get(reverse("account_home")).status_code == 302
    assert other.get("/app/mine.json").json() == Client().get("/app/mine.json").json()
    assert author.get(secret.subject.path).status_code == 200


def test_two_letters_open_two_reports_until_the_browser_forgets():
    author, other = Client(), Client()
    one, two = _guests_confirmed(author, restricted="on"), _guests_confirmed(author, restricted="on")
    for report in (one, two):
        other.post(f"/reports/confirm/{wishes.token(report.contact.correspondent_id, report.pk, wishes.Wish.OPEN)}/")
    assert [other.get(report.subject.path).status_code for report in (one, two)] == [200, 200]
    other.post("/accounts/leave/")
    assert [other.get(report.subject.path).status_code for report in (one, two)] == [404, 404]


def test_a_wishs_page_names_no_report_that_left_the_public():
    report = factories.report(title="Чужда тайна")
    link = f"/reports/confirm/{wishes.token(factories.guest().pk, report.pk, wishes.Wish.FOLLOW)}/"
    assert "Чужда тайна" in Client().get(link).content.decode()
    Subject.objects.filter(pk=report.pk).update(is_public=False)
    assert "Чужда тайна" not in Client().get(link).content.decode()


@pytest.mark.parametrize(("letters", "status"), [(120, 302), (121, 422)])
def test_a_name_to_be_shown_is_as_long_as_it_can_be_kept(letters, status):
    answer, _sent = walk(Client(), name="Я" * letters, public_name="full")
    assert answer.status_code == status
    assert [report.public_name for report in Report.objects.all()] == ["Я" * letters] * (status == 302)


def test_the_mark_of_a_letter_ends_with_an_account_and_with_erasure():
    author, other = Client(), Client()
    report = _guests_confirmed(author, restricted="on")
    link = f"/reports/confirm/{wishes.token(report.contact.correspondent_id, report.pk, wishes.Wish.OPEN)}/"
    other.post(link)
    assert other.get(report.subject.path).status_code == 200
    correspondent, account = Correspondent.objects.get(pk=report.contact.correspondent_id), factories.resident()
    Correspondent.objects.filter(user=account).delete()
    for gone in (
        {"email": ""},
        {"email": correspondent.email, "verified_at": None},
        {"user": account, "email": correspondent.email},
    ):
        Correspondent.objects.filter(pk=correspondent.pk).update(**{"verified_at": correspondent.verified_at, **gone})
        assert other.get(report.subject.path).status_code == 404
    assert Client().post(link)["Location"].startswith(f"{reverse('account_login')}?next=")
