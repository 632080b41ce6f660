"""Events: announced, changed, closed with minutes; nothing else closes them."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone, translation

from discussion.links import related
from discussion.models import Link, Subject, TimelineRow
from municipality.models import Organisation
from participation.actions.event import Held, announce, change, hold
from participation.actions.move import NotAllowed, act
from participation.models import Event, Minutes
from participation.wording import status
from reports.actions import submit
from tests import factories
from tests.participation.conftest import event, past, said

pytestmark = pytest.mark.usefixtures("town")


def codes(subject_id: int) -> list[str]:
    return list(TimelineRow.objects.filter(subject=subject_id).order_by("pk").values_list("code", flat=True))


def test_an_officials_event_is_public_at_once() -> None:
    made = event()
    assert (made.status, made.subject.is_public, made.subject.kind) == ("announced", True, "event")
    assert made.subject.area.slug == "levka"
    assert codes(made.pk) == ["submitted"]


def test_a_residents_event_waits_for_a_moderator() -> None:
    made = event(by=factories.resident())
    assert (made.status, made.subject.is_public) == ("awaiting_moderation", False)
    act(Event, made.pk, "publish", by=factories.moderator())
    assert Subject.objects.get(pk=made.pk).is_public
    assert codes(made.pk) == ["kept_awaiting_moderation", "publish"]


def test_what_no_moderator_has_read_is_taken_back_and_never_public() -> None:
    by = factories.resident()
    made = event(by=by)
    with pytest.raises(NotAllowed):
        act(Event, made.pk, "cancel", by=by, text="Ще вали.")
    act(Event, made.pk, "take_back", by=by)
    assert (Event.objects.get(pk=made.pk).status, Subject.objects.get(pk=made.pk).is_public) == ("taken_back", False)


def test_the_same_client_uuid_is_one_event() -> None:
    by, key = factories.official(), uuid.uuid4()
    assert announce(said(), by=by, client_uuid=key).pk == announce(said(title="Друго"), by=by, client_uuid=key).pk
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_at": timezone.now() - datetime.timedelta(days=1)}, "ends_at"),
        ({"form": "online"}, "link"),
        ({"form": "hybrid"}, "link"),
        ({"place": "", "point": None}, "place"),
        ({"capacity": 3}, "registration"),
    ],
)
def test_a_bad_value_is_named_and_nothing_is_kept(fields: dict, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        event(**fields)
    assert list(refused.value.message_dict) == [field]
    assert Event.objects.count() == 0


def test_nobody_speaks_for_an_organisation_without_membership() -> None:
    with pytest.raises(PermissionDenied):
        event(by=factories.official(organisation="roads"), organisation=Organisation.objects.get(slug="parks"))
    assert Event.objects.count() == 0


def test_an_event_is_not_closed_before_it_begins_nor_without_minutes() -> None:
    by = factories.official()
    made = event(by=by)
    with pytest.raises(ValidationError, match=r".+"):
        hold(made.pk, Held(text="Говорихме.", attendance=4), by=by)
    past(made)
    with pytest.raises(ValidationError) as refused:
        hold(made.pk, Held(text="", attendance=4), by=by)
    assert list(refused.value.message_dict) == ["text"]
    with pytest.raises(ValidationError) as refused:
        act(Event, made.pk, "not_hold", by=by)
    assert list(refused.value.message_dict) == ["text"]
    assert (Event.objects.get(pk=made.pk).status, Minutes.objects.count()) == ("announced", 0)


def test_minutes_close_it_and_each_thing_discussed_has_its_row_and_link() -> None:
    by = factories.official()
    made, idea = past(event(by=by)), submit(factories.submission(category="park-idea"))
    decision = ("Две пейки", "отдел „Паркове“", timezone.localdate())
    held = Held(text="Говорихме.", attendance=4, decisions=[decision], discussed=[idea.subject])
    hold(made.pk, held, by=by)
    assert Event.objects.get(pk=made.pk).status == "held"
    assert [(one.text, one.who, one.until) for one in made.minutes.decisions.all()] == [decision]
    assert codes(idea.pk)[-1] == "discussed"
    assert Link.objects.filter(source=idea.pk, target=made.pk, kind="discussed_at").count() == 1
    with pytest.raises(NotAllowed):
        hold(made.pk, held, by=by)


def test_what_is_linked_with_an_event_is_discussed_there_once_it_was_held() -> None:
    by = factories.official()
    made, idea = past(event(by=by)), factories.report()
    Link.objects.create(source=idea.subject, target=made.subject, kind=Link.Kind.DISCUSSED_AT)

    def said() -> list[str]:
        with translation.override("bg"):
            return [str(group.words) for end in (idea, made) for group in related(end.subject)]

    assert said() == ["Свързано със събитие", "Свързано с това събитие"]
    desk = Client()
    desk.force_login(factories.official(), backend="django.contrib.auth.backends.ModelBackend")
    case = desk.get(f"/desk/{idea.subject.reference}/").content.decode()
    assert ("Свързано със събитие" in case, "Обсъдено на" in case) == (True, False)
    hold(made.pk, Held(text="Говорихме.", attendance=4), by=by)
    assert said() == ["Обсъдено на", "Какво беше обсъдено тук"]


def test_an_event_says_now_while_it_runs_and_one_called_off_is_not_said_to_have_been() -> None:
    by = factories.official()
    running, off = past(event(by=by)), event(by=by)
    act(Event, off.pk, "cancel", by=by, text="Болен е.")
    off.refresh_from_db()
    with translation.override("bg"):
        assert (status(running), status(off)) == ("Сега", "Отменено")
    assert ">Минали и отменени</h2>" in Client().get("/events/").content.decode()


def test_a_stranger_changes_nothing() -> None:
    made = event()
    for name in ("cancel", "publish"):
        with pytest.raises((PermissionDenied, NotAllowed)):
            act(Event, made.pk, name, by=factories.resident(), text="така")
    with pytest.raises(PermissionDenied):
        change(made.pk, said(title="Моя"), by=factories.resident())
    assert Subject.objects.get(pk=made.pk).title == "Среща за градината"


def test_a_change_of_time_says_so() -> None:
    by = factories.official()
    made = event(by=by)
    later = made.starts_at + datetime.timedelta(days=1)
    row = change(made.pk, said(starts_at=later, ends_at=later + datetime.timedelta(hours=1)), by=by)
    assert row.data["moved"] == ["starts_at", "ends_at"]
