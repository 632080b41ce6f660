"""Who the asker is, and tokens for programs: told once, stored as a hash, revoked at once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from accounts.models import ApiToken, User
from api import tokens
from api.v1 import shapes
from api.v1.access import SCOPES, InPerson, Open, Resource
from api.v1.answers import answer, only
from api.v1.paging import PAGES, PAGING, listed, number, page_of
from api.v1.sending import UNKNOWN, Strict
from geoportal.kernel.problems import Problem
from geoportal.kernel.text import CleanSerializerField


class WhoAmI(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="session", responses={200: shapes.Session})
    def get(self, request: Request) -> HttpResponseBase:
        """The signed-in person, or null; the form token for acts of a session."""
        only(request)
        csrf = "" if isinstance(request.auth, ApiToken) else get_token(request._request)
        return answer({"user": _person(request.user), "csrf": csrf}, headers={"Cache-Control": "private, no-store"})


def _person(user: Any) -> dict[str, Any] | None:
    if not isinstance(user, User):
        return None
    return {
        "name": user.name,
        "email": user.email,
        "language": user.language,
        "roles": sorted({role for membership in user.held for role in membership.roles}),
        "departments": sorted(m.organisation.slug for m in user.held if m.organisation.kind == "department"),
    }


class Asked(Strict):
    """A token to be made."""

    name = CleanSerializerField(max_length=80, help_text="what it is for")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(list(SCOPES), error_messages=UNKNOWN), allow_empty=False, max_length=len(SCOPES)
    )
    expires_on = serializers.DateField(
        required=False, allow_null=True, help_text="the last day, at most a year from today; else a year"
    )


def _told(token: ApiToken) -> dict[str, Any]:
    names = ("id", "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at")
    return {name: getattr(token, name) for name in names}


class TokenList(Resource):
    permission_classes = [InPerson]

    @extend_schema(operation_id="tokens_list", parameters=PAGES, responses={200: shapes.Tokens})
    def get(self, request: Request) -> HttpResponseBase:
        """The asker's own tokens."""
        only(request, PAGING)
        found, following = page_of(request, tokens.own(request.user), {"-pk": number})
        return listed("tokens", map(_told, found), following)

    @extend_schema(operation_id="tokens_create", request=Asked, responses={201: shapes.NewToken})
    def post(self, request: Request) -> HttpResponseBase:
        """Makes a token. Its text is in this answer and nowhere else."""
        only(request)
        asked = Asked(data=request.data)
        asked.is_valid(raise_exception=True)
        assert isinstance(request.user, User)
        try:
            token, text = tokens.make(request.user, **asked.validated_data)
        except ValidationError as refused:
            if hasattr(refused, "error_dict"):
                raise
            raise Problem(refused.messages[0], status=409, code="many") from refused
        return answer({**_told(token), "token": text}, status=201, headers={"Cache-Control": "private, no-store"})


class OneToken(Resource):
    permission_classes = [InPerson]

    @extend_schema(operation_id="tokens_revoke", responses={204: None})
    def delete(self, request: Request, token_id: int) -> HttpResponseBase:
        """Revokes a token: it is dead with this answer."""
        only(request)
        assert isinstance(request.user, User)
        if not tokens.revoke(request.user, token_id):
            raise Http404
        return HttpResponse(status=204)
