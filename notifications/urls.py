"""The way out of mails."""

from django.urls import path

from notifications.views.stop import stop

app_name = "notifications"
urlpatterns = [path("unsubscribe/<str:token>/", stop, name="stop")]
