"""Addresses of tiles."""

from django.urls import path

from api import tiles

urlpatterns = [
    path("<slug:name>.json", tiles.tile_json, name="tilejson"),
    path("<slug:name>/<str:z>/<str:x>/<str:y>.mvt", tiles.tile, name="tile"),
]
