"""What is public is told anew: residents' words wait for a moderator, the page keeps the old ones; days and numbers change at once."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import translation

from accounts.models import Block
from discussion import actions as spine
from discussion.messages import describe
from discussion.models import Audience, Subject, TimelineRow
from notifications.recipients import recipients_of
from participation.actions import event as events
from participation.actions import initiative as initiatives
from participation.actions import move, rewording, taking_part
from participation.models import Event, Initiative, Joining, Rewording
from participation.views import found
from participation.views import rewording as page_of_rewording
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
    events.change(made.pk, announced(agenda=["Чешма"], remind_hours=2), by=author)
    assert (now(made)[2], Event.objects.get(pk=made.pk).remind_hours, Rewording.objects.count()) == (["Чешма"], 2, 0)
    events.change(made.pk, announced(title="Купете тук", agenda=["Реклама"]), by=author)
    assert now(made) == ("Среща за градината", "Ще говорим за пейките.", ["Чешма"])
    rewording.publish(Event, made.pk, by=factories.moderator())
    assert now(made) == ("Купете тук", "Ще говорим за пейките.", ["Реклама"])


def test_another_place_or_address_is_read_too_and_then_told_to_everyone_who_comes(author: Any) -> None:
    made, moderator, coming = event(by=author, registration=True), factories.moderator(), factories.resident()
    move.act(Event, made.pk, "publish", by=moderator)
    taking_part.register(made.pk, spine.correspondent_of(coming))
    old = where(made)
    away = {"place": "", "form": "online", "link": "https://example.org/reklama", "registration": True}
    row = events.change(made.pk, announced(**away), by=author)
    assert (where(made), row.data["moved"]) == (old, ["starts_at", "ends_at"])
    address = f"/events/{made.subject.reference}/"
    assert "example.org/reklama" not in Client().get(address).content.decode()
    assert "example.org/reklama" in signed_in(author).get(f"{address}change/").content.decode()
    staff = signed_in(moderator)
    assert "example.org/reklama" in staff.get("/desk/moderation/").content.decode()
    read = staff.get(f"{address}act/reword/").content.decode()
    assert "example.org/reklama" in read and old[0] in read
    row = rewording.publish(Event, made.pk, by=moderator)
    assert where(made) == ("", "online", "https://example.org/reklama")
    assert {who.correspondent.user for who in recipients_of(row)} == {author, coming}
    events.change(made.pk, announced(place="площадът", registration=True), by=author)
    rewording.refuse(Event, made.pk, by=moderator, reason=Reason.objects.get(slug="spam"))
    assert where(made) == ("", "online", "https://example.org/reklama")


def where(made: Event) -> tuple[str, str, str]:
    return Event.objects.values_list("place", "form", "link").get(pk=made.pk)  # type: ignore[return-value]


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


def test_words_that_change_at_once_put_away_those_that_wait_and_their_writer_is_told(author: Any) -> None:
    made, moderator = begun(author), factories.moderator()
    page = f"/initiatives/{made.subject.reference}/"
    initiatives.change(made.pk, proposed(title="Купете тук"), by=author)
    initiatives.change(made.pk, proposed(people_needed=7), by=moderator)  # no words: the others wait on
    assert (Rewording.objects.get().title, Initiative.objects.get(pk=made.pk).people_needed) == ("Купете тук", 7)
    staff = signed_in(moderator)
    form = staff.get(f"{page}change/")
    assert "чакащите отпадат" in form.content.decode()
    sent = {
        name: field.value() for name, field in {f.name: f for f in form.context["form"]}.items() if field.value() is not None
    }
    sent |= {"title": "Садим липи", "sector": "urban", "settlement": ""}
    told = staff.post(f"{page}change/", sent, follow=True).content.decode()
    assert "Чакащите отпаднаха" in told
    assert (now(made)[0], Rewording.objects.count()) == ("Садим липи", 0)
    row = TimelineRow.objects.filter(subject=made.pk, code="change").latest("pk")
    assert describe(row, language="en").headline == "The initiative was changed; other new words that waited fell away."
    assert (row.tells, [who.correspondent.user for who in recipients_of(row)]) == (True, [author])
    with pytest.raises(move.NotAllowed):
        rewording.publish(Initiative, made.pk, by=moderator)


def test_nobody_reads_new_words_of_what_is_over(author: Any) -> None:
    for model, change, say, end in (
        (Event, events.change, announced, "cancel"),
        (Initiative, initiatives.change, proposed, "stop"),
    ):
        made = event(by=author) if model is Event else begun(author)
        if model is Event:
            move.act(Event, made.pk, "publish", by=factories.moderator())
        change(made.pk, say(title="Друго"), by=author)
        assert Rewording.objects.count() == 1
        move.act(model, made.pk, end, by=author, text="Няма.")
        assert Rewording.objects.count() == 0
        address = f"/{made.subject.kind}s/{made.subject.reference}/"
        assert "чакат модератор. Докато" not in signed_in(author).get(address).content.decode()


def test_a_moderators_mend_leaves_the_name_in_which_it_stands() -> None:
    official, moderator = factories.official(), factories.moderator()
    home = home_of(official)
    for made, change, say in (
        (event(by=official), events.change, announced),
        (initiative(by=official), initiatives.change, proposed),
    ):
        form = signed_in(moderator).get(f"/{made.subject.kind}s/{made.subject.reference}/change/").context["form"]
        assert ("organisation" in form.fields, form.changed_matter.organisation) == (False, home)
        change(made.pk, say(title="Друго"), by=moderator)
        assert (type(made).objects.get(pk=made.pk).organisation, now(made)[0]) == (home, "Друго")
        colleague = factories.official()
        change(made.pk, say(title="Трето"), by=colleague)
        assert type(made).objects.get(pk=made.pk).organisation == home


def test_whoever_wrote_the_words_is_asked_and_told_not_whose_it_is(author: Any) -> None:
    made, moderator, writer = begun(author), factories.moderator(), factories.resident()
    initiatives.change(made.pk, proposed(title="Друго"), by=author)
    Rewording.objects.update(by=writer)  # a member of the organisation, say
    Block.objects.create(
        correspondent=spine.correspondent_of(author), until=datetime.date.max, reason="insult", text="", by=moderator
    )
    row = rewording.publish(Initiative, made.pk, by=moderator)  # of the author's nothing becomes public
    assert [who.correspondent.user for who in recipients_of(row)] == [writer]
    Rewording.objects.create(subject=made.subject, title="Трето", text="Дума", by=author)
    with pytest.raises(ValidationError) as refused:
        rewording.publish(Initiative, made.pk, by=moderator)
    assert refused.value.code == "blocked"
    row = rewording.refuse(Initiative, made.pk, by=moderator, reason=Reason.objects.get(slug="spam"))
    assert [who.correspondent.user for who in recipients_of(row)] == [author]


def test_the_old_words_are_quoted_in_their_language_or_gone(author: Any) -> None:
    made, moderator = begun(author), factories.moderator()
    page = f"/initiatives/{made.subject.reference}/act/reword/"
    for unquoted, text in (({}, "Садим дървета"), ({"unquoted": "on"}, "")):
        initiatives.change(made.pk, proposed(title=f"Друго {len(unquoted)}"), by=author)
        version = Subject.objects.get(pk=made.pk).version
        assert "телефонен номер" in signed_in(moderator).get(page).content.decode()
        with translation.override("en"):
            assert signed_in(moderator).post(page, {"version": version, **unquoted}).status_code == 302
        told = describe(TimelineRow.objects.filter(subject=made.pk, code="reword").latest("pk"), language="bg")
        assert (told.text.split("\n")[0], told.text_language) == (text, "bg" if text else "")
    assert told.headline == "Модератор прочете новите думи за инициативата. Какво е пишело преди, не се пази."


def test_words_that_come_while_the_page_is_made_are_not_published_unread(author: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made, moderator, seen = begun(author), factories.moderator(), []

    def organised(*asked: Any) -> Any:
        seen.append(asked)
        if len(seen) == 2:  # after the page was asked for
            initiatives.change(made.pk, proposed(title="Купете тук"), by=author)
        return found.organised(*asked)

    initiatives.change(made.pk, proposed(title="Друго"), by=author)
    monkeypatch.setattr(page_of_rewording, "organised", organised)
    answer = signed_in(moderator).get(f"/initiatives/{made.subject.reference}/act/reword/")
    fresh = Subject.objects.get(pk=made.pk).version
    assert (answer.context["form"].initial["version"], "Купете тук" in answer.content.decode()) == (fresh, True)


def test_tasks_that_somebody_took_keep_their_name_and_public_ones_are_counted_at_once(author: Any) -> None:
    made = begun(author)
    task = made.tasks.get(title="Чай")
    Joining.objects.create(
        initiative=made, task=task, correspondent=spine.correspondent_of(factories.resident()), state="going"
    )
    for tasks in ([("Копаем", 5, None), ("Нова", 1, None)], [("Чай", 1, None), ("Нова", 1, None), ("Нова", 2, None)]):
        with pytest.raises(ValidationError) as refused:
            initiatives.change(made.pk, proposed(tasks=tasks), by=author)
        assert (list(refused.value.message_dict), Rewording.objects.count()) == (["tasks"], 0)
    initiatives.change(made.pk, proposed(tasks=[("Копаем", 9, None), ("Чай", 4, None), ("Нова", 1, None)]), by=author)
    public = [(each.title, each.needed) for each in made.tasks.all()]
    assert (public, Rewording.objects.count()) == ([("Копаем", 9), ("Чай", 4)], 1)
