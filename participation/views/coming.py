"""A visitor comes to an event, gives the seat back, chooses when to be reminded. Small pages that no cache keeps."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion import actions as spine
from discussion.addresses import page_of
from discussion.wishes import Wish
from geoportal.kernel import throttle
from participation import calendar
from participation.actions import taking_part
from participation.forms.coming import ComingForm, RemindForm
from participation.models import Event, TakingPart
from participation.views.found import found
from participation.views.organise import mail_sent, page
from reports.views.acknowledged import acknowledge
from reports.views.visitor import known_visitor


def _open(request: HttpRequest, ref: str) -> Event:
    event = found(request, ref)
    if not event.subject.is_public:
        raise Http404
    return event


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def come(request: HttpRequest, ref: str) -> HttpResponse:
    """Known people at once, strangers after one mail."""
    event, known = _open(request, ref), known_visitor(request)
    if why := taking_part.shut_words(event):  # before anybody is asked for an address, or sent a letter that leads nowhere
        context = {"event": event, "title": _("I come"), "why": why, "page_url": page_of(event.subject)}
        return render(request, "participation/over.html", context, status=409)
    if (
        request.method != "POST"
        and known is not None
        and TakingPart.objects.in_force().filter(subject=event.pk, correspondent=known).exists()
    ):
        return redirect("event", event.subject.reference)  # whoever comes or waits reads there which, and leaves there
    form = ComingForm(request.POST if request.method == "POST" else None, known=known is not None)
    if request.method == "POST" and form.is_valid():
        try:
            email = form.cleaned_data.get("email", "")
            asked = spine.is_asked(event.pk, email, Wish.COME)  # one link however often it is pressed
            throttle.limit(request, "come", contact="" if asked else email)
            if known is not None:
                acknowledge(request, taking_part.said(taking_part.register(event.pk, known)))
                return redirect("event", event.subject.reference)
            if not asked:
                spine.ask_to_confirm(event.pk, spine.correspondent_for(email, get_language() or ""), Wish.COME)
            return mail_sent(request, event, email)
        except ValidationError as refused:
            form.add_error(None, refused)
        except throttle.Throttled as throttled:
            form.add_error(None, throttled.detail)
    full = taking_part.seats_left(event) == 0
    say = _("All seats are taken. Whoever waits moves up by itself when one becomes free.") if full else ""
    return page(request, form, _("I come"), _("Wait for a seat") if full else _("I come"), event=event, say=say)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, ref: str) -> HttpResponse:
    """Somebody else gets the seat."""
    event, known = _open(request, ref), known_visitor(request)
    if known is None:
        return redirect("event_come", event.subject.reference)
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        taking_part.leave(event.pk, known)
        acknowledge(request, _("You do not come any more. Somebody else can have the seat."))
        return redirect("event", event.subject.reference)
    return page(
        request, form, _("I do not come"), _("Give the seat back"), event=event, say=_("Whoever waits moves up at once.")
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: HttpRequest, ref: str) -> HttpResponse:
    """Hours before the beginning, and the private calendar address of one's own events."""
    event, known = _open(request, ref), known_visitor(request)
    part = TakingPart.objects.in_force().filter(subject=event.pk, correspondent=known).first() if known else None
    if part is None:
        return redirect("event_come", event.subject.reference)
    hours = event.remind_hours if part.remind_hours is None else part.remind_hours
    form = RemindForm(request.POST if request.method == "POST" else None, initial={"hours": hours})
    if request.method == "POST" and form.is_valid():
        taking_part.remind_me(event.pk, part.correspondent, int(form.cleaned_data["hours"]))
        acknowledge(request, _("The reminder is set."))
        return redirect("event", event.subject.reference)
    return page(request, form, _("Reminder"), _("Save"), event=event, mine_ics=calendar.my_address(part.correspondent))
