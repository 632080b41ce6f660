"""What a moderator does on a page: one comment first, down or up again; the conversation closed with a summary or open again."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from discussion import actions as spine
from discussion import pictured
from discussion.addresses import page_of
from discussion.models import Comment, Conclusion
from discussion.read import mark_of
from reports import rules
from reports.forms.talk import ConclusionForm, ModerateCommentForm
from reports.views.acknowledged import acknowledge
from reports.views.said import taking_out, typed
from reports.views.talk.comment import back_to
from reports.views.visitor import of_any, refuse, small_page


def _moderator(request: HttpRequest) -> Any:
    """Anybody else finds nothing here."""
    if not rules.is_moderator(request.user):
        raise Http404
    return request.user


def _do(comment: Comment, given: dict[str, Any], by: Any) -> None:
    verb = given["verb"]
    slug = given["reason"].slug if given["reason"] else ""
    if verb in ("pin", "unpin"):
        spine.pin(comment.pk, pinned=verb == "pin", by=by)
    elif verb == "keep":
        spine.keep_words(comment.pk, by=by, reason=slug, text=given["text"], read=given["read"])
    else:
        spine.settle_comment(
            comment.pk, publish=verb == "show", hide=verb == "hide", by=by, reason=slug, text=given["text"], read=given["read"]
        )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    by, subject = _moderator(request), of_any(request, ref)
    found = Comment.objects.filter(subject=subject, pk=pk).exclude(state=Comment.State.UNCONFIRMED).first()
    if found is None:
        raise Http404
    form = ModerateCommentForm(typed(request), comment=found)
    if request.method == "POST" and not taking_out(request) and form.is_valid():
        try:
            _do(found, form.cleaned_data, by)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            acknowledge(request, _("Saved."))
            return redirect(back_to(subject, found))
    found.refresh_from_db(fields=["text", "mended", "place", "public_name", "photo_count"])
    photos = pictured.of_comments([found]).get(found.pk, [])
    form.shows(mark_of(found, photos))
    writer = reverse("comment_block", args=[subject.reference, found.pk])
    return small_page(
        request, subject, form, _("Moderate the comment"), _("Save"), quoted=found, quoted_whole=True,
        quoted_photos=pictured.items(photos), already=_("Or"), already_url=writer, already_words=_("Keep the writer from writing"),
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, ref: str) -> HttpResponse:
    """`open=1` opens a closed conversation again."""
    by, subject = _moderator(request), of_any(request, ref)
    known = Conclusion.objects.filter(subject=subject).first()
    closed = known is not None and known.closes
    form: Form = ConclusionForm(typed(request), initial={"text": known.text if known else ""})
    if request.method == "POST" and not taking_out(request):
        opens = bool(request.POST.get("back"))
        form = Form(request.POST) if opens else form
        if form.is_valid():
            try:
                if opens:
                    spine.open_again(subject.pk, by=by)
                else:
                    spine.conclude(subject.pk, text=form.cleaned_data["text"], by=by)
            except ValidationError as refused:
                refuse(form, refused)
            else:
                acknowledge(request, _("The conversation is open again.") if opens else _("The conversation is closed."))
                return redirect(f"{page_of(subject)}#talk-head")
    if closed and not form.errors:
        return small_page(
            request, subject, Form(), _("The conversation is closed"), _("Open it again"), back=True,
            say=_("The summary stays on the page as what was said until then."),
        )  # fmt: skip
    say = _("Say what was agreed, what was not, and what becomes of it. Nobody writes there any more; it can be opened again.")
    return small_page(request, subject, form, _("Close the conversation"), _("Close with this summary"), say=say)
