"""A person's copy of everything that the site keeps about them: one ZIP with JSON, its description and the photos."""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Any

from allauth.account.models import EmailAddress
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actions import kept_elsewhere
from accounts.models import Block, Correspondent, User
from discussion.models import Comment, Follow, Helpful, SubjectPhoto, Support, TimelineRow
from reports.actions.photos import folder_of
from reports.models import CoAuthor, Consent, FixedClaim, Photo, Report, Revision
from reports.workflow import Who

COMMENT_FACTS = (
    "text", "state", "kind", "stance", "stakeholder", "public_name", "anchor", "place", "parent_id", "reason", "reason_text",
    "created_at", "edited_at", "mended",
)  # fmt: skip


def written(known: Correspondent) -> IO[bytes]:
    """The ZIP in a file without a name, at its beginning; the disk holds it, one photo at a time is in memory."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 the answer that sends it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        elsewhere = kept_elsewhere(known)
        data = copy_of(known) | elsewhere
        archive.writestr("README.txt", described(list(elsewhere)))
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder))
        for found in (own_photos(known), said_photos(known)):
            for photo in found.iterator(chunk_size=200):
                _add(archive, photo, folder_of(photo) / "large.jpg")
    file.seek(0)
    return file


def _add(archive: zipfile.ZipFile, photo: Photo | SubjectPhoto, path: Path) -> None:
    """A photo as it is kept; one whose file is missing is left out."""
    if path.is_file():
        archive.write(path, f"photos/{photo.pk}.jpg", zipfile.ZIP_STORED)


def own_photos(known: Correspondent) -> Any:
    """Photos that the person sent, with a report or later, or of another's report that looks fixed; not those of officials."""
    theirs = Q(report__in=list(Report.objects.sent_by(known).values_list("pk", flat=True)))
    sent = theirs & (Q(row=None) | Q(row__capacity=Who.AUTHOR)) | Q(fixed_claim__correspondent=known)
    return Photo.objects.filter(sent, covered_at=None).order_by("report", "position", "created_at")


def said_photos(known: Correspondent) -> Any:
    """Photos that the person sent with comments, or as an organiser with a result or minutes."""
    sent = Q(comment__correspondent=known) | (Q(row__actor=known.user) if known.user else Q(pk__in=[]))
    return (
        SubjectPhoto.objects.filter(sent, covered_at=None).exclude(subject=None).order_by("subject", "position", "created_at")
    )


def described(elsewhere: list[str]) -> str:
    """What stands in the file, in the reader's language. `elsewhere`: names of what the apps of messages keep."""
    return "\n".join(
        [
            _("Everything that this site keeps about you."),
            "",
            f"data.json – {_('all words and figures, as JSON (UTF-8); times are in UTC')}:",
            f"  account: {_('name, language and since when you have an account; nothing for who has none')}",
            f"  addresses: {_('your e-mail addresses and whether they were confirmed')}",
            f"  reports: {_('what you sent: number, words, answers to questions, place (longitude, latitude), state, contact, agreements, photos')}",
            f"  added: {_('what you wrote later on your reports')}",
            f"  comments, found_helpful, supports, follows, looks_fixed, co_authored: {_('by the number of the report')}",
            f"  kept_from_writing: {_('when a moderator kept you from writing, why and until when')}",
            f"  analyses, areas, roles: {_('of who works here')}",
            *(
                [
                    f"  {', '.join(elsewhere)}: {_('what you are told and how; what you take part in, promise and tell of yourself')}"
                ]
                if elsewhere
                else []
            ),
            f"photos/ – {_('your photos, named as in data.json')}",
            "",
        ]
    )


