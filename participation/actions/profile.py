"""A person's public card is written by its person, read by a moderator, and goes when its person wishes."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import blocks
from accounts.models import Role, User
from municipality.models import Area, Sector
from participation.models.profile import Profile
from reports.models import Reason


class Changed(Exception):
    """The card does not say any more what the moderator read."""


@dataclass(frozen=True)
class Card:
    name: str
    about: str
    helps: str
    area: Area | None
    sectors: tuple[Sector, ...]


@transaction.atomic
def keep(said: Card, *, by: User) -> Profile:
    """The card as its person wrote it; words that are new wait for a moderator again, those of staff do not."""
    blocks.require_free_account(by)
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)  # the first card sent twice is one
    known = Profile.objects.select_for_update(of=("self",)).filter(user=by).first()
    made = known or Profile(user=by)
    words = (said.name, said.about, said.helps)
    if known is None or (made.name, made.about, made.helps) != words:
        made.state = Profile.State.PUBLIC if by.works_here else Profile.State.WAITING
        made.reason, made.changed_at = "", timezone.now()
        made.language = get_language() or by.language
    made.name, made.about, made.helps, made.area = *words, said.area
    made.save()
    made.sectors.set(said.sectors)
    return made


@transaction.atomic
def settle(profile_id: int, *, publish: bool, by: User, reason: Reason | None = None, version: str = "") -> Profile:
    """A moderator lets everyone read it, or says why not. Raises Changed when `version` is given and is not the present one."""
    if not by.has_role(Role.MODERATOR):
        raise PermissionDenied
    found = Profile.objects.select_for_update(of=("self",)).get(pk=profile_id)
    if version and version != found.version:
        raise Changed
    if publish:
        blocks.require_publishable_account(found.user)
    if not publish and reason is None:
        raise ValidationError({"reason": _("This is needed here.")})
    found.state = Profile.State.PUBLIC if publish else Profile.State.REFUSED
    found.reason = "" if publish or reason is None else reason.slug
    found.save(update_fields=["state", "reason"])
    return found


def take_away(by: User) -> None:
    """It is gone, with every word; nothing where there is none."""
    Profile.objects.filter(user=by).delete()
