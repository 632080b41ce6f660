"""In whose name somebody organises or promises."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from municipality.models import Organisation
from participation.models import Matter


def offer_voices(fields: dict[str, Any], user: User, matter: Matter | None = None) -> None:
    """The organisations of which one is a member; who works here begins with the own department, as in a comment. Of a `matter` that is
    changed its author alone says in whose name it stands."""
    if not user.held or (matter is not None and matter.author_id != user.pk):
        del fields["organisation"]
        return
    field = fields["organisation"]
    offered = Q(pk__in=[each.organisation_id for each in user.held], active=True)
    field.queryset = Organisation.objects.filter(offered | Q(pk=matter.organisation_id) if matter else offered)
    if user.works_here:
        field.initial = next((each.organisation for each in user.held if user.works_for(each.organisation_id)), None)
        field.help_text = _("In your own name you are a resident here: a moderator reads it first.")


def voice_of(form: forms.Form, matter: Matter | None) -> Organisation | None:
    """What the valid form says; where it does not ask, that of the matter stays."""
    if "organisation" in form.fields:
        return form.cleaned_data["organisation"]  # type: ignore[no-any-return]
    return matter.organisation if matter else None
