"""The writers of organisations outside the administration: who is verified, who speaks for them, what they say of themselves."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from accounts.models import OUTSIDE, Invitation, Membership, Role, User
from municipality import site
from municipality.models import Installation, Organisation, Sector


def represents(user: User, organisation: Organisation) -> bool:
    """An active representative of the organisation: invites its members and keeps its page."""
    return any(
        membership.organisation_id == organisation.pk and Role.REPRESENTATIVE in membership.roles for membership in user.held
    )


def may_manage(user: User, organisation: Organisation) -> bool:
    """The administrator, for every organisation outside; its representative once it is verified."""
    if organisation.kind == Organisation.Kind.DEPARTMENT:
        return False
    return user.has_role(Role.ADMINISTRATOR) or (organisation.trusted and represents(user, organisation))


def _require(by: User, organisation: Organisation) -> None:
    if not may_manage(by, organisation):
        raise ValidationError(_("Only its representative or an administrator does this."), code="forbidden")


def _note(by: User, organisation: Organisation, words: str) -> None:
    """In the administration's own list of changes."""
    LogEntry.objects.create(
        user_id=by.pk, content_type=ContentType.objects.get_for_model(Organisation), object_id=str(organisation.pk),
        object_repr=str(organisation)[:200], action_flag=CHANGE, change_message=words,
    )  # fmt: skip


def _changed() -> None:
    """Cached pages are built anew."""
    Installation.objects.update(edition=F("edition") + 1)
    transaction.on_commit(site.forget)


@transaction.atomic
def verify(organisation_id: int, *, verified: bool, by: User) -> Organisation:
    """The administrator made sure who it is, or takes that back: then nobody speaks for it. A second time changes nothing."""
    if not by.has_role(Role.ADMINISTRATOR):
        raise ValidationError(_("Only an administrator does this."), code="forbidden")
    found = Organisation.objects.select_for_update().get(pk=organisation_id)
    if found.kind == Organisation.Kind.DEPARTMENT:
        raise ValidationError(_("A department of the administration needs no verification."), code="department")
    if verified == (found.verified_at is not None):
        return found
    found.verified_at = timezone.now() if verified else None
    found.save(update_fields=["verified_at"])
    _note(by, found, "verified" if verified else "verification taken back")
    _changed()
    return found


@transaction.atomic
def invite_member(email: str, organisation_id: int, role: str, *, language: str, by: User) -> Invitation:
    """A letter with a single-use link; an earlier open one to the same address and organisation is replaced."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    _require(by, organisation)
    if role not in OUTSIDE:
        raise ValidationError({"role": _("Choose one from the list.")}, code="invalid")
    if not organisation.trusted:
        raise ValidationError(_("First the administrator verifies the organisation."), code="unverified")
    if Membership.objects.filter(user__email__iexact=email, organisation=organisation, active=True, roles=[role]).exists():
        raise ValidationError({"email": _("This person is a member already.")}, code="same")
    Invitation.objects.filter(email__iexact=email, organisation=organisation, accepted_at=None).delete()
    made = Invitation.objects.create(
        email=email.lower(), organisation=organisation, roles=[role], language=language, invited_by=by
    )
    jobs.configure_task("notifications.invite").defer(invitation_id=made.pk)
    return made


@transaction.atomic
def end_membership(membership_id: int, *, by: User) -> Membership:
    """The person speaks for the organisation no more; what was said stays. One ends the own membership alone too."""
    found = Membership.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=membership_id)
    if set(found.roles) - set(OUTSIDE) or found.organisation.kind == Organisation.Kind.DEPARTMENT:
        raise ValidationError(_("Roles in the administration are changed among its people."), code="department")
    if found.user_id != by.pk:
        _require(by, found.organisation)
    found.active = False
    found.save(update_fields=["active"])
    return found


@transaction.atomic
def describe(
    organisation_id: int, *, about: dict[str, str] | None, website: str, sectors: Iterable[Sector], by: User
) -> Organisation:
    """What everyone reads of it: a few sentences by language, its website, what it is concerned with."""
    found = Organisation.objects.select_for_update().get(pk=organisation_id)
    _require(by, found)
    found.about, found.website = about or None, website
    found.save(update_fields=["about", "website"])
    found.sectors.set(sectors)
    _note(by, found, "description")
    _changed()
    return found
