"""Promises: made on a subject, read by a moderator first, kept or withdrawn with words, slipped when their day has passed."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from accounts.actions import erase_elsewhere, kept_elsewhere, merge
from discussion.addresses import page_of
from discussion.messages import describe
from discussion.models import TimelineRow
from municipality.models import Organisation
from participation.actions import joining, move, taking_part
from participation.actions.pledge import Gone, act, promise
from participation.models import Joining, Pledge, TakingPart
from participation.wording import pledge_status
from reports.actions.block import block, lift
from reports.freshness import data_version
from reports.models import Reason
from tests import factories
from tests.participation import consultation_world as world
from tests.participation.conftest import event, home_of
from tests.participation.test_event_pages import signed_in
from tests.participation.test_events import codes
from tests.participation.test_initiatives import initiative
from tests.participation.test_sectors import a_service, goal

pytestmark = pytest.mark.usefixtures("town")
DAY = datetime.timedelta(days=1)


def today() -> datetime.date:
    return timezone.localdate()


def pledge(subject_id: int | None = None, by: Any = None, **fields: Any) -> Pledge:
    """An official's, for a week from today."""
    given = {"what": "Двайсет фиданки", "until": today() + 7 * DAY, "client_uuid": uuid.uuid4(), **fields}
    by = by or factories.official()
    return promise(subject_id or initiative().pk, by=by, **{"organisation": home_of(by), **given})


def form(**fields: Any) -> dict[str, Any]:
    day = (today() + 7 * DAY).isoformat()
    return {"what": "Боя за оградата", "until": day, "client_uuid": str(uuid.uuid4()), **fields}


def test_the_municipalitys_is_public_at_once_a_residents_is_read_first() -> None:
    made = initiative()
    assert pledge(made.pk).state == "promised"
    kept = pledge(made.pk, by=factories.resident())
    assert kept.state == "awaiting_moderation"
    assert list(Pledge.objects.public().values_list("state", flat=True)) == ["promised"]
    act(kept.pk, "publish", by=factories.moderator())
    assert codes(made.pk)[-3:] == ["pledged", "pledge_kept", "pledged"]
    assert Pledge.objects.public().count() == 2


@pytest.mark.parametrize("days", [-1, 6 * 366])
def test_the_day_is_one_that_can_be_looked_after(days: int) -> None:
    with pytest.raises(ValidationError) as refused:
        pledge(until=today() + days * DAY)
    assert (list(refused.value.message_dict), Pledge.objects.count()) == (["until"], 0)


def test_nobody_promises_for_others_nor_on_what_is_not_public() -> None:
    with pytest.raises(PermissionDenied):
        pledge(by=factories.resident(), organisation=Organisation.objects.get(slug="parks"))
    with pytest.raises(ValidationError):
        pledge(event(by=factories.resident()).pk)
    assert Pledge.objects.count() == 0


def test_sent_again_after_back_it_is_one_promise() -> None:
    made, by = initiative(), factories.resident()
    client, page = signed_in(by), f"/pledges/new/?for={made.subject.reference}"
    words = form(named="on")
    for number in (words["client_uuid"], str(uuid.uuid4())):  # Back fetches the form anew, with another number
        assert client.post(page, words | {"client_uuid": number}).status_code == 302
    assert codes(made.pk).count("pledge_kept") == Pledge.objects.count() == 1
    client.post(page, words | {"client_uuid": str(uuid.uuid4()), "what": "И четка за нея"})
    assert Pledge.objects.count() == 2
    client.post(page, {key: said for key, said in words.items() if key != "named"} | {"client_uuid": str(uuid.uuid4())})
    assert Pledge.objects.count() == 3  # without the name it is said otherwise


