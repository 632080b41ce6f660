"""Alerts through their pages: people and guests, with and without scripts; what is wrong is said and nothing is lost."""

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse
from django.utils.html import escape

from accounts.browser import COOKIE
from accounts.models import Correspondent
from municipality.models import Area, Organisation
from notifications import actions, alerts, jobs, preferences
from notifications.alert_words import Wording
from notifications.alerts import Where
from notifications.forms.alert import AlertForm
from notifications.models import Alert, Choice, Delivery, Habits, InboxEntry
from reports.actions import act
from tests import factories

NEW = "notifications:alert_new"
LON, LAT = factories.CENTRE
RING = [[23.59, 42.89], [23.61, 42.89], [23.61, 42.91], [23.59, 42.89]]
SAID = {"new": "on", "where": "areas", "frequency": "daily", "metres": "500"}


@pytest.fixture
def author(town):
    return factories.resident(email="rada@levka.test")


@pytest.fixture
def page(author, client):
    client.force_login(author)
    return client


def test_a_settlement(page, author):
    assert page.post(reverse(NEW), {**SAID, "areas": ["levka"], "kinds": ["idea"], "sectors": ["urban"]}).status_code == 302
    made = Alert.objects.get()
    assert (made.correspondent.user, made.areas, made.kinds, made.active) == (
        author, [Area.objects.get(slug="levka").pk], ["idea"], True,
    )  # fmt: skip


@pytest.mark.parametrize("words", ["гр. Левка", "левка", "Levka"])
def test_a_circle_around_a_place_in_words(page, words):
    page.post(reverse(NEW), {**SAID, "where": "circle", "around": words, "metres": "1000"})
    made = Alert.objects.get()
    assert (made.metres, made.centre.coords, made.name) == (1000, (LON, LAT), "гр. Левка")


def test_a_circle_and_an_area_on_the_map(page):
    page.post(reverse(NEW), {**SAID, "where": "circle", "lon": str(LON), "lat": str(LAT), "metres": "250"})
    shape = json.dumps({"type": "Polygon", "coordinates": [RING]})
    page.post(reverse(NEW), {**SAID, "where": "drawn", "shape": shape})
    circle, drawn = Alert.objects.order_by("pk")
    assert circle.geom.contains(circle.centre)
    assert [list(corner) for corner in drawn.geom.coords[0]] == RING


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"new": ""}, "Изберете поне едно от двете."),
        ({"where": "circle"}, "Напишете мястото или го посочете на картата."),
        ({"where": "circle", "around": "никъде"}, "Не намираме място с това име."),
        ({"where": "drawn"}, "Начертайте района на картата"),
        ({"where": "drawn", "shape": '{"type":"Point","coordinates":[23.6,42.9]}'}, "поне три ъгъла, а засега са 1."),
        (
            {"where": "drawn", "shape": '{"type":"LineString","coordinates":[[23.6,42.9],[23.61,42.9]]}'},
            "поне три ъгъла, а засега са 2.",
        ),
        ({"where": "drawn", "shape": '{"type":"MultiPoint","coordinates":[[23.6,42.9]]}'}, "Очертание от този вид"),
        ({"where": "circle", "lon": "1e300", "lat": "42.9"}, ""),
        ({"where": "circle", "lon": "nan", "lat": "42.9"}, ""),
        ({"metres": "999999"}, ""),
        ({"areas": ["nowhere"]}, ""),
        ({"frequency": "hourly"}, ""),
        ({"words": "я" * 121}, ""),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_kept(page, said, words):
    answer = page.post(reverse(NEW), {**SAID, "name": "Нашата улица", **said})
    assert answer.status_code == 422
    body = answer.content.decode()
    assert words in body
    assert 'value="Нашата улица"' in body
    assert escape(said.get("shape", "")) in body  # what was drawn so far comes back
    assert not Alert.objects.exists()


def test_corners_of_a_way_that_is_not_chosen_hinder_nothing(page):
    begun = json.dumps({"type": "LineString", "coordinates": RING[:2]})
    assert page.post(reverse(NEW), {**SAID, "areas": ["levka"], "shape": begun}).status_code == 302
    assert Alert.objects.get().geom is None


def test_a_circle_says_where_it_is(page, django_assert_num_queries):
    page.post(reverse(NEW), {**SAID, "where": "circle", "lon": str(LON), "lat": str(LAT), "name": "Вкъщи"})
    assert "до 500 м от точка в гр. Левка" in page.get(reverse("notifications:alerts")).content.decode()
    circles = list(Alert.objects.all())
    with django_assert_num_queries(2):  # the areas of all centres, and their names
        assert [Wording(circles).where(each) for each in circles] == ["до 500 м от точка в гр. Левка"]


