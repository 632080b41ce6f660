"""How sign-up and its mails follow the reader's language and claim what the address wrote as a guest."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):
    pass
