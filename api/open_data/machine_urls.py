"""Files of open data and their catalogue, without a language."""

from django.urls import path

from api.open_data import views

urlpatterns = [
    path("open-data/catalog.jsonld", views.catalog, name="open-data-catalog"),
    path("open-data/files/<str:name>", views.file, name="open-data-file"),
]
