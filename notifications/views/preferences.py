"""The table of my notifications, quiet hours, this browser's messages, the phone for SMS."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.browser import known_required
from accounts.models import Correspondent
from geoportal.kernel import throttle
from notifications import preferences, push, sms
from notifications.forms.preferences import CodeForm, HabitsForm, NumberForm, TableForm, of_habits
from notifications.models import Phone, PushSubscription


@never_cache
@known_required
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest) -> HttpResponseBase:
    """POST with `form` = table or habits saves that form alone."""
    known = request.correspondent  # type: ignore[attr-defined]
    which = request.POST.get("form", "") if request.method == "POST" else ""
    cells, habits = _forms(request, which)
    if which == "table" and cells.is_valid():
        preferences.choose(known, cells.values())
    elif which == "habits" and habits.is_valid():
        preferences.set_habits(known, **habits.cleaned_data)
    else:
        return _page(request, cells, habits)
    messages.success(request, _("Saved."))
    return redirect("notifications:table")


def _forms(request: HttpRequest, which: str = "") -> tuple[TableForm, HabitsForm]:
    """The table and the times; bound is the one that was posted."""
    known = request.correspondent  # type: ignore[attr-defined]
    works = bool(getattr(request.user, "works_here", False))
    cells = TableForm(request.POST if which == "table" else None, correspondent=known, works_here=works)
    return cells, HabitsForm(request.POST if which == "habits" else None, initial=of_habits(known))


def _page(
    request: HttpRequest, cells: TableForm, habits: HabitsForm, asked: NumberForm | CodeForm | None = None
) -> HttpResponseBase:
    known = request.correspondent  # type: ignore[attr-defined]
    wrong = cells.errors or habits.errors or (asked and asked.errors)
    context = {
        "number_form": asked if isinstance(asked, NumberForm) else NumberForm(),
        "code_form": asked if isinstance(asked, CodeForm) else CodeForm(),
        "table": cells,
        "habits": habits,
        "devices": PushSubscription.objects.filter(correspondent=known).count(),
        "push_key": push.keys()[1],
        "sms": bool(settings.SMS_URL),
        "phone": Phone.objects.filter(correspondent=known).first() if settings.SMS_URL else None,
    }
    return render(request, "notifications/table.html", context, status=422 if wrong else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def device(request: HttpRequest) -> HttpResponseBase:
    """This browser takes messages, or (`stop`) none any more: JSON {endpoint, keys: {p256dh, auth}, stop}.

    `old` {endpoint, keys: {auth}}: its former address, which the new one replaces whoever is signed in. GET answers what a
    service worker needs for it: {key: the installation's public key, token: against forged requests}.
    """
    if request.method != "POST":
        return JsonResponse({"key": push.keys()[1], "token": get_token(request)})
    try:
        throttle.limit(request, "write")
    except throttle.Throttled as refused:
        return JsonResponse({"detail": str(refused.detail)}, status=429, headers=refused.headers)
    said = _said(request.body[:8192])
    old = said.get("old")
    former = push.known_device(old) or (push.known_device(said) if old else None)  # told twice: it has the new one already
    return _renewed(said, former) if former else _device(request, said)


def _said(body: bytes) -> dict[str, Any]:
    """The JSON of a browser; nothing where it is none, or holds what no address and no key has."""
    try:
        said = json.loads(body)
        clean = json.dumps(said, ensure_ascii=False).isascii() and "\\u0000" not in json.dumps(said)
    except (ValueError, RecursionError):
        return {}
    return said if clean and isinstance(said, dict) else {}


def _renewed(said: dict[str, Any], former: PushSubscription) -> JsonResponse:
    return _saved(lambda: push.renew(former, **_address(said)))


@known_required
def _device(request: HttpRequest, said: dict[str, Any]) -> HttpResponseBase:
    known = request.correspondent  # type: ignore[attr-defined]
    if said.get("stop") and "endpoint" in said:
        push.unsubscribe(known, str(said["endpoint"]))
        return JsonResponse({"on": False})
    return _saved(lambda: push.subscribe(known, **_address(said), language=get_language() or ""))


def _address(said: dict[str, Any]) -> dict[str, str]:
    """Raises KeyError or TypeError for what no browser sends."""
    keys = said["keys"]
    return {"endpoint": str(said["endpoint"]), "p256dh": str(keys["p256dh"]), "auth": str(keys["auth"])}


def _saved(save: Callable[[], object]) -> JsonResponse:
    try:
        save()
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"detail": _("This browser cannot take messages. Try another one.")}, status=400)
    except ValidationError as refused:
        return JsonResponse({"detail": refused.messages[0]}, status=400)
    return JsonResponse({"on": True})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@known_required
def phone(request: HttpRequest) -> HttpResponseBase:
    """`number` sends a code there, `code` confirms it, `forget` takes the number away. GET leads to the page that holds the forms."""
    known = request.correspondent  # type: ignore[attr-defined]
    if not settings.SMS_URL:
        raise Http404
    if request.method != "POST":
        return redirect("notifications:table")
    if "forget" in request.POST:
        sms.forget(known)
        return redirect("notifications:table")
    asked: NumberForm | CodeForm = (CodeForm if "code" in request.POST else NumberForm)(request.POST)
    if asked.is_valid():
        try:
            messages.success(
                request, _proven(known, asked) if isinstance(asked, CodeForm) else _code_sent(request, known, asked)
            )
            return redirect("notifications:table")
        except (ValidationError, throttle.Throttled) as refused:
            said = refused.messages if isinstance(refused, ValidationError) else [str(refused.detail)]
            asked.add_error("code" if isinstance(asked, CodeForm) else "number", said)
    return _page(request, *_forms(request), asked)


def _proven(known: Correspondent, asked: CodeForm) -> str:
    if not sms.confirm(known, asked.cleaned_data["code"]):
        raise ValidationError(_("The code is wrong or too old. Ask for a new one."))
    return _("The number is confirmed.")


def _code_sent(request: HttpRequest, known: Correspondent, asked: NumberForm) -> str:
    sms.number_of(asked.cleaned_data["number"])  # a slip of the finger counts towards no limit
    throttle.limit(request, "confirm", contact=known.email)
    sms.ask(known, asked.cleaned_data["number"])
    return _("A code is on its way to the number.")
