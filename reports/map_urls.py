"""Addresses of the map."""

from django.urls import path

from reports.views import map as views

urlpatterns = [
    path("", views.map_page, name="map"),
    path("map.json", views.map_features, name="map_features"),
    path("map/here/", views.map_here, name="map_here"),
    path("map/<str:reference>/", views.map_card, name="map_card"),
    path("ground.json", views.ground_json, name="ground"),
]
