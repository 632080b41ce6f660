"""My alerts: listed, made, changed, paused, removed; for a guest confirmed by a mailed link."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.browser import correspondent_of, known_required, remember
from accounts.models import Correspondent, User
from discussion import actions as spine
from geoportal.kernel import links, throttle
from notifications import alert_words, alerts, preferences
from notifications.forms.alert import AlertForm, at_once, of_alert, of_filters
from notifications.letters import CHANGE, CONFIRM_ALERT, STOP_DAYS
from notifications.models import Alert, Channel, Frequency

STOP_WISH = "stop"


def _person(request: HttpRequest) -> User | None:
    user: Any = request.user
    return user if user.is_authenticated else None


def _asker(request: HttpRequest) -> Correspondent | None:
    """The account's correspondent (made when it is new) or the remembered guest's."""
    user = _person(request)
    return spine.correspondent_of(user) if user else correspondent_of(request)


@never_cache
@known_required
@require_safe
def listed(request: HttpRequest) -> HttpResponseBase:
    """All alerts of this person, and of the mailboxes that are theirs to set."""
    found = list(alerts.alerts_of(request.correspondent, _person(request)))  # type: ignore[attr-defined]
    wording = alert_words.Wording(found)
    return render(request, "notifications/alerts.html", {"rows": [wording.row(alert) for alert in found]})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new alert, with the filters of a map or list in the address; a stranger's waits for the mailed link."""
    known, user = _asker(request), _person(request)
    departments = alerts.departments_of(user) if user and user.works_here else []
    posted = request.POST if request.method == "POST" else None
    form = AlertForm(posted, known=known is not None, departments=departments, initial=of_filters(request.GET, request.user))
    if posted is not None and form.is_valid():
        try:
            return _made(request, form, known)
        except (ValidationError, throttle.Throttled) as refused:
            form.add_error(None, refused if isinstance(refused, ValidationError) else refused.detail)
    return _form(request, form, None)


def _made(request: HttpRequest, form: AlertForm, known: Correspondent | None) -> HttpResponse:
    email = form.cleaned_data.get("email", "")
    throttle.limit(request, "follow", contact=email)
    organisation = form.cleaned_data.get("organisation")
    owner = known or spine.correspondent_for(email, get_language() or "")
    mine = None if organisation else owner
    alerts.save(form.place(), correspondent=mine, organisation=organisation, proven=known is not None, **form.rest())
    if known is None:
        return render(request, "notifications/alert_sent.html", {"email": email})
    messages.success(request, _("Saved. You will hear of it from now on."))
    return redirect("notifications:alerts")


def _form(request: HttpRequest, form: AlertForm, alert: Alert | None) -> HttpResponse:
    quick = {} if alert else at_once(form)
    return render(
        request, "notifications/alert.html", {"form": form, "alert": alert, "quick": quick}, status=422 if form.errors else 200
    )


def _mine(request: HttpRequest, pk: int) -> Alert:
    found = alerts.alerts_of(request.correspondent, _person(request)).filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@never_cache
@known_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One alert of mine; its owner stays."""
    alert = _mine(request, pk)
    form = AlertForm(request.POST if request.method == "POST" else None, known=True, initial=of_alert(alert))
    if request.method == "POST" and form.is_valid():
        alerts.save(form.place(), alert=alert, **form.rest())
        messages.success(request, _("Saved."))
        return redirect("notifications:alerts")
    return _form(request, form, alert)


@never_cache
@require_POST
@known_required
def act(request: HttpRequest, pk: int) -> HttpResponseBase:
    """`act` = pause, resume or remove."""
    alert = _mine(request, pk)
    verbs = {"pause": alerts.pause, "resume": alerts.resume, "remove": alerts.remove}
    verb = verbs.get(request.POST.get("act", ""))
    if verb is None:
        raise Http404
    verb([alert.pk])
    return redirect("notifications:alerts")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The button behind the mailed link of a guest: the address has answered, the alert begins."""
    data = links.read(CONFIRM_ALERT, token, alerts.UNCONFIRMED_DAYS * 86_400) or {}
    alert = Alert.objects.select_related("correspondent").filter(pk=data.get("alert") or 0).first()
    if alert is None or alert.correspondent is None:
        return render(request, "reports/expired.html", status=410)
    if request.method != "POST":
        return render(request, "notifications/alert_confirm.html", {"what": alert_words.sentence(alert)})
    first = alerts.confirm(alert.pk)
    response = redirect("notifications:alerts")
    if first:
        messages.success(request, _("Saved. You will hear of it from now on."))
    if first and alert.correspondent.user_id is None:  # a second time the link, perhaps forwarded, opens nothing
        remember(response, alert.correspondent)
    return response


@csrf_exempt  # mail programs post without a cookie; the signed link is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def from_mail(request: HttpRequest, token: str) -> HttpResponse:
    """From a mail, without signing in: how often, or no more. A mail program's own button stops (RFC 8058)."""
    data = links.read(CHANGE, token, STOP_DAYS * 86_400)
    if data is None:
        raise Http404
    found = list(Alert.objects.filter(pk__in=data.get("alerts", [])))
    person = Correspondent.objects.filter(pk=data.get("correspondent") or 0).first()
    follows = bool(data.get("follows")) and person is not None
    if not found and not follows:
        raise Http404
    done = _wish(request) if request.method == "POST" else ""
    if request.method != "POST" and found and not follows and not any(alert.active for alert in found):
        done = "stopped"  # by this link before, or on one's page
    elif done:
        _set(found, person if follows else None, done)
    return _how_often(request, found, follows, done)


def _how_often(request: HttpRequest, found: list[Alert], follows: bool, done: str) -> HttpResponse:
    wording, wrong = alert_words.Wording(found), request.method == "POST" and not done
    context = {
        "rows": [wording.row(alert) for alert in Alert.objects.filter(pk__in=[alert.pk for alert in found]).order_by("pk")],
        "follows": follows, "done": done, "frequencies": alert_words.FREQUENCIES.items(),
        "others": _others(found), "wrong": wrong, "known": ", ".join([*Frequency.values, STOP_WISH]),
    }  # fmt: skip
    return render(request, "notifications/alert_from_mail.html", context, status=400 if wrong else 200)


def _others(found: list[Alert]) -> int:
    """How many more alerts of the same owners tell; what is pressed here leaves them as they are."""
    owners = Q(correspondent__in={alert.correspondent_id for alert in found if alert.correspondent_id})
    owners |= Q(organisation__in={alert.organisation_id for alert in found if alert.organisation_id})
    return Alert.objects.filter(owners, active=True).exclude(pk__in=[alert.pk for alert in found]).count()


def _wish(request: HttpRequest) -> str:
    """A frequency, "stopped" for the stop button and the mail program's own, or "" for what is neither."""
    said = request.POST.get("frequency", "")
    if said in Frequency.values:
        return said
    stops = said == STOP_WISH or (not said and "List-Unsubscribe" in request.POST)
    return "stopped" if stops else ""


def _set(found: list[Alert], follower: Correspondent | None, wish: str) -> None:
    ids = [alert.pk for alert in found]
    event = preferences.Event.FOLLOW
    if wish == "stopped":
        alerts.pause(ids)
        if follower:
            preferences.choose(follower, {(event, Channel.EMAIL): False})
        return
    alerts.set_frequency(ids, wish)
    if follower:
        preferences.set_habits(follower, follow_frequency=wish)
        preferences.choose(follower, {(event, Channel.EMAIL): True})
