"""Every address of the site: each app's own, the site's language without prefix, others under /en/."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

handler400 = "geoportal.errors.bad_request"
handler403 = "geoportal.errors.forbidden"
handler404 = "geoportal.errors.not_found"
handler500 = "geoportal.errors.server_error"


def _there(module: str) -> bool:
    return find_spec(module) is not None


PAGES = [
    ("", "api.open_data.urls"),
    ("ogc/", "api.ogc.urls"),  # its pages in the other languages; programs ask the address without one
    ("", "reports.map_urls"),
    ("", "municipality.urls"),
    ("desk/", "reports.desk_urls"),
    ("planning/", "reports.planning_urls"),
    ("", "reports.list_urls"),
    ("", "reports.citizen_urls"),
    ("", "reports.talk_urls"),
    ("", "participation.urls"),
    ("projects/", "layers.urls"),
    ("accounts/", "accounts.urls"),
    ("accounts/", "api.token_urls"),
    ("accounts/", "reports.person_urls"),
    ("", "notifications.urls"),
]
MACHINES = [
    ("", "api.open_data.machine_urls"),
    ("", "geoportal.kernel.urls"),
    ("", "municipality.machine_urls"),
    ("", "reports.machine_urls"),
    ("api/v1/", "api.urls"),
    ("tiles/", "api.tile_urls"),
    ("open311/", "api.open311.urls"),
    ("ogc/", "api.ogc.urls"),
]

urlpatterns = [
    *(path(prefix, include(module)) for prefix, module in MACHINES if _there(module)),
    *i18n_patterns(
        *(path(prefix, include(module)) for prefix, module in PAGES if _there(module)),
        path("accounts/", include("allauth.urls")),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]
if settings.DEMO and _there("notifications.demo_urls"):
    urlpatterns += [path("demo/mail/", include("notifications.demo_urls"))]
