"""Addresses of Open311: the format is the ending."""

from django.urls import re_path

from api.open311 import reading, tokens, updates, views

_KIND = r"\.(?P<kind>json|xml)$"

urlpatterns = [
    re_path(rf"^(?:v2/)?discovery{_KIND}", reading.Discovery.as_view(), name="open311-discovery"),
    re_path(rf"^v2/services{_KIND}", reading.Services.as_view(), name="open311-services"),
    re_path(rf"^v2/services/(?P<code>[^/]{{1,60}}){_KIND}", reading.Definition.as_view(), name="open311-definition"),
    re_path(rf"^v2/requests{_KIND}", views.Requests.as_view(), name="open311-requests"),
    re_path(rf"^v2/requests/(?P<ref>[^/]{{1,64}}){_KIND}", reading.OneRequest.as_view(), name="open311-request"),
    re_path(rf"^v2/tokens/(?P<token>[^/]{{1,64}}){_KIND}", tokens.Token.as_view(), name="open311-token"),
    re_path(rf"^v2/servicerequestupdates{_KIND}", updates.Updates.as_view(), name="open311-updates"),
]
