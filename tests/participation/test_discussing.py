"""While an event goes on its organiser notes what is discussed: everyone sees it, the minutes begin with it, nothing is told twice."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import Block
from discussion.models import Link, TimelineRow
from participation.actions import discussing
from participation.actions.event import Held, hold
from participation.actions.move import NotAllowed, act
from participation.models import Discussed, Event
from reports import actions
from reports.freshness import data_version
from reports.models import Reason
from tests import factories
from tests.participation.conftest import event, past
from tests.participation.test_event_pages import signed_in

pytestmark = pytest.mark.usefixtures("town")


def listed(made: Event, client: Client | None = None) -> list[str]:
    """Titles in the live list of the event's page, as they stand there."""
    data_version.forget()
    html = (client or Client()).get(made.subject.path).content.decode()
    part = re.search(r'<section[^>]*id="discussing".*?</section>', html, re.DOTALL)
    return re.findall(r"<li><a[^>]*>([^<]*)</a>", part[0]) if part else []


def part_of(made: Event, client: Client) -> str:
    """The tag of the list's part, "" where the page has none."""
    data_version.forget()
    found = re.search(r'<section[^>]*id="discussing"[^>]*>', client.get(made.subject.path).content.decode())
    return found[0] if found else ""


def test_noted_on_a_page_seen_by_everyone_and_filled_into_the_minutes() -> None:
    by = factories.official()
    made = past(event(by=by))
    first, second = factories.report(title="Дупка на Школска"), factories.report(title="Лампа на площада")
    client, page = signed_in(by), f"{made.subject.path}discussing/"
    assert page in client.get(made.subject.path).content.decode()
    assert (listed(made), part_of(made, Client())[-7:]) == ([], "hidden>")  # it waits for the first one
    for report in (first, second, first):
        assert client.post(page, {"discussed": report.subject.reference})["Location"] == page
    assert listed(made) == ["Лампа на площада", "Дупка на Школска"]
    assert "hidden" not in part_of(made, Client())
    assert page not in Client().get(made.subject.path).content.decode()
    assert 'src="/static/js/refreshed.js"' in Client().get(made.subject.path).content.decode()

    wrong = client.post(page, {"discussed": "123"})
    assert (wrong.status_code, "„123“ не е номер на нищо публично тук." in wrong.content.decode()) == (422, True)
    wrong = client.post(page, {"discussed": made.subject.reference})
    assert (wrong.status_code, "Това е номерът на самото събитие." in wrong.content.decode()) == (422, True)

    text = client.get(f"{made.subject.path}minutes/").content.decode()
    assert f"{first.subject.reference}\n{second.subject.reference}</textarea>" in text
    codes = TimelineRow.objects.filter(subject=made.pk).order_by("pk").values_list("code", "audience")
    assert list(codes) == [("submitted", "public"), ("discuss", "staff"), ("discuss", "staff")]
    assert not TimelineRow.objects.filter(subject=first.pk, code="discussed").exists()

    sent = {"text": "Видяхме ги.", "attendance": "3", "version": made.subject.version}
    discussed = f"{first.subject.reference}\n{second.subject.reference}"
    assert client.post(f"{made.subject.path}minutes/", {**sent, "discussed": discussed}).status_code == 302
    for report in (first, second):
        assert TimelineRow.objects.filter(subject=report.pk, code="discussed").count() == 1
        assert Link.objects.filter(source=report.pk, target=made.pk, kind="discussed_at").count() == 1
    assert (listed(made), part_of(made, Client())) == ([], "")
    with pytest.raises(NotAllowed):
        discussing.note(made.pk, [first.subject], by=by)


def test_programs_read_the_list_while_it_goes_on_and_what_was_discussed_then() -> None:
    by = factories.official()
    made = past(event(by=by))
    first, second, hidden = (factories.report(title=title) for title in ("Дупка", "Лампа", "Скрито"))
    for one in (first, second, hidden):
        discussing.note(made.pk, [one.subject], by=by)
    actions.hide(hidden.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())

    def told() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        data_version.forget()
        one = Client().get(f"/api/v1/events/{made.subject.reference}/").json()
        lists = [
            [(each["title"], each["url"].partition("/reports/")[2]) for each in one[name]]
            for name in ("discussing", "discussed")
        ]
        return lists[0], lists[1]

    links = {one.subject.title: (one.subject.title, f"{one.subject.reference}/") for one in (first, second)}
    assert told() == ([links["Лампа"], links["Дупка"]], [])
    hold(made.pk, Held(text="Видяхме ги.", attendance=3, discussed=[first.subject, second.subject, hidden.subject]), by=by)
    assert told() == ([], [links["Лампа"], links["Дупка"]])


