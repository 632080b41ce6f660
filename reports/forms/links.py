"""Linking a subject with another."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from discussion.links import BY_HAND, WORDS
from discussion.models import Subject
from geoportal.kernel.references import parse
from reports.forms.talk import INVALID


class SubjectField(forms.CharField):
    """The number or the address of something public; cleaned to its Subject."""

    def clean(self, value: Any) -> Subject:
        text: str = super().clean(value)
        found = parse(text) or next((number for part in re.split(r"[/?#]", text) if (number := parse(part))), None)
        subject = Subject.objects.filter(reference=found, is_public=True).first() if found else None
        if subject is None:
            raise ValidationError(_("Nothing public has this number."), code="missing")
        return subject


class ConnectForm(forms.Form):
    """`other`: the number or the address of what it is linked with."""

    kind = forms.ChoiceField(
        choices=[(kind, WORDS[kind][0]) for kind in BY_HAND], label=_("What is said of it"), error_messages=INVALID
    )
    other = SubjectField(
        max_length=300, label=_("Number or address of the other one"), help_text=_("Ten digits, or the address of its page.")
    )
