"""What any visitor does on a public report: support, follow, comment, flag. Small pages that no cache keeps."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.browser import correspondent_of, link_page
from accounts.models import Correspondent
from discussion import actions as spine
from discussion.models import Follow, Support
from geoportal.kernel import throttle
from geoportal.kernel.meanwhile import came_meanwhile
from reports import actions
from reports.forms.author import AddressForm, CommentForm, FlagForm
from reports.models import Report
from reports.views import drafts
from reports.views.acknowledged import acknowledge, done_words
from reports.views.page import found
from reports.views.said import taking_out, typed


def _public(request: HttpRequest, ref: str) -> Report:
    report = found(request, ref)
    if not report.is_public:
        raise Http404
    return report


def known_visitor(request: HttpRequest) -> Correspondent | None:
    """The account's correspondent (made when it is new) or the remembered guest's."""
    if request.user.is_authenticated:
        return spine.correspondent_of(request.user)
    return correspondent_of(request)


def _page(request: HttpRequest, report: Report, form: Form, title: str, button: str, **more: Any) -> HttpResponse:
    context = {"report": report, "form": form, "title": title, "button": button, **more}
    return render(request, "reports/small.html", context, status=422 if form.errors else 200)


def _thanks(request: HttpRequest, report: Report, title: str, **more: Any) -> HttpResponse:
    return render(request, "reports/mail_sent.html", {"report": report, "title": title, **more})


def _refuse(form: Form, refused: ValidationError | throttle.Throttled) -> None:
    """A refusal stands above the form, with everything typed."""
    form.add_error(None, refused if isinstance(refused, ValidationError) else refused.detail)


def _toggle(request: HttpRequest, ref: str, *, wish: str, has: Any, on: Callable[..., Any], off: Callable[..., Any],
            words: dict[str, str]) -> HttpResponse:  # fmt: skip
    """Support and follow alike: known people at once (a second time takes it back), strangers after one mail."""
    report, known = _public(request, ref), known_visitor(request)
    onward = drafts.onward(request, report.subject.reference)
    there = known is not None and has.objects.filter(subject_id=report.pk, correspondent=known).exists()
    form = AddressForm(request.POST if request.method == "POST" else None, known=known is not None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data.get("email", "")
        try:
            if known is None:
                _ask(request, report, email, wish)
                return _thanks(request, report, _("Look into your mail"), email=email, onward=onward)
            throttle.limit(request, wish)
            back = bool(request.POST.get("back"))
            (off if back else on)(report.pk, known)
            acknowledge(request, done_words(wish, report.subject, back=back))
            return redirect(onward or reverse("report", args=[report.subject.reference]))
        except (ValidationError, throttle.Throttled) as refused:
            _refuse(form, refused)
    state = "there" if there else "new"
    return _page(
        request,
        report,
        form,
        words[f"title_{state}"],
        words[state],
        back=there,
        say=words.get("say", ""),
        sees=wish,
        onward=onward,
        already="" if known else words.get("already", ""),
        already_url=link_page(request),
    )


def _ask(request: HttpRequest, report: Report, email: str, wish: str) -> None:
    """One link a wish, however often the button is pressed; a repeat is not counted against the address."""
    asked = spine.is_asked(report.pk, email, wish)
    try:
        throttle.limit(request, wish, contact="" if asked else email)
    except throttle.Throttled:
        if asked or not came_meanwhile(lambda: spine.is_asked(report.pk, email, wish)):
            raise
        return
    if not asked:
        spine.ask_to_confirm(report.pk, spine.correspondent_for(email, get_language() or ""), wish)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def support(request: HttpRequest, ref: str) -> HttpResponse:
    idea = _public(request, ref).kind == "idea"
    words = {
        "title_new": _("Support the idea") if idea else _("It affects me too"),
        "new": _("Support") if idea else _("Affects me too"),
        "title_there": _("You support it") if idea else _("You said that it affects you"),
        "there": _("Take my support back"), "already": _("You said so before and wish to take it back?"),
    }  # fmt: skip
    return _toggle(request, ref, wish="support", has=Support, on=actions.support, off=actions.withdraw_support, words=words)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, ref: str) -> HttpResponse:
    words = {
        "title_new": _("Hear what becomes of it"), "new": _("Follow"), "title_there": _("You follow it"),
        "there": _("Stop following"), "say": _("You hear of every step, at once or as often as you chose; each mail has a link that stops them."),
    }  # fmt: skip
    return _toggle(request, ref, wish="follow", has=Follow, on=spine.follow, off=spine.unfollow, words=words)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, ref: str) -> HttpResponse:
    report, known = _public(request, ref), known_visitor(request)
    form = CommentForm(typed(request), known=known is not None, initial={"client_uuid": uuid.uuid4()})
    if request.method == "POST" and not taking_out(request) and form.is_valid():
        data = form.cleaned_data
        try:
            throttle.limit(request, "comment", contact=data.get("email", ""))
            writer = known or spine.correspondent_for(data["email"], get_language() or "")
            spine.comment(
                report.pk, text=data["text"], client_uuid=data["client_uuid"], correspondent=writer,
                by=request.user if request.user.is_authenticated else None, public_name=data["public_name"],
                proven=known is not None,
            )  # fmt: skip
        except (ValidationError, throttle.Throttled) as refused:
            _refuse(form, refused)
        else:
            if known:
                return _thanks(request, report, _("Thank you for the comment"), comment=True)
            return _thanks(request, report, _("Look into your mail"), email=data["email"])
    return _page(request, report, form, _("Write a comment"), _("Send the comment"), sees="comment")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def flag(request: HttpRequest, ref: str) -> HttpResponse:
    report = _public(request, ref)
    form = FlagForm(typed(request), initial={"comment": request.GET.get("comment", "")[:18], "client_uuid": uuid.uuid4()})
    if request.method == "POST" and not taking_out(request) and form.is_valid():
        data = form.cleaned_data
        by = request.user if request.user.is_authenticated else None
        try:
            throttle.limit(request, "flag")
            spine.flag(
                report.pk, reason=data["reason"].slug, text=data["text"], comment_id=data["comment"], by=by,
                client_uuid=data["client_uuid"],
            )  # fmt: skip
        except (ValidationError, throttle.Throttled) as refused:
            _refuse(form, refused)
        else:
            return _thanks(request, report, _("Thank you. A moderator will look at it"))
    return _page(request, report, form, _("Tell a moderator"), _("Send"), not_public=True)
