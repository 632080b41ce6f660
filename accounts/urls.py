"""Pages of accounts; sign-in and sign-up are the library's, in our design."""

from django.urls import path

from accounts.views import account, links

urlpatterns = [
    path("link/", links.link, name="account_link"),
    path("link/<str:token>/", links.enter, name="account_enter"),
    path("email/", links.address, name="account_email"),
    path("email/new/<str:token>/", links.new_address, name="account_new_email"),
    path("leave/", links.leave, name="account_leave"),
    path("profile/", account.profile, name="account_profile"),
    path("invitation/<str:token>/", account.invitation, name="account_invitation"),
    path("people/", account.people, name="account_people"),
    path("people/<int:pk>/", account.person, name="account_person"),
    path("people/<int:pk>/deactivate/", account.deactivate, name="account_deactivate"),
]
