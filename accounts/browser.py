"""Who uses this browser: an account, or a guest whose e-mail was confirmed here within 90 days."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import Correspondent

COOKIE = "known"
SALT = "geoportal.browser"
DAYS = 90


def remember(response: HttpResponse, correspondent: Correspondent) -> None:
    """The browser keeps a signed mark of the confirmed address (its row's id, nothing readable)."""
    response.set_cookie(
        COOKIE,
        signing.dumps(correspondent.pk, salt=SALT),
        max_age=DAYS * 86_400,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")


def correspondent_of(request: HttpRequest) -> Correspondent | None:
    """The account's correspondent, or the remembered guest's; None for a stranger. Verified in both cases."""
    if request.user.is_authenticated:
        return Correspondent.objects.filter(user=request.user, verified_at__isnull=False).first()
    mark = request.COOKIES.get(COOKIE)
    if not mark:
        return None
    try:
        pk = signing.loads(mark, salt=SALT, max_age=DAYS * 86_400)
    except signing.BadSignature:
        return None
    return Correspondent.objects.filter(pk=pk, verified_at__isnull=False, user=None).exclude(email="").first()