def test_the_link_of_a_list_carries_its_filters(page):
    body = page.get(reverse("report_list") + "?kind=problem&area=levka&q=дупка&status=open&order=oldest").content.decode()
    link = re.search(r'href="([^"]*/accounts/alerts/new/\?[^"]*)"', body)[1].replace("&amp;", "&")
    assert link == "/accounts/alerts/new/?kind=problem&area=levka&q=%D0%B4%D1%83%D0%BF%D0%BA%D0%B0"
    initial = page.get(link).context["form"].initial
    assert (initial["kinds"], initial["areas"], initial["words"]) == (["problem"], ["levka"], "дупка")


def test_the_link_of_the_map_carries_its_box(page):
    form = page.get(reverse(NEW) + "?bbox=23.55,42.85,23.65,42.95").context["form"]
    assert form.initial["where"] == "drawn"
    assert json.loads(form.initial["shape"])["coordinates"][0][0] == [23.55, 42.85]


def test_changing_pausing_removing(page, author):
    mine = alerts.save(Where(), correspondent=author.correspondent, name="Моето", words="дупка")
    address = reverse("notifications:alert", args=[mine.pk])
    form = page.get(address).context["form"]
    assert (form.initial["name"], form.initial["areas"], form.initial["words"]) == ("Моето", [], "дупка")
    page.post(address, {**SAID, "name": "Друго", "frequency": "weekly"})
    mine.refresh_from_db()
    assert (mine.name, mine.frequency, mine.words, mine.query) == ("Друго", "weekly", "", "")
    act_on = reverse("notifications:alert_act", args=[mine.pk])
    for verb, left in (("pause", [False]), ("resume", [True]), ("remove", [])):
        assert page.post(act_on, {"act": verb}).status_code == 302
        assert list(Alert.objects.values_list("active", flat=True)) == left


def test_nobody_reaches_anothers_alert(page, town):
    other = alerts.save(Where(), correspondent=factories.guest())
    for address in (reverse("notifications:alert", args=[other.pk]), reverse("notifications:alert_act", args=[other.pk])):
        assert page.post(address, {**SAID, "act": "remove"}).status_code == 404
    assert Alert.objects.filter(active=True).count() == 1


def test_a_head_subscribes_the_departments_mailbox_and_an_official_cannot(town, client):
    client.force_login(factories.person("head"))
    client.post(reverse(NEW), {**SAID, "organisation": "roads"})
    assert Alert.objects.get().organisation == Organisation.objects.get(slug="roads")
    assert client.post(reverse(NEW), {**SAID, "organisation": "parks"}).status_code == 422
    client.force_login(factories.official())
    client.post(reverse(NEW), {**SAID, "organisation": "roads"})
    assert Alert.objects.exclude(organisation=None).count() == 1


# -- guests


@pytest.mark.parametrize("known_before", [False, True])
def test_a_guest_confirms_by_the_mailed_link(town, client, mailoutbox, known_before):
    if known_before:  # whoever merely names a proven address gets nothing there either
        factories.guest("guest@levka.test")
    answer = client.post(reverse(NEW), {**SAID, "email": "Guest@levka.test"})
    assert "guest@levka.test" in answer.content.decode().lower()
    made = Alert.objects.get()
    assert (made.active, made.unproven) == (False, True)
    jobs.ask_alert(made.pk)
    link = re.search(r"http://localhost:8000(/accounts/alerts/confirm/\S+)", mailoutbox[0].body)[1]
    client.cookies.clear()
    assert client.get(link).status_code == 200
    assert Alert.objects.get().active is False
    assert client.post(link)["Location"] == reverse("notifications:alerts")
    assert client.cookies[COOKIE].value
    made.refresh_from_db()
    assert (made.active, made.unproven) == (True, False)
    assert client.get(reverse("notifications:alerts")).context["rows"][0]["alert"] == made
    jobs.ask_alert(made.pk)
    assert len(mailoutbox) == 1
    client.cookies.clear()  # the same mail, forwarded to somebody else
    assert client.post(link)["Location"] == reverse("notifications:alerts")
    assert client.get(reverse("notifications:alerts")).status_code == 302


def test_what_nobody_confirmed_is_forgotten_after_a_week(town):
    import datetime

    from django.utils import timezone

    guest = factories.guest(verified=False)
    alerts.save(Where(), correspondent=guest, proven=False)
    alerts.save(Where(), correspondent=factories.guest())
    now = timezone.now()
    assert alerts.forget_unconfirmed(now + datetime.timedelta(days=6)) == 0
    assert alerts.forget_unconfirmed(now + datetime.timedelta(days=8)) == 1


