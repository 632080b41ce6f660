"""Addresses of files, without a language."""

from django.urls import path, re_path

from reports.views import app, council, media, notice, share, sitemap

SIZES = "large|small"

urlpatterns = [
    path("r/<str:ref>/", notice.short_report, name="short_report"),
    path("p/", notice.short_new, name="short_new"),
    path("p/<str:place>/", notice.short_place, name="short_place"),
    path("documents/<uuid:pk>/", council.document, name="document"),
    path("sw.js", app.worker, name="service_worker"),
    path("app/mine.json", app.mine, name="app_mine"),
    re_path(
        rf"^media/(?P<photo_id>[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})/(?P<size>{SIZES})\.jpg$",
        media.photo,
        name="photo",
    ),
    re_path(r"^share/(?P<ref>[0-9]{10})\.jpg$", share.picture, name="share"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    re_path(r"^sitemap-(?P<section>pages|reports|projects)\.xml$", sitemap.section, name="sitemap_section"),
]
