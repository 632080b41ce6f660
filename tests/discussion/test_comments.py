"""Comments: two levels, who speaks for whom, what their authors and moderators do with them."""

from __future__ import annotations

import datetime
import re
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, User
from discussion import actions as spine
from discussion.models import Appeal, Comment, CommentVersion, Helpful, Subject, TimelineRow
from municipality.models import Installation, Organisation
from municipality.site import forget
from notifications.recipients import recipients_of
from reports.models import Report
from tests import factories

pytestmark = pytest.mark.django_db
State = Comment.State


@pytest.fixture
def report() -> Report:
    factories.town()
    return factories.report()


def write(report: Report, text: str = "Така е.", **fields: Any) -> Comment:
    """A comment that everyone reads: an official's, or a resident's (`by`) read by a moderator."""
    by = fields.pop("by", None) or factories.official()
    made = spine.comment(report.pk, text=text, client_uuid=uuid.uuid4(), correspondent=by.correspondent, by=by, **fields)
    if made.state == State.WAITING:
        made = spine.settle_comment(made.pk, publish=True, by=factories.moderator())
    return made


def mend(made: Comment, text: str) -> None:
    assert made.correspondent is not None
    spine.edit_comment(made.pk, text=text, correspondent=made.correspondent)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def now(made: Comment) -> tuple[str, str, str]:
    """What everyone reads, what waits to be read, and the state."""
    return Comment.objects.values_list("text", "mended", "state").get(pk=made.pk)  # type: ignore[return-value]


def rows(report: Report) -> list[str]:
    return list(TimelineRow.objects.filter(subject_id=report.pk).order_by("pk").values_list("code", flat=True))[1:]


def refusal(refused: pytest.ExceptionInfo[ValidationError]) -> tuple[str, list[str]]:
    error = refused.value
    return (next(iter(error.error_dict)), error.messages) if hasattr(error, "error_dict") else ("", error.messages)


def test_an_answer_to_an_answer_stands_under_the_same_comment(report: Report):
    first = write(report, anchor="s-1")
    second = write(report, parent_id=first.pk, kind="answer")
    third = write(report, parent_id=second.pk, kind="answer")
    assert [(one.parent_id, one.anchor) for one in (first, second, third)] == [
        (None, "s-1"),
        (first.pk, "s-1"),
        (first.pk, "s-1"),
    ]
    first.refresh_from_db()
    assert first.answer_count == 2
    assert Subject.objects.get(pk=report.pk).comment_count == 3


@pytest.mark.parametrize("what", ["other subject", "waiting", "withdrawn", "none"])
def test_only_what_everyone_reads_here_is_answered(report: Report, what: str):
    if what == "other subject":
        pk = write(factories.report()).pk
    elif what == "none":
        pk = 0
    else:
        writer = factories.resident()
        made = spine.comment(report.pk, text="А", client_uuid=uuid.uuid4(), correspondent=writer.correspondent, by=writer)
        pk = made.pk
        if what == "withdrawn":
            spine.withdraw_comment(pk, correspondent=writer.correspondent)
    before = Comment.objects.count()
    with pytest.raises(ValidationError) as refused:
        write(report, parent_id=pk)
    assert refusal(refused) == ("parent", ["Това, на което отговаряте, вече го няма. Отговорете на друг коментар."])
    assert Comment.objects.count() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "shout"), ("stance", "maybe"), ("anchor", "Горе"), ("anchor", "a" * 41), ("anchor", "-a"), ("anchor", "a\n")],
)
def test_codes_are_known(report: Report, field: str, value: str):
    with pytest.raises(ValidationError) as refused:
        write(report, **{field: value})
    assert refusal(refused)[0] == field
    assert not Comment.objects.exists()


# -- for whom somebody speaks


def organisation(kind: str = "association", **fields: Any) -> Organisation:
    values = {"verified_at": timezone.now(), **fields}
    return Organisation.objects.create(
        slug=f"org-{uuid.uuid4().hex[:8]}", kind=kind, name=factories.texts("Сдружение"), **values
    )


def member(of: Organisation, **fields: Any) -> User:
    made = factories.resident()
    Membership.objects.create(user=made, organisation=of, roles=["member"], **fields)
    return made


@pytest.mark.parametrize(
    ("kind", "stakeholder"),
    [("company", "business"), ("association", "association"), ("institution", "institution"), ("body", "institution")],
)
def test_a_member_speaks_for_a_verified_organisation(report: Report, kind: str, stakeholder: str):
    home = organisation(kind)
    by = member(home)
    assert not by.works_here
    made = spine.comment(
        report.pk, text="А", client_uuid=uuid.uuid4(), correspondent=by.correspondent, by=by, organisation=home
    )
    assert (made.stakeholder, made.organisation, made.state, made.official) == (stakeholder, home, State.WAITING, False)


