"""Addresses of planners, under /planning/."""

from django.urls import path

from reports.views.planning import areas, carry, page, runs, saved

urlpatterns = [
    path("", page.planning, name="planning"),
    path("map.json", page.reports_below, name="planning_map"),
    path("answer.<slug:kind>", carry.download, name="planning_download"),
    path("print/", carry.printed, name="planning_print"),
    path("areas/", areas.areas, name="planning_areas"),
    path("areas/<uuid:pk>/", areas.area, name="planning_area"),
    path("saved/", saved.analyses, name="planning_saved"),
    path("saved/<uuid:pk>/", saved.opened, name="planning_open"),
    path("saved/<uuid:pk>/change/", saved.changed, name="planning_change"),
    path("runs/", runs.runs, name="planning_runs"),
    path("runs/<uuid:pk>/", runs.run, name="planning_run"),
    path("runs/<uuid:pk>/state.json", runs.state, name="planning_run_state"),
]
