"""Whether somebody may write at the moment, and the sentence that says why not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Block, Correspondent, User

ReasonName = Callable[[str], str]
_reason_name: ReasonName = lambda slug: slug  # noqa: E731


def reasons_from(source: ReasonName) -> None:
    """The app that owns reason codes says here how one is called in the language in force."""
    global _reason_name
    _reason_name = source


def in_force(correspondent: Correspondent | None) -> Block | None:
    """The block that keeps this person from writing today."""
    if correspondent is None:
        return None
    return Block.objects.filter(correspondent=correspondent, lifted_at=None, until__gte=timezone.localdate()).first()


def sentence(block: Block) -> str:
    """„До 10.12.2026 не можете да пишете тук. Причина: …“"""
    said: Mapping[str, str] = {"day": f"{block.until:%d.%m.%Y}", "reason": _reason_name(block.reason)}
    return _("A moderator decided that you cannot write here until %(day)s. Reason: %(reason)s.") % said


def what_is_held() -> str:
    """What becomes of what was written before."""
    return _("What you wrote is hidden until a moderator lifts the block. You can read, support and follow as before.")


def require_free(correspondent: Correspondent | None) -> None:
    """Raises ValidationError for somebody who is kept from writing."""
    if block := in_force(correspondent):
        raise ValidationError(sentence(block), code="blocked")


def require_free_account(user: User) -> None:
    """The same for whoever writes under an account."""
    require_free(Correspondent.objects.filter(user=user).first())


def of_accounts(users: Collection[int | None]) -> dict[int, Block]:
    """{key of an account: the block that keeps it from writing today}, of these."""
    found = Block.objects.filter(
        correspondent__user__in=[pk for pk in users if pk], lifted_at=None, until__gte=timezone.localdate()
    )
    return {
        block.correspondent.user_id: block for block in found.select_related("correspondent") if block.correspondent.user_id
    }


def of_correspondents(keys: Collection[int | None]) -> dict[int, Block]:
    """{key of a correspondent, guests too: the block that keeps them from writing today}, of these."""
    found = Block.objects.filter(correspondent__in=[pk for pk in keys if pk], lifted_at=None, until__gte=timezone.localdate())
    return {block.correspondent_id: block for block in found}


def unpublished(block: Block) -> str:
    """„Който го е написал, не може да пише до 10.12.2026: дотогава не се публикува.“"""
    said = _(
        "Whoever wrote this is kept from writing until %(day)s: nothing of theirs is published before that, or before the block is lifted."
    )
    return said % {"day": f"{block.until:%d.%m.%Y}"}


def require_publishable(correspondent: Correspondent | None) -> None:
    """Raises ValidationError for a moderator who publishes words of somebody who is kept from writing, a guest too."""
    if block := in_force(correspondent):
        raise ValidationError(unpublished(block), code="blocked")


def require_publishable_account(user: User | None) -> None:
    """The same for words that were written under an account."""
    if user is not None:
        require_publishable(Correspondent.objects.filter(user=user).first())