def test_members_of_the_council_speak_as_councillors(report: Report):
    council = organisation("institution")
    Installation.objects.update(council=council)
    forget()
    assert write(report, by=member(council), organisation=council).stakeholder == "councillor"


def test_the_administrations_answer_is_marked(report: Report):
    by = factories.official()
    roads = Organisation.objects.get(slug="roads")
    answer = write(report, by=by, organisation=roads, kind="answer")
    remark = write(report, by=by, organisation=roads)
    own = write(report, by=by, kind="answer")
    assert [(one.stakeholder, one.official) for one in (answer, remark, own)] == [
        ("administration", True), ("administration", False), ("citizen", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "active", "said"),
    [
        ({}, None, "Не членувате в Сдружение и не можете да говорите от нейно име."),
        ({}, False, "Не членувате в Сдружение и не можете да говорите от нейно име."),
        ({"verified_at": None}, True, "Сдружение още не е потвърдена: това прави администраторът."),
        ({"active": False}, True, "Сдружение вече не действа: никой не може да говори от нейно име."),
    ],
)
def test_nobody_else_speaks_for_it(report: Report, fields: dict[str, Any], active: bool | None, said: str):
    home = organisation(**fields)
    by = factories.resident() if active is None else member(home, active=active)
    with pytest.raises(ValidationError) as refused:
        write(report, by=by, organisation=home)
    assert refusal(refused) == ("organisation", [said])
    assert not Comment.objects.exists() and rows(report) == []


def test_a_guest_speaks_for_nobody(report: Report):
    with pytest.raises(ValidationError) as refused:
        spine.comment(
            report.pk, text="А", client_uuid=uuid.uuid4(), correspondent=factories.guest(), by=None, organisation=organisation()
        )
    assert refusal(refused)[0] == "organisation"


# -- its author


def test_words_are_mended_until_somebody_answers_and_stay_readable(report: Report):
    writer = factories.resident()
    made = write(report, by=writer)
    mend(made, "Не е така.")
    assert now(made) == ("Така е.", "Не е така.", State.PUBLISHED)
    assert (list(Comment.objects.waiting()), CommentVersion.objects.count()) == ([made], 0)
    mend(made, "Така е.")  # as it stands: nothing is left to read
    assert (now(made)[1], list(Comment.objects.waiting())) == ("", [])
    mend(made, "Не е така.")
    spine.settle_comment(made.pk, publish=True, by=factories.moderator())
    assert (now(made), list(Comment.objects.waiting())) == (("Не е така.", "", State.PUBLISHED), [])
    assert list(CommentVersion.objects.values_list("text", "public")) == [("Така е.", True)]
    write(report, parent_id=made.pk)
    with pytest.raises(ValidationError, match="до 24 часа"):
        mend(made, "Все едно.")
    assert now(made) == ("Не е така.", "", State.PUBLISHED)


def test_what_was_mended_is_read_by_its_author_and_moderators_alone_until_one_has_read_it(report: Report):
    writer, moderator = factories.resident(), factories.moderator()
    made = write(report, by=writer)
    mend(made, "Купете тук.")
    address, staff = report.subject.path, signed_in(moderator)
    pages = [client.get(address).content.decode() for client in (Client(), signed_in(writer), staff)]
    assert [("Така е." in page, "Купете тук." in page) for page in pages] == [(True, False), (True, True), (True, True)]
    told = Client().get(f"/api/v1/subjects/{report.subject.reference}/comments/{made.pk}/").json()
    assert (told["text"], "mended" in told) == ("Така е.", False)
    form = signed_in(writer).get(f"/subjects/{report.subject.reference}/comments/{made.pk}/edit/")
    assert "Купете тук." in form.content.decode()

    read = re.search('name="read" value="([^"]+)"', staff.get("/desk/moderation/").content.decode())[1]  # type: ignore[index]
    mend(made, "Купете там.")
    act, keep = f"/desk/moderation/comments/{made.pk}/", {"keep": "1", "reason": "spam", "text": "Без реклами."}
    assert staff.post(act, {"publish": "1", "read": read}).status_code == 422  # other words than were read
    assert staff.post(act, keep | {"read": read}).status_code == 422
    assert now(made) == ("Така е.", "Купете там.", State.PUBLISHED)
    read = re.search('name="read" value="([^"]+)"', staff.get("/desk/moderation/").content.decode())[1]  # type: ignore[index]
    assert staff.post(act, {"keep": "1", "read": read}).status_code == 422  # without a reason
    assert staff.post(act, keep | {"read": read}).status_code == 302
    assert (now(made), rows(report)[-1]) == (("Така е.", "", State.PUBLISHED), "comment_kept")
    row = TimelineRow.objects.get(code="comment_kept")
    assert [who.correspondent.user for who in recipients_of(row)] == [writer]

    mend(made, "Купете тук.")
    spine.settle_comment(made.pk, publish=False, hide=True, by=moderator, reason="spam")
    spine.settle_comment(made.pk, publish=True, by=moderator)  # shown again: the words that everyone had read
    assert now(made) == ("Така е.", "Купете тук.", State.PUBLISHED)
    spine.withdraw_comment(made.pk, correspondent=writer.correspondent)
    assert now(made) == ("", "", State.WITHDRAWN)


