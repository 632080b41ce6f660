"""One comment: read, mended and withdrawn by its author, found helpful by others."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from accounts.models import Correspondent, User
from api.v1 import shapes
from api.v1.access import Open, Resource
from api.v1.answers import answer, only
from api.v1.comments import find_subject, known, told
from api.v1.sending import Strict
from api.v1.together_shapes import HelpfulState, OwnComment
from discussion import actions as spine
from discussion import pictured
from discussion.models import Comment, Helpful
from geoportal.kernel.conditional import public
from geoportal.kernel.text import CleanSerializerField
from reports.freshness import data_version

State = Comment.State


class CommentMended(Strict):
    """The words anew; what they said before stays readable beside them."""

    text = CleanSerializerField(lines=True, max_length=2000, help_text="emphasis, lists, quotes and links as in Markdown")


def _asker(request: Request) -> Correspondent:
    found = known(request)
    if found is None:
        raise NotAuthenticated(_("Sign in or send a token."))
    return found


def _published(ref: str, pk: int) -> Comment:
    found = Comment.objects.published().filter(subject=find_subject(ref), pk=pk).first()
    if found is None:
        raise Http404
    return found


class OneComment(Resource):
    permission_classes = [Open]
    scope = "report"

    @extend_schema(operation_id="comments_one", responses={200: shapes.CommentFacts})
    @method_decorator(public(data_version))
    def get(self, request: Request, ref: str, comment: int) -> HttpResponseBase:
        """A comment as everyone reads it; of one that is gone only what became of it."""
        only(request)
        rows = Comment.objects.placed().filter(subject=find_subject(ref))
        found = rows.select_related("organisation", "subject").filter(pk=comment).first()
        if found is None:
            raise Http404
        return answer(told(found, pictured.of_comments([found]).get(found.pk, [])))

    @extend_schema(operation_id="comments_mend", request=CommentMended, responses={200: OwnComment})
    def patch(self, request: Request, ref: str, comment: int) -> HttpResponseBase:
        """Its author mends the words, for some hours and until somebody answers; a moderator reads them again, except staff's. Of a
        comment that everyone reads, the words before stand until then."""
        only(request)
        found, who = self._own(request, ref, comment)
        sent = CommentMended(data=request.data)
        sent.is_valid(raise_exception=True)
        return _state(spine.edit_comment(found.pk, text=sent.validated_data["text"], correspondent=who, by=_user(request)))

    @extend_schema(operation_id="comments_withdraw", responses={200: OwnComment})
    def delete(self, request: Request, ref: str, comment: int) -> HttpResponseBase:
        """Its author takes it back: the words are gone for good, its line in the thread stays. A second time changes nothing."""
        only(request)
        found, who = self._own(request, ref, comment, State.WITHDRAWN)
        return _state(spine.withdraw_comment(found.pk, correspondent=who, by=_user(request)))

    def _own(self, request: Request, ref: str, comment: int, *more: str) -> tuple[Comment, Correspondent]:
        """The asker's own comment that stands or waits; 404 else. Its subject may have left the public set."""
        who, states = _asker(request), (State.WAITING, State.PUBLISHED, *more)
        found = Comment.objects.filter(subject__reference=ref, pk=comment, correspondent=who, state__in=states).first()
        if found is None:
            raise Http404
        return found, who


def _user(request: Request) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _state(found: Comment) -> HttpResponseBase:
    return answer({"id": found.pk, "state": found.state, "text": found.text, "mended": found.mended})


class CommentHelpful(Resource):
    """Who finds it helpful is told to nobody."""

    permission_classes = [Open]
    scope = "report"

    @extend_schema(operation_id="comments_helpful_state", responses={200: HelpfulState})
    def get(self, request: Request, ref: str, comment: int) -> HttpResponseBase:
        """Whether the asker finds it helpful, and how many do."""
        only(request)
        return self._helpful(request, _published(ref, comment))

    @extend_schema(operation_id="comments_helpful", request=None, responses={200: HelpfulState})
    def put(self, request: Request, ref: str, comment: int) -> HttpResponseBase:
        """It is helpful; once however often it is sent, and not one's own."""
        only(request)
        found = _published(ref, comment)
        spine.find_helpful(found.pk, _asker(request))
        return self._helpful(request, found)

    @extend_schema(operation_id="comments_not_helpful", responses={200: HelpfulState})
    def delete(self, request: Request, ref: str, comment: int) -> HttpResponseBase:
        """Takes that back."""
        only(request)
        found = _published(ref, comment)
        spine.unfind_helpful(found.pk, _asker(request))
        return self._helpful(request, found)

    def _helpful(self, request: Request, found: Comment) -> HttpResponseBase:
        who = known(request)
        found.refresh_from_db(fields=["helpful_count"])
        there = who is not None and Helpful.objects.filter(comment=found, correspondent=who).exists()
        return answer({"helpful": there, "helpful_count": found.helpful_count})
