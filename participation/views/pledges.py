"""`/pledges/`: what was promised, kept, slipped; a promise of one's own; what became of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from discussion.addresses import page_of
from discussion.messages import reasons_of
from discussion.models import Subject
from discussion.words import quoted
from geoportal.kernel import throttle
from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.references import parse
from participation import rules, wording
from participation.actions import pledge as actions
from participation.forms.event import RejectForm
from participation.forms.pledge import PledgeEndForm, PledgeForm
from participation.forms.publishing import CHANGED, ReadForm
from participation.models import Pledge
from participation.unread import words_of_pledge
from participation.views.publishing import reading
from participation.workflow import PLEDGES
from reports.forms.errors import errors_by_field
from reports.freshness import data_version
from reports.parameters import one_of, readable
from reports.querysets import today
from reports.views.acknowledged import acknowledge
from reports.views.said import taking_out, typed

MOST = 200


@require_safe
@public(data_version)
def pledge_list(request: HttpRequest) -> HttpResponseBase:
    """All public ones, the nearest day first; `state` as a chip, an unknown one shows all and says so; one's own above."""
    (asked, bad), day = readable(request.GET, lambda left: one_of(left, "state", wording.PLEDGE_LISTS)), today()
    found = Pledge.objects.public().with_page_facts()
    rows = found.by_state(asked, day) if asked else found
    mine = Pledge.objects.none()
    if request.user.is_authenticated:
        mine = Pledge.objects.kept_back().filter(author=request.user).visible_to(request.user).with_page_facts()
        mine = mine.order_by("-pk")[:MOST]
    held = Pledge.objects.held(mine)
    chips = [("", pgettext("promises", "All")), *((code, str(name)) for code, name in wording.PLEDGE_LISTS.items())]
    context = {
        "pledges": [wording.pledge(row, day, request.user) for row in rows.order_by("-until", "-pk")[:MOST]],
        "mine": _with_reasons([wording.pledge(row, day, request.user, held) for row in mine]),
        "bad": bad, "filtered": bool(asked),
        "chips": [
            {"name": name, "url": f"?state={code}" if code else "?", "on": code == asked, "count": None} for code, name in chips
        ],
    }  # fmt: skip
    return render(request, "participation/pledges.html", context)


def _with_reasons(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each with the words of the moderator's reason."""
    words = reasons_of({each["pledge"].reason for each in shown if each["pledge"].reason})
    return [{**each, "reason": text_in(words.get(each["pledge"].reason))} for each in shown]


def _page(request: HttpRequest, form: Form, subject: Subject, title: str, button: str, say: str, **more: Any) -> HttpResponse:
    context = {
        "form": form, "title": title, "button": button, "event": {"subject": subject}, "map": False, "say": say,
        "list_url": reverse("pledges"), "list_name": _("Promises"), "page_url": page_of(subject), **more,
    }  # fmt: skip
    return render(request, "participation/form.html", context, status=422 if form.errors else 200)


def _tried(request: HttpRequest, form: Form, do: Any, *, stale: Any = "") -> bool:
    """Does it where the form is right; a refusal stands at its field, with everything typed. `stale`: how one is told of a change."""
    if request.method != "POST" or taking_out(request) or not form.is_valid():
        return False
    try:
        throttle.limit(request, "write")
        do()
        return True
    except ValidationError as refused:
        for name, errors in errors_by_field(refused).items():
            form.add_error(name if name in form.fields else None, errors)
    except throttle.Throttled as throttled:
        form.add_error(None, throttled.detail)
    except actions.Gone:
        form.add_error(None, stale or _("It has changed meanwhile. Look at its page, then try again."))
    except PermissionDenied:
        form.add_error(None, _("You cannot do this."))
    return False


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """On the public subject of `for` in the address; 404 without one."""
    reference = parse(request.GET.get("for", "")[:20])
    subject = Subject.objects.filter(reference=reference, is_public=True).first() if reference else None
    if subject is None:
        raise Http404
    user: Any = request.user
    form = PledgeForm(typed(request), user=user, initial={"client_uuid": uuid.uuid4()})

    def do() -> None:
        data = form.cleaned_data
        actions.promise(
            subject.pk, what=data["what"], until=data["until"], by=user, client_uuid=data["client_uuid"],
            organisation=data.get("organisation"), public_name=user.name[:120] if data["named"] else "",
        )  # fmt: skip

    if _tried(request, form, do):
        at_once = rules.publishes_at_once(user, form.cleaned_data.get("organisation"))
        acknowledge(
            request, _("The promise is public.") if at_once else _("Thank you. A moderator reads it before it appears.")
        )
        return redirect(page_of(subject))
    say = _("For “%(title)s”. Everyone sees what you promise, until when, and whether you kept it.") % {"title": subject.title}
    return _page(request, form, subject, _("Promise something"), _("Promise"), say)


def _titles() -> dict[str, tuple[str, str, str]]:
    return {
        "publish": (_("Publish it"), _("Publish"), _("Everyone sees it then.")),
        "reject": (_("Do not publish it"), _("Do not publish"), _("Whoever sent it is told the reason.")),
        "remove": (_("Take it down"), _("Take it down"), _("Nobody reads it any more; whoever made it is told the reason.")),
        "take_back": (
            pgettext("withdraw", "Take it back"),
            pgettext("withdraw", "Take it back"),
            _("It is not read and does not become public."),
        ),
        "done": (_("The promise is kept"), _("Say so"), _("Say what was done. Late is better than never.")),
        "withdraw": (_("Withdraw the promise"), _("Withdraw"), _("It stays in the list with your words.")),
    }


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """What became of a promise, by who made it; the moderator's word before it is public."""
    pledge = Pledge.objects.visible_to(request.user).with_page_facts().filter(pk=pk).first()
    user: Any = request.user
    if pledge is None or name not in _titles() or not PLEDGES[name].who & rules.makers(user, pledge):
        raise Http404
    edge = PLEDGES[name]
    form = _act_form(request, pledge, name)

    def take() -> None:
        data = {key: form.cleaned_data[key] for key in ("text", "reason", "version") if key in form.cleaned_data}
        actions.act(pledge.pk, name, by=user, **data)

    publishes = name == "publish"
    if _tried(request, form, take, stale=CHANGED if publishes else ""):
        return (
            redirect("pledges") if edge.target in ("rejected", "taken_back", "removed") else redirect(page_of(pledge.subject))
        )
    if publishes:
        pledge.refresh_from_db()
    if (publishes or request.method != "POST") and pledge.state not in edge.sources:
        over = {"event": pledge, "page_url": page_of(pledge.subject)}
        return render(request, "participation/over.html", over, status=409)
    title, button, say = _titles()[name]
    more = {"say": f"{quoted(pledge.what)} {say}"}
    if publishes:
        more = reading(request, form, words_of_pledge(pledge), pledge.version)
    return _page(request, form, pledge.subject, title, button, **more)


def _act_form(request: HttpRequest, pledge: Pledge, name: str) -> Form:
    """The form of an act: what was read, a reason, words, or nothing."""
    first, requires = {"version": pledge.version}, PLEDGES[name].requires
    if name == "publish":
        return ReadForm(typed(request), initial=first)
    form: Form = (
        RejectForm(typed(request), initial=first) if "reason" in requires else PledgeEndForm(typed(request), initial=first)
    )
    if not requires:
        del form.fields["text"]
        form.watched = ()  # type: ignore[attr-defined]
    return form
