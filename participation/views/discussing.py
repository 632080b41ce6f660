"""`/events/<number>/discussing/`: the organiser's page for what is being discussed, while the event goes on."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion.words import quoted
from participation.actions import discussing as actions
from participation.discussed import listed
from participation.forms.event import DiscussForm, TakeOffForm
from participation.models import Event
from participation.views.found import organised
from participation.views.organise import done, over, page
from reports.views.acknowledged import acknowledge
from reports.views.said import typed


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def discussing(request: HttpRequest, ref: str) -> HttpResponse:
    """Adds numbers; `off`: the key of one that leaves the list."""
    event, by = organised(request, ref), request.user
    if "off" in request.POST:
        return _take_off(request, event)
    form = DiscussForm(typed(request))

    def do() -> Event:
        actions.note(event.pk, form.cleaned_data["discussed"], by=by)  # type: ignore[arg-type]
        return event

    if done(request, form, do):
        acknowledge(request, _("Everyone sees it on the page of the event now."))
        return redirect("event_discussing", event.subject.reference)
    return over(request, event, "discuss") or page(
        request, form, _("What is being discussed"), _("Add"), event=event, listed=listed(event),
        say=_("Everyone sees the list on the page of the event at once. The minutes begin with it."),
    )  # fmt: skip


def _take_off(request: HttpRequest, event: Event) -> HttpResponse:
    """One leaves the list; refused, the page names it and says why."""
    form = TakeOffForm(typed(request))

    def do() -> Event:
        actions.take_off(event.pk, form.cleaned_data["off"], by=request.user)  # type: ignore[arg-type]
        return event

    if done(request, form, do):
        return redirect("event_discussing", event.subject.reference)
    found = event.discussed.public().filter(pk=form.cleaned_data.get("off")).first()
    say = quoted(found.subject.title) if found else ""
    return page(request, form, _("What is being discussed"), _("Take it off"), event=event, say=say)
