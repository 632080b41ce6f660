"""What is public is told anew: residents' words wait for a moderator, the page keeps the old ones; days and numbers change at once."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from discussion.messages import describe
from discussion.models import Audience, Subject, TimelineRow
from notifications.recipients import recipients_of
from participation.actions import event as events
from participation.actions import initiative as initiatives
from participation.actions import move, rewording
from participation.models import Event, Initiative, Rewording
from reports.models import Reason
from tests import factories
from tests.participation.conftest import event, home_of
from tests.participation.conftest import said as announced
from tests.participation.test_event_pages import signed_in
from tests.participation.test_initiatives import initiative
from tests.participation.test_initiatives import said as proposed

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def author() -> Any:
    return factories.resident()


def begun(author: Any) -> Initiative:
    made = initiatives.propose(proposed(), by=author, client_uuid=uuid.uuid4())
    initiatives.act(Initiative, made.pk, "publish", by=factories.moderator())
    return Initiative.objects.select_related("subject").get(pk=made.pk)


def now(made: Any) -> tuple[str, str, list[Any]]:
    found = type(made).objects.select_related("subject").get(pk=made.pk)
    return found.subject.title, found.text, [each if isinstance(each, str) else each[0] for each in rewording.lines_of(found)]


def test_a_residents_new_words_wait_and_the_page_keeps_the_old_ones_until_they_are_read(author: Any) -> None:
    made, moderator = begun(author), factories.moderator()
    old = ("Садим дървета", "По едно пред всеки вход.", ["Копаем", "Чай"])
    tasks = [("Копаем", 5, None), ("Боядисваме", 1, None)]
    initiatives.change(made.pk, proposed(title="Купете тук", text="Реклама.", tasks=tasks, people_needed=7), by=author)
    assert now(made) == old
    assert Initiative.objects.get(pk=made.pk).people_needed == 7
    row = TimelineRow.objects.get(subject=made.pk, code="change")
    assert describe(row, language="bg").headline == "Инициативата беше променена; новите думи чакат модератор."
    address = f"/initiatives/{made.subject.reference}/"
    assert "Купете тук" not in Client().get(address).content.decode()
    form = signed_in(author).get(f"{address}change/").content.decode()
    assert "Купете тук" in form and "Боядисваме; 1" in form
    staff = signed_in(moderator)
    assert "Купете тук" in staff.get("/desk/moderation/").content.decode()
    read = staff.get(f"{address}act/reword/").content.decode()
    assert "Купете тук" in read and "Садим дървета" in read and "Боядисваме" in read
    with pytest.raises(PermissionDenied):
        rewording.publish(Initiative, made.pk, by=author)
    version = Subject.objects.get(pk=made.pk).version
    initiatives.change(made.pk, proposed(title="Друго заглавие", tasks=tasks), by=author)
    assert staff.post(f"{address}act/reword/", {"version": version}).status_code == 422  # other words than were read
    version = Subject.objects.get(pk=made.pk).version
    assert staff.post(f"{address}act/reword/", {"version": version}).status_code == 302
    assert now(made) == ("Друго заглавие", "По едно пред всеки вход.", ["Копаем", "Боядисваме"])
    row = TimelineRow.objects.get(subject=made.pk, code="reword")
    assert describe(row, audience=Audience.PUBLIC).text == "\n".join([old[0], old[1], *old[2]])
    assert [who.correspondent.user for who in recipients_of(row)] == [author]
    assert staff.get(f"{address}act/reword/").status_code == 409


def test_refused_words_are_gone_and_their_writer_is_told_why(author: Any) -> None:
    made, spam = begun(author), Reason.objects.get(slug="spam")
    initiatives.change(made.pk, proposed(title="Купете тук"), by=author)
    page = f"/initiatives/{made.subject.reference}/act/keep_words/"
    assert signed_in(factories.moderator()).post(page, {"reason": spam.slug, "text": "Без реклами."}).status_code == 302
    assert (Rewording.objects.count(), now(made)[0]) == (0, "Садим дървета")
    row = TimelineRow.objects.get(subject=made.pk, code="keep_words")
    assert (row.audience, [who.correspondent.user for who in recipients_of(row)]) == (Audience.AUTHOR, [author])


def test_the_same_holds_for_events_and_what_takes_nothing_new_is_public_at_once(author: Any) -> None:
    made = event(by=author, agenda=["Пейки", "Чешма"])
    move.act(Event, made.pk, "publish", by=factories.moderator())
    events.change(made.pk, announced(agenda=["Чешма"], place="площадът"), by=author)
    assert (now(made)[2], Event.objects.get(pk=made.pk).place, Rewording.objects.count()) == (["Чешма"], "площадът", 0)
    events.change(made.pk, announced(title="Купете тук", agenda=["Реклама"]), by=author)
    assert now(made) == ("Среща за градината", "Ще говорим за пейките.", ["Чешма"])
    rewording.publish(Event, made.pk, by=factories.moderator())
    assert now(made) == ("Купете тук", "Ще говорим за пейките.", ["Реклама"])


def test_staff_speak_for_their_department_at_once_and_in_the_own_name_as_residents() -> None:
    official = factories.official()
    made = initiative(by=official)
    initiatives.change(made.pk, proposed(title="Друго", organisation=home_of(official)), by=official)
    assert (made.subject.is_public, now(made)[0]) == (True, "Друго")
    own = initiatives.propose(proposed(), by=official, client_uuid=uuid.uuid4())
    assert (own.status, own.subject.is_public) == ("awaiting_moderation", False)
    for path in ("/initiatives/new/", "/events/new/", f"/pledges/new/?for={made.subject.reference}"):
        html = signed_in(official).get(path).content.decode()
        assert '<option value="roads" selected>' in html, path
