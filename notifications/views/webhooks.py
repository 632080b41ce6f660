"""`/accounts/webhooks/`: the programs that one's organisation lets hear, each with its secret and the log of what it was sent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import orjson
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from geoportal.kernel import throttle
from notifications.forms.webhook import WebhookForm, of_webhook
from notifications.models import Webhook, WebhookDelivery
from notifications.webhooks import keeping, signing
from notifications.webhooks.events import CASE, NAMES, SHORT
from notifications.webhooks.owners import keeps, may_change, own_hosts, owners_of, sees_cases, webhooks_of
from reports.cases.wording import why

MOST_IN_LOG = 50
STATES = {
    WebhookDelivery.State.WAITING: gettext_lazy("waits"),
    WebhookDelivery.State.DELIVERED: gettext_lazy("delivered"),
    WebhookDelivery.State.FAILED: gettext_lazy("given up"),
    WebhookDelivery.State.SKIPPED: gettext_lazy("not sent: not public any more"),
}
WHY = {
    Webhook.Why.FAILING: gettext_lazy("Switched off: several messages in a row could not be delivered."),
    Webhook.Why.GONE: gettext_lazy("Switched off: the receiver answered that it wants no more (410)."),
    Webhook.Why.BY_HAND: gettext_lazy("Switched off by hand."),
}
View = Callable[..., HttpResponseBase]


def keeper(view: View) -> View:
    """Signed in, or sent to sign in; whoever keeps no webhooks finds nothing here."""

    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not keeps(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return entered


def _one(request: HttpRequest, pk: int) -> Webhook:
    found = webhooks_of(request.user).filter(pk=pk).first()  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
@keeper
def listed(request: HttpRequest) -> HttpResponse:
    """All webhooks that this person keeps."""
    return render(request, "notifications/webhooks/list.html", {"rows": [_row(each) for each in webhooks_of(request.user)]})  # type: ignore[arg-type]


def _row(webhook: Webhook) -> dict[str, Any]:
    return {
        "webhook": webhook,
        "owner": webhook.organisation or webhook.person,
        "events": [NAMES.get(name, name) for name in webhook.events],
        "why": WHY.get(Webhook.Why(webhook.disabled_why)) if webhook.disabled_why else "",
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeper
def new(request: HttpRequest) -> HttpResponse:
    """A new webhook; its secret stands on the page that follows."""
    user: Any = request.user
    posted = request.POST if request.method == "POST" else None
    form = WebhookForm(posted, owners=owners_of(user), cases=sees_cases(user, None), trusting=own_hosts(user))
    if posted is not None and form.is_valid() and (made := _saved(form, user)):
        messages.success(request, _("Saved. Give the secret to the receiver and send it a test."))
        return redirect("notifications:webhook", made.pk)
    return _form(request, form, None)


def _saved(form: WebhookForm, user: Any, webhook: Webhook | None = None) -> Webhook | None:
    """None when the verb refuses: the form says why."""
    owner = webhook.organisation if webhook else form.cleaned_data["organisation"]
    try:
        return keeping.save(by=user, organisation=owner, webhook=webhook, **form.what())
    except ValidationError as refused:
        form.add_error(None, refused)
        return None


def _form(request: HttpRequest, form: WebhookForm, webhook: Webhook | None) -> HttpResponse:
    context = {"form": form, "webhook": webhook}
    return render(request, "notifications/webhooks/form.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeper
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Where to, of what; its owner stays."""
    user: Any = request.user
    webhook = _one(request, pk)
    if not may_change(user, webhook):
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    cases, trusting = sees_cases(user, webhook.organisation), own_hosts(user)
    form = WebhookForm(posted, cases=cases, trusting=trusting, initial=of_webhook(webhook))
    if posted is not None and form.is_valid() and _saved(form, user, webhook):
        messages.success(request, _("Saved."))
        return redirect("notifications:webhook", pk)
    return _form(request, form, webhook)


@never_cache
@require_safe
@keeper
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is told, its secret, and the log; `?before=` leads to older messages."""
    webhook = _one(request, pk)
    found = webhook.deliveries.select_related("row__subject").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    log = list(found[: MOST_IN_LOG + 1])
    changes = may_change(request.user, webhook)  # type: ignore[arg-type]
    context = {
        **_row(webhook), "changes": changes, "secret": signing.secret(webhook) if changes else "",
        "log": [_logged(each, cases=changes) for each in log[:MOST_IN_LOG]],
        "older": log[MOST_IN_LOG - 1].pk if len(log) > MOST_IN_LOG else None,
        "waiting": any(each.state == WebhookDelivery.State.WAITING for each in log),
    }  # fmt: skip
    return render(request, "notifications/webhooks/page.html", context)


def _logged(delivery: WebhookDelivery, *, cases: bool) -> dict[str, Any]:
    """One line of the log. Of what is not public any more neither name nor words are shown, though they were sent; nor is a former title.

    `cases`: whether it may be read which ones they are; a head does not work on those of other departments.
    """
    subject = delivery.row.subject if delivery.row else None
    title, told = subject.title if subject else "", orjson.loads(delivery.body) if delivery.body else None
    shown = subject is None or (subject.is_public and (cases or delivery.event != CASE))
    return {
        "delivery": delivery,
        "event": SHORT.get(delivery.event, delivery.event),
        "why": why(delivery.last_error),
        "state": STATES[WebhookDelivery.State(delivery.state)],
        "subject": subject if shown else None,
        "body": delivery.body if shown and (not told or told["data"].get("title", title) == title) else "",
        "again": delivery.state != WebhookDelivery.State.WAITING,
    }


@never_cache
@require_POST
@keeper
def act(request: HttpRequest, pk: int) -> HttpResponseBase:
    """`act` = test, off, on, rotate or remove."""
    webhook, user, name = _one(request, pk), request.user, request.POST.get("act", "")
    verbs: dict[str, tuple[Callable[[int], object], str]] = {
        "test": (keeping.test, _("The test is on its way. Load this page again to see what the receiver answered.")),
        "off": (partial(keeping.switch_off, by=user), _("Switched off: nothing is sent any more.")),
        "on": (partial(keeping.switch_on, by=user), _("Switched on: it is told again from now on.")),
        "rotate": (partial(keeping.rotate, by=user), _("There is a new secret. The old one signs too for 24 hours.")),
        "remove": (partial(keeping.remove, by=user), _("The webhook was removed.")),
    }
    if name not in verbs:
        raise Http404
    verb, said = verbs[name]
    if name == "test":
        throttle.limit(request, "webhook")
    try:
        verb(webhook.pk)
    except Webhook.DoesNotExist:  # somebody removed it just now
        raise Http404 from None
    messages.success(request, said)
    return redirect("notifications:webhooks") if name == "remove" else redirect("notifications:webhook", pk)


@never_cache
@require_POST
@keeper
def again(request: HttpRequest, pk: int, delivery: int) -> HttpResponseBase:
    """One message of the log once more, under its id."""
    webhook = _one(request, pk)
    if not webhook.deliveries.filter(pk=delivery).exists():
        raise Http404
    throttle.limit(request, "webhook")
    if keeping.replay(delivery):
        messages.success(request, _("It is sent once more. Load this page again to see what the receiver answered."))
    else:
        messages.warning(request, _("It is not sent again: it still waits, or this is no longer what the webhook hears of."))
    return redirect("notifications:webhook", pk)
