"""In whose name somebody organises or promises."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from municipality.models import Organisation


def offer_voices(fields: dict[str, Any], user: User) -> None:
    """The organisations of which one is a member; who works here begins with the own department, as in a comment."""
    if not user.held:
        del fields["organisation"]
        return
    field = fields["organisation"]
    field.queryset = Organisation.objects.filter(pk__in=[each.organisation_id for each in user.held], active=True)
    if user.works_here:
        field.initial = next((each.organisation for each in user.held if user.works_for(each.organisation_id)), None)
        field.help_text = _("In your own name you are a resident here: a moderator reads it first.")
