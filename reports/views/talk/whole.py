"""A moderator hides a whole subject that is no report or shows it again, and keeps somebody from writing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Block, Correspondent
from discussion import actions as spine
from discussion.models import Comment, Subject, Visibility
from geoportal.kernel.references import parse
from reports import actions, rules
from reports.forms.block import BlockForm, WholeForm
from reports.models import Reason
from reports.moderated import PUBLIC_STATES
from reports.views.acknowledged import acknowledge
from reports.views.visitor import REPORTS, refuse, small_page

MOST = 100


def _moderator(request: HttpRequest) -> Any:
    if not rules.is_moderator(request.user):
        raise Http404
    return request.user


def _subject(ref: str) -> Subject:
    reference = parse(ref)
    found = Subject.objects.filter(reference=reference).first() if reference else None
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def whole(request: HttpRequest, ref: str) -> HttpResponse:
    by, subject = _moderator(request), _subject(ref)
    if subject.kind in REPORTS:
        return redirect("desk_report", subject.reference)
    shows = subject.visibility == Visibility.HIDDEN
    form = WholeForm(request.POST if request.method == "POST" else None, shows=shows)
    if request.method == "POST" and form.is_valid() and form.cleaned_data["seen"] not in ("", "show" if shows else "hide"):
        form.add_error(None, _("It has changed meanwhile. Look at its page, then try again."))
    elif request.method == "POST" and form.is_valid():
        said = form.cleaned_data["text"]
        try:
            if shows:
                spine.show_whole(
                    subject.pk, public=PUBLIC_STATES.get(subject.kind, lambda _pk: True)(subject.pk), by=by, text=said
                )
            else:
                spine.hide_whole(subject.pk, reason=form.cleaned_data["reason"].slug, by=by, text=said)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            acknowledge(request, _("It is open to everyone again.") if shows else _("It is hidden."))
            return redirect("desk_moderation")
    title = _("Show it again") if shows else _("Hide it: for everyone else as if it had never been")
    return small_page(request, subject, form, title, _("Show again") if shows else _("Hide"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: HttpRequest, ref: str, pk: int | None = None) -> HttpResponse:
    """Keeps the writer of a subject, or of its comment `pk`, from writing. Who that is, is not told."""
    by, subject = _moderator(request), _subject(ref)
    who: Correspondent | None
    if pk is None:
        who = actions.writer_of(subject)
    else:
        who = get_object_or_404(Comment.objects.select_related("correspondent"), subject=subject, pk=pk).correspondent
    if who is None:
        raise Http404
    form = BlockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.block(who, reason=given["reason"], until=given["until"], by=by, text=given["text"])
        except ValidationError as refused:
            refuse(form, refused)
        else:
            acknowledge(request, _("This person cannot write for now, and what they wrote is held."))
            return redirect("desk_blocks")
    say = _(
        "All that they wrote is hidden in the same act and comes back when the block is lifted. "
        "They are told the reason and your words by mail and on their page."
    )
    return small_page(request, subject, form, _("Keep the writer from writing"), pgettext("button", "Block"), say=say)


@never_cache
@require_safe
def blocks(request: HttpRequest) -> HttpResponse:
    """Those in force, and those that ended without being lifted: what they held is hidden still."""
    _moderator(request)
    rows = Block.objects.filter(lifted_at=None).select_related("by").order_by("until", "pk")[:MOST]
    names = {reason.slug: reason for reason in Reason.objects.all()}
    today = timezone.localdate()
    context = {"rows": [(row, names.get(row.reason, row.reason), row.until < today, _count(row)) for row in rows]}
    return render(request, "desk/blocks.html", context)


def _count(row: Block) -> int:
    return sum(len(keys) for name, keys in row.held.items() if not name.endswith("rows"))


@never_cache
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    by = _moderator(request)
    get_object_or_404(Block, pk=pk)
    actions.lift(pk, by=by)
    acknowledge(request, _("Lifted: this person may write again, and what was held is open again."))
    return redirect("desk_blocks")