def test_a_stranger_cannot_fill_anothers_list(town, client):
    for _time in range(7):
        alerts_before = Alert.objects.count()
        client.post(reverse(NEW), {**SAID, "email": "guest@levka.test"})
    assert alerts_before <= alerts.MOST_UNPROVEN
    assert Correspondent.objects.get(email="guest@levka.test").verified_at is None


# -- from a mail, without signing in


@pytest.fixture
def letter(author, mailoutbox, client):
    """The address in the mail of an instant alert that somebody got."""
    reader = factories.guest("reader@levka.test")
    alerts.save(Where(), correspondent=reader, frequency="instant")
    report = factories.report(tells=True)
    actions.tell(report.subject.timeline.get().pk)
    actions.deliver(Delivery.objects.get(role="alert").pk)
    return re.search(r"http://localhost:8000(/unsubscribe/alerts/\S+)", mailoutbox[-1].body)[1]


def test_get_changes_nothing_and_the_buttons_do(letter, client):
    assert client.get(letter).status_code == 200
    assert Alert.objects.get().frequency == "instant"
    client.post(letter, {"frequency": "weekly"})
    assert (Alert.objects.get().frequency, Alert.objects.get().active) == ("weekly", True)
    client.post(letter, {"frequency": "stop"})
    assert Alert.objects.get().active is False
    again = client.get(letter).content.decode()
    assert "Няма да получавате повече писма за това" in again and 'value="stop"' not in again
    client.post(letter, {"frequency": "daily"})
    assert (Alert.objects.get().frequency, Alert.objects.get().active) == ("daily", True)


def test_the_mail_programs_button_stops(letter, client):
    client.post(letter, {"List-Unsubscribe": "One-Click"})
    assert Alert.objects.get().active is False


def test_a_forged_link_is_missing(letter, client):
    assert client.get(letter[:-3] + "xx/").status_code == 404


def test_the_summary_of_what_is_followed_is_made_rarer_or_stopped(author, client):
    from notifications.letters import change_link

    reader = factories.guest("reader@levka.test")
    link = change_link(reader.pk, [], "bg", follows=True).removeprefix("http://localhost:8000")
    client.post(link, {"frequency": "weekly"})
    assert Habits.objects.get().follow_frequency == "weekly"
    client.post(link, {"frequency": "stop"})
    assert list(Choice.objects.values_list("event", "channel", "wanted")) == [("follow", "email", False)]
    client.post(link, {"frequency": "instant"})
    assert not Choice.objects.exists()


# -- the inbox


def test_the_inbox_tells_in_the_readers_part_and_is_read_one_by_one(page, author):
    report = factories.report(author=author, tells=True)
    actions.tell(report.subject.timeline.get().pk)
    actions.tell(act(report.pk, "start", by=factories.official()).pk)
    body = page.get(reverse("notifications:inbox")).content.decode()
    assert "Сигналът Ви е получен в отдел „Пътища“." in body
    assert "Отдел „Пътища“ започна работа по сигнала Ви." in body
    newest = InboxEntry.objects.order_by("-pk").first()
    page.post(reverse("notifications:inbox"), {"entry": newest.pk})
    assert list(InboxEntry.objects.filter(read_at=None).values_list("row__code", flat=True)) == ["submitted"]
    page.post(reverse("notifications:inbox"), {})
    assert not InboxEntry.objects.filter(read_at=None).exists()


def test_nobody_reads_or_marks_anothers_inbox(page, author, town):
    other = factories.resident()
    report = factories.report(author=other, tells=True)
    actions.tell(report.subject.timeline.get().pk)
    assert page.get(reverse("notifications:inbox")).context["rows"] == []
    page.post(reverse("notifications:inbox"), {"entry": InboxEntry.objects.get().pk})
    assert InboxEntry.objects.get().read_at is None


def test_the_inbox_asks_as_often_for_one_entry_as_for_three(page, author, django_assert_max_num_queries):
    for _time in range(3):
        report = factories.report(author=author, tells=True)
        actions.tell(report.subject.timeline.get().pk)
    page.get(reverse("notifications:inbox"))
    with django_assert_max_num_queries(16):
        page.get(reverse("notifications:inbox"))


def test_the_form_of_someone_known_asks_for_no_address(town):
    assert "email" not in AlertForm(known=True).fields
    assert "email" in AlertForm(known=False).fields
    assert preferences.channels_offered() == ["email", "inbox", "push"]


def test_an_alert_is_called_by_its_areas_as_they_are_written(page):
    page.post(reverse(NEW), {**SAID, "areas": ["dabrava"]})
    shape = json.dumps({"type": "Polygon", "coordinates": [RING]})
    page.post(reverse(NEW), {**SAID, "where": "drawn", "shape": shape})
    shown = page.get(reverse("notifications:alerts")).content.decode()
    assert "с. Дъбрава" in shown and "С. Дъбрава" not in shown
    assert "В начертания от Вас район" in shown
