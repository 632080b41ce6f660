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
from participation.models import Event, Initiative
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
    Membership.objects.filter(organisation=friends).update(active=False)
    pledge.act(promised.pk, "done", by=fresh(moderator), text="Готово.")
    move.act(Event, met.pk, "cancel", by=fresh(moderator), text="Няма.")
    assert Subject.objects.get(pk=met.pk).is_public
    assert Initiative.objects.get(pk=begun.pk).status == "gathering"
