"""What the administrator writes of a service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from geoportal.kernel.multilingual import text_in
from geoportal.kernel.text import CleanCharField
from municipality.models import Organisation, Sector
from participation.actions.service import TEXTS
from participation.forms.adopted import ADDRESS, one_of
from participation.models import Service
from reports.forms.author import words
from reports.forms.submit import PHONE
from reports.forms.watched import WatchedForm

SLUG = RegexValidator(
    r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", _("Small Latin letters, digits and hyphens between them, as in tree-permit.")
)
PLAIN = ("department", "url", "phone")


class ServiceForm(WatchedForm):
    """`service`: that one anew."""

    watched = ("name", "what", "who", "how")
    name = CleanCharField(max_length=150, label=_("What is the service called?"))
    slug = CleanCharField(
        max_length=50, label=_("Its name in the address of the page"), validators=[SLUG],
        help_text=_("Small Latin letters, digits and hyphens between them, as in tree-permit."),
    )  # fmt: skip
    what = words(_("What does the municipality do?"), most=2000)
    who = words(_("Whom is it for?"), required=False, most=1000)
    how = words(
        _("How does one get it?"), required=False, most=3000, hint=_("In plain words: where, with what papers, how long.")
    )
    sector = one_of(Sector.objects.all(), _("Sector"))
    department = one_of(
        Organisation.objects.departments(), _("Which department gives it?"), required=False, empty_label=_("none alone")
    )
    url = forms.URLField(
        max_length=300, required=False, label=_("Address of its own page"), assume_scheme="https", error_messages=ADDRESS
    )
    phone = CleanCharField(max_length=40, required=False, label=_("Telephone"), validators=[PHONE])
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, service: Service | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if service is not None:
            del self.fields["slug"]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug == "new":
            raise ValidationError(_("Another page has this address. Choose another."))
        return slug

    def facts(self) -> dict[str, Any]:
        """Fields of Service that the valid form says."""
        data, language = self.cleaned_data, get_language() or "bg"
        texts = {name: {language: data[name]} if data[name] else None for name in TEXTS}
        return texts | {name: data[name] for name in PLAIN}

    @staticmethod
    def first(service: Service) -> dict[str, Any]:
        """The service as the form's first values."""
        texts = {name: text_in(getattr(service, name)) for name in TEXTS}
        plain = {name: getattr(service, name) for name in PLAIN}
        return texts | plain | {"sector": service.subject.sector, "version": service.subject.version}
