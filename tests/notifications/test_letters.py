"""What people read in their mails, and who gets one."""

from __future__ import annotations

import datetime
import re
import uuid

import pytest
from django.core import mail
from django.utils import timezone

import discussion.actions
from accounts.models import Membership
from discussion import messages
from discussion.models import Audience, TimelineRow
from geoportal.kernel import links
from municipality.models import Organisation
from notifications import actions, letters
from notifications.models import Delivery
from notifications.recipients import recipients_of
from reports import actions as actions_of
from reports.actions import act, clockwork, hide, redact, relocate, submit
from reports.actions.move import Given
from reports.models import Category, Reason
from tests import factories


def told(row: TimelineRow) -> list[mail.EmailMessage]:
    """Tells of the row and sends what was made."""
    mail.outbox.clear()
    actions.tell(row.pk)
    for delivery in Delivery.objects.filter(row=row):
        actions.deliver(delivery.pk)
    return mail.outbox


def body(to: str) -> str:
    return next(sent.body for sent in mail.outbox if sent.to == [to])


def test_receipt_says_what_changed_what_comes_next_and_how_to_stop(town):
    author = factories.resident(email="rada@levka.test")
    report = factories.report(author=author, tells=True)
    told(report.subject.timeline.get())
    number = letters.display(report.subject.reference)
    due = report.answer_due.strftime("%d.%m.%Y")
    lines = [line for line in body("rada@levka.test").splitlines() if line]
    assert lines[0] == f"Сигналът Ви е получен в отдел „Пътища“. Отговор до {due}."
    assert lines[1] == f"Отдел „Пътища“ ще отговори до {due}."
    assert lines[2] == f"Вижте тук: http://localhost:8000/reports/{report.subject.reference}/"
    assert lines[3].startswith("Спиране на писмата: http://localhost:8000/unsubscribe/")
    assert lines[4:] == ["-- ", "Община Левка", "0700 00 000 · town@levka.test", "http://localhost:8000/"]
    sent = next(sent for sent in mail.outbox if sent.to == ["rada@levka.test"])
    assert sent.subject == f"[{number}] Дупка пред училището – Сигналът Ви е получен в отдел „Пътища“"
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent.alternatives[0].mimetype == "text/html"
    assert "<b>Сигналът Ви е получен" in sent.alternatives[0].content


def test_official_filing_tells_its_register_number_to_author_and_department(town):
    author = factories.resident(email="rada@levka.test")
    filed = {"official": True, "name": "Рада Радева", "address": "ул. Първа 1", "happened_on": timezone.localdate()}
    report = factories.report(author=author, tells=True, **filed)
    told(report.subject.timeline.get())
    line = f"Регистров номер: {report.register_number}"
    assert line in body("rada@levka.test").splitlines()
    assert line in body("roads@levka.test").splitlines()
    assert f"<p>{line}</p>" in mail.outbox[0].alternatives[0].content


def test_new_report_reaches_the_department_mailbox(town):
    report = factories.report(tells=True)
    told(report.subject.timeline.get())
    assert f"http://localhost:8000/desk/{report.subject.reference}/" in body("roads@levka.test")
    assert "List-Unsubscribe" not in next(sent for sent in mail.outbox if sent.to == ["roads@levka.test"]).extra_headers


def test_each_reads_in_the_own_language(town):
    report = factories.report(author=factories.resident(email="ann@levka.test", language="en"))
    report.contact.correspondent.language = "en"
    report.contact.correspondent.save()
    follower = factories.guest("follower@levka.test")
    discussion.actions.follow(report.pk, follower)
    row = act(report.pk, "resolve", by=factories.official(), given=Given(text="Готово."), tells=False, language="bg")
    TimelineRow.objects.filter(pk=row.pk)
    recipients = {who.correspondent.email: (str(who.role), who.language) for who in recipients_of(row) if who.correspondent}
    assert recipients == {"ann@levka.test": ("author", "en"), "follower@levka.test": ("follower", "bg")}


def test_confirmation_link_is_for_the_address_alone(town):
    report = submit(factories.submission(email="guest@levka.test"))
    told(report.subject.timeline.get())
    assert [sent.to for sent in mail.outbox] == [["guest@levka.test"]]
    text = body("guest@levka.test")
    token = re.search(r"/reports/confirm/([^/]+)/", text)[1]
    correspondent = report.contact.correspondent
    assert links.read("confirm", token, 60) == {"correspondent": correspondent.pk, "report": report.pk, "wish": "report"}
    kept_until = (timezone.localdate() + datetime.timedelta(days=7)).strftime("%d.%m.%Y")
    assert f"Пази се до {kept_until}." in text
    assert "unsubscribe" not in text


