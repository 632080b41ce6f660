"""The writers of accounts: claims, invitations, deactivation. What other apps know of a person, they add through hooks."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from accounts.models import ApiToken, Correspondent, Invitation, Membership, Role, User
from municipality.models import Organisation

INVITATION_DAYS = 14

Claim = Callable[[User, list[str]], int]
_claims: list[Claim] = []


def on_claim(claim: Claim) -> None:
    """An app above says what of its own an account takes over: called with the account and its verified addresses."""
    if claim not in _claims:
        _claims.append(claim)


Copy = Callable[[Correspondent], dict[str, Any]]
_copies: list[Copy] = []


def on_copy(copy: Copy) -> None:
    """An app above adds what it keeps about a person to the person's copy: name → JSON."""
    if copy not in _copies:
        _copies.append(copy)


def kept_elsewhere(known: Correspondent) -> dict[str, Any]:
    """What the apps above keep about the person, for the copy."""
    found: dict[str, Any] = {}
    for copy in _copies:
        found |= copy(known)
    return found


Erase = Callable[[Correspondent], None]
_erasures: list[Erase] = []


def on_erasing(erase: Erase) -> None:
    """An app above erases what it keeps about a person, in the same transaction."""
    if erase not in _erasures:
        _erasures.append(erase)


def erase_elsewhere(known: Correspondent) -> None:
    for erase in _erasures:
        erase(known)


Merge = Callable[[Correspondent, Correspondent], None]
_merges: list[Merge] = []


def on_merging(merge: Merge) -> None:
    """An app above moves what belongs to the first address of a person to the second, each thing once."""
    if merge not in _merges:
        _merges.append(merge)


Leave = Callable[[User, list[int], User], None]
_leaves: list[Leave] = []


def on_leaving(leave: Leave) -> None:
    """An app above gives on the work of who leaves: called with the person, the ids of the organisations, and who ended it."""
    if leave not in _leaves:
        _leaves.append(leave)


def verified_addresses(user: User) -> list[str]:
    """Lower case; the addresses that have answered."""
    found = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return sorted({address.lower() for address in found})


@transaction.atomic
def claim(user: User) -> None:
    """After signing in: the account is the guest with that address, and what the guest sent is the account's."""
    addresses = verified_addresses(user)
    if not addresses:
        return
    main = user.email.lower() if user.email.lower() in addresses else addresses[0]
    if not Correspondent.objects.filter(user=user).exists():
        guest, _new = Correspondent.objects.get_or_create(email=main, defaults={"language": user.language})
        if guest.user_id is None:
            guest.user = user
            guest.verified_at = guest.verified_at or timezone.now()
            guest.save(update_fields=["user", "verified_at"])
    own = Correspondent.objects.filter(user=user).first()
    if own is not None:
        for guest in Correspondent.objects.filter(user=None, email__in=addresses).order_by("pk"):
            merge(guest, own)
    for take in _claims:
        take(user, addresses)


@transaction.atomic
def merge(guest: Correspondent, into: Correspondent) -> None:
    """Two proven addresses are one person: what the guest follows, supports and sent goes along, once; the row is blanked."""
    for move in _merges:
        move(guest, into)
    Correspondent.objects.filter(pk=guest.pk).update(email="", verified_at=None)


@transaction.atomic
def change_address(known: Correspondent, email: str) -> bool:
    """The person is written to at a new address, which has answered; everything else stays as it is.

    A guest with that address is the same person. False when the address is another account's.
    """
    known = Correspondent.objects.select_for_update().get(pk=known.pk)
    email, user = email.lower(), known.user
    accounts = set(User.objects.filter(email__iexact=email).values_list("pk", flat=True))
    accounts |= set(EmailAddress.objects.filter(email__iexact=email, verified=True).values_list("user", flat=True))
    taken = bool(accounts - {known.user_id})
    if taken or Correspondent.objects.filter(email__iexact=email).exclude(user=None).exclude(pk=known.pk).exists():
        return False
    for guest in Correspondent.objects.filter(email__iexact=email, user=None).exclude(pk=known.pk):
        merge(guest, known)
    known.email, known.verified_at = email, timezone.now()
    known.save(update_fields=["email", "verified_at"])
    if user is not None:
        EmailAddress.objects.filter(user=user).exclude(email__iexact=email).delete()
        EmailAddress.objects.update_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
        user.email = email
        user.save(update_fields=["email"])
    return True


def set_profile(user: User, *, name: str, language: str) -> None:
    """Name and language; mails follow the language."""
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    Correspondent.objects.filter(user=user).update(language=language)


def forget_password(user: User) -> None:
    """The address answers for the first time and by a code: who chose the password earlier never proved that it is theirs."""
    user.set_unusable_password()
    user.save(update_fields=["password"])


# -- those who can be written to


def correspondent_of_account(user: User) -> Correspondent:
    """The account's correspondent; the address was verified by signing in."""
    found = Correspondent.objects.filter(user=user).first()
    if found:
        return found
    found, _new = Correspondent.objects.get_or_create(email=user.email.lower(), defaults={"language": user.language})
    found.user, found.verified_at = user, found.verified_at or timezone.now()
    found.save(update_fields=["user", "verified_at"])
    return found


def correspondent_for(email: str, language: str) -> Correspondent:
    """The correspondent with that address, made when it is new (unverified)."""
    found = Correspondent.objects.filter(email__iexact=email).first()
    if found:
        return found
    return Correspondent.objects.get_or_create(email=email.lower(), defaults={"language": language})[0]


def verify_correspondent(correspondent: Correspondent) -> bool:
    """The address has answered: its supports count from now on. Answers whether it had not before."""
    now = timezone.now()
    first = Correspondent.objects.filter(pk=correspondent.pk, verified_at=None).update(verified_at=now) == 1
    if first:
        correspondent.verified_at = now
    return first


