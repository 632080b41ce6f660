"""How sign-up and its mails follow the reader's language and claim what the address wrote as a guest."""

from __future__ import annotations

import logging
import smtplib
from email.utils import formataddr, parseaddr
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import actions
from geoportal.kernel.multilingual import text_in
from municipality.site import installation

log = logging.getLogger("accounts")


class Adapter(DefaultAccountAdapter):
    """The municipality writes, not the host name; a mail server that is down is said, not a broken page."""

    def format_email_subject(self, subject: str) -> str:
        return f"{text_in(installation().short_name)}: {subject}"

    def get_from_email(self) -> str:
        _name, plain = parseaddr(settings.DEFAULT_FROM_EMAIL)
        return formataddr((text_in(installation().name), plain))

    def render_mail(self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None) -> Any:
        context |= {"installation": installation(), "site_name": text_in(installation().name), "home": settings.SITE_URL}
        return super().render_mail(template_prefix, email, context, {"Auto-Submitted": "auto-generated", **(headers or {})})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_mail(template_prefix, email, context)
        except (smtplib.SMTPException, OSError) as failed:
            # The same words whether the address is known or not.
            log.error("mail not sent", extra={"mail": template_prefix, "error": type(failed).__name__})
            if self.request is not None:
                messages.error(self.request, _("The mail could not be sent just now. Try again in a few minutes."))

    def login(self, request: HttpRequest, user: Any) -> None:
        by_code = any(used["method"] == "code" for used in get_authentication_records(request, user))
        if by_code and user.last_login is None and not user.memberships.exists():  # an invited one proved the address
            actions.forget_password(user)
        request.session.set_expiry(None)  # a guest's begun report had made it a day
        super().login(request, user)
        actions.claim(user)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.language = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
        return super().save_user(request, user, form, commit)
