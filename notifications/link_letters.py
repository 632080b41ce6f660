"""The letter with a single-use link to one's own pages."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.mailed_links import token_of
from accounts.models import MailedLink
from notifications.letters import address, linked_letter


def send_mailed_link(link_id: int) -> None:
    """Nothing for one that was used or replaced meanwhile, or whose person is gone."""
    link = MailedLink.objects.select_related("correspondent").filter(pk=link_id, used_at=None).first()
    if link is None or not link.correspondent.email:
        return
    language = link.language or link.correspondent.language or settings.LANGUAGE_CODE
    with translation.override(language):
        mail = linked_letter(
            _("Your link"),
            {
                "words": _("Somebody, probably you, asked to open the pages of this address."),
                "action": _("Open my pages"),
                "link": address(f"/accounts/link/{token_of(link)}/", language),
                "how": _("The link works once, within 30 minutes."),
            },
            link.correspondent.email,
            language,
            f"link-{link.pk}",
        )
    mail.send()
