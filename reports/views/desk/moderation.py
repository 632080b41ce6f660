"""`/desk/moderation/`: what waits for a moderator, and the moderator's verbs on one report."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import blocks
from discussion import actions as spine
from discussion import pictured
from discussion.models import Appeal, Comment, Flag, TimelineRow, Visibility
from discussion.shown import Shown
from geoportal.kernel.text import clean
from reports import actions, rules
from reports.actions.writer import kept_back
from reports.forms.desk import ModerateForm, RedactForm
from reports.models import Photo, Reason, Report
from reports.moderated import OTHERS
from reports.querysets import ReportQuerySet
from reports.views.desk.amend import small
from reports.views.desk.entrance import staff, working_on
from reports.views.page import photo_items

MOST = 50


def _moderator(request: HttpRequest) -> None:
    if not rules.is_moderator(request.user):
        raise Http404


@never_cache
@require_safe
@staff
def queue(request: HttpRequest) -> HttpResponse:
    _moderator(request)
    return _queue(request)


def _queue(
    request: HttpRequest, *, refused: int | None = None, unanswered: int | None = None, changed: int | None = None
) -> HttpResponse:
    """`refused`: the comment that was to be taken down without a reason; `unanswered`: the appeal without words to it; `changed`:
    the comment that says something else than the moderator has read."""
    reasons = {reason.slug: reason for reason in Reason.objects.all()}
    waiting = list(_whole(Report.objects.awaiting_moderation().order_by("pk"))[:MOST])
    flags = list(Flag.objects.open().select_related("subject", "comment").order_by("pk")[:MOST])
    flagged = {report.pk: report for report in _whole(Report.objects.filter(pk__in=[flag.subject_id for flag in flags]))}
    photos = _photos([*waiting, *flagged.values()])
    appeals = list(Appeal.objects.open().select_related("comment__subject", "comment__organisation").order_by("pk")[:MOST])
    said = pictured.of_comments([*(flag.comment for flag in flags if flag.comment), *(asked.comment for asked in appeals)])
    more, comments, held = _more(), _comments(), kept_back(waiting)
    writers = _kept([*(shown.comment for shown in comments), *(asked.comment for asked in appeals)])
    context = {
        "waiting": [(report, photos.get(report.pk), held.get(report.pk, "")) for report in waiting],
        "more": more, "more_count": len(more),
        "comments": [(shown, writers.get(shown.comment.correspondent_id, "")) for shown in comments],
        "appeals": [
            (asked, reasons.get(asked.comment.reason, asked.comment.reason), pictured.items(said.get(asked.comment_id, [])),
             writers.get(asked.comment.correspondent_id, "")) for asked in appeals
        ],
        "flags": [
            (flag, reasons.get(flag.reason, flag.reason), flagged.get(flag.subject_id), _of_flag(flag, said, photos))
            for flag in flags
        ],
        "comment_reasons": Reason.objects.filter(serves__contains=["comment"]), "refused": refused,
        "unanswered": unanswered, "changed": changed,
    }  # fmt: skip
    return render(request, "desk/moderation.html", context, status=422 if refused or unanswered or changed else 200)


def _more() -> list[dict[str, Any]]:
    """What other apps have for the queue, each with `held`: why it is not published, "" where it may be."""
    more = [kind.item(row) for kind in OTHERS for row in kind.rows()[:MOST]]
    kept = blocks.of_accounts({each["author"] for each in more})
    return [each | {"held": blocks.unpublished(kept[each["author"]]) if each["author"] in kept else ""} for each in more]


def _kept(comments: list[Comment]) -> dict[int | None, str]:
    """Writer of these who is kept from writing → the sentence that says so."""
    found = blocks.of_correspondents({one.correspondent_id for one in comments})
    return {pk: blocks.unpublished(block) for pk, block in found.items()}


def _of_flag(flag: Flag, said: dict[int, Any], photos: dict[int, Any]) -> list[dict[str, Any]] | None:
    """The photos of what is flagged: of the comment, or of the report."""
    return pictured.items(said.get(flag.comment_id, [])) if flag.comment_id else photos.get(flag.subject_id)


def _comments() -> list[Shown]:
    """Those that wait, with their photos."""
    found = list(Comment.objects.waiting().select_related("subject", "organisation", "parent").order_by("pk")[:MOST])
    seen = pictured.of_comments(found)
    return [
        Shown(one, own=False, found_helpful=False, moderates=True, open=False, pictures=seen.get(one.pk, [])) for one in found
    ]


def _whole(reports: ReportQuerySet) -> ReportQuerySet:
    return reports.with_page_facts().select_related("words")


def _photos(reports: list[Report]) -> dict[int, list[dict[str, Any]]]:
    """Report → its own photos."""
    found: dict[int, list[Photo]] = {}
    for photo in Photo.objects.filter(report__in=[report.pk for report in reports], row=None, hidden=False):
        found.setdefault(photo.report_id, []).append(photo)  # type: ignore[arg-type]
    return {pk: photo_items(photos) for pk, photos in found.items()}


def _said(request: HttpRequest) -> str:
    """The moderator's words, as a form would take them; "" for what no keyboard types."""
    try:
        return clean(request.POST.get("text", "")[:1000], lines=True)
    except ValidationError:
        return ""


