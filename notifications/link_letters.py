"""The letter with a single-use link to one's own pages."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.mailed_links import token_of
from accounts.models import MailedLink
from municipality.site import installation
from notifications.letters import address, linked_letter


def send_mailed_link(link_id: int) -> None:
    """Nothing for one that was used or replaced meanwhile, or whose person is gone."""
    link = MailedLink.objects.select_related("correspondent").filter(pk=link_id, used_at=None).first()
    if link is None or not link.correspondent.email:
        return
    language, token = _language(link), token_of(link)
    with translation.override(language):
        if link.kind == MailedLink.Kind.ADDRESS:
            to, title, path, action = link.email, _("A new address"), f"/accounts/email/new/{token}/", _("Confirm here")
            words = _("Somebody, probably you, wishes to be written to at this address from now on.")
        else:
            to, title, path = link.correspondent.email, _("Your link"), f"/accounts/link/{token}/"
            words, action = _("Somebody, probably you, asked to open the pages of this address."), _("Open my pages")
        how = _("The link works once, within 30 minutes.")
        context = {"words": words, "action": action, "link": address(path, language), "how": how}
        mail = linked_letter(title, context, to, language, f"link-{link.pk}")
    mail.send()


def tell_of_change(link_id: int) -> None:
    """Both addresses hear that the person is written to at the new one."""
    link = MailedLink.objects.select_related("correspondent").filter(pk=link_id).exclude(used_at=None).first()
    if link is None:
        return
    language = _language(link)
    with translation.override(language):
        mails = [
            linked_letter(
                _("Your address was changed"),
                {
                    "words": _("From now on we write to %(email)s.") % {"email": link.email},
                    "action": _("Open my pages"),
                    "link": address("/accounts/", language),
                    "how": _("Your reports, follows and supports stay as they were."),
                    "otherwise": _("If you did not change it, write to us at once: %(contact)s.") % {"contact": _contact()},
                },
                to,
                language,
                f"changed-{link.pk}-{name}",
            )
            for name, to in (("former", link.former), ("new", link.email))
            if to
        ]
    for mail in mails:
        mail.send()


def _language(link: MailedLink) -> str:
    return link.language or link.correspondent.language or settings.LANGUAGE_CODE


def _contact() -> str:
    return str(installation().contact.get("email", "")) or settings.SITE_URL
