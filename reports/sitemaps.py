"""`sitemap.xml`: every public page in every language, each naming its other languages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from layers.models import Project
from municipality.models import Page
from municipality.views import PAGES
from reports.models import Report

NEWEST = 10_000
"""Reports listed; older ones are reached through the lists."""


class _Site(Sitemap):
    i18n = True
    alternates = True
    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class Pages(_Site):
    def items(self) -> list[tuple[str, tuple[str, ...]]]:
        there = Page.objects.filter(slug__in=PAGES).order_by("slug").values_list("slug", flat=True).distinct()
        fixed = [(name, ()) for name in ("map", "report_list", "project_list", "council_ideas", "report_new")]
        return [*fixed, *(("page", (slug,)) for slug in there)]

    def location(self, item: tuple[str, tuple[str, ...]]) -> str:
        return reverse(item[0], args=item[1])


class Reports(_Site):
    def items(self) -> list[str]:
        newest = Report.objects.public().order_by("-created_at", "-pk")
        return list(newest.values_list("subject__reference", flat=True)[:NEWEST])

    def location(self, item: str) -> str:
        return reverse("report", args=[item])


class Projects(_Site):
    def items(self) -> list[str]:
        return list(Project.objects.visible_to(None).order_by("pk").values_list("subject__reference", flat=True))

    def location(self, item: str) -> str:
        return reverse("project", args=[item])


SITEMAPS = {"pages": Pages, "reports": Reports, "projects": Projects}