def copy_of(known: Correspondent) -> dict[str, Any]:
    """What reports and accounts keep about the person, ready for JSON; `kept_elsewhere` has the rest."""
    user = known.user
    reports = Report.objects.sent_by(known).select_related("subject", "words", "contact", "category", "picked").order_by("pk")
    theirs = {"correspondent": known}
    photos: dict[int, list[str]] = {}
    for pk, report_id in own_photos(known).filter(fixed_claim=None).values_list("pk", "report"):
        photos.setdefault(report_id, []).append(str(pk))
    return {
        "account": _account(user) if user else None,
        "addresses": _addresses(known),
        "reports": [_report_copy(report, photos.get(report.pk, [])) for report in reports],
        "added": list(
            TimelineRow.objects.filter(subject__in=[report.pk for report in reports], capacity=Who.AUTHOR, words__isnull=False)
            .order_by("pk").values("subject__reference", "code", "at", "words__text")
        ),
        "comments": [_comment_copy(comment) for comment in _comments(known)],
        "found_helpful": list(Helpful.objects.filter(**theirs).values("comment__subject__reference", "comment", "created_at")),
        "co_authored": list(
            CoAuthor.objects.filter(**theirs).values("report__subject__reference", "invited_at", "agreed_at", "public_name", "asked_name")
        ),
        "kept_from_writing": list(Block.objects.filter(**theirs).values("reason", "text", "at", "until", "lifted_at")),
        "supports": list(Support.objects.filter(**theirs).values("subject__reference", "created_at")),
        "follows": list(Follow.objects.filter(**theirs).values("subject__reference", "created_at")),
        "looks_fixed": list(
            FixedClaim.objects.filter(**theirs).values("report__subject__reference", "text", "state", "created_at", "photo")
        ),
        "analyses": list(user.saved_analyses.values("name", "query", "shared", "created_at")) if user else [],
        "areas": list(user.saved_areas.values("name", "created_at")) if user else [],
        "roles": list(user.memberships.values("organisation__slug", "roles", "active")) if user else [],
    }  # fmt: skip


def _comments(known: Correspondent) -> Any:
    found = Comment.objects.filter(correspondent=known).select_related("subject", "organisation", "appeal")
    return found.prefetch_related("versions", "photos").order_by("pk")


def _comment_copy(comment: Comment) -> dict[str, Any]:
    """One comment as it is kept, with its earlier words and the appeal."""
    appeal = getattr(comment, "appeal", None)
    facts = {name: getattr(comment, name) for name in COMMENT_FACTS}
    return facts | {
        "subject__reference": comment.subject.reference,
        "point": [comment.point.x, comment.point.y] if comment.point else None,
        "speaks_for": comment.organisation.slug if comment.organisation else "",
        "older_versions": [{"text": version.text, "until": version.at} for version in comment.versions.all()],
        "photos": [{"photo": photo.pk, "shows": photo.description} for photo in comment.photos.all() if not photo.covered_at],
        "appeal": {"text": appeal.text, "sent": appeal.created_at, "answer": appeal.answer} if appeal else None,
    }


def _account(user: User) -> dict[str, Any]:
    return {"email": user.email, "name": user.name, "language": user.language, "since": user.created_at}


def _addresses(known: Correspondent) -> list[dict[str, Any]]:
    found = {known.email: known.verified_at is not None} if known.email else {}
    if known.user:
        found |= dict(EmailAddress.objects.filter(user=known.user).values_list("email", "verified"))
    return [{"email": email, "verified": verified} for email, verified in found.items()]


def _report_copy(report: Report, photos: list[str]) -> dict[str, Any]:
    contact = getattr(report, "contact", None)
    return {
        "reference": report.subject.reference,
        "kind": report.kind,
        "category": report.category.slug,
        "status": report.status,
        "title": report.subject.title,
        "text": report.words.text,
        "answers": list(report.answers.order_by("pk").values("asked", "said")),
        "place": report.place,
        "near": report.near or {},
        "object": report.picked.words if hasattr(report, "picked") else "",
        "point": [report.geom.x, report.geom.y] if report.geom else None,
        "sent": report.created_at,
        "public_name": report.public_name,
        "contact": {"name": contact.name, "address": contact.address, "phone": contact.phone} if contact else None,
        "consents": list(Consent.objects.filter(report=report).values("page", "page_version", "given_at")),
        "older_versions": list(Revision.objects.filter(report=report).values("title", "text")),
        "photos": photos,
    }
