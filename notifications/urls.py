"""What people hear: alerts, inbox, the table of notifications, and the way out of mails."""

from django.urls import path

from notifications.views import alerts, inbox, preferences, webhooks
from notifications.views.stop import stop

app_name = "notifications"
urlpatterns = [
    path("accounts/alerts/", alerts.listed, name="alerts"),
    path("accounts/alerts/new/", alerts.new, name="alert_new"),
    path("accounts/alerts/<int:pk>/", alerts.change, name="alert"),
    path("accounts/alerts/<int:pk>/act/", alerts.act, name="alert_act"),
    path("accounts/alerts/confirm/<str:token>/", alerts.confirm, name="alert_confirm"),
    path("accounts/inbox/", inbox.inbox, name="inbox"),
    path("accounts/notifications/", preferences.table, name="table"),
    path("accounts/notifications/device/", preferences.device, name="device"),
    path("accounts/notifications/phone/", preferences.phone, name="phone"),
    path("accounts/webhooks/", webhooks.listed, name="webhooks"),
    path("accounts/webhooks/new/", webhooks.new, name="webhook_new"),
    path("accounts/webhooks/<int:pk>/", webhooks.page, name="webhook"),
    path("accounts/webhooks/<int:pk>/change/", webhooks.change, name="webhook_change"),
    path("accounts/webhooks/<int:pk>/act/", webhooks.act, name="webhook_act"),
    path("accounts/webhooks/<int:pk>/log/<int:delivery>/again/", webhooks.again, name="webhook_again"),
    path("unsubscribe/alerts/<str:token>/", alerts.from_mail, name="alerts_from_mail"),
    path("unsubscribe/<str:token>/", stop, name="stop"),
]