def test_the_window_of_the_installation_closes(report: Report):
    writer = factories.resident()
    made = write(report, by=writer, at=timezone.now() - datetime.timedelta(hours=3))
    assert spine.may_edit(made)
    Installation.objects.update(comment_edit_hours=2)
    forget()
    assert not spine.may_edit(made)
    with pytest.raises(ValidationError, match="до 2 часа"):
        spine.edit_comment(made.pk, text="Друго.", correspondent=writer.correspondent)


def test_withdrawn_words_are_gone_and_the_place_stays(report: Report):
    writer = factories.resident()
    made = write(report, by=writer, place="до моста")
    spine.edit_comment(made.pk, text="Друго.", correspondent=writer.correspondent)
    spine.settle_comment(made.pk, publish=True, by=factories.moderator())
    answer = write(report, parent_id=made.pk)
    spine.withdraw_comment(made.pk, correspondent=writer.correspondent)
    spine.withdraw_comment(made.pk, correspondent=writer.correspondent)
    made.refresh_from_db()
    assert (made.state, made.text, made.place, made.point) == (State.WITHDRAWN, "", "", None)
    assert not CommentVersion.objects.exists()
    assert set(Comment.objects.placed()) == {made, answer}
    assert set(Comment.objects.published()) == {answer}
    assert rows(report).count("comment_withdrawn") == 1
    with pytest.raises(ValidationError, match="оттеглил"):
        spine.settle_comment(made.pk, publish=True, by=factories.moderator())


def test_only_its_author_mends_withdraws_and_appeals(report: Report):
    made, stranger = write(report), factories.resident().correspondent
    for verb in (
        lambda: spine.edit_comment(made.pk, text="Б", correspondent=stranger),
        lambda: spine.withdraw_comment(made.pk, correspondent=stranger),
        lambda: spine.appeal(made.pk, text="Б", correspondent=stranger),
    ):
        with pytest.raises(ValidationError, match="само който го е написал"):
            verb()
    made.refresh_from_db()
    assert (made.text, made.state, Appeal.objects.count()) == ("Така е.", State.PUBLISHED, 0)


# -- helpful


def test_helpful_counts_once_for_one_person_and_can_be_taken_back(report: Report):
    made, who = write(report), factories.guest()
    assert [spine.find_helpful(made.pk, who), spine.find_helpful(made.pk, who)] == [True, False]
    made.refresh_from_db()
    assert made.helpful_count == 1
    assert [spine.unfind_helpful(made.pk, who), spine.unfind_helpful(made.pk, who)] == [True, False]
    made.refresh_from_db()
    assert made.helpful_count == 0
    found = TimelineRow.objects.filter(subject_id=report.pk, code__in=["found_helpful", "not_helpful"])
    assert [(row.data, row.actor) for row in found] == [({"comment": made.pk}, None)] * 2  # never who


@pytest.mark.parametrize("who", ["unproven", "own", "gone"])
def test_what_does_not_count_as_helpful(report: Report, who: str):
    writer = factories.official()
    made = write(report, by=writer)
    person = {"unproven": lambda: factories.guest(verified=False), "own": lambda: writer.correspondent}.get(
        who, factories.guest
    )()
    if who == "gone":
        spine.withdraw_comment(made.pk, correspondent=writer.correspondent)
    with pytest.raises(ValidationError):
        spine.find_helpful(made.pk, person)
    assert not Helpful.objects.exists()


# -- moderators


