"""Addresses of the installation's pages."""

from django.urls import path, re_path

from municipality import views

urlpatterns = [
    re_path(rf"^(?P<slug>{'|'.join(views.PAGES)})/$", views.page, name="page"),
    path("display/", views.display, name="display"),
]
