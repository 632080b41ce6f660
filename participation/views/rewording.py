"""A moderator reads the new words of what is public already: they replace the old ones, or the old ones stay."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion.addresses import page_of
from participation import unread
from participation.actions import rewording as actions
from participation.forms.event import RejectForm
from participation.forms.publishing import CHANGED
from participation.forms.rewording import RewordForm
from participation.models import Event, Initiative, Matter, Rewording
from participation.views import act_together, organise
from participation.views.found import acts, organised
from participation.views.organise import done, page
from participation.views.publishing import reading
from reports.views.said import typed

NAMES = ("reword", "keep_words")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """An act on an event."""
    return _do(request, ref, name, Event) if name in NAMES else organise.do(request, ref, name)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def initiative(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """An act on an initiative."""
    return _do(request, ref, name, Initiative) if name in NAMES else act_together.do(request, ref, name)


def _do(request: HttpRequest, ref: str, name: str, model: type[Matter]) -> HttpResponse:
    """One of `NAMES`."""
    matter = organised(request, ref, model)
    publishes, first = name == "reword", {"version": matter.subject.version}
    form = (RewordForm if publishes else RejectForm)(typed(request), initial=first)

    def take() -> Matter:
        data = form.cleaned_data
        if publishes:
            actions.publish(model, matter.pk, by=request.user, version=data["version"], quotes=not data["unquoted"])  # type: ignore[arg-type]
        else:
            given = {key: data.get(key) for key in ("reason", "version")}
            actions.refuse(model, matter.pk, by=request.user, text=data.get("text") or "", **given)  # type: ignore[arg-type]
        return matter

    if done(request, form, take, stale=CHANGED if publishes else ""):
        return redirect(page_of(matter.subject))
    # As it is now; first its version, then the words: those that come between are refused, never published unread.
    matter = organised(request, ref, model)
    found = Rewording.objects.filter(subject=matter.pk).first()
    if found is None or name not in acts(request.user, matter):
        return render(request, "participation/over.html", {"event": matter, "page_url": page_of(matter.subject)}, status=409)
    words = unread.words_of_rewording(matter, found)
    if not publishes:
        say = _("The page keeps its words. Whoever wrote the new ones is told the reason.")
        return page(request, form, _("Keep the words as they are"), _("Keep them"), event=matter, words=words, say=say)
    more = reading(request, form, words, matter.subject.version)
    return page(request, form, _("Publish the new words"), _("Publish"), event=matter, **more)
