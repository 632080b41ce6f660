"""Linking a subject with another."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from discussion.links import WORDS, drawn_from
from discussion.models import Subject
from geoportal.kernel.references import parse
from reports.forms.talk import INVALID


class SubjectField(forms.CharField):
    """The number or the address of something public; cleaned to its Subject."""

    def clean(self, value: Any) -> Subject:
        text: str = super().clean(value)
        found = parse(text) or (_in_address(text) if _of_ours(text) else None)
        subject = Subject.objects.filter(reference=found, is_public=True).first() if found else None
        if subject is None:
            raise ValidationError(_("Nothing public has this number."), code="missing")
        return subject


def _in_address(text: str) -> str | None:
    return next((number for part in re.split(r"[/?#]", text) if (number := parse(part))), None)


def _of_ours(address: str) -> bool:
    """A path, or the address of a page here, with its scheme or without; what another site calls by this number is something else."""
    address, hosts = address.strip(), {urlsplit(settings.SITE_URL).netloc, *settings.ALLOWED_HOSTS}
    if "/" not in address:
        return True
    if not address.startswith("/") and "//" not in address:
        address = f"https://{address}"
    return url_has_allowed_host_and_scheme(address, hosts)


class ConnectForm(forms.Form):
    """`other`: the number or the address of what it is linked with."""

    kind = forms.ChoiceField(label=_("What is said of it"), error_messages=INVALID)
    other = SubjectField(
        max_length=300, label=_("Number or address of the other one"), help_text=_("Ten digits, or the address of its page.")
    )

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        """`of`: the kind of the subject from which the link is drawn."""
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, WORDS[kind][0]) for kind in drawn_from(of)]  # type: ignore[attr-defined]