def test_the_timeline_names_who_promises_as_the_card_does_until_the_name_is_erased() -> None:
    made, by = initiative(), factories.resident()
    act(pledge(made.pk, by=by, public_name="Мария Тестова").pk, "publish", by=factories.moderator())
    row = TimelineRow.objects.get(subject=made.pk, code="pledged")
    assert describe(row, language="bg").headline == "Мария Тестова обеща:"
    assert describe(row, language="en").headline == "Мария Тестова promised something:"
    spam, moderator, told = Reason.objects.get(slug="spam"), factories.moderator(), []
    act(row.data["pledge"], "remove", by=moderator, reason=spam)
    told.append(describe(row, language="bg").headline)
    act(row.data["pledge"], "show_again", by=moderator)
    held = block(by.correspondent, reason=spam, until=today() + DAY, by=moderator)
    told.append(describe(row, language="bg").headline)
    lift(held.pk, by=moderator)
    told.append(describe(row, language="bg").headline)
    assert told == ["Жител обеща:", "Жител обеща:", "Мария Тестова обеща:"]
    erase_elsewhere(by.correspondent)
    assert describe(row, language="bg").headline == "Жител обеща:"


def test_sent_twice_it_is_one_promise() -> None:
    by, made, key = factories.official(), initiative(), uuid.uuid4()
    assert pledge(made.pk, by=by, client_uuid=key).pk == pledge(made.pk, by=by, client_uuid=key, what="Друго").pk
    assert codes(made.pk).count("pledged") == 1


def test_it_slips_by_the_calendar_and_can_still_be_kept_late() -> None:
    by = factories.official()
    made = pledge(by=by)
    week, after = today() + 7 * DAY, today() + 8 * DAY
    assert [pledge_status(made, day)[0] for day in (week, after)] == ["active", "late"]
    assert [Pledge.objects.by_state(name, after).count() for name in ("open", "slipped")] == [0, 1]
    assert [Pledge.objects.by_state(name, week).count() for name in ("open", "slipped")] == [1, 0]
    with pytest.raises(ValidationError) as refused:
        act(made.pk, "done", by=by)
    assert list(refused.value.message_dict) == ["text"]
    act(made.pk, "done", by=by, text="Докарани са.", at=timezone.now() + 8 * DAY)
    made.refresh_from_db()
    assert (made.state, made.ended_on, pledge_status(made, after)[0]) == ("done", after, "done")
    assert "късно" in pledge_status(made, after)[1] or "late" in pledge_status(made, after)[1]
    with pytest.raises(Gone):
        act(made.pk, "withdraw", by=by, text="Не.")


def test_only_who_made_it_says_what_became_of_it() -> None:
    by, moderator = factories.resident(), factories.moderator()
    made = pledge(by=by)
    act(made.pk, "publish", by=moderator)
    for somebody in (factories.resident(), moderator):
        with pytest.raises(PermissionDenied):
            act(made.pk, "done", by=somebody, text="Готово.")
    with pytest.raises(Gone):
        act(made.pk, "withdraw", by=by, text="Старо.", version=made.version)
    act(made.pk, "withdraw", by=by, text="Заминавам.", version=made.version + 1)
    assert Pledge.objects.public().get().state == "withdrawn"


def test_on_its_page_in_the_queue_and_in_the_list() -> None:
    client, where = signed_in(factories.resident()), initiative()
    page, ref = f"/initiatives/{where.subject.reference}/", where.subject.reference
    assert client.post(f"/pledges/new/?for={ref}", form()).status_code == 302
    made = Pledge.objects.get()
    assert "Боя за оградата" not in Client().get(page).content.decode()
    assert "Боя за оградата" in client.get("/pledges/").content.decode()
    moderator = signed_in(factories.moderator())
    assert f"/pledges/{made.pk}/act/publish/" in moderator.get("/desk/moderation/").content.decode()
    moderator.post(f"/pledges/{made.pk}/act/publish/", {"version": made.version})
    assert "Боя за оградата" in Client().get(page).content.decode()
    assert '<span class="vh">: Боя за оградата</span></a>' in client.get(page).content.decode()
    send = {"version": made.version + 1, "text": "Оградата е зелена."}
    assert client.post(f"/pledges/{made.pk}/act/done/", send).status_code == 302
    assert "Оградата е зелена." in Client().get("/pledges/?state=kept").content.decode()
    assert "Боя за оградата" not in Client().get("/pledges/?state=open").content.decode()
    assert client.get(f"/pledges/{made.pk}/act/done/").status_code == 409
    assert Client().get("/pledges/?state=nope").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"), [({"until": "утре"}, "until"), ({"until": "2020-01-01"}, "until"), ({"what": ""}, "what")]
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(wrong: dict[str, str], field: str) -> None:
    ref = initiative().subject.reference
    answer = signed_in(factories.resident()).post(f"/pledges/new/?for={ref}", form(**wrong))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Pledge.objects.count() == 0


