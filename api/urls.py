"""Addresses of the API, version 1."""

from django.urls import path

from api.v1 import (
    areas,
    categories,
    comments,
    council,
    events,
    initiatives,
    photos,
    policies,
    projects,
    reports,
    schema,
    sectors,
    session,
    transitions,
)

urlpatterns = [
    path("reports/", reports.ReportList.as_view(), name="api-reports"),
    path("reports/<str:ref>/", reports.OneReport.as_view(), name="api-report"),
    path("reports/<str:ref>/transitions/", transitions.ReportTransitions.as_view(), name="api-transitions"),
    path("reports/<str:ref>/support/", reports.ReportSupport.as_view(), name="api-support"),
    path("drafts/<uuid:draft>/photos/", photos.DraftPhotos.as_view(), name="api-photos"),
    path("ideas/council/", council.CouncilIdeas.as_view(), name="api-council"),
    path("documents/", council.Documents.as_view(), name="api-documents"),
    path("projects/", projects.ProjectList.as_view(), name="api-projects"),
    path("projects/<str:ref>/", projects.OneProject.as_view(), name="api-project"),
    path("subjects/<str:ref>/comments/", comments.SubjectComments.as_view(), name="api-comments"),
    path("events/", events.EventList.as_view(), name="api-events"),
    path("events/<str:ref>/", events.OneEvent.as_view(), name="api-event"),
    path("initiatives/", initiatives.InitiativeList.as_view(), name="api-initiatives"),
    path("initiatives/<str:ref>/", initiatives.OneInitiative.as_view(), name="api-initiative"),
    path("policies/", policies.PolicyList.as_view(), name="api-policies"),
    path("policies/<str:ref>/", policies.OnePolicy.as_view(), name="api-policy"),
    path("indicators/", policies.IndicatorList.as_view(), name="api-indicators"),
    path("areas/", areas.AreaTree.as_view(), name="api-areas"),
    path("sectors/", sectors.SectorList.as_view(), name="api-sectors"),
    path("categories/", categories.CategoryList.as_view(), name="api-categories"),
    path("session/", session.WhoAmI.as_view(), name="api-session"),
    path("tokens/", session.TokenList.as_view(), name="api-tokens"),
    path("tokens/<int:token_id>/", session.OneToken.as_view(), name="api-token"),
    path("schema/", schema.Schema.as_view(), name="api-schema"),
    path("docs/", schema.docs, name="api-docs"),
]