def test_an_unproven_address_gets_nothing_else(town):
    report = submit(factories.submission(email="guest@levka.test"))
    row = hide(report.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    assert recipients_of(row) == []


def test_a_guest_may_answer_from_the_mail(town):
    known = factories.guest("guest@levka.test")
    report = submit(factories.submission(email="guest@levka.test", proven=known))
    worker = factories.official()
    act(report.pk, "assign", by=worker, given=Given(person=worker), tells=False)
    told(act(report.pk, "ask", by=worker, given=Given(text="Къде\nточно?"), language="bg"))
    text = body("guest@levka.test")
    assert text.startswith("Отдел „Пътища“ има въпрос към Вас по сигнала Ви.\n\n> Къде\n> точно?\n\n")
    assert "Отговорете в срок от 5 работни дни" in text
    assert len(re.findall(r"/reports/confirm/[^/]+/", text)) == 1


def test_the_author_is_not_told_of_own_acts_nor_officials_of_theirs(town):
    author, worker = factories.resident(email="rada@levka.test"), factories.official(email="ivan@levka.test")
    report = factories.report(author=author)
    row = act(report.pk, "assign", by=worker, given=Given(person=worker), tells=False)
    assert recipients_of(row) == []
    row = act(report.pk, "withdraw", by=author, given=Given(text="Оправи се."), tells=False)
    assert recipients_of(row) == []


def test_assignee_else_mailbox(town):
    author, worker = factories.resident(), factories.official(email="ivan@levka.test")
    report = factories.report(author=author)
    by_dispatcher = factories.dispatcher()
    row = act(report.pk, "assign", by=by_dispatcher, given=Given(person=worker), tells=False)
    assert [who.correspondent.email for who in recipients_of(row)] == ["ivan@levka.test"]
    act(report.pk, "ask", by=worker, given=Given(text="Къде?"), tells=False)
    row = act(report.pk, "answer", by=author, given=Given(text="Там."), tells=False)
    assert [who.correspondent.email for who in recipients_of(row)] == ["ivan@levka.test"]
    worker.is_active = False
    worker.save()
    assert [who.mailbox for who in recipients_of(row)] == ["roads@levka.test"]


def test_threshold_tells_the_council_officers(town):
    officer = factories.person("council_officer", organisation="parks", email="council@levka.test")
    idea = factories.report(category="park-idea")
    row = act(idea.pk, "reach_threshold", system=True, tells=False)
    emails = sorted(who.correspondent.email if who.correspondent else who.mailbox for who in recipients_of(row))
    assert emails == sorted([officer.email, "parks@levka.test", idea.author.email])
    Membership.objects.filter(user=officer).update(active=False)
    assert officer.email not in [who.correspondent.email for who in recipients_of(row) if who.correspondent]


def test_a_duplicates_people_hear_of_the_original(town):
    original, repeated = factories.report(), factories.report(author=factories.resident(email="second@levka.test"))
    follower = factories.guest("third@levka.test")
    discussion.actions.follow(repeated.pk, follower)
    worker = factories.official()
    act(repeated.pk, "mark_duplicate", by=worker, given=Given(duplicate_of=original), tells=False)
    row = act(original.pk, "resolve", by=worker, given=Given(text="Готово."), tells=False)
    hears = {who.correspondent.email: str(who.role) for who in recipients_of(row) if who.correspondent}
    assert hears == {original.author.email: "author", "second@levka.test": "follower", "third@levka.test": "follower"}


def test_visitor_confirms_support(town):
    report = factories.report()
    stranger = factories.guest("new@levka.test", verified=False)
    told(discussion.actions.ask_to_confirm(report.pk, stranger, "support"))
    assert [sent.to for sent in mail.outbox] == [["new@levka.test"]]
    assert mail.outbox[0].subject.count(report.subject.title) == 1
    token = re.search(r"/reports/confirm/([^/]+)/", body("new@levka.test"))[1]
    assert links.read("confirm", token, 60)["wish"] == "support"


def test_stop_by_one_click_and_back(town, client):
    report = factories.report(author=factories.resident(email="rada@levka.test"), tells=True)
    told(report.subject.timeline.get())
    address = re.search(r"http://localhost:8000(/unsubscribe/\S+)", body("rada@levka.test"))[1]
    assert client.get(address).status_code == 200
    row = act(report.pk, "start", by=factories.official(), tells=False)
    assert [who.correspondent.email for who in recipients_of(row) if who.correspondent] == ["rada@levka.test"]
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert recipients_of(row) == []
    assert client.post(address, {"resume": "1"}).status_code == 200
    assert [who.correspondent.email for who in recipients_of(row) if who.correspondent] == ["rada@levka.test"]


def test_a_question_reaches_also_who_wants_no_news_and_following_again_brings_the_news_back(town):
    report = factories.report(author=(author := factories.resident(email="rada@levka.test")))
    worker, known = factories.official(), author.correspondent
    actions.stop(known, [report.subject])
    started = act(report.pk, "start", by=worker, tells=False)
    asked = act(report.pk, "ask", by=worker, given=Given(text="Къде?"), tells=False)

    def hears(row):
        return [str(who.role) for who in recipients_of(row) if who.correspondent == known]

    assert (hears(started), hears(asked)) == ([], ["author"])
    discussion.actions.follow(report.pk, known)
    assert hears(started) == ["author"]
    actions.stop(known, [report.subject])
    assert hears(started) == []


def test_the_page_that_stops_says_when_it_is_stopped_already(town, client):
    report = factories.report(author=factories.resident(email="rada@levka.test"), tells=True)
    told(report.subject.timeline.get())
    address = re.search(r"http://localhost:8000(/unsubscribe/\S+)", body("rada@levka.test"))[1]
    client.post(address)
    again = client.get(address).content.decode()
    assert "Няма да получавате повече писма за това" in again and 'name="resume"' in again


def test_a_letter_of_several_reports_begins_with_the_newest(town):
    author, worker = factories.resident(email="rada@levka.test"), factories.official()
    older, newer = factories.report(title="Първа дупка", author=author), factories.report(title="Втора дупка", author=author)
    rows = [act(report.pk, "start", by=worker, tells=True) for report in (older, newer)]
    mail.outbox.clear()
    for row in rows:
        actions.tell(row.pk)
    for delivery in Delivery.objects.filter(row__in=rows, channel="email").order_by("pk"):
        actions.deliver(delivery.pk)
    [sent] = [sent for sent in mail.outbox if sent.to == ["rada@levka.test"]]
    assert sent.body.index("Втора дупка") < sent.body.index("Първа дупка")


def test_a_followers_stop_ends_the_following(town, client):
    report, follower = factories.report(), factories.guest("third@levka.test")
    discussion.actions.follow(report.pk, follower)
    row = act(report.pk, "start", by=factories.official(), tells=True)
    told(row)
    address = re.search(r"http://localhost:8000(/unsubscribe/\S+)", body("third@levka.test"))[1]
    client.post(address)
    assert follower.follows.count() == 0


def test_a_forged_or_foreign_token_is_a_404(town, client):
    assert client.get("/unsubscribe/nonsense/").status_code == 404
    assert client.post(f"/unsubscribe/{links.make('confirm', correspondent=1)}/").status_code == 404


def test_forwarding_names_the_body_in_the_next_step(town):
    report = factories.report(author=factories.resident(email="rada@levka.test"))
    water = Organisation.objects.get(slug="water")
    row = act(report.pk, "forward", by=factories.official(), given=Given(forwarded_to=water, text="Там."), language="bg")
    told(row)
    assert body("rada@levka.test").startswith("Сигналът Ви е препратен на „ВиК“.\n\n> Там.\n\nОтговорът вече е на органа")


def test_another_department_is_news_for_author_followers_and_the_new_person(town):
    author, gardener = factories.resident(email="rada@levka.test"), factories.official("parks", email="gard@levka.test")
    report, follower = factories.report(author=author), factories.guest("third@levka.test")
    discussion.actions.follow(report.pk, follower)
    parks, first = Organisation.objects.get(slug="parks"), factories.official()
    dispatcher = factories.dispatcher()
    row = act(report.pk, "assign", by=dispatcher, given=Given(person=first), tells=False)
    assert {who.correspondent.email for who in recipients_of(row)} == {first.email}
    row = act(report.pk, "reassign", by=dispatcher, given=Given(person=gardener, department=parks), tells=False)
    assert {who.correspondent.email for who in recipients_of(row)} == {author.email, follower.email, gardener.email}
    message = messages.describe(row, language="bg", audience=Audience.PUBLIC)
    assert message.headline == "Сигналът е предаден на отдел „Паркове“ и е възложен на служител там."


def test_followers_hear_of_another_place(town):
    report, follower = factories.report(), factories.guest("third@levka.test")
    discussion.actions.follow(report.pk, follower)
    row = relocate(report.pk, category=Category.objects.get(slug="tree"), by=factories.official())
    told = {who.mailbox or who.correspondent.email for who in recipients_of(row)}
    assert told == {report.author.email, follower.email, "parks@levka.test"}


def test_followers_hear_what_the_author_and_co_authors_add_and_nobody_hears_the_own_words(town):
    author, follower, along = (factories.guest(f"{name}@levka.test") for name in ("author", "third", "along"))
    report = factories.report(category="park-idea", author=None, email=author.email, proven=author)
    made = actions_of.agree(actions_of.invite(report.pk, along.email, proven_author=True).pk)[0]
    discussion.actions.follow(report.pk, follower)
    row = actions_of.add_words(report.pk, text="И пейка.", proven_author=True)
    heard = {who.correspondent.email for who in recipients_of(row) if who.correspondent}
    assert heard == {follower.email, along.email}
    told(row)
    assert "> И пейка." in body(follower.email)
    row = actions_of.add_words(report.pk, text="И чешма.", co_author=made.pk)
    assert {who.correspondent.email for who in recipients_of(row) if who.correspondent} == {follower.email}


def test_words_said_with_a_cut_reach_the_author_alone(town):
    report, spam = factories.report(author=factories.resident(email="rada@levka.test")), Reason.objects.get(slug="spam")
    row = redact(report.pk, title="Дупка", text="[…]", said="Без телефони.", reason=spam, by=factories.moderator())
    told(row)
    assert "> Без телефони." in body("rada@levka.test")
    assert messages.describe(row, audience=Audience.PUBLIC).text == ""


def test_the_near_due_date_is_told_to_who_is_in_charge(town):
    report = factories.report()
    early = datetime.datetime.combine(report.answer_due, datetime.time(9), datetime.UTC) - datetime.timedelta(days=2)
    assert clockwork.remind_due(early) == 1
    told(report.subject.timeline.get(code="due_soon"))
    assert f"Срокът наближава: {report.answer_due:%d.%m.%Y}." in body("roads@levka.test")
    assert [sent.to for sent in mail.outbox] == [["roads@levka.test"]]


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ("support", "Ще се брои, когато потвърдите."),
        ("follow", "Ще го следите, след като потвърдите."),
        ("fixed", "Служител ще провери, след като потвърдите."),
    ],
)
def test_a_letter_that_asks_says_what_comes_of_the_answer(town, wish, words):
    report, stranger = factories.report(), factories.guest("new@levka.test", verified=False)
    told(discussion.actions.ask_to_confirm(report.pk, stranger, wish))
    text = body("new@levka.test")
    assert words in text
    assert ("Ще се брои" in text) is (wish == "support")


