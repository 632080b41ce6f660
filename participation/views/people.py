"""`/people/`: who told something of themselves, to be found by sector, area and words; one's own card."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from municipality.models import Area
from municipality.site import sectors
from participation import filtering
from participation.actions import profile as actions
from participation.forms.event import RejectForm
from participation.forms.profile import ProfileForm
from participation.forms.publishing import CHANGED, CardReadForm
from participation.models.profile import Profile
from participation.unread import words_of_card
from participation.views.organise import done
from participation.views.publishing import reading
from reports import rules
from reports.filters import Filters
from reports.models import Reason
from reports.views.acknowledged import acknowledge
from reports.views.said import typed

MOST = 100
UNUSED = ("kind", "bbox", "since", "until", *filtering.SAYS_NOTHING)


@never_cache
@require_safe
def people(request: HttpRequest) -> HttpResponseBase:
    """Public cards, those changed last first; `sector`, `area` and `q` as everywhere, unreadable filters are named."""
    filters, bad = Filters.readable(request.GET, request.user, refused=UNUSED)
    rows = Profile.objects.public().select_related("area__parent").prefetch_related("sectors").defer("area__polygon")
    if filters.sector:
        rows = rows.filter(sectors__in=filters.sector).distinct()
    if filters.area or filters.zone:  # a card has no place: in a polygon of a layer are those of the whole municipality
        rows = rows.filter(Q(area__in=filters.area) | Q(area=None))
    for word in filters.q.split():
        rows = rows.filter(Q(name__icontains=word) | Q(about__icontains=word) | Q(helps__icontains=word))
    context = {
        "people": rows.order_by("-changed_at", "-pk")[:MOST], "given": filters.given, "bad": bad, "filtered": bool(filters.given),
        "sectors": sectors(), "areas": Area.objects.settlements().defer("polygon", "point").order_by("path"),
    }  # fmt: skip
    return render(request, "participation/people/list.html", context)


def _found(request: HttpRequest, key: uuid.UUID) -> Profile:
    rows = Profile.objects.visible_to(request.user).select_related("area__parent").defer("area__polygon")
    profile = rows.filter(key=key).first()
    if profile is None:
        raise Http404
    return profile


@never_cache
@require_safe
def person(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    profile, user = _found(request, key), request.user
    names = dict(_states())
    context = {
        "profile": profile, "own": user.is_authenticated and profile.user_id == user.pk, "moderates": rules.is_moderator(user),
        "state": names[profile.state], "reason": Reason.objects.filter(slug=profile.reason).first() if profile.reason else None,
    }  # fmt: skip
    return render(request, "participation/people/page.html", context)


def _states() -> list[tuple[str, str]]:
    return [
        (Profile.State.WAITING, _("A moderator reads it before everyone does.")), (Profile.State.PUBLIC, ""),
        (Profile.State.REFUSED, _("A moderator did not publish it. Change it and it is read again.")),
    ]  # fmt: skip


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """One's own card: written, changed, or taken away (`away=1`)."""
    user: Any = request.user
    known = Profile.objects.filter(user=user).prefetch_related("sectors").first()
    if request.method == "POST" and request.POST.get("away"):
        actions.take_away(user)
        acknowledge(request, _("Your card is gone, with every word."))
        return redirect("account_home")
    form = ProfileForm(typed(request), initial=ProfileForm.first(known) if known else {"name": user.name})
    made = done(request, form, lambda: actions.keep(form.said(), by=user))  # type: ignore[type-var]
    if made is not None:
        acknowledge(request, _("Saved."))
        return redirect("person", made.key)
    context = {"form": form, "known": known}
    return render(request, "participation/people/mine.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, key: uuid.UUID, verb: str) -> HttpResponse:
    """A moderator publishes a card or says why not."""
    if not rules.is_moderator(request.user) or verb not in ("publish", "reject"):
        raise Http404
    profile, by = _found(request, key), request.user
    publish = verb == "publish"
    data = request.POST if request.method == "POST" else None
    form: Form = CardReadForm(data) if publish else RejectForm(data)

    def do() -> Profile:
        said = form.cleaned_data
        read = said["version"] if publish else ""
        return actions.settle(profile.pk, publish=publish, by=by, reason=said.get("reason"), version=read)  # type: ignore[arg-type]

    if done(request, form, do, stale=CHANGED) is not None:  # type: ignore[type-var]
        return redirect("person", profile.key)
    title = _("Publish the card") if publish else _("Do not publish the card")
    url = reverse("person", args=[profile.key])
    context = {
        "form": form, "title": title, "button": title, "list_url": reverse("people"), "list_name": _("People"), "page_url": url,
    }  # fmt: skip
    if publish:
        profile = _found(request, key)  # as it is now
        context |= reading(request, form, words_of_card(profile), profile.version)
    return render(request, "participation/form.html", context, status=422 if form.errors else 200)
