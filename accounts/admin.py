"""The administration's entrance is the site's own sign-in; people are looked after on their page, not here."""

from __future__ import annotations

import allauth.account.admin  # noqa: F401  registers what is taken out below
import django.contrib.auth.admin  # noqa: F401
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress, EmailConfirmation
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = _("Set-up data")
admin.site.index_title = _("Set-up data")
admin.site.site_url = "/accounts/people/"
# The libraries' own pages for these would go past our verbs.
for model in (EmailAddress, EmailConfirmation, Group):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
