"""What any visitor does on a public subject: support, follow, comment, flag. Small pages that no cache keeps."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.browser import correspondent_of, link_page
from accounts.models import Correspondent
from discussion import actions as spine
from discussion import gates
from discussion.addresses import page_of
from discussion.models import Comment, Follow, Subject, Support
from geoportal.kernel import throttle
from geoportal.kernel.meanwhile import came_meanwhile
from geoportal.kernel.references import parse
from reports import actions, workflow
from reports.forms.author import AddressForm, FlagForm
from reports.forms.errors import errors_by_field
from reports.forms.talk import CommentForm
from reports.views import drafts
from reports.views.acknowledged import acknowledge, done_words
from reports.views.page import found
from reports.views.said import taking_out, typed
from reports.views.shots import kept as keep_shots

REPORTS = (Subject.Kind.PROBLEM, Subject.Kind.IDEA)


def of_report(request: HttpRequest, ref: str) -> Subject:
    """The public report or idea of that number; 404, the same for hidden and missing, else."""
    report = found(request, ref)
    if not report.is_public or report.status in workflow.WORDLESS:
        raise Http404
    return report.subject


def of_any(request: HttpRequest, ref: str) -> Subject:
    """The public subject of that number, of whatever kind."""
    reference = parse(ref)
    subject = Subject.objects.filter(reference=reference, is_public=True).first() if reference else None
    if subject is None:
        raise Http404
    return of_report(request, ref) if subject.kind in REPORTS else subject


Found = Callable[[HttpRequest, str], Subject]


def said_where_withdrawn(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Of an idea that its author withdrew these pages say so in words, to whoever has an old link, instead of being missing."""

    @wraps(view)
    def answered(request: HttpRequest, ref: str, **given: Any) -> HttpResponse:
        try:
            return view(request, ref, **given)
        except Http404:
            report = found(request, ref)
            if not report.is_public or report.status not in workflow.WORDLESS:
                raise
            over = _("Its author withdrew this idea: nobody can support it, follow it or write of it any more.")
            return small_page(request, report.subject, Form(), _("The idea was withdrawn"), "", over=over)

    return answered


def known_visitor(request: HttpRequest) -> Correspondent | None:
    """The account's correspondent (made when it is new) or the remembered guest's."""
    if request.user.is_authenticated:
        return spine.correspondent_of(request.user)
    return correspondent_of(request)


def small_page(request: HttpRequest, subject: Subject, form: Form, title: str, button: str, **more: Any) -> HttpResponse:
    """The small page with one form about a subject; 422 when the form is wrong, 409 with `over`: why there is none."""
    context = {"subject": subject, "back_url": page_of(subject), "form": form, "title": title, "button": button, **more}
    return render(request, "reports/small.html", context, status=422 if form.errors else 409 if more.get("over") else 200)


def thanks(request: HttpRequest, subject: Subject, title: str, **more: Any) -> HttpResponse:
    """What is said after a wish, a comment or a flag."""
    report = subject.kind if subject.kind in REPORTS else ""
    return render(
        request, "reports/mail_sent.html", {"back_url": page_of(subject), "of_report": report, "title": title, **more}
    )


def refuse(form: Form, refused: ValidationError | throttle.Throttled) -> None:
    """A refusal stands at its field or above the form, with everything typed; what came in conflict goes under a number of its own
    when it is sent again."""
    if isinstance(refused, ValidationError):
        if getattr(refused, "code", "") == "conflict":
            form.data = form.data.copy()
            form.data["client_uuid"] = str(uuid.uuid4())  # type: ignore[index]
        for name, errors in errors_by_field(refused).items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, refused.detail)


