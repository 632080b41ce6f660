"""Who writes on a report as its author, by an account or by the link in a mail, is not kept from writing."""

from __future__ import annotations

from accounts import blocks
from accounts.models import Correspondent, User
from reports.models import Contact, Report


def require_free_author(report: Report, by: User | None) -> None:
    """Raises ValidationError where the account is kept from writing, or the address from which the report came."""
    if by is not None:
        blocks.require_free_account(by)
    blocks.require_free(Correspondent.objects.filter(contacts__in=Contact.objects.filter(report=report)).first())