# -- officials


@transaction.atomic
def invite(email: str, organisation: Organisation, roles: Iterable[str], *, language: str, by: User) -> Invitation:
    """A letter with a single-use link; an earlier open one to the same address and department is replaced."""
    _require_administrator(by)
    Invitation.objects.filter(email__iexact=email, organisation=organisation, accepted_at=None).delete()
    made = Invitation.objects.create(
        email=email.lower(), organisation=organisation, roles=sorted(set(roles)), language=language, invited_by=by
    )
    jobs.configure_task("notifications.invite").defer(invitation_id=made.pk)
    return made


@transaction.atomic
def invite_administrator(email: str, organisation: Organisation) -> Invitation:
    """For who has the machine: there may be nobody to invite and no mail yet, so the link is not sent.

    Roles held there already stay; an earlier open invitation to the same address and department is replaced.
    """
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, language=settings.LANGUAGE_CODE, is_active=False)
    held = user.memberships.filter(organisation=organisation, active=True).first()
    Invitation.objects.filter(email__iexact=email, organisation=organisation, accepted_at=None).delete()
    return Invitation.objects.create(
        email=user.email,
        organisation=organisation,
        roles=sorted({Role.ADMINISTRATOR, *(held.roles if held else [])}),
        language=user.language,
        invited_by=user,
    )


def _require_administrator(by: User) -> None:
    if not by.has_role(Role.ADMINISTRATOR):
        raise ValidationError(_("Only an administrator does this."), code="forbidden")


def open_invitation(token: str) -> Invitation | None:
    """The invitation, while it was neither used nor is older than 14 days."""
    since = timezone.now() - datetime.timedelta(days=INVITATION_DAYS)
    found = Invitation.objects.select_related("organisation")
    return found.filter(token=token, accepted_at=None, created_at__gt=since).first()


def is_for(invitation: Invitation, user: Any) -> bool:
    """Whether it was sent to the address of who is signed in: who they are is proved then."""
    return bool(user.is_authenticated and user.is_active and user.email.lower() == invitation.email.lower())


@transaction.atomic
def join(invitation_id: int, *, by: User) -> User:
    """The membership for the account that is signed in with the invited address; name and password stay. Used once."""
    invitation = _unused(invitation_id)
    if not is_for(invitation, by):
        raise ValidationError(_("This invitation was sent to another address."), code="used")
    return _joined(invitation, User.objects.select_for_update().get(pk=by.pk))


@transaction.atomic
def accept(invitation_id: int, *, name: str, password: str) -> User:
    """The invited person's account with its membership; the link proved the address. Used once.

    An account that exists already must prove its own password (a link in a mail does not replace it) and keeps its name.
    """
    invitation = _unused(invitation_id)
    user = User.objects.filter(email__iexact=invitation.email).first()
    known = user is not None and user.is_active and user.has_usable_password()
    if user is not None and known and not user.check_password(password):
        raise ValidationError({"password": _("This address has an account already: give its password.")})
    if user is None or not known:
        user = user or User(email=invitation.email, language=invitation.language)
        password_validation.validate_password(password, user)
        user.set_password(password)
    user.name, user.is_active = user.name if known and user.name else name or user.name, True
    user.save()
    return _joined(invitation, user)


def _unused(invitation_id: int) -> Invitation:
    invitation = Invitation.objects.select_for_update().get(pk=invitation_id)
    if open_invitation(invitation.token) is None:
        raise ValidationError(_("This invitation was used already or is too old. Ask for a new one."), code="used")
    return invitation


def _joined(invitation: Invitation, user: User) -> User:
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    Membership.objects.update_or_create(
        user=user, organisation=invitation.organisation, defaults={"roles": invitation.roles, "active": True}
    )
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    claim(user)
    return user


@transaction.atomic
def deactivate(user_id: int, *, by: User) -> None:
    """The person signs in no more: roles, sessions and tokens end with this transaction. Nobody closes the own account so."""
    _require_administrator(by)
    if user_id == by.pk:
        raise ValidationError(_("You cannot deactivate yourself; another administrator can."), code="self")
    user = User.objects.select_for_update().get(pk=user_id)
    user.is_active = False
    # The session's hash follows from the password: no old session wakes up if the account is ever opened again.
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    left = list(Membership.objects.filter(user=user, active=True).values_list("organisation_id", flat=True))
    Membership.objects.filter(user=user).update(active=False)
    _give_on(user, left, by)
    Invitation.objects.filter(email__iexact=user.email, accepted_at=None).delete()
    end_sessions(user)


@transaction.atomic
def set_roles(membership_id: int, roles: Iterable[str], *, by: User) -> Membership:
    """Other roles in the same organisation; none ends the membership. The last administrator stays."""
    _require_administrator(by)
    membership = Membership.objects.select_for_update().get(pk=membership_id)
    chosen = sorted(set(roles))
    others = Membership.objects.filter(active=True, user__is_active=True, roles__contains=[Role.ADMINISTRATOR])
    gives_up = Role.ADMINISTRATOR in membership.roles and Role.ADMINISTRATOR not in chosen
    if gives_up and not others.exclude(pk=membership.pk).exists():
        raise ValidationError(_("One administrator must remain."), code="last")
    membership.active = bool(chosen)
    membership.roles = chosen or membership.roles
    membership.save(update_fields=["roles", "active"])
    if not membership.active:
        _give_on(membership.user, [membership.organisation_id], by)
    return membership


def _give_on(user: User, organisations: list[int], by: User) -> None:
    for leave in _leaves:
        leave(user, organisations, by)


def end_sessions(user: User) -> None:
    """All sessions and tokens of the account."""
    ApiToken.objects.filter(user=user).delete()
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