def test_why_a_moderator_did_not_publish_it_is_said_to_its_author_alone() -> None:
    by, reason = factories.resident(), Reason.objects.filter(serves__contains=["reject"]).first()
    assert reason is not None
    made = pledge(by=by)
    act(made.pk, "reject", by=factories.moderator(), reason=reason)
    assert reason.name["bg"] in signed_in(by).get("/pledges/").content.decode()
    assert made.what not in Client().get("/pledges/").content.decode()


def test_a_moderator_takes_a_published_one_down_with_its_words() -> None:
    by, where, reason = factories.official(), initiative(), Reason.objects.get(slug="spam")
    made = pledge(where.pk, by=by)
    page = f"/initiatives/{where.subject.reference}/"
    assert Client().get(page).content.decode().count(made.what) == 2
    act(made.pk, "remove", by=factories.moderator(), reason=reason)
    data_version.forget()
    assert made.what not in Client().get(page).content.decode()
    assert reason.name["bg"] in signed_in(by).get("/pledges/").content.decode()


def test_who_is_kept_from_writing_begins_promises_and_writes_nothing() -> None:
    by, moderator = factories.resident(), factories.moderator()
    where = initiative()
    block(by.correspondent, reason=Reason.objects.get(slug="spam"), until=today() + DAY, by=moderator)
    for do in (lambda: pledge(where.pk, by=by), lambda: initiative(by=by, status="awaiting_moderation")):
        with pytest.raises(ValidationError) as refused:
            do()
        assert [error.code for error in refused.value.error_list] == ["blocked"]


def test_what_they_promised_is_held_with_all_else_and_comes_back_as_it_was() -> None:
    by, where, moderator = factories.resident(), initiative(), factories.moderator()
    kept, open_one = (pledge(where.pk, by=by, what=what) for what in ("Боядисах оградата", "Двайсет фиданки"))
    for made in (kept, open_one):
        act(made.pk, "publish", by=moderator)
    act(kept.pk, "done", by=by, text="Готово е.")
    page = f"/initiatives/{where.subject.reference}/"
    shown = lambda: [words in Client().get(page).content.decode() for words in ("оградата", "фиданки", "Готово е.")]  # noqa: E731
    assert shown() == [True, True, True]
    held = block(by.correspondent, reason=Reason.objects.get(slug="spam"), until=today() + DAY, by=moderator)
    data_version.forget()
    assert (shown(), list(Pledge.objects.public())) == ([False, False, False], [])
    says = lambda: pledge_status(kept, today(), Pledge.objects.held([Pledge.objects.get(pk=kept.pk)]))[1]  # noqa: E731
    kept.refresh_from_db()
    assert says() == "Не се показва, докато авторът му не може да пише тук"
    act(kept.pk, "show_again", by=moderator)
    act(kept.pk, "remove", by=moderator, reason=Reason.objects.get(slug="spam"))
    assert says() == "Свалено от модератор"
    lift(held.pk, by=moderator)
    assert says() == "Свалено от модератор"
    assert set(Pledge.objects.values_list("what", "state")) == {
        ("Боядисах оградата", "removed"),
        ("Двайсет фиданки", "promised"),
    }
    act(kept.pk, "show_again", by=moderator)
    data_version.forget()
    assert shown() == [True, True, True]
    assert set(Pledge.objects.values_list("what", "state")) == {("Боядисах оградата", "done"), ("Двайсет фиданки", "promised")}


def test_the_promises_of_who_is_kept_from_writing_are_told_in_the_same_number_of_questions(
    django_assert_num_queries: Any,
) -> None:
    by, moderator, spam = factories.resident(), factories.moderator(), Reason.objects.get(slug="spam")
    for what in ("Боя", "Фиданки", "Пейки"):
        act(pledge(by=by, what=what).pk, "publish", by=moderator)
    block(by.correspondent, reason=spam, until=today() + DAY, by=moderator)
    client = signed_in(by)
    client.get("/pledges/")
    data_version.forget()
    with django_assert_num_queries(9):
        page = client.get("/pledges/").content.decode()
    assert page.count("Не се показва, докато авторът му не може да пише тук") == 3