@never_cache
@require_POST
@staff
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """`publish=1` with the mark of what was `read`, or removal with a reason; `keep=1`: only what was mended is not published; `hide=1`:
    as if it had never been. `text`: words to it."""
    _moderator(request)
    found = get_object_or_404(Comment, pk=pk)
    publish, hide = bool(request.POST.get("publish")), bool(request.POST.get("hide"))
    slug = request.POST.get("reason", "")[:50].replace("\0", "")
    reason = None if publish else Reason.objects.filter(slug=slug, serves__contains=["comment"]).first()
    if not publish and reason is None:
        return _queue(request, refused=found.pk)
    by: Any = request.user
    common: dict[str, Any] = {"by": by, "reason": reason.slug if reason else "", "text": _said(request)}
    common["read"] = request.POST.get("read", "")
    try:
        if request.POST.get("keep") and not publish:
            spine.keep_words(found.pk, **common)
        else:
            spine.settle_comment(found.pk, publish=publish, hide=hide, **common)
    except ValidationError as late:
        if late.code == "changed":
            return _queue(request, changed=found.pk)
        # Withdrawn meanwhile: there is nothing to settle any more. Its writer kept from writing: the queue says so at it.
    return redirect("desk_moderation")


@never_cache
@require_POST
@staff
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """`uphold=1`: the comment stands again; in both cases with words to its writer."""
    _moderator(request)
    found = get_object_or_404(Appeal, pk=pk)
    answer = _said(request)
    if not answer:
        return _queue(request, unanswered=found.pk)
    by: Any = request.user
    with suppress(ValidationError):  # answered by a colleague meanwhile, or its writer kept from writing, as the queue says
        spine.settle_appeal(found.pk, upheld=bool(request.POST.get("uphold")), answer=answer, by=by)
    return redirect("desk_moderation")


@never_cache
@require_POST
@staff
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """The flagged thing stays as it is."""
    _moderator(request)
    found = get_object_or_404(Flag, pk=pk)
    if found.settled_at is None:
        spine.settle_flag(found.pk, by=request.user)  # type: ignore[arg-type]
    return redirect("desk_moderation")


def _titles() -> dict[str, tuple[str, str]]:
    return {
        "hide": (_("Hide it: for everyone else as if it had never been"), _("Hide")),
        "remove": (_("Remove it: its address stays and says why"), _("Remove")),
        "show": (_("Show it again"), _("Show again")),
        "redact": (_("Cut words"), _("Cut")),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def moderate(request: HttpRequest, ref: str, verb: str) -> HttpResponse:
    _moderator(request)
    report = working_on(request, ref)
    if verb not in _titles():
        raise Http404
    data: Any = request.POST if request.method == "POST" else None
    first: dict[str, Any] = {"version": report.subject.version}
    form: Form
    if verb == "redact":
        first |= {"title": report.subject.title, "words": report.words.text}
        form = RedactForm(data, initial=first, report=report)
    else:
        form = ModerateForm(data, initial=first, verb=verb)

    def do(given: dict[str, Any]) -> TimelineRow:
        common = {"by": request.user, "version": given["version"]}
        if verb == "redact":
            return actions.redact(
                report.pk, title=given["title"], text=given["words"], reason=given["reason"], said=given["text"],
                hide_photos=given["hide_photos"], **common,
            )  # fmt: skip
        if verb == "show":
            return actions.publish_again(report.pk, text=given["text"], **common)
        act = actions.hide if verb == "hide" else actions.remove
        return act(report.pk, reason=given["reason"], text=given["text"], **common)

    title, button = _titles()[verb]
    hidden = report.subject.visibility in (Visibility.HIDDEN, Visibility.REMOVED)
    return small(request, report, form, title, button, do, hidden=hidden)