def test_removed_hidden_and_never_published_differ(report: Report):
    by = factories.moderator()
    removed, hidden = write(report, "Премахнат."), write(report, "Скрит.")
    below = write(report, parent_id=hidden.pk)
    writer = factories.resident()
    never = spine.comment(report.pk, text="Никога.", client_uuid=uuid.uuid4(), correspondent=writer.correspondent, by=writer)
    spine.settle_comment(removed.pk, publish=False, by=by, reason="spam", text="Това е реклама.")
    spine.settle_comment(hidden.pk, publish=False, hide=True, by=by, reason="spam")
    spine.settle_comment(never.pk, publish=False, by=by, reason="spam")
    assert list(Comment.objects.placed().filter(parent=None).order_by("pk")) == [removed, hidden]  # a line above its answer
    assert list(Comment.objects.published()) == [below]
    assert Subject.objects.get(pk=report.pk).comment_count == 1
    spine.settle_comment(below.pk, publish=False, hide=True, by=by, reason="spam")
    assert list(Comment.objects.placed()) == [removed]  # without answers it is as if it had never been
    spine.settle_comment(below.pk, publish=True, by=by)
    removed.refresh_from_db()
    assert (removed.reason, removed.reason_text) == ("spam", "Това е реклама.")
    spine.settle_comment(hidden.pk, publish=True, by=by)
    assert Subject.objects.get(pk=report.pk).comment_count == 2


def test_an_appeal_is_heard_once(report: Report):
    writer, by = factories.resident(), factories.moderator()
    made = write(report, by=writer)
    with pytest.raises(ValidationError, match="не го е свалял"):
        spine.appeal(made.pk, text="Защо?", correspondent=writer.correspondent)
    spine.settle_comment(made.pk, publish=False, hide=True, by=by, reason="spam")
    asked = spine.appeal(made.pk, text="Не е реклама.", correspondent=writer.correspondent)
    assert spine.appeal(made.pk, text="Не е реклама.", correspondent=writer.correspondent) == asked
    with pytest.raises(ValidationError, match="помолихте веднъж"):
        spine.appeal(made.pk, text="И пак.", correspondent=writer.correspondent)
    with pytest.raises(ValidationError):
        spine.settle_appeal(asked.pk, upheld=True, answer="", by=by)
    with pytest.raises(PermissionDenied):
        spine.settle_appeal(asked.pk, upheld=True, answer="Да.", by=factories.official())
    spine.settle_appeal(asked.pk, upheld=True, answer="Прави сте.", by=by)
    with pytest.raises(ValidationError, match="Вече е отговорено"):
        spine.settle_appeal(asked.pk, upheld=False, answer="Не.", by=by)
    made.refresh_from_db()
    assert (made.state, made.reason) == (State.PUBLISHED, "")
    assert rows(report)[-2:] == ["appealed", "appeal_upheld"]


def test_a_declined_appeal_changes_nothing(report: Report):
    writer, by = factories.resident(), factories.moderator()
    made = write(report, by=writer)
    spine.settle_comment(made.pk, publish=False, by=by, reason="spam")
    asked = spine.appeal(made.pk, text="Защо?", correspondent=writer.correspondent)
    spine.settle_appeal(asked.pk, upheld=False, answer="Реклама е.", by=by)
    made.refresh_from_db()
    assert (made.state, made.reason, rows(report)[-1]) == (State.REMOVED, "spam", "appeal_declined")


def test_one_stands_first_and_no_answer_does(report: Report):
    by, made = factories.moderator(), write(report)
    below = write(report, parent_id=made.pk)
    with pytest.raises(PermissionDenied):
        spine.pin(made.pk, pinned=True, by=factories.official())
    with pytest.raises(ValidationError, match="не отговор"):
        spine.pin(below.pk, pinned=True, by=by)
    spine.pin(made.pk, pinned=True, by=by)
    spine.pin(made.pk, pinned=True, by=by)
    assert rows(report).count("comment_pinned") == 1
    spine.settle_comment(made.pk, publish=False, by=by, reason="spam")
    made.refresh_from_db()
    assert made.pinned_at is None


def test_a_summary_closes_the_conversation_until_it_is_opened_again(report: Report):
    by, made, who = factories.moderator(), write(report), factories.guest()
    with pytest.raises(ValidationError):
        spine.conclude(report.pk, text="", by=by)
    with pytest.raises(PermissionDenied):
        spine.conclude(report.pk, text="Край.", by=factories.official())
    spine.conclude(report.pk, text="Съгласни сме.", by=by)
    for verb in (lambda: write(report), lambda: write(report, parent_id=made.pk)):
        with pytest.raises(ValidationError, match="приключен"):
            verb()
    assert spine.find_helpful(made.pk, who)  # reading goes on
    spine.open_again(report.pk, by=by)
    with pytest.raises(ValidationError, match="вече е отворен"):
        spine.open_again(report.pk, by=by)
    assert write(report).state == State.PUBLISHED
    assert [code for code in rows(report) if code.startswith("talk")] == ["talk_closed", "talk_opened"]
