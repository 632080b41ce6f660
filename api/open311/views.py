"""The addresses that both read and write."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from api.open311.answers import Resource
from api.open311.reading import listing, same_for_everyone
from api.open311.sending import posted


class Requests(Resource):
    @same_for_everyone
    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """The list."""
        return listing(request, kind)

    def post(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """A new one."""
        return posted(request, kind)
