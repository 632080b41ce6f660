"""Addresses of files, without a language."""

from django.urls import path, re_path

from reports.views import media, share, sitemap

SIZES = "large|small"

urlpatterns = [
    re_path(
        rf"^media/(?P<photo_id>[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})/(?P<size>{SIZES})\.jpg$",
        media.photo,
        name="photo",
    ),
    re_path(r"^share/(?P<ref>[0-9]{10})\.jpg$", share.picture, name="share"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    re_path(r"^sitemap-(?P<section>pages|reports|projects)\.xml$", sitemap.section, name="sitemap_section"),
]