def test_a_letter_that_asks_for_a_comment_speaks_of_the_comment(town):
    report, stranger = factories.report(), factories.guest("new@levka.test", verified=False)
    discussion.actions.comment(report.pk, text="Вярно.", client_uuid=uuid.uuid4(), correspondent=stranger, by=None)
    told(report.subject.timeline.get(code="commented"))
    assert "Коментарът се изпраща, след като потвърдите." in body("new@levka.test")
    assert "Ще се брои" not in body("new@levka.test")


@pytest.mark.parametrize("code", ["confirm", "start", "resolve"])
def test_a_guest_is_told_that_whoever_has_the_letter_acts_in_the_own_name(town, code):
    report = factories.report(author=None, email="guest@levka.test", tells=True)
    discussion.actions.verify(report.contact.correspondent)
    row = act(report.pk, "confirm", proven_author=True)
    if code != "confirm":
        row = act(report.pk, code, by=factories.official(), given=Given(text="Готово."))
    told(row)
    sent = next(letter for letter in mail.outbox if letter.to == ["guest@levka.test"])
    for text in (sent.body, sent.alternatives[0].content):
        assert text.count("може от Ваше име да промени, премести или оттегли изпратеното. Не го препращайте.") == 1


def test_the_first_letter_warns_too_and_an_accounts_only_where_it_answers(town):
    guests = factories.report(author=None, email="guest@levka.test", tells=True)
    told(guests.subject.timeline.get())
    assert "Не го препращайте." in body("guest@levka.test")
    report, worker = factories.report(author=factories.resident(email="rada@levka.test")), factories.official()
    told(act(report.pk, "start", by=worker))
    assert "Не го препращайте." not in body("rada@levka.test")
    told(act(report.pk, "resolve", by=worker, given=Given(text="Готово.")))
    assert "Който има това писмо, може да отговори от Ваше име. Не го препращайте." in body("rada@levka.test")


def test_followers_and_officials_are_not_warned(town):
    report = factories.report(author=None, email="guest@levka.test")
    act(report.pk, "confirm", proven_author=True)
    follower = factories.guest("follower@levka.test")
    discussion.actions.follow(report.pk, follower)
    told(act(report.pk, "resolve", by=factories.official(), given=Given(text="Готово.")))
    assert "Не го препращайте." not in body("follower@levka.test")
