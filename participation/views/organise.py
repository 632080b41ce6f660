"""What an organiser does: announce, change, call off, close with minutes; and the moderator's word before it is public."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion.actions import Stale
from geoportal.kernel import throttle
from participation.actions import event as actions
from participation.actions.move import NotAllowed, act
from participation.forms.event import EventForm, MinutesForm, RejectForm, WordsForm
from participation.models import Event
from participation.views.found import acts, organised
from reports.forms.errors import errors_by_field
from reports.views.acknowledged import acknowledge
from reports.views.said import taking_out, typed

FIELDS = {"point": "lon", "minutes": "text", "starts_at": "day", "ends_at": "ends"}
"""Where the refusal of a verb's fact stands in the form."""


def _done(request: HttpRequest, form: Form, do: Callable[[], Event]) -> Event | None:
    """Does it where the form is right; a refusal stands at its field, with everything typed."""
    if request.method != "POST" or taking_out(request) or not form.is_valid():
        return None
    try:
        throttle.limit(request, "write")
        return do()
    except ValidationError as refused:
        for name, errors in errors_by_field(refused).items():
            field = FIELDS.get(name, name)
            form.add_error(field if field in form.fields else None, errors)
    except throttle.Throttled as throttled:
        form.add_error(None, throttled.detail)
    except (NotAllowed, Stale):
        form.add_error(None, _("The event has changed meanwhile. Look at its page, then try again."))
    except PermissionDenied:
        form.add_error(None, _("You cannot do this."))
    return None


def _page(request: HttpRequest, form: Form, title: str, button: str, **more: Any) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "event": None, "map": False, **more}
    return render(request, "participation/form.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = EventForm(typed(request), user=request.user, initial={"client_uuid": uuid.uuid4()})  # type: ignore[misc]
    made = _done(
        request,
        form,
        lambda: actions.announce(form.said(), by=request.user, client_uuid=form.cleaned_data["client_uuid"]),  # type: ignore[arg-type]
    )
    if made is not None:
        public = made.subject.is_public
        acknowledge(
            request, _("The event is announced.") if public else _("Thank you. A moderator reads it before it appears.")
        )
        return redirect("event", made.subject.reference)
    return _page(request, form, _("Announce an event"), _("Announce"), map=True)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, ref: str) -> HttpResponse:
    event = organised(request, ref)
    form = EventForm(typed(request), user=request.user, initial=EventForm.first(event))  # type: ignore[misc]

    def do() -> Event:
        actions.change(event.pk, form.said(), by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]
        return event

    if _done(request, form, do):
        acknowledge(request, _("The event was changed. Who comes or follows hears of another time or place."))
        return redirect("event", event.subject.reference)
    return _over(request, event, "change") or _page(request, form, _("Change the event"), _("Save"), event=event, map=True)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, ref: str) -> HttpResponse:
    """Minutes: without them an event does not count as held."""
    event = organised(request, ref)
    discussed = "\n".join(item.subject.reference for item in event.agenda.exclude(subject=None).select_related("subject"))
    form = MinutesForm(typed(request), initial={"version": event.subject.version, "discussed": discussed})

    def do() -> Event:
        actions.hold(event.pk, form.held(), by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]
        return event

    if _done(request, form, do):
        acknowledge(request, _("The minutes are public."))
        return redirect("event", event.subject.reference)
    return _over(request, event, "hold") or _page(
        request, form, _("Minutes"), _("Publish the minutes"), event=event,
        say=_("The event took place. If it did not, say so instead: an event is closed by the one or the other."),
    )  # fmt: skip


def _titles() -> dict[str, tuple[str, str, str]]:
    return {
        "cancel": (_("Call the event off"), _("Call off"), _("Everyone who comes or follows is told at once.")),
        "not_hold": (_("It did not take place"), _("Say so"), ""),
        "publish": (_("Publish the event"), _("Publish"), _("Everyone sees it then.")),
        "reject": (_("Do not publish the event"), _("Do not publish"), _("Its organiser is told the reason.")),
    }


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """One of the acts that need words, a reason or nothing."""
    event = organised(request, ref)
    if name not in _titles():
        raise Http404
    first = {"version": event.subject.version}
    form: Form = RejectForm(typed(request), initial=first) if name == "reject" else WordsForm(typed(request), initial=first)
    if name == "publish":
        del form.fields["text"]
        form.watched = ()  # type: ignore[attr-defined]

    def take() -> Event:
        data = form.cleaned_data
        given = {key: data[key] for key in ("text", "reason") if key in data}
        act(Event, event.pk, name, by=request.user, version=data["version"], **given)  # type: ignore[arg-type]
        return event

    if _done(request, form, take):
        return redirect("event", event.subject.reference)
    title, button, say = _titles()[name]
    return _over(request, event, name) or _page(request, form, title, button, event=event, say=say)


def _over(request: HttpRequest, event: Event, name: str) -> HttpResponse | None:
    """The page that says that it is over, where nothing was sent yet."""
    if request.method == "POST" or name in acts(request.user, event):
        return None
    return render(request, "participation/over.html", {"event": event}, status=409)
