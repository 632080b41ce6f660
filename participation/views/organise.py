"""What an organiser does: announce, change, call off, close with minutes; and the moderator's word before it is public."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion.actions import Stale
from discussion.addresses import page_of
from discussion.models import TimelineRow
from geoportal.kernel import throttle
from participation.actions import event as actions
from participation.actions.goal import Over
from participation.actions.move import NotAllowed, act
from participation.actions.profile import Changed
from participation.forms.event import CorrectForm, EventForm, MinutesForm, RejectForm, WordsForm
from participation.forms.publishing import CHANGED, ReadForm
from participation.forms.rewording import told_after, told_before, typed_before
from participation.models import Event, Goal, Matter, Service
from participation.unread import words_of
from participation.views.found import acts, organised
from participation.views.publishing import reading
from participation.workflow import TRANSITIONS
from reports.forms.errors import errors_by_field
from reports.forms.shots import ShotsForm
from reports.views.acknowledged import acknowledge
from reports.views.said import taking_out, typed
from reports.views.shots import kept as keep_shots

M = TypeVar("M")
FIELDS = {"point": "lon", "minutes": "text", "starts_at": "day", "ends_at": "ends", "within": "border", "closes_at": "day"}
"""Where the refusal of a verb's fact stands in the form."""


def done(request: HttpRequest, form: Form, do: Callable[[], M], *, stale: Any = "") -> M | None:
    """Does it where the form is right; a refusal stands at its field, with everything typed. `stale`: how one is told of a change."""
    if isinstance(form, ShotsForm):
        keep_shots(request, form)
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
    except (NotAllowed, Over, Stale, Changed) as late:
        known = "" if isinstance(late, NotAllowed | Over) else stale
        form.add_error(None, known or _("It has changed meanwhile. Look at its page, then try again."))
    except PermissionDenied:
        form.add_error(None, _("You cannot do this."))
    return None


def lists(kind: str) -> tuple[str, str]:
    """Address and name of the list of a kind."""
    return {
        "survey": (reverse("surveys"), _("Visions and surveys")),
        "event": (reverse("events"), _("Events")), "practice": (reverse("practices"), _("Practices")),
        "initiative": (reverse("initiatives"), _("Common action")),
        "policy": (reverse("policies"), _("Policies")), "service": (reverse("services"), _("Services")),
        "goal": (reverse("goals"), _("Goals")),
        "consultation": (reverse("consultations"), _("Consultations")),
        "comparison": (reverse("comparisons"), _("Alternatives")), "alternative": (reverse("comparisons"), _("Alternatives")),
    }[kind]  # fmt: skip


def page(request: HttpRequest, form: Form, title: str, button: str, *, event: Matter | Goal | Service | None = None, kind: str = "event",
         **more: Any) -> HttpResponse:  # fmt: skip
    """The page with the form; `event`: what it is about, None for a new one."""
    list_url, list_name = lists(event.subject.kind if event else kind)
    back = page_of(event.subject) if event else list_url
    context = {
        "form": form, "title": title, "button": button, "event": event, "map": False, "list_url": list_url, "list_name": list_name,
        "page_url": back, **more,
    }  # fmt: skip
    return render(request, "participation/form.html", context, status=422 if form.errors else 200)