def test_a_block_of_an_older_version_releases_the_promises_too() -> None:
    by, moderator = factories.resident(), factories.moderator()
    made = pledge(by=by)
    act(made.pk, "publish", by=moderator)
    held = block(by.correspondent, reason=Reason.objects.get(slug="spam"), until=today() + DAY, by=moderator)
    type(held).objects.filter(pk=held.pk).update(held={"comments": [], "subjects": [], "pledges": [made.pk]})
    made.refresh_from_db()
    assert Pledge.objects.held([made]) == {made.pk}
    lift(held.pk, by=moderator)
    assert Pledge.objects.get(pk=made.pk).state == "promised"


def test_who_is_kept_from_writing_runs_nothing_in_an_organisations_name() -> None:
    by = factories.person("member", organisation="water")
    Organisation.objects.filter(slug="water").update(verified_at=timezone.now())
    made = initiative(status="forming")
    type(made).objects.update(organisation=Organisation.objects.get(slug="water"))
    block(by.correspondent, reason=Reason.objects.get(slug="spam"), until=today() + DAY, by=factories.moderator())
    with pytest.raises(ValidationError) as refused:
        move.act(type(made), made.pk, "gather", by=by)
    made.refresh_from_db()
    assert (refused.value.code, made.status) == ("blocked", "forming")


def test_an_organisation_page_lists_what_it_promised() -> None:
    parks = Organisation.objects.get(slug="parks")
    made = pledge(by=factories.official("parks"), organisation=parks)
    assert made.what in Client().get("/organisations/parks/").content.decode()
    assert made.what not in Client().get("/organisations/roads/").content.decode()


def test_erased_its_name_is_gone_and_the_promise_stays() -> None:
    by, where = factories.resident(), initiative()
    made = pledge(where.pk, by=by, public_name="Рада Колева")
    act(made.pk, "publish", by=factories.moderator())
    joining.join(where.pk, by.correspondent)
    copy = kept_elsewhere(by.correspondent)
    assert [(one["what"], one["state"]) for one in copy["promises"]] == [("Двайсет фиданки", "promised")]
    assert [one["state"] for one in copy["initiatives"]] == ["going"]
    assert "Рада Колева" in Client().get("/pledges/").content.decode()
    erase_elsewhere(by.correspondent)
    data_version.forget()
    assert "Рада Колева" not in Client().get("/pledges/").content.decode()
    assert Pledge.objects.values_list("what", "public_name", "author").get() == ("Двайсет фиданки", "", None)
    assert TimelineRow.objects.filter(subject=where.pk, code="name_erased").count() == 1


def test_two_addresses_become_one_person_who_takes_part_once() -> None:
    guest, account, other = factories.guest(), factories.resident().correspondent, factories.guest()
    meeting, where = event(registration=True, capacity=2), initiative()
    for who in (guest, account, other):
        taking_part.register(meeting.pk, who)
    tea = where.tasks.get(title="Чай")
    joining.join(where.pk, guest)
    joining.join(where.pk, guest, tea.pk)
    joining.join(where.pk, account)
    merge(guest, account)
    assert dict(TakingPart.objects.in_force().values_list("correspondent", "state")) == {account.pk: "going", other.pk: "going"}
    found = set(Joining.objects.going().values_list("correspondent", "task"))
    assert found == {(account.pk, None), (account.pk, tea.pk)}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions(count: int, django_assert_num_queries: Any) -> None:
    for _each in range(count):
        pledge()
    Client().get("/pledges/")
    data_version.forget()
    with django_assert_num_queries(2):
        Client().get("/pledges/?state=")


def test_one_acts_together_on_goals_services_and_consultations_too() -> None:
    for subject in (goal().subject, a_service().subject, world.opened().subject):
        page = Client().get(page_of(subject), follow=True).content.decode()
        assert f"/initiatives/new/?with={subject.reference}" in page and f"/pledges/new/?for={subject.reference}" in page
