"""No more mails: the link at the foot of every letter, and the mail program's own button (RFC 8058)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Correspondent
from discussion.models import Subject
from geoportal.kernel import links
from notifications import actions, sight
from notifications.letters import STOP, STOP_DAYS


@csrf_exempt  # mail programs post without a cookie; the signed link is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks with one button, POST stops, POST with `resume` takes it back."""
    data = links.read(STOP, token, STOP_DAYS * 86_400) or {}
    correspondent = Correspondent.objects.filter(pk=data.get("correspondent") or 0).first()
    if correspondent is None:
        raise Http404
    subjects = list(Subject.objects.filter(pk__in=data.get("subjects", [])))
    done = "stopped" if actions.stopped(correspondent, subjects) else ""
    if request.method == "POST":
        done = "resumed" if "resume" in request.POST else "stopped"
        (actions.resume if done == "resumed" else actions.stop)(correspondent, subjects)
    named = sight.legible({subject.pk for subject in subjects}, correspondent)
    shown = [subject for subject in subjects if subject.pk in named]
    context = {"subjects": shown, "unnamed": len(subjects) - len(shown), "done": done}
    return render(request, "notifications/stop.html", context)