def mail_sent(request: HttpRequest, event: Matter, email: str) -> HttpResponse:
    """A stranger's address was asked."""
    context = {"event": event, "email": email, "page_url": page_of(event.subject)}
    return render(request, "participation/mail_sent.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = EventForm(typed(request), user=request.user, initial={"client_uuid": uuid.uuid4()})  # type: ignore[misc]
    made = done(
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
    return page(request, form, _("Announce an event"), _("Announce"), map=True)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, ref: str) -> HttpResponse:
    event = organised(request, ref)
    user: Any = request.user
    form = EventForm(typed(request), user=user, changed=event, initial={**EventForm.first(event), **typed_before(user, event)})

    def do() -> TimelineRow:
        return actions.change(event.pk, form.said(), by=user, version=form.cleaned_data["version"])

    if row := done(request, form, do):
        acknowledge(
            request, told_after(row) or _("The event was changed. Who comes or follows hears of another time or place.")
        )
        return redirect("event", event.subject.reference)
    say = told_before(user, event)
    return over(request, event, "change") or page(
        request, form, _("Change the event"), _("Save"), event=event, map=True, say=say
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, ref: str) -> HttpResponse:
    """Minutes: without them an event does not count as held."""
    event = organised(request, ref)
    if "correct" in acts(request.user, event):
        return _correct(request, event)
    form = MinutesForm(typed(request), initial={"version": event.subject.version, "discussed": _discussed(event)})

    def do() -> Event:
        actions.hold(event.pk, form.held(), by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]
        return event

    if done(request, form, do):
        acknowledge(request, _("The minutes are public."))
        return redirect("event", event.subject.reference)
    return over(request, event, "hold") or page(
        request, form, _("Minutes"), _("Publish the minutes"), event=event,
        say=_("The event took place. If it did not, say so instead: an event is closed by the one or the other."),
    )  # fmt: skip


def _correct(request: HttpRequest, event: Event) -> HttpResponse:
    """Minutes that are public already: anew, with the reason."""
    form = CorrectForm(typed(request), initial=CorrectForm.first(event))

    def do() -> Event:
        data = form.cleaned_data
        actions.correct(event.pk, form.held(), by=request.user, why=data["why"], version=data["version"])  # type: ignore[arg-type]
        return event

    if done(request, form, do):
        acknowledge(request, _("The minutes are corrected, and the page says so."))
        return redirect("event", event.subject.reference)
    return page(request, form, _("Correct the minutes"), _("Save"), event=event)


def _discussed(event: Event) -> str:
    """Numbers of what the agenda names and what was noted while the event went on, each once, in the order in which it came."""
    noted = [one.subject.reference for one in reversed(event.discussed.public())]
    planned = event.agenda.filter(subject__is_public=True).select_related("subject")
    return "\n".join(dict.fromkeys([*(item.subject.reference for item in planned), *noted]))


def _titles() -> dict[str, tuple[str, str, str]]:
    return {
        "cancel": (_("Call the event off"), _("Call off"), _("Everyone who comes or follows is told at once.")),
        "take_back": (
            pgettext("withdraw", "Take it back"),
            pgettext("withdraw", "Take it back"),
            _("It is not read and does not become public."),
        ),
        "stop": (_("Stop the consultation"), _("Stop it"), _("Everyone reads why. Nothing can be written in it any more.")),
        "not_hold": (_("It did not take place"), _("Say so"), ""),
        "publish": (_("Publish it"), _("Publish"), _("Everyone sees it then.")),
        "reject": (_("Do not publish it"), _("Do not publish"), _("Whoever sent it is told the reason.")),
    }


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, ref: str, name: str, model: type[Matter] = Event) -> HttpResponse:
    """One of the acts that need words, a reason or nothing."""
    event = organised(request, ref, model)
    if (event.subject.kind, name) not in TRANSITIONS or name not in _titles():
        raise Http404
    form = act_form(request, event, name, wordless=("take_back",))

    def take() -> Matter:
        data = form.cleaned_data
        given = {key: data[key] for key in ("text", "reason") if key in data}
        act(model, event.pk, name, by=request.user, version=data["version"], **given)  # type: ignore[arg-type]
        return event

    return acted(request, form, event, name, take, _titles()[name])


def act_form(request: HttpRequest, matter: Matter, name: str, *, wordless: tuple[str, ...]) -> Form:
    """The form of an act that needs words, a reason, what was read, or nothing (`wordless`)."""
    first = {"version": matter.subject.version}
    if name == "publish":
        return ReadForm(typed(request), initial=first)
    form: Form = RejectForm(typed(request), initial=first) if name == "reject" else WordsForm(typed(request), initial=first)
    if name in wordless:
        del form.fields["text"]
        form.watched = ()  # type: ignore[attr-defined]
    return form


def acted(
    request: HttpRequest, form: Form, matter: Matter, name: str, take: Callable[[], Matter], words: tuple[str, str, str]
) -> HttpResponse:
    """Does it and leads to its page; else the page of the act, before publishing with all that becomes public."""
    publishes = name == "publish"
    if done(request, form, take, stale=CHANGED if publishes else ""):
        return redirect(page_of(matter.subject))
    title, button, say = words
    more: dict[str, Any] = {"say": say}
    if publishes:
        matter = organised(request, matter.subject.reference, type(matter))  # as it is now
        more = reading(request, form, words_of(matter), matter.subject.version)
    return over(request, matter, name) or page(request, form, title, button, event=matter, **more)


def over(request: HttpRequest, event: Matter, name: str) -> HttpResponse | None:
    """The page that says that it is over, where nothing was sent yet."""
    if request.method == "POST" or name in acts(request.user, event):
        return None
    return render(request, "participation/over.html", {"event": event, "page_url": page_of(event.subject)}, status=409)
