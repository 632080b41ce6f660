"""Letters about no report, each with one link: to one's own pages, an invitation into an organisation, an alert to confirm."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import blocks
from accounts.mailed_links import token_of
from accounts.models import OUTSIDE, Block, Invitation, MailedLink
from discussion.words import named
from geoportal.kernel import links
from municipality.site import installation
from notifications import alert_words
from notifications.letters import CONFIRM_ALERT, address, mail_of
from notifications.models import Alert, Webhook
from notifications.webhooks.owners import mail_address


def linked_letter(title: str, context: dict[str, object], to: str, language: str, name: str) -> EmailMultiAlternatives:
    """A letter about no report: `words`, one `link` with its `action`, and `how` it works. `name` makes its Message-ID."""
    mail = mail_of(title, context, to, language, "mailed_link")
    mail.extra_headers["Message-ID"] = f"<{name}@{urlsplit(settings.SITE_URL).hostname}>"
    return mail


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


def send_invitation(invitation_id: int) -> None:
    """The letter with the single-use link into a department; nothing for one that was accepted or withdrawn meanwhile."""
    invitation = Invitation.objects.select_related("organisation").filter(pk=invitation_id, accepted_at=None).first()
    if invitation is None:
        return
    with translation.override(invitation.language):
        context: dict[str, object] = {
            "department": named(invitation.organisation),
            "link": address(f"/accounts/invitation/{invitation.token}/", invitation.language),
        }
        if set(invitation.roles) <= set(OUTSIDE):
            context["outside"] = True
            title = _("An invitation to speak for %(organisation)s") % {"organisation": context["department"]}
        else:
            title = _("An invitation to work in %(department)s") % {"department": context["department"]}
        mail = mail_of(title, context, invitation.email, invitation.language, "invitation")
        mail.extra_headers["Message-ID"] = f"<invitation-{invitation.pk}@{urlsplit(settings.SITE_URL).hostname}>"
        mail.send()


def send_block(block_id: int) -> None:
    """Who is kept from writing reads until when, why and in the moderator's words; nothing once it is over, or without an address."""
    block = Block.objects.select_related("correspondent").filter(pk=block_id).first()
    if block is None or blocks.in_force(block.correspondent) != block or not block.correspondent.email:
        return
    person = block.correspondent
    if person.verified_at is None:
        return
    language = person.language or settings.LANGUAGE_CODE
    with translation.override(language):
        context: dict[str, object] = {
            "words": "\n\n".join(part for part in (blocks.sentence(block), block.text) if part),
            "action": _("Open my pages"), "link": address("/accounts/", language), "how": blocks.what_is_held(),
            "otherwise": _("If you think that it is a mistake, write to us: %(contact)s.") % {"contact": _contact()},
        }  # fmt: skip
        mail = linked_letter(_("You cannot write for now"), context, person.email, language, f"block-{block.pk}")
    mail.send()


def send_alert_question(alert_id: int) -> None:
    """The letter with the button that makes a guest's alert tell; nothing for one that tells already or is gone."""
    alert = Alert.objects.select_related("correspondent").filter(pk=alert_id, unproven=True).first()
    if alert is None or alert.correspondent is None or not alert.correspondent.email:
        return
    person = alert.correspondent
    with translation.override(person.language):
        token = links.make(CONFIRM_ALERT, alert=alert.pk)
        link = address(f"/accounts/alerts/confirm/{token}/", person.language)
        mail = linked_letter(
            _("Hear of what is reported?"),
            {
                "words": _("Somebody, probably you, wishes to hear at this address of what is reported: %(what)s.")
                % {"what": alert_words.sentence(alert)},
                "action": _("Confirm here"),
                "link": link,
                "how": _("The alert begins when you press the button there."),
            },
            person.email,
            person.language,
            f"alert-{alert.pk}-{alert.asked_at:%Y%m%d%H%M%S}" if alert.asked_at else f"alert-{alert.pk}",
        )
    mail.send()


def send_webhook_off(webhook_id: int) -> None:
    """Its owner hears that a webhook tells nothing any more, and why; nothing when it was switched on again meanwhile."""
    webhook = Webhook.objects.select_related("organisation", "person", "made_by").filter(pk=webhook_id, active=False).first()
    to, language = mail_address(webhook) if webhook else ("", "")
    if webhook is None or not to:
        return
    with translation.override(language or settings.LANGUAGE_CODE):
        why = {
            Webhook.Why.GONE: _("The webhook “%(name)s” was switched off: its receiver answered that it wants no more (410)."),
        }.get(
            Webhook.Why(webhook.disabled_why),
            _("The webhook “%(name)s” was switched off: several messages in a row could not be delivered."),
        )
        context: dict[str, object] = {
            "words": why % {"name": webhook.name},
            "action": _("See what went wrong"),
            "link": address(f"/accounts/webhooks/{webhook.pk}/", language or settings.LANGUAGE_CODE),
            "how": _(
                "Mend the receiver, send a test and switch it on again. From the log, messages that failed are sent once more."
            ),
            "otherwise": _("You are written to because the webhook is yours or your organisation's."),
        }
        name = f"webhook-{webhook.pk}-{webhook.disabled_at:%Y%m%d%H%M%S}"
        mail = linked_letter(_("A webhook was switched off"), context, to, language or settings.LANGUAGE_CODE, name)
    mail.send()


def _language(link: MailedLink) -> str:
    return link.language or link.correspondent.language or settings.LANGUAGE_CODE


def _contact() -> str:
    return str(installation().contact.get("email", "")) or settings.SITE_URL
