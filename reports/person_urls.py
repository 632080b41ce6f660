"""What is mine: reports, follows, supports, a copy of my data, the way out."""

from django.urls import path

from reports.views import person

urlpatterns = [
    path("", person.home, name="account_home"),
    path("data/", person.data, name="account_data"),
    path("data/copy/", person.copy, name="account_copy"),
    path("data/erase/", person.erase, name="account_erase"),
]
