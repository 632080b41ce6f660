"""What people do with an initiative: begin it, join, leave, take a task; and what its organisers do."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion import actions as spine
from discussion.models import Subject, TimelineRow
from discussion.wishes import Wish
from geoportal.kernel import throttle
from geoportal.kernel.references import parse
from municipality.models import Area
from participation.actions import initiative as actions
from participation.actions import joining
from participation.forms.initiative import InitiativeForm, JoiningForm, MessageForm, ResultForm
from participation.forms.rewording import told_after, told_before, typed_before
from participation.models import Initiative
from participation.views.found import found, organised
from participation.views.organise import act_form, acted, done, mail_sent, over, page
from reports.forms.errors import errors_by_field
from reports.views.acknowledged import acknowledge
from reports.views.said import typed
from reports.views.visitor import known_visitor


def _with(request: HttpRequest) -> Subject | None:
    """The public subject of `with` in the address: what people wish to organise together."""
    reference = parse(request.GET.get("with", "")[:20])
    return Subject.objects.filter(reference=reference, is_public=True).first() if reference else None


def _settlement(subject: Subject) -> Area | None:
    """The settlement in which it is, also where it lies in a quarter of one."""
    around = Area.objects.filter(pk__in=[subject.area_id, subject.area.parent_id])
    return around.settlements().defer("polygon").first()


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """An empty form, or one that begins with what is to be organised together."""
    other, first = _with(request), {"client_uuid": uuid.uuid4()}
    if other is not None:
        first |= {"linked": other.reference, "sector": other.sector, "settlement": _settlement(other)}
    form = InitiativeForm(typed(request), user=request.user, initial=first)  # type: ignore[misc]
    key = lambda: form.cleaned_data["client_uuid"]  # noqa: E731
    made = done(request, form, lambda: actions.propose(form.said(), by=request.user, client_uuid=key()))  # type: ignore[arg-type]
    if made is not None:
        public = made.subject.is_public
        acknowledge(
            request, _("The initiative is public.") if public else _("Thank you. A moderator reads it before it appears.")
        )
        return redirect("initiative", made.subject.reference)
    say = _("For “%(title)s”.") % {"title": other.title} if other else ""
    return page(request, form, _("Begin an initiative"), _("Send"), kind="initiative", map=True, say=say)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, ref: str) -> HttpResponse:
    made = organised(request, ref, Initiative)
    user: Any = request.user
    form = InitiativeForm(
        typed(request), user=user, changed=made, initial={**InitiativeForm.first(made), **typed_before(user, made)}
    )

    def do() -> TimelineRow:
        return actions.change(made.pk, form.said(), by=user, version=form.cleaned_data["version"])

    if row := done(request, form, do):
        changed = _("The initiative was changed. Who joined or follows hears of another day or place.")
        acknowledge(request, told_after(row) or changed)
        return redirect("initiative", made.subject.reference)
    say = told_before(user, made)
    return over(request, made, "change") or page(
        request, form, _("Change the initiative"), _("Save"), event=made, map=True, say=say
    )


def _open(request: HttpRequest, ref: str) -> Initiative:
    initiative = found(request, ref, Initiative)
    if not initiative.subject.is_public:
        raise Http404
    return initiative


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, ref: str) -> HttpResponse:
    """Known people at once, strangers after one mail; `task` in the address is chosen already."""
    initiative, known = _open(request, ref), known_visitor(request)
    form = JoiningForm(
        request.POST if request.method == "POST" else None, known=known is not None, initiative=initiative,
        initial={"task": request.GET.get("task", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        task = form.cleaned_data.get("task")
        try:
            if known is not None:
                throttle.limit(request, "join")
                acknowledge(request, joining.said(joining.join(initiative.pk, known, task.pk if task else None)))
                return redirect("initiative", initiative.subject.reference)
            email = form.cleaned_data.get("email", "")
            asked = spine.is_asked(initiative.pk, email, Wish.JOIN)  # one link however often it is pressed
            throttle.limit(request, "join", contact="" if asked else email)
            joining.ask(initiative.pk, spine.correspondent_for(email, get_language() or ""), task.pk if task else None)
            return mail_sent(request, initiative, email)
        except ValidationError as refused:
            for name, errors in errors_by_field(refused).items():
                form.add_error(name if name in form.fields else None, errors)
        except throttle.Throttled as throttled:
            form.add_error(None, throttled.detail)
    say = _("The organisers see how many take part, never who.")
    return page(request, form, _("I join"), _("I join"), event=initiative, say=say)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, ref: str) -> HttpResponse:
    """Gives back the task of the address (`task`), or everything."""
    initiative, known = _open(request, ref), known_visitor(request)
    if known is None:
        return redirect("initiative_join", initiative.subject.reference)
    given = request.GET.get("task", "")
    task = initiative.tasks.filter(pk=int(given)).first() if given.isascii() and given.isdigit() and len(given) < 10 else None
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        joining.leave(initiative.pk, known, task.pk if task else None)
        acknowledge(request, _("The task is free for somebody else.") if task else _("You do not take part any more."))
        return redirect("initiative", initiative.subject.reference)
    if task:
        return page(request, form, _("I give the task back"), _("Give it back"), event=initiative, say=task.title)
    return page(request, form, _("I do not take part any more"), _("Leave"), event=initiative, say=_("Your tasks become free."))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest, ref: str) -> HttpResponse:
    """The result: without it an initiative is not finished."""
    made = organised(request, ref, Initiative)
    form = ResultForm(typed(request), initial={"version": made.subject.version})

    def do() -> Initiative:
        data = {name: form.cleaned_data[name] for name in ("text", "link", "version")}
        actions.finish(made.pk, by=request.user, **data, **form.taken())  # type: ignore[arg-type]
        return made

    if done(request, form, do):
        acknowledge(request, _("The result is public. Everyone who took part hears of it."))
        return redirect("initiative", made.subject.reference)
    return over(request, made, "finish") or page(request, form, _("What came of it"), _("Finish it"), event=made)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest, ref: str) -> HttpResponse:
    """To all who joined; the organisers do not learn who reads it."""
    made = organised(request, ref, Initiative)
    form = MessageForm(typed(request))

    def do() -> Initiative:
        data = form.cleaned_data
        actions.write_to_all(made.pk, text=data["text"], followers=data["followers"], by=request.user)  # type: ignore[arg-type]
        return made

    if done(request, form, do):
        acknowledge(request, _("The message is sent and stands on the page."))
        return redirect("initiative", made.subject.reference)
    say = _("Everyone who takes part reads it. You do not see who they are.")
    return over(request, made, "message") or page(request, form, _("Write to all"), _("Send"), event=made, say=say)


def _titles() -> dict[str, tuple[str, str, str]]:
    return {
        "publish": (_("Publish it"), _("Publish"), _("Everyone sees it then.")),
        "reject": (_("Do not publish it"), _("Do not publish"), _("Whoever sent it is told the reason.")),
        "take_back": (
            pgettext("withdraw", "Take it back"),
            pgettext("withdraw", "Take it back"),
            _("It is not read and does not become public."),
        ),
        "gather": (_("Gather people"), _("Gather people"), _("From now on people can join and take tasks.")),
        "begin": (_("It is under way"), _("Begin"), _("Everyone who joined or follows is told. People can still join.")),
        "stop": (_("Stop the initiative"), _("Stop it"), _("Everyone who joined or follows is told at once.")),
    }


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """One of the acts that need words, a reason or nothing."""
    made = organised(request, ref, Initiative)
    if name not in _titles():
        raise Http404
    form = act_form(request, made, name, wordless=("take_back", "gather", "begin"))

    def take() -> Initiative:
        data: dict[str, Any] = {
            key: form.cleaned_data[key] for key in ("text", "reason", "version") if key in form.cleaned_data
        }
        actions.act(Initiative, made.pk, name, by=request.user, **data)  # type: ignore[arg-type]
        return made

    return acted(request, form, made, name, take, _titles()[name])
