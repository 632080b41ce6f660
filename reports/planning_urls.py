"""Addresses of planners, under /planning/."""

from django.urls import path

from reports.views.planning import carry, page

urlpatterns = [
    path("", page.planning, name="planning"),
    path("map.json", page.reports_below, name="planning_map"),
    path("answer.<slug:kind>", carry.download, name="planning_download"),
]
