"""Pages of one's own tokens, below /accounts/."""

from django.urls import path

from api import token_pages

urlpatterns = [
    path("tokens/", token_pages.listed, name="tokens"),
    path("tokens/<int:pk>/revoke/", token_pages.revoke, name="token_revoke"),
]
