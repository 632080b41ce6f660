"""The administration's entrance is the site's own sign-in; people are looked after on their page, not here. Programs are."""

from __future__ import annotations

from typing import Any

import allauth.account.admin  # noqa: F401  registers what is taken out below
import django.contrib.auth.admin  # noqa: F401
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress, EmailConfirmation
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import keys
from accounts.models import ApiClient, User
from municipality.admin import SeenForm, SetUpAdmin

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = _("Set-up data")
admin.site.index_title = _("Set-up data")
admin.site.site_url = "/accounts/people/"
# The libraries' own pages for these would go past our verbs.
for model in (EmailAddress, EmailConfirmation, Group):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

SCOPES = {
    ApiClient.Scope.SEND: _("send reports, as guests do"),
    ApiClient.Scope.ENTER: _("enter reports that are received at once (needs an official's account)"),
    ApiClient.Scope.UPDATE: _("add words to reports and close them, as far as the account may"),
}


class ApiClientForm(SeenForm):
    """The key itself is in no form: it is told once."""

    scopes = forms.MultipleChoiceField(
        choices=[(scope.value, words) for scope, words in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
        label=_("what it may"),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned and set(cleaned.get("scopes", ())) & set(ApiClient.NEEDS_ACCOUNT) and not cleaned.get("account"):
            self.add_error("account", gettext("To enter and to change reports the client needs an account."))
        return cleaned


@admin.register(ApiClient)
class ApiClientAdmin(SetUpAdmin):
    form = ApiClientForm
    list_display = ("name", "prefix", "contact", "account", "active", "expires_on", "last_used_at")
    list_select_related = ("account",)
    actions = ("new_key",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        kwargs["queryset"] = User.objects.filter(is_active=True, memberships__active=True).distinct().order_by("name", "email")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            self._tell(request, obj)
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Give a new key, the old one stops"))
    def new_key(self, request: HttpRequest, queryset: QuerySet[ApiClient]) -> None:
        """Every chosen client's key is told once, on the next page."""
        for client in queryset:
            self._tell(request, client)

    def _tell(self, request: HttpRequest, client: ApiClient) -> None:
        said = gettext("Key of %(client)s, shown this once: %(key)s")
        messages.success(request, said % {"client": client.name, "key": keys.give(client)})
