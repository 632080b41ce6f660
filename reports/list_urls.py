"""Addresses of the public lists and of planned projects."""

from django.urls import path

from reports.views import council, embed, feeds, lists, notice, projects

urlpatterns = [
    path("feeds/reports.atom", feeds.report_feed, name="report_feed"),
    path("feeds/projects.atom", feeds.project_feed, name="project_feed"),
    path("feeds/reports/<str:ref>.atom", feeds.timeline_feed, name="timeline_feed"),
    path("embed/", embed.about, name="embed"),
    path("embed/map/", embed.embedded_map, name="embed_map"),
    path("embed/list/", embed.embedded_list, name="embed_list"),
    path("notice/", notice.notice, name="notice"),
    path("notice.pdf", notice.paper, name="notice_pdf"),
    path("ideas/council/", council.council_ideas, name="council_ideas"),
    path("ideas/council/list.csv", council.council_csv, name="council_csv"),
    path("reports/", lists.report_list, name="report_list"),
    path("projects/", projects.project_list, name="project_list"),
    path("projects/<str:ref>/", projects.project_page, name="project"),
]
