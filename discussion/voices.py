"""For whom somebody speaks: oneself, the department where one works, a verified organisation, the council."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from discussion.models import Comment
from municipality.models import Organisation
from municipality.site import installation

Stakeholder = Comment.Stakeholder
STAKEHOLDERS: dict[str, Any] = {
    Stakeholder.CITIZEN: pgettext_lazy("speaks as", "resident"),
    Stakeholder.BUSINESS: pgettext_lazy("speaks as", "business"),
    Stakeholder.ASSOCIATION: pgettext_lazy("speaks as", "association"),
    Stakeholder.INSTITUTION: pgettext_lazy("speaks as", "institution"),
    Stakeholder.ADMINISTRATION: pgettext_lazy("speaks as", "administration"),
    Stakeholder.COUNCILLOR: pgettext_lazy("speaks as", "councillor"),
}
"""Stakeholder → in words, as the badge says it."""
_OF_KIND: dict[str, Stakeholder] = {
    Organisation.Kind.DEPARTMENT: Stakeholder.ADMINISTRATION,
    Organisation.Kind.BODY: Stakeholder.INSTITUTION,
    Organisation.Kind.COMPANY: Stakeholder.BUSINESS,
    Organisation.Kind.ASSOCIATION: Stakeholder.ASSOCIATION,
    Organisation.Kind.INSTITUTION: Stakeholder.INSTITUTION,
}


def stakeholder_of(organisation: Organisation | None) -> Stakeholder:
    """As what somebody speaks who speaks for it; for nobody: a citizen."""
    if organisation is None:
        return Stakeholder.CITIZEN
    if organisation.pk == installation().council_id:
        return Stakeholder.COUNCILLOR
    return _OF_KIND[organisation.kind]


def kind_of(organisation: Organisation) -> str:
    """What kind of organisation it is, in words."""
    return str(STAKEHOLDERS[_OF_KIND[organisation.kind]])


def voices(user: Any) -> list[Organisation]:
    """The organisations that the person may speak for now: memberships in force in active, verified ones."""
    held = user.held if getattr(user, "is_authenticated", False) else []
    return [membership.organisation for membership in held if membership.organisation.trusted]


def require_voice(user: User | None, organisation: Organisation) -> None:
    """Raises ValidationError on `organisation` for whoever may not speak for it, with the reason."""
    held = [membership.organisation_id for membership in user.held] if user is not None else []
    if organisation.pk not in held:
        refused = _("You are not a member of %(organisation)s, so you cannot speak for it.")
    elif not organisation.active:
        refused = _("%(organisation)s is not active any more: nobody can speak for it.")
    elif not organisation.trusted:
        refused = _("%(organisation)s is not verified yet: the administrator does that.")
    else:
        return
    raise ValidationError({"organisation": refused % {"organisation": organisation}}, code="voice")
