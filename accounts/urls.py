"""Pages of accounts; sign-in and sign-up are the library's, in our design."""

from allauth.account.views import RequestReauthenticationCodeView
from django.urls import path

from accounts.forms import ReauthenticationCodeForm
from accounts.views import account, links

urlpatterns = [
    path("link/", links.link, name="account_link"),
    path("link/<str:token>/", links.enter, name="account_enter"),
    path("email/", links.address, name="account_email"),
    path("email/new/<str:token>/", links.new_address, name="account_new_email"),
    path(
        "reauthenticate/code/",
        RequestReauthenticationCodeView.as_view(form_class=ReauthenticationCodeForm),
        name="account_request_reauthentication_code",
    ),
    path("leave/", links.leave, name="account_leave"),
    path("profile/", account.profile, name="account_profile"),
    path("invitation/<str:token>/", account.invitation, name="account_invitation"),
    path("people/", account.people, name="account_people"),
    path("people/<int:pk>/", account.person, name="account_person"),
    path("people/<int:pk>/deactivate/", account.deactivate, name="account_deactivate"),
]