def test_a_wrong_one_leaves_the_list_and_a_hidden_one_is_seen_by_nobody() -> None:
    by = factories.official()
    made = past(event(by=by))
    hidden, wrong = factories.report(title="Скрито"), factories.report(title="Сбъркано")
    discussing.note(made.pk, [hidden.subject, wrong.subject], by=by)
    client, page = signed_in(by), f"{made.subject.path}discussing/"
    assert client.post(page, {"off": Discussed.objects.get(subject=wrong.pk).pk})["Location"] == page
    assert client.post(page, {"off": "999999"}).status_code == 302
    assert listed(made) == ["Скрито"]
    actions.hide(hidden.pk, reason=Reason.objects.get(slug="spam"), by=factories.moderator())
    for reader in (Client(), client):
        assert listed(made, reader) == []
    assert hidden.subject.reference not in client.get(f"{made.subject.path}minutes/").content.decode()
    codes = TimelineRow.objects.filter(subject=made.pk).order_by("pk").values_list("code", flat=True)
    assert list(codes) == ["submitted", "discuss", "take_off"]


def test_what_leaves_the_list_too_late_too_early_or_by_who_may_not_write_is_refused_in_words() -> None:
    by = factories.official()
    made, report = past(event(by=by)), factories.report(title="Дупка на Школска")
    discussing.note(made.pk, [report.subject], by=by)
    client, off = signed_in(by), {"off": str(Discussed.objects.get().pk)}

    def refused(**sent: str) -> tuple[int, list[str]]:
        answer = client.post(f"{made.subject.path}discussing/", off | sent)
        html = answer.content.decode()
        words = (
            "Дупка на Школска",
            "още не е започнало",
            "Междувременно има промяна",
            "вече не е в списъка",
            "не можете да пишете тук",
        )
        return answer.status_code, [each for each in words if each in html]

    assert refused(off="няма") == (422, ["вече не е в списъка"])
    begun, hour = {"starts_at": made.starts_at, "ends_at": made.ends_at}, datetime.timedelta(hours=1)
    Event.objects.filter(pk=made.pk).update(starts_at=timezone.now() + hour, ends_at=timezone.now() + 2 * hour)
    assert refused() == (422, ["Дупка на Школска", "още не е започнало"])
    Event.objects.filter(pk=made.pk).update(author=(neighbour := factories.resident()), organisation=None, **begun)
    Block.objects.create(
        correspondent=neighbour.correspondent,
        until=timezone.localdate() + datetime.timedelta(days=2),
        reason="spam",
        by=factories.moderator(),
    )
    client.force_login(neighbour, backend="django.contrib.auth.backends.ModelBackend")
    assert refused() == (422, ["Дупка на Школска", "не можете да пишете тук"])
    Event.objects.filter(pk=made.pk).update(author=by)
    client.force_login(by, backend="django.contrib.auth.backends.ModelBackend")
    hold(made.pk, Held(text="Видяхме я.", attendance=3, discussed=[report.subject]), by=by)
    assert refused() == (422, ["Дупка на Школска", "Междувременно има промяна"])
    assert Discussed.objects.count() == 1


def test_only_while_it_goes_on_and_only_by_who_organises() -> None:
    by = factories.official()
    coming, report = event(by=by), factories.report()
    with pytest.raises(ValidationError):
        discussing.note(coming.pk, [report.subject], by=by)
    page = f"{coming.subject.path}discussing/"
    assert [signed_in(by).get(page).status_code, signed_in(factories.resident()).get(page).status_code] == [409, 404]
    made = past(coming)
    with pytest.raises(PermissionDenied):
        discussing.note(made.pk, [report.subject], by=factories.resident())
    act(Event, made.pk, "not_hold", by=by, text="Заваля.")
    with pytest.raises(NotAllowed):
        discussing.note(made.pk, [report.subject], by=by)
    assert Discussed.objects.count() == 0


def test_noted_once_whatever_the_number_of_presses_and_the_minutes_tell_what_they_name_alone() -> None:
    by = factories.official()
    made, noted, told = past(event(by=by)), factories.report(), factories.report()
    at = timezone.now() - datetime.timedelta(minutes=5)
    assert discussing.note(made.pk, [noted.subject, told.subject], by=by, at=at) is not None
    assert discussing.note(made.pk, [told.subject], by=by) is None
    assert [one.at for one in Discussed.objects.all()] == [at, at]
    hold(made.pk, Held(text="Само за едното.", attendance=3, discussed=[told.subject]), by=by)
    assert [TimelineRow.objects.filter(subject=one.pk, code="discussed").count() for one in (noted, told)] == [0, 1]
