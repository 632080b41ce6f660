"""Pages of accounts; sign-in and sign-up are the library's, in our design."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("profile/", views.profile, name="account_profile"),
    path("invitation/<str:token>/", views.invitation, name="account_invitation"),
    path("people/", views.people, name="account_people"),
    path("people/<int:pk>/", views.person, name="account_person"),
    path("people/<int:pk>/deactivate/", views.deactivate, name="account_deactivate"),
]
