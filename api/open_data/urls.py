"""The page of open data."""

from django.urls import path

from api.open_data import views

urlpatterns = [path("open-data/", views.page, name="open-data")]
