"""Who writes on a report as its author, by an account or by the link in a mail, is not kept from writing; nor is what they wrote
published meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

from accounts import blocks
from accounts.models import Block, Correspondent, User
from reports.models import Contact, Report


def require_free_author(report: Report, by: User | None) -> None:
    """Raises ValidationError where the account is kept from writing, or the address from which the report came."""
    if by is not None:
        blocks.require_free_account(by)
    blocks.require_free(Correspondent.objects.filter(contacts__in=Contact.objects.filter(report=report)).first())


def require_publishable(report: Report) -> None:
    """Raises ValidationError for a moderator who publishes the report of somebody who is kept from writing."""
    blocks.require_publishable_account(report.author)
    blocks.require_publishable(Correspondent.objects.filter(contacts__report=report).first())


def kept_back(reports: Iterable[Report]) -> dict[int, str]:
    """{key of a report: the sentence that says why it is not published}, of those whose writer is kept from writing."""
    authors = {report.pk: report.author_id for report in reports}
    senders = dict(Contact.objects.filter(report__in=authors).values_list("report", "correspondent"))
    accounts, addresses = blocks.of_accounts(authors.values()), blocks.of_correspondents(senders.values())
    found: dict[int, Block | None] = {
        pk: accounts.get(author or 0) or addresses.get(senders.get(pk) or 0) for pk, author in authors.items()
    }
    return {pk: blocks.unpublished(block) for pk, block in found.items() if block}
