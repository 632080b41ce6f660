"""The people of the demonstration: accounts that sign in, colleagues, neighbours, and those who support."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

import discussion.actions
from accounts.models import Correspondent, Membership, Role, User
from municipality.models import Organisation
from reports.loading.categories import one
from reports.loading.rows import Row, record

PASSWORD = "demo"  # noqa: S105  known to everyone, and only where DEMO=1
SUPPORTERS = 64


class People:
    """Accounts by their part in the histories; made where they are missing."""

    def __init__(self, folder: Path) -> None:
        row = record(folder / "accounts.yaml")
        self.named = {user.email.split("@")[0]: user for user in (_account(r, PASSWORD) for r in row.rows("accounts"))}
        for colleague in row.rows("colleagues"):
            _account(colleague, None)
        names = row.words("neighbours")
        self.neighbours = [_user(f"sased{number}@demo.test", name, None) for number, name in enumerate(names)]
        row.done()
        held = Membership.objects.filter(active=True, roles__contains=[Role.OFFICIAL]).select_related("user")
        self.official_of: dict[int, User] = {}
        for membership in held.order_by("pk"):
            self.official_of.setdefault(membership.organisation_id, membership.user)
        self.supporters = _supporters()

    @property
    def moderator(self) -> User:
        return self.named["admin"]

    def author(self, by: Any) -> User | None:
        """The account behind the word of a history; None for guests and for what staff entered."""
        return self.neighbours[by] if isinstance(by, int) else self.named.get(by)

    def speaker_for(self, organisation: Organisation, user: User) -> User:
        """The person as a member of the organisation, which is verified for the demonstration."""
        if organisation.verified_at is None:
            organisation.verified_at = timezone.now()
            organisation.save(update_fields=["verified_at"])
        Membership.objects.get_or_create(user=user, organisation=organisation, defaults={"roles": [Role.MEMBER]})
        return User.objects.get(pk=user.pk)


def _account(row: Row, password: str | None) -> User:
    user = _user(row.text("email"), row.text("name"), password)
    for held in row.rows("memberships"):
        organisation, roles = one(held, "organisation", Organisation), held.words("roles")
        if unknown := set(roles) - set(Role.values):
            raise held.error("roles", ", ".join(sorted(unknown)))
        held.done()
        Membership.objects.get_or_create(user=user, organisation=organisation, defaults={"roles": roles})
    row.done()
    return user


def _user(email: str, name: str, password: str | None) -> User:
    user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(
        email, password, name=name, last_login=timezone.now()
    )
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    discussion.actions.correspondent_of(user)
    return user


def _supporters() -> list[Correspondent]:
    """Verified addresses that support and follow."""
    emails = [f"podkrepa{number}@demo.test" for number in range(SUPPORTERS)]
    known = set(Correspondent.objects.filter(email__in=emails).values_list("email", flat=True))
    Correspondent.objects.bulk_create(
        Correspondent(email=email, verified_at=timezone.now()) for email in emails if email not in known
    )
    return list(Correspondent.objects.filter(email__in=emails).order_by("pk"))
