"""The conversation on a subject of any kind: read by pages in the order in which it was written, and written to."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import Http404, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from accounts.browser import correspondent_of
from accounts.models import Correspondent, User
from api.v1 import shapes
from api.v1.access import Open, Resource
from api.v1.answers import absolute, answer, bad_parameter, creator, is_repeat, only
from api.v1.paging import PAGES, PAGING, listed, number, page_of
from api.v1.sending import UNKNOWN, Slug, Strict
from api.v1.warnings import said_of
from discussion import actions as spine
from discussion import pictured
from discussion.actions.comments import ANCHOR
from discussion.models import Comment, Subject, SubjectPhoto
from geoportal.kernel import idempotency, throttle
from geoportal.kernel.conditional import public
from geoportal.kernel.geometry import as_geojson
from geoportal.kernel.geometry_fields import GateGeometryField
from geoportal.kernel.references import parse
from geoportal.kernel.text import CleanSerializerField
from municipality.models import Organisation
from reports import workflow
from reports.freshness import data_version

NAMES = {"organisation": "speaks_for", "anchor": "about"}
"""Fields of the verb that are called otherwise here."""
ABOUT = gettext_lazy("Write it as the page's address has it: small Latin letters and digits.")
READ_BY_ALL = ("text", "name", "place")
PARAMETERS = [
    OpenApiParameter("about", str, description="only what is said of this part of the subject: a section or variant"),
    *PAGES,
]
KEY = OpenApiParameter(
    "Idempotency-Key",
    uuid.UUID,
    OpenApiParameter.HEADER,
    description="becomes the comment's client UUID; a repeat answers the first",
)


class CommentSent(Strict):
    """A comment, or with `parent` an answer to one."""

    text = CleanSerializerField(lines=True, max_length=2000, help_text="emphasis, lists, quotes and links as in Markdown")
    kind = serializers.ChoiceField(Comment.Kind.values, required=False, default=Comment.Kind.REMARK, error_messages=UNKNOWN)
    stance = serializers.ChoiceField(
        [value for value in Comment.Stance.values if value], required=False, allow_blank=True, default="", error_messages=UNKNOWN
    )  # fmt: skip
    about = CleanSerializerField(
        max_length=40, required=False, allow_blank=True, default="", help_text="the part of the subject that is meant",
        validators=[RegexValidator(rf"\A({ANCHOR.pattern})?\Z", ABOUT)],
    )  # fmt: skip
    parent = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=2**62, help_text="id of the comment that is answered"
    )  # fmt: skip
    speaks_for = Slug(
        Organisation, required=False, help_text="slug of a verified organisation whose member the sender is; else oneself"
    )  # fmt: skip
    name = CleanSerializerField(
        max_length=80, required=False, allow_blank=True, default="", help_text="shown; empty: a resident"
    )
    place = CleanSerializerField(max_length=200, required=False, allow_blank=True, default="", help_text="in words")
    point = GateGeometryField(kinds=frozenset({"Point"}), required=False, allow_null=True)
    email = serializers.EmailField(
        max_length=254, required=False, help_text="a guest's: a moderator reads the comment once it is confirmed"
    )  # fmt: skip


def find_subject(ref: str) -> Subject:
    """The public subject of that number; 404, the same for hidden and missing, else."""
    reference = parse(ref)
    shown = Subject.objects.filter(is_public=True).exclude(report__status__in=workflow.WORDLESS)
    found = shown.filter(reference=reference).first() if reference else None
    if found is None:
        raise Http404
    return found


def told(comment: Comment, photos: list[SubjectPhoto]) -> dict[str, Any]:
    """A comment as everyone reads it; of one that is gone only what became of it, of a hidden one not even why."""
    gone, hidden = comment.state != Comment.State.PUBLISHED, comment.state == Comment.State.HIDDEN
    return {
        "id": comment.pk, "parent": comment.parent_id, "state": comment.state, "created_at": comment.created_at.isoformat(),
        "text": "" if gone else comment.text, "language": comment.language,
        "name": None if gone or not comment.public_name else comment.public_name,
        "speaks_for": None if gone or not comment.organisation else comment.organisation.slug,
        "stakeholder": None if gone else comment.stakeholder, "kind": "" if hidden else comment.kind,
        "stance": "" if hidden else comment.stance,
        "about": comment.anchor, "official": comment.official and not gone, "pinned": comment.pinned_at is not None,
        "edited_at": comment.edited_at.isoformat() if comment.edited_at and not gone else None,
        "place": "" if gone else comment.place,
        "geometry": None if gone or comment.point is None else as_geojson(comment.point),
        "photos": [] if gone else [photo_of(photo) for photo in photos],
        "helpful_count": 0 if hidden else comment.helpful_count, "answer_count": comment.answer_count,
        "reason": "" if hidden else comment.reason,
        "url": absolute(f"{comment.subject.path}#comment-{comment.pk}"),
    }  # fmt: skip


def photo_of(photo: SubjectPhoto) -> dict[str, Any]:
    """One photo: its addresses, its size in pixels and what its author says that it shows."""
    return {
        "small": absolute(photo.url("small")), "large": absolute(photo.url("large")), "width": photo.width, "height": photo.height,
        "description": photo.description,
    }  # fmt: skip


class SubjectComments(Resource):
    permission_classes = [Open]
    keeps_answers = True
    scope = "report"

    @extend_schema(operation_id="comments_list", parameters=PARAMETERS, responses={200: shapes.CommentPage})
    @method_decorator(public(data_version))
    def get(self, request: Request, ref: str) -> HttpResponseBase:
        """What everyone reads, in the order in which it was written; `parent` says what is answered. Follow `next`."""
        only(request, ("about", *PAGING))
        subject = find_subject(ref)
        about = request.query_params.get("about", "")
        if about and not ANCHOR.fullmatch(about):
            raise bad_parameter("about", str(ABOUT))
        rows = Comment.objects.placed().filter(subject=subject)
        rows = rows.filter(anchor=about) if about else rows
        found, following = page_of(request, rows.select_related("organisation", "subject"), {"pk": number})
        photos = pictured.of_comments(found)
        return listed(
            "comments", [told(each, photos.get(each.pk, [])) for each in found], following, count=subject.comment_count,
            closed=closed_by(subject),
        )  # fmt: skip

    @extend_schema(
        operation_id="comments_create", parameters=[KEY], request=CommentSent,
        responses={201: shapes.CommentReceived, 202: shapes.CommentReceived},
    )  # fmt: skip
    def post(self, request: Request, ref: str) -> HttpResponseBase:
        """Writes. 201: everyone reads it. 202: its address must be confirmed, or a moderator reads it first."""
        only(request)
        subject, key = find_subject(ref), idempotency.parse_key(request.headers.get("Idempotency-Key"))
        sent = CommentSent(data=request.data)
        sent.is_valid(raise_exception=True)
        given, writer = dict(sent.validated_data), known(request)
        email = given.pop("email", "")
        if writer is None and not email:
            raise NotAuthenticated(_("Sign in, send a token, or send your email: a link that confirms it comes by mail."))
        if not is_repeat(request):
            throttle.limit(request, "comment", contact="" if writer else email)
        payload = {"subject": subject.reference, "sent": request.data}
        with idempotency.once(key, verb="comment", creator=creator(request), payload=payload) as slot:
            if slot.is_first:
                made = _written(
                    request, subject, given, writer or spine.correspondent_for(email, get_language() or ""), key, writer
                )
                status, body = _received(made)
                body["warnings"] = said_of(given, READ_BY_ALL)
                slot.keep(status=status, body=body, reference=subject.reference)
        return answer(slot.answer.body, status=slot.answer.status)


def closed_by(subject: Subject) -> dict[str, Any] | None:
    """The summary that closes the conversation, or null."""
    found = getattr(subject, "conclusion", None)
    if found is None or not found.closes:
        return None
    return {"text": found.text, "language": found.language, "at": found.closed_at.isoformat()}


def known(request: Request) -> Correspondent | None:
    return spine.correspondent_of(request.user) if isinstance(request.user, User) else correspondent_of(request)


def _written(
    request: Request, subject: Subject, given: dict[str, Any], writer: Correspondent, key: uuid.UUID | None,
    proven: Correspondent | None,
) -> Comment:  # fmt: skip
    with in_our_names():
        return spine.comment(
            subject.pk, text=given["text"], client_uuid=key or uuid.uuid4(), correspondent=writer,
            by=request.user if isinstance(request.user, User) else None, public_name=given["name"], proven=proven is not None,
            organisation=given.get("speaks_for"), parent_id=given["parent"], kind=given["kind"], stance=given["stance"],
            anchor=given["about"], place=given["place"], point=given.get("point"),
        )  # fmt: skip


@contextmanager
def in_our_names() -> Iterator[None]:
    """A refusal of the verb under the fields' names here."""
    try:
        yield
    except ValidationError as refused:
        if hasattr(refused, "error_dict"):
            raise ValidationError({NAMES.get(name, name): errors for name, errors in refused.error_dict.items()}) from None
        raise


def _received(made: Comment) -> tuple[int, dict[str, Any]]:
    published = made.state == Comment.State.PUBLISHED
    url = absolute(f"{made.subject.path}#comment-{made.pk}") if published else None
    return 201 if published else 202, {"id": made.pk, "state": made.state, "url": url}
