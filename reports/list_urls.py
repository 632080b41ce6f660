"""Addresses of the public lists and of planned projects."""

from django.urls import path

from reports.views import lists, projects

urlpatterns = [
    path("reports/", lists.report_list, name="report_list"),
    path("projects/", projects.project_list, name="project_list"),
    path("projects/<str:ref>/", projects.project_page, name="project"),
]
