"""Addresses of the map."""

from django.urls import path

from reports.views import ground, map_areas, thing
from reports.views import map as views

urlpatterns = [
    path("", views.map_page, name="map"),
    path("map.json", views.map_features, name="map_features"),
    path("map/here/", views.map_here, name="map_here"),
    path("map/areas/<str:key>.json", map_areas.area_shapes, name="map_area_shapes"),
    path("map/area/", map_areas.area_card, name="map_area"),
    path("map/layers/", views.map_layers, name="map_layers"),
    path("map/<str:reference>/", views.map_card, name="map_card"),
    path("objects/<slug:layer>/<slug:slug>/", thing.thing, name="object"),
    path("ground/<int:edition>.pmtiles", ground.tiles, name="ground_tiles"),
    path("basemap/<slug:name>.pmtiles", ground.base_map, name="base_map_tiles"),
    path("ground.json", views.ground_json, name="ground"),
]
