"""What is mine: reports, follows, supports, a copy of my data, the way out."""

from django.urls import path

from reports.views import my_data, person

urlpatterns = [
    path("", person.home, name="account_home"),
    path("mine/<slug:name>/", person.listed, name="account_listed"),
    path("data/", my_data.data, name="account_data"),
    path("data/copy/", my_data.copy, name="account_copy"),
    path("data/erase/", my_data.erase, name="account_erase"),
]
