"""Addresses of OGC API – Features, below `/ogc/`; the standard writes none of them with a slash at the end."""

from django.urls import path

from api.ogc import views

urlpatterns = [
    path("", views.landing, name="ogc"),
    path("conformance", views.conformance, name="ogc-conformance"),
    path("api", views.api, name="ogc-api"),
    path("collections", views.collections, name="ogc-collections"),
    path("collections/<slug:collection>", views.collection, name="ogc-collection"),
    path("collections/<slug:collection>/schema", views.schema, name="ogc-schema"),
    path("collections/<slug:collection>/queryables", views.queryables, name="ogc-queryables"),
    path("collections/<slug:collection>/items", views.items, name="ogc-items"),
    path("collections/<slug:collection>/items/<str:feature>", views.item, name="ogc-item"),
]
