"""Photos beside words of the spine: of a comment, or of an act in a timeline (a result, minutes, a promise kept)."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Correspondent, Role
from discussion.models import Audience, Comment, Subject, TimelineRow

MOST = 3
"""Photos beside one comment or one act."""
FOR_FEW = (Comment.State.WAITING, Comment.State.HIDDEN, Comment.State.REMOVED)
"""States in which a comment's author and moderators alone see what it says."""


class SubjectPhotoQuerySet(models.QuerySet["SubjectPhoto"]):
    def waiting(self) -> Self:
        """Uploaded, and taken by no comment or act yet."""
        return self.filter(subject=None)

    def public(self) -> Self:
        """Those that everyone sees: their words are read by everyone, and nobody hid them."""
        said = Q(comment__in=Comment.objects.published()) | Q(row__audience=Audience.PUBLIC)
        return self.filter(said, subject__is_public=True, hidden=False)

    def visible_to(self, user: Any, known: Correspondent | None = None, drafts: tuple[str, ...] = ()) -> Self:
        """What everyone sees, the photos of one's own comments, to moderators all that are not withdrawn; drafts by their UUID."""
        seen = Q(pk__in=self.model._default_manager.public().values("pk")) | Q(subject=None, draft__in=drafts)
        if known is not None:
            seen |= Q(comment__correspondent=known, comment__state__in=FOR_FEW, hidden=False)
        if getattr(user, "is_authenticated", False) and user.has_role(Role.MODERATOR):
            seen |= Q(comment__state__in=[*FOR_FEW, Comment.State.PUBLISHED], hidden=False) | Q(row__isnull=False, hidden=False)
        return self.filter(seen)


class SubjectPhoto(models.Model):
    """One photo: one row, one folder, never shared. Uploaded to a draft (a form's UUID), taken by a comment or an act.

    `description`: what it shows, in its author's words, for those who do not see it. `hidden`: by a moderator.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    client_uuid = models.UUIDField(unique=True)
    draft = models.UUIDField(null=True, blank=True)
    subject = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.PROTECT, related_name="said_photos")
    comment = models.ForeignKey(Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="photos")
    row = models.ForeignKey(TimelineRow, null=True, blank=True, on_delete=models.PROTECT, related_name="said_photos")
    position = models.PositiveSmallIntegerField(default=0)
    description = models.CharField(max_length=300, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the bytes received, to know a replay")
    hidden = models.BooleanField(default=False)
    covered_at = models.DateTimeField(null=True, blank=True, help_text="a copy with covered parts stands for it since")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = SubjectPhotoQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at"]
        indexes = [
            models.Index(fields=["draft"], name="said_photo_draft", condition=Q(subject=None)),
            models.Index(fields=["covered_at"], name="said_photo_covered", condition=Q(covered_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject=None, comment=None, row=None)
                | Q(subject__isnull=False, comment__isnull=False, row=None)
                | Q(subject__isnull=False, comment=None, row__isnull=False),
                name="said_photo_of_one", violation_error_message="A photo belongs to one comment or one act.",
            ),
            models.UniqueConstraint(
                fields=["comment", "position"], name="said_photo_place", condition=Q(comment__isnull=False, hidden=False)
            ),
            models.UniqueConstraint(
                fields=["row", "position"], name="said_photo_row_place", condition=Q(row__isnull=False, hidden=False)
            ),
            models.CheckConstraint(
                condition=Q(position__lt=MOST), name="said_photo_number", violation_error_message="At most three photos."
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"photo {self.pk}"

    def url(self, size: str) -> str:
        """The address of one size; while nothing has taken the photo, with the draft's UUID that opens it."""
        kept = f"?draft={self.draft}" if self.draft and self.subject_id is None else ""
        return f"/media/{self.id}/{size}.jpg{kept}"