def _toggle(request: HttpRequest, subject: Subject, *, wish: str, has: Any, on: Callable[..., Any], off: Callable[..., Any],
            words: dict[str, str]) -> HttpResponse:  # fmt: skip
    """Support and follow alike: known people at once (a second time takes it back), strangers after one mail."""
    known = known_visitor(request)
    onward = drafts.onward(request, subject.reference)
    there = known is not None and has.objects.filter(subject=subject, correspondent=known).exists()
    form = AddressForm(request.POST if request.method == "POST" else None, known=known is not None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data.get("email", "")
        try:
            if known is None:
                _ask(request, subject, email, wish)
                return thanks(request, subject, _("Look into your mail"), email=email, onward=onward)
            throttle.limit(request, wish)
            back = bool(request.POST.get("back"))
            (off if back else on)(subject.pk, known)
            acknowledge(request, done_words(wish, subject, back=back))
            return redirect(onward or page_of(subject))
        except (ValidationError, throttle.Throttled) as refused:
            refuse(form, refused)
    state = "there" if there else "new"
    return small_page(
        request, subject, form, words[f"title_{state}"], words[state], back=there, say=words.get("say", ""), sees=wish,
        onward=onward, already="" if known else words.get("already", ""), already_url=link_page(request),
    )  # fmt: skip


def _ask(request: HttpRequest, subject: Subject, email: str, wish: str) -> None:
    """One link a wish, however often the button is pressed; a repeat is not counted against the address."""
    asked = spine.is_asked(subject.pk, email, wish)
    try:
        throttle.limit(request, wish, contact="" if asked else email)
    except throttle.Throttled:
        if asked or not came_meanwhile(lambda: spine.is_asked(subject.pk, email, wish)):
            raise
        return
    if not asked:
        spine.ask_to_confirm(subject.pk, spine.correspondent_for(email, get_language() or ""), wish)


def support_verbs(subject: Subject) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Of a report, whose threshold counts; of anything else."""
    return (actions.support, actions.withdraw_support) if subject.kind in REPORTS else (spine.support, spine.unsupport)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@said_where_withdrawn
def support(request: HttpRequest, ref: str, find: Found = of_report) -> HttpResponse:
    subject = find(request, ref)
    affected = subject.kind == Subject.Kind.PROBLEM
    title = _("It affects me too") if affected else _("Support the idea") if subject.kind == "idea" else _("Support it")
    words = {
        "title_new": title, "new": _("Affects me too") if affected else _("Support"),
        "title_there": _("You said that it affects you") if affected else _("You support it"),
        "there": _("Take my support back"), "already": _("You said so before and wish to take it back?"),
    }  # fmt: skip
    on, off = support_verbs(subject)
    return _toggle(request, subject, wish="support", has=Support, on=on, off=off, words=words)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@said_where_withdrawn
def follow(request: HttpRequest, ref: str, find: Found = of_report) -> HttpResponse:
    words = {
        "title_new": _("Hear what becomes of it"), "new": _("Follow"), "title_there": _("You follow it"),
        "there": _("Stop following"), "say": _("You hear of every step, at once or as often as you chose; each mail has a link that stops them."),
    }  # fmt: skip
    return _toggle(request, find(request, ref), wish="follow", has=Follow, on=spine.follow, off=spine.unfollow, words=words)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@said_where_withdrawn
def comment(request: HttpRequest, ref: str, find: Found = of_report) -> HttpResponse:
    """A comment; `answer` in the address: the comment that is answered, `about`: the part of the subject that it is about.

    With `map=1` its place is chosen on a map, as the button by its field asks with all that was typed; without scripts its words
    stand alone.
    """
    subject, known = find(request, ref), known_visitor(request)
    if asked := sign_in_first(request, subject):
        return asked
    title = _("Answer the comment") if request.GET.get("answer") else _("Write a comment")
    if request.method != "POST" and (why := spine.closed_words(subject)):
        return small_page(request, subject, Form(), title, "", over=why)
    answers = to_answer(subject, request.GET.get("answer", "") or request.POST.get("parent", ""))
    first = {"client_uuid": uuid.uuid4(), "anchor": request.GET.get("about", "")[:40], "parent": answers and answers.pk}
    form = CommentForm(
        typed(request), known=known is not None, user=request.user, answers=answers is not None, about=subject.kind, initial=first
    )  # fmt: skip
    if asks_map := request.POST.get("go") == "map":
        form.only_typed()
    keep_shots(request, form)
    if request.method == "POST" and not (taking_out(request) or asks_map) and form.is_valid():
        data = {**form.cleaned_data, **form.taken()}
        try:
            throttle.limit(request, "comment", contact=data.get("email", ""))
            made = send_comment(request, subject, data, known)
        except (ValidationError, throttle.Throttled) as refused:
            refuse(form, refused)
        else:
            if not known:
                return thanks(request, subject, _("Look into your mail"), email=data["email"])
            if made.state == made.State.PUBLISHED:
                return redirect(f"{page_of(subject)}#comment-{made.pk}")
            return thanks(request, subject, _("Thank you for the comment"), comment=True)
    title = _("Answer the comment") if answers else _("Write a comment")
    return small_page(
        request, subject, form, title, _("Send the comment"), sees="comment", quoted=answers,
        say=about(subject, str(form["anchor"].value() or "")), **place_of(request, subject, answers),
    )  # fmt: skip


def sign_in_first(request: HttpRequest, subject: Subject) -> HttpResponse | None:
    """Instead of a form that would be refused once it is filled in: why one signs in here, and where. None for whoever may write."""
    if request.method == "POST" or request.user.is_authenticated or not (why := gates.guest(subject)):
        return None
    return render(request, "discussion/sign_in_first.html", {"subject": subject, "why": why, "page_url": page_of(subject)})


def about(subject: Subject, anchor: str) -> str:
    """„Относно: Чл. 3, абзац 2“; "" for the whole and for no part of it."""
    part = gates.parts(subject).get(anchor, "") if anchor else ""
    return _("About: %(part)s") % {"part": part} if part else ""


def place_of(request: HttpRequest, subject: Subject, answers: Comment | None) -> dict[str, Any]:
    """The map for the comment's place when it was asked for, else the button that asks; an answer has the place of its comment."""
    if answers:
        return {}
    if request.GET.get("map") or request.POST.get("map") or request.POST.get("go") == "map":
        return {"map": True, "map_here": True}
    return {"map_button": True}


def to_answer(subject: Subject, pk: str) -> Comment | None:
    """The comment that is answered, while everyone reads it."""
    number = int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 19 else 0
    return Comment.objects.published().filter(subject=subject, pk=number).first() if number else None


def send_comment(request: HttpRequest, subject: Subject, data: dict[str, Any], known: Correspondent | None) -> Comment:
    """The comment of a checked form."""
    writer = known or spine.correspondent_for(data["email"], get_language() or "")
    return spine.comment(
        subject.pk, text=data["text"], client_uuid=data["client_uuid"], correspondent=writer,
        by=request.user if request.user.is_authenticated else None, public_name=data["public_name"], proven=known is not None,
        organisation=data.get("organisation"), parent_id=data["parent"], kind=data["kind"], stance=data["stance"],
        anchor=data["anchor"], place=data["place"], point=data["point"], photos=data["photos"], photo_words=data["photo_words"],
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@said_where_withdrawn
def flag(request: HttpRequest, ref: str, find: Found = of_report) -> HttpResponse:
    subject = find(request, ref)
    form = FlagForm(typed(request), initial={"comment": request.GET.get("comment", "")[:18], "client_uuid": uuid.uuid4()})
    if request.method == "POST" and not taking_out(request) and form.is_valid():
        data = form.cleaned_data
        by = request.user if request.user.is_authenticated else None
        try:
            throttle.limit(request, "flag")
            spine.flag(
                subject.pk, reason=data["reason"].slug, text=data["text"], comment_id=data["comment"], by=by,
                client_uuid=data["client_uuid"],
            )  # fmt: skip
        except (ValidationError, throttle.Throttled) as refused:
            refuse(form, refused)
        else:
            return thanks(request, subject, _("Thank you. A moderator will look at it"))
    return small_page(request, subject, form, _("Tell a moderator"), _("Send"), not_public=True)
