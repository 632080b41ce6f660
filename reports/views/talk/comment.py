"""`/subjects/<ref>/comments/<pk>/…`: find it helpful; its author mends, withdraws it or asks the moderator to look again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.browser import correspondent_of, known_required
from discussion import actions as spine
from discussion.actions.moderating import TAKEN_DOWN
from discussion.addresses import page_of
from discussion.models import Comment, Subject
from geoportal.kernel import throttle
from reports.forms.talk import WordsForm
from reports.views.acknowledged import acknowledge
from reports.views.said import taking_out, typed
from reports.views.visitor import of_any, refuse, small_page

State = Comment.State
READABLE = Comment.objects.published


def back_to(subject: Subject, found: Comment) -> str:
    return f"{page_of(subject)}#comment-{found.pk}"


def everyones(request: HttpRequest, ref: str, pk: int) -> tuple[Subject, Comment]:
    """A comment that everyone reads; 404 else."""
    subject = of_any(request, ref)
    found = READABLE().filter(subject=subject, pk=pk).first()
    if found is None:
        raise Http404
    return subject, found


def own(request: HttpRequest, ref: str, pk: int, *states: str) -> tuple[Subject, Comment]:
    """The requester's own comment in one of these states; 404 else. Its subject may have left the public set."""
    known = correspondent_of(request)
    found = Comment.objects.select_related("subject").filter(subject__reference=ref, pk=pk, state__in=states).first()
    if found is None or known is None or found.correspondent_id != known.pk:
        raise Http404
    return found.subject, found


def _do(request: HttpRequest, form: Form, act: Callable[[], Any], said: str, onward: str) -> HttpResponse | None:
    """The act of a right form, then the page again; None when there is something to say at the form."""
    try:
        throttle.limit(request, "write")
        act()
    except (ValidationError, throttle.Throttled) as refused:
        refuse(form, refused)
        return None
    acknowledge(request, said)
    return redirect(onward)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@known_required
def helpful(request: HttpRequest, ref: str, pk: int) -> HttpResponseBase:
    """One button; a second time it is taken back. Who it was is never shown."""
    subject, found = everyones(request, ref, pk)
    who = request.correspondent  # type: ignore[attr-defined]
    if found.correspondent_id == who.pk:
        own_words = _("Your own comment is for others to judge.")
        return small_page(request, subject, Form(), _("Is it helpful?"), "", over=own_words, quoted=found)
    there = found.helpful.filter(correspondent=who).exists()
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        back = bool(request.POST.get("back"))
        said = _("It does not count as helpful to you any more.") if back else _("Noted that it helped you. Thank you.")
        verb = spine.unfind_helpful if back else spine.find_helpful
        if done := _do(request, form, lambda: verb(found.pk, who), said, back_to(subject, found)):
            return done
    title, button = (_("You find it helpful"), _("Take it back")) if there else (_("Is it helpful?"), _("It is helpful"))
    return small_page(request, subject, form, title, button, back=there, quoted=found, sees="helpful")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@known_required
def edit(request: HttpRequest, ref: str, pk: int) -> HttpResponseBase:
    subject, found = own(request, ref, pk, State.WAITING, State.PUBLISHED)
    title = _("Mend the comment")
    if request.method != "POST" and (why := spine.closed_words(subject) or spine.late_words(found)):
        return small_page(request, subject, Form(), title, "", over=why, quoted=found)
    form = WordsForm(typed(request), initial={"text": found.mended or found.text})
    if request.method == "POST" and not taking_out(request) and form.is_valid():
        by = request.user if request.user.is_authenticated else None
        words, said = form.cleaned_data["text"], _("Your comment was changed. A moderator reads it before it appears.")
        if found.state == State.PUBLISHED:
            said = _("Your new words are kept. Until a moderator has read them, everyone reads those before.")
        if request.user.is_authenticated and request.user.works_here:
            said = _("Saved.")
        who = request.correspondent  # type: ignore[attr-defined]
        if done := _do(
            request, form, lambda: spine.edit_comment(found.pk, text=words, correspondent=who, by=by), said,
            back_to(subject, found),
        ):  # fmt: skip
            return done
    say = _("What it said before stays readable beside it. Once somebody has answered, it cannot be changed any more.")
    return small_page(request, subject, form, title, _("Save"), say=say, sees="comment")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@known_required
def withdraw(request: HttpRequest, ref: str, pk: int) -> HttpResponseBase:
    subject, found = own(request, ref, pk, State.WAITING, State.PUBLISHED)
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by, who = request.user if request.user.is_authenticated else None, request.correspondent  # type: ignore[attr-defined]
        if done := _do(
            request, form, lambda: spine.withdraw_comment(found.pk, correspondent=who, by=by),
            _("Your comment is withdrawn; its words are gone."), back_to(subject, found),
        ):  # fmt: skip
            return done
    say = _("The words go for good. In the conversation stays a line that a comment was withdrawn, and what others answered.")
    return small_page(request, subject, form, _("Withdraw the comment?"), _("Withdraw"), say=say, quoted=found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@known_required
def appeal(request: HttpRequest, ref: str, pk: int) -> HttpResponseBase:
    """Once, with words; a moderator answers with a reason."""
    subject, found = own(request, ref, pk, *TAKEN_DOWN)
    form = WordsForm(typed(request), label=_("Why should it stand?"))
    if request.method == "POST" and not taking_out(request) and form.is_valid():
        by, who = request.user if request.user.is_authenticated else None, request.correspondent  # type: ignore[attr-defined]
        words = form.cleaned_data["text"]
        if done := _do(
            request, form, lambda: spine.appeal(found.pk, text=words, correspondent=who, by=by),
            _("A moderator will look again and answer you."), page_of(subject) if subject.is_public else "/",
        ):  # fmt: skip
            return done
    say = _("You can ask once. Only the administration reads your words; the answer comes with its reason.")
    return small_page(
        request, subject, form, _("Ask the moderator to look again"), _("Send"), say=say, quoted=found, not_public=True
    )


@never_cache
@require_safe
def history(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """What a comment said before, with when it was changed."""
    subject, found = everyones(request, ref, pk)
    versions = found.versions.filter(public=True)
    context = {"subject": subject, "comment": found, "versions": versions, "back_url": back_to(subject, found)}
    return render(request, "discussion/history.html", context)
