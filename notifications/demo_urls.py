"""Mail of the demo."""

from django.urls import path, re_path

from notifications.views import demo_mail

app_name = "demo_mail"
urlpatterns = [
    path("", demo_mail.inbox, name="inbox"),
    re_path(r"^(?P<name>[0-9A-Za-z.-]{1,80})/$", demo_mail.mail, name="mail"),
]
