"""Addresses of conversations and of the organisations that take part: on a subject of any kind, with one comment."""

from functools import partial, update_wrapper
from typing import Any

from django.urls import path

from reports.views import organisations, visitor
from reports.views.talk import comment, link, moderator, photo, whole


def _of_any(view: Any) -> Any:
    """The same view for whatever kind of subject."""
    return update_wrapper(partial(view, find=visitor.of_any), view)


urlpatterns = [
    path("organisations/", organisations.organisation_list, name="organisations"),
    path("organisations/<slug:slug>/", organisations.organisation_page, name="organisation"),
    path("organisations/<slug:slug>/invite/", organisations.invite, name="organisation_invite"),
    path("organisations/<slug:slug>/describe/", organisations.describe, name="organisation_describe"),
    path("organisations/<slug:slug>/verify/", organisations.verify, name="organisation_verify"),
    path("organisations/<slug:slug>/members/<int:pk>/", organisations.member, name="organisation_member"),
    path("subjects/<str:ref>/support/", _of_any(visitor.support), name="subject_support"),
    path("subjects/<str:ref>/follow/", _of_any(visitor.follow), name="subject_follow"),
    path("subjects/<str:ref>/comment/", _of_any(visitor.comment), name="subject_comment"),
    path("subjects/<str:ref>/flag/", _of_any(visitor.flag), name="subject_flag"),
    path("subjects/<str:ref>/link/", link.link, name="subject_link"),
    path("subjects/<str:ref>/moderate/", whole.whole, name="subject_moderate"),
    path("subjects/<str:ref>/block/", whole.block, name="subject_block"),
    path("subjects/<str:ref>/comments/<int:pk>/block/", whole.block, name="comment_block"),
    path("subjects/<str:ref>/photos/<uuid:photo_id>/", photo.photo, name="subject_photo"),
    path("subjects/<str:ref>/close/", moderator.close, name="subject_close"),
    path("subjects/<str:ref>/comments/<int:pk>/helpful/", comment.helpful, name="comment_helpful"),
    path("subjects/<str:ref>/comments/<int:pk>/edit/", comment.edit, name="comment_edit"),
    path("subjects/<str:ref>/comments/<int:pk>/withdraw/", comment.withdraw, name="comment_withdraw"),
    path("subjects/<str:ref>/comments/<int:pk>/appeal/", comment.appeal, name="comment_appeal"),
    path("subjects/<str:ref>/comments/<int:pk>/history/", comment.history, name="comment_history"),
    path("subjects/<str:ref>/comments/<int:pk>/moderate/", moderator.comment, name="comment_moderate"),
]
