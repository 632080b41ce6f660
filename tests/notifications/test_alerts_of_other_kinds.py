"""Alerts tell of every kind that was asked for, and of what one organisation does; problems and ideas stay what is meant by none."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.utils import timezone

from discussion.models import Subject, TimelineRow
from municipality.models import Area, Organisation, Sector
from notifications import alerts
from notifications.alerts import Where, matching_of
from notifications.models import Alert, Delivery
from notifications.recipients import recipients_of
from participation.actions.move import act
from participation.wording import day_in_words
from tests import factories
from tests.participation.conftest import event

pytestmark = pytest.mark.django_db
NEAR = Where(centre=Point(*factories.CENTRE, srid=4326), metres=500)
FAR = Where(centre=Point(23.9, 42.9, srid=4326), metres=500)


@pytest.fixture
def reader() -> Any:
    factories.town()
    return factories.guest("reader@levka.test")


def met(made: Any, code: str = "submitted") -> list[str]:
    """Names of the alerts that the act meets."""
    row = TimelineRow.objects.filter(subject=made.pk, code=code).select_related("subject").latest("pk")
    found = [pk for match in matching_of(row, made) for pk in match.alerts]
    return sorted(Alert.objects.filter(pk__in=found).values_list("name", flat=True))


def listening(reader: Any, name: str, where: Where = NEAR, **what: Any) -> Alert:
    return alerts.save(where, correspondent=reader, name=name, frequency="instant", **what)


def test_kind_place_sector_and_words_decide(reader: Any) -> None:
    urban, health = (Sector.objects.get(slug=slug).pk for slug in ("urban", "health"))
    town = Where(areas=(Area.objects.get(slug="levka").pk,))
    for name, where, what in (
        ("event near", NEAR, {"kinds": ["event"]}), ("event far", FAR, {"kinds": ["event"]}), ("none", NEAR, {}),
        ("ideas", NEAR, {"kinds": ["idea"]}), ("of the town", town, {"kinds": ["event", "idea"]}),
        ("of its sector", town, {"kinds": ["event"], "sectors": [urban]}), ("other sector", town, {"kinds": ["event"], "sectors": [health]}),
        ("its words", town, {"kinds": ["event"], "words": "градина"}), ("other words", town, {"kinds": ["event"], "words": "басейн"}),
    ):  # fmt: skip
        owner = factories.guest(f"{name.replace(' ', '.')}@levka.test")
        listening(owner, name, where, **what)
    assert met(event()) == ["event near", "its words", "of its sector", "of the town"]


def test_what_one_organisation_does(reader: Any) -> None:
    roads, parks = Organisation.objects.get(slug="roads"), Organisation.objects.get(slug="parks")
    listening(reader, "roads", kinds=["event"], organisations=[roads.pk])
    listening(factories.guest("other@levka.test"), "parks", kinds=["event"], organisations=[parks.pk])
    made = event()
    made.organisation = roads
    made.save()
    assert met(made) == ["roads"]
    made.organisation = None
    made.save()
    assert met(made) == []


def test_reports_meet_no_alert_of_an_organisation_and_all_without_kinds(reader: Any) -> None:
    roads = Organisation.objects.get(slug="roads")
    listening(reader, "roads", kinds=["event", "problem"], organisations=[roads.pk])
    listening(factories.guest("other@levka.test"), "none")
    report = factories.report(tells=True)
    row = report.subject.timeline.get()
    assert [pk for match in alerts.matching(row, report) for pk in match.alerts] == [Alert.objects.get(name="none").pk]


def test_new_is_when_it_comes_before_everyone_and_later_acts_are_updates(reader: Any) -> None:
    listening(reader, "new", kinds=["event"])
    listening(factories.guest("other@levka.test"), "updates", kinds=["event"], new=False, updates=True)
    made = event(by=factories.resident())
    assert met(made, "kept_awaiting_moderation") == []
    act(type(made), made.pk, "publish", by=factories.moderator())
    made.refresh_from_db()
    assert met(made, "publish") == ["new"]
    act(type(made), made.pk, "cancel", by=factories.moderator(), text="Вали.")
    assert met(made, "cancel") == ["updates"]


def test_its_owner_is_told_once_with_place_and_kind(reader: Any, mailoutbox: Any) -> None:
    from notifications import actions

    listening(reader, "Срещи", kinds=["event"])
    made = event()
    row = TimelineRow.objects.get(subject=made.pk)
    assert [(who.role, who.correspondent) for who in recipients_of(row)] == [("alert", reader)]
    actions.tell(row.pk)
    delivery = Delivery.objects.get(role="alert", channel="email")
    assert actions.deliver(delivery.pk) == "sent"
    [mail] = mailoutbox
    assert f"„{made.subject.title}“ · Събитие · {day_in_words(timezone.localtime(made.starts_at))}, " in mail.body
    assert f" · {made.where}" in mail.body
    assert "По Вашето известие „Срещи“." in mail.body


def test_hidden_meanwhile_it_meets_none(reader: Any) -> None:
    listening(reader, "event", kinds=["event"])
    made = event()
    Subject.objects.filter(pk=made.pk).update(visibility="hidden", is_public=False)
    assert met(made) == []


def test_the_form_asks_for_a_kind_with_an_organisation_and_the_page_of_one_leads_there(reader: Any, client: Client) -> None:
    resident = factories.resident()
    client.force_login(resident)
    page = client.get("/organisations/roads/")
    assert page.context["alert_url"].startswith("/accounts/alerts/new/?by=roads&kind=")
    assert "event" in page.context["alert_url"]
    form = client.get(page.context["alert_url"]).content.decode()
    assert '<option value="roads" selected' in form
    data = {"new": "on", "where": "areas", "frequency": "daily", "by": "roads"}
    assert client.post("/accounts/alerts/new/", data).status_code == 422
    assert client.post("/accounts/alerts/new/", {**data, "kinds": ["event"]}).status_code == 302
    saved = Alert.objects.get()
    assert (saved.kinds, saved.organisations) == (["event"], [Organisation.objects.get(slug="roads").pk])
    assert str(Organisation.objects.get(slug="roads")) in client.get("/accounts/alerts/").content.decode()


def test_one_press_follows_an_organisation_an_area_or_a_sector_and_the_long_form_stays(reader: Any, client: Client) -> None:
    client.force_login(factories.resident())
    for place, of in (("/organisations/roads/", "organisations"), ("/areas/levka/", "areas"), ("/sectors/urban/", "sectors")):
        url = client.get(place).context["alert_url"]
        quick = client.get(url).context["quick"]
        data: dict[str, list[str]] = {}
        for name, value in quick["fields"]:
            data.setdefault(name, []).append(value)
        assert client.post("/accounts/alerts/new/", data).status_code == 302, place
        made = Alert.objects.latest("pk")
        assert (made.new, made.frequency, "event" in made.kinds, len(getattr(made, of))) == (True, "daily", True, 1), place
        assert "Повече настройки" in client.get(url).content.decode()
        made.delete()
    assert client.get("/accounts/alerts/new/?kind=problem").context["quick"] == {}
