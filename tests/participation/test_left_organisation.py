"""What stands in an organisation's name is its members': who left it, its author too, acts for it no more."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Membership, User
from discussion.models import Subject
from municipality.models import Organisation
from participation.actions import initiative, move, pledge
from participation.models import Event, Initiative, Pledge
from tests import factories
from tests.participation.conftest import event
from tests.participation.test_initiatives import said as proposed
from tests.participation.test_pledges import pledge as pledge_of

pytestmark = pytest.mark.usefixtures("town")


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_who_left_acts_no_more_and_somebody_remains() -> None:
    friends = Organisation.objects.create(
        slug="friends", kind="association", name=factories.texts("Приятели на парка"), verified_at=timezone.now()
    )
    author, member, moderator = factories.resident(), factories.resident(), factories.moderator()
    for user in (author, member):
        Membership.objects.create(user=user, organisation=friends, roles=["member"])
    met = event(fresh(author), organisation=friends)
    begun = initiative.propose(proposed(organisation=friends), by=fresh(author), client_uuid=uuid.uuid4())
    promised = pledge_of(factories.report().pk, fresh(author), organisation=friends)
    for made in (met, begun):
        move.act(type(made), made.pk, "publish", by=moderator)
    pledge.act(promised.pk, "publish", by=moderator)
    left = Membership.objects.get(user=author)
    Membership.objects.filter(pk=left.pk).update(active=False)
    for does in (
        lambda by: initiative.act(Initiative, begun.pk, "gather", by=by),
        lambda by: initiative.write_to_all(begun.pk, text="Здравейте", by=by),
        lambda by: move.act(Event, met.pk, "cancel", by=by, text="Няма."),
        lambda by: pledge.act(promised.pk, "done", by=by, text="Готово."),
    ):
        with pytest.raises(PermissionDenied):
            does(fresh(author))
    initiative.act(Initiative, begun.pk, "gather", by=fresh(member))
    with pytest.raises(PermissionDenied):
        pledge.act(promised.pk, "done", by=fresh(moderator), text="Готово.")
    for found, sees in ((author, []), (member, [promised.pk])):
        Subject.objects.filter(pk=promised.subject_id).update(is_public=False)
        assert list(Pledge.objects.visible_to(fresh(found)).values_list("pk", flat=True)) == sees
    Subject.objects.filter(pk__in=[promised.subject_id]).update(is_public=True)
    Subject.objects.filter(pk=met.pk).update(is_public=False)
    assert [Event.objects.visible_to(fresh(one)).filter(pk=met.pk).exists() for one in (author, member)] == [False, True]
    Subject.objects.filter(pk=met.pk).update(is_public=True)
    Membership.objects.filter(organisation=friends).update(active=False)
    pledge.act(promised.pk, "done", by=fresh(moderator), text="Готово.")
    move.act(Event, met.pk, "cancel", by=fresh(moderator), text="Няма.")
    assert Subject.objects.get(pk=met.pk).is_public
    assert Initiative.objects.get(pk=begun.pk).status == "gathering"


def test_what_an_organisation_began_that_is_not_verified_any_more_is_ended_by_a_moderator() -> None:
    friends = Organisation.objects.create(
        slug="friends", kind="association", name=factories.texts("Приятели на парка"), verified_at=timezone.now()
    )
    author, moderator = factories.resident(), factories.moderator()
    Membership.objects.create(user=author, organisation=friends, roles=["member"])
    promised = pledge_of(factories.report().pk, fresh(author), organisation=friends)
    pledge.act(promised.pk, "publish", by=moderator)
    with pytest.raises(PermissionDenied):
        pledge.act(promised.pk, "withdraw", by=fresh(moderator), text="Няма.")
    Organisation.objects.filter(pk=friends.pk).update(verified_at=None)
    with pytest.raises(PermissionDenied):
        pledge.act(promised.pk, "withdraw", by=fresh(author), text="Няма.")
    pledge.act(promised.pk, "withdraw", by=fresh(moderator), text="Няма.")
    assert Pledge.objects.get(pk=promised.pk).state == "withdrawn"
