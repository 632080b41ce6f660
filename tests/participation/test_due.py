"""What is over is owed an answer: its organisation hears so, its desk shows it, and what nobody has read yet is named before the end."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Correspondent
from discussion import actions as spine
from discussion.models import Comment, Subject, TimelineRow
from municipality.models import Organisation
from notifications import actions as notify
from notifications.models import Delivery
from notifications.recipients import recipients_of
from participation.actions import survey as surveys
from participation.actions import table
from participation.due import due_to
from participation.models import Survey
from tests import factories
from tests.participation import asked, compared
from tests.participation import consultation_world as world
from tests.participation.test_event_pages import signed_in
from tests.participation.test_hearing_answers import letter_to

pytestmark = pytest.mark.usefixtures("town")


def three(by: Any) -> list[Subject]:
    """A consultation, a survey and a comparison of one department, closed by the clock."""
    survey = asked.opened(by, ("single",))
    Survey.objects.filter(pk=survey.pk).update(
        opened_at=timezone.now() - datetime.timedelta(days=3), closes_at=timezone.now() - datetime.timedelta(minutes=1)
    )
    surveys.close_those_over()
    found = [
        world.over(world.opened(by)),
        survey,
        compared.over(compared.opened(by, organisation=Organisation.objects.get(slug="parks"))),
    ]
    return [Subject.objects.get(pk=one.pk) for one in found]


def test_the_organisation_hears_once_that_an_answer_is_due_and_its_desk_shows_it(django_assert_num_queries: Any) -> None:
    by, beside, other = factories.official("parks"), factories.official("parks"), factories.official("roads")
    subjects = three(by)
    for subject in subjects:
        row = TimelineRow.objects.select_related("subject").get(subject=subject, code="close")
        told = [(who.correspondent.user_id, str(who.event)) for who in recipients_of(row) if who.correspondent]
        assert told == [(by.pk, "work"), (beside.pk, "work")]
    row = TimelineRow.objects.select_related("subject").get(subject=subjects[0], code="close")
    notify.tell(row.pk)
    told = letter_to(row, Correspondent.objects.get(user=beside))
    page = f"/consultations/{subjects[0].reference}/"
    assert ("Очаква се таблицата на предложенията." in told, f"{page}answers/" in told, "Не я препращайте" in told) == (
        True,
        True,
        False,
    )
    assert Delivery.objects.filter(row=row, channel="email").count() == 2
    desk = signed_in(beside).get("/desk/").content.decode()
    addresses = (f"{page}answers/", f"/surveys/{subjects[1].reference}/", f"/alternatives/{subjects[2].reference}/decide/")
    assert [one for one in addresses if one not in desk] == []
    assert "Чака отговор" not in signed_in(other).get("/desk/").content.decode()
    held = beside.held
    with django_assert_num_queries(1):
        assert (len(due_to(beside)), len(held)) == (3, 1)
    table.answer(subjects[0].pk, by=by)
    assert f"{page}answers/" not in signed_in(beside).get("/desk/").content.decode()


def test_what_nobody_has_read_yet_is_named_before_the_answer() -> None:
    by = factories.official("parks")
    made, comparison = world.opened(by), compared.opened(by, organisation=Organisation.objects.get(slug="parks"))
    (variant, *_others) = compared.own(comparison)
    for subject in (made.pk, comparison.pk, variant.pk):
        waits = spine.comment(subject, text="Хубаво.", client_uuid=uuid.uuid4(), correspondent=factories.guest(), by=None)
        assert waits.state == Comment.State.WAITING
    world.over(made)
    compared.over(comparison)
    moderator = signed_in(factories.moderator())
    for address, n in (
        (f"/consultations/{made.subject.reference}/answers/publish/", "1 коментар, изпратен навреме"),
        (f"/alternatives/{comparison.subject.reference}/decide/", "2 коментара, изпратени навреме"),
    ):
        page = signed_in(by).get(address).content.decode()
        assert (n in page, "/desk/moderation/#comments" in page) == (True, False)
        assert "/desk/moderation/#comments" in moderator.get(address).content.decode()
