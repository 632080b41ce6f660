"""What a moderator has read of a comment, as a short mark that its form carries: nothing else becomes public by that button."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from discussion.models import Comment, SubjectPhoto


def mark_of(comment: Comment, photos: Iterable[SubjectPhoto]) -> str:
    """32 characters that change with the comment's words, place, name and photos. `photos`: those that nobody hid, in their order."""
    said = [
        comment.text,
        comment.mended,
        comment.place,
        comment.public_name,
        *(f"{photo.pk} {photo.description}" for photo in photos),
    ]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:32]


def present_mark(comment: Comment) -> str:
    """The same with the photos that stand beside it now."""
    return mark_of(comment, SubjectPhoto.objects.filter(comment=comment, hidden=False))
