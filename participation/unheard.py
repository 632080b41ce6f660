"""What was written in time and still waits for a moderator when something is about to be answered for good."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import ngettext

from discussion.models import Comment, Subject
from reports.rules import is_moderator


def warning(subject: Subject, user: Any) -> dict[str, Any]:
    """{warns, warns_url} for participation/form.html: how many comments of it, or of its alternatives, nobody has read yet; {} for none.

    The address is that of the moderators' queue, for whoever may open it.
    """
    of = Q(subject=subject) | Q(subject__alternative__comparison=subject.pk)
    n = Comment.objects.waiting().filter(of).count()
    if not n:
        return {}
    words = ngettext(
        "%(n)d comment that came in time still waits for a moderator: nobody has read it yet.",
        "%(n)d comments that came in time still wait for a moderator: nobody has read them yet.",
        n,
    )
    url = (
        f"{reverse('desk_moderation')}#comments"
        if is_moderator(user)
        else f"{reverse(subject.kind, args=[subject.reference])}#talk-head"
    )
    return {"warns": words % {"n": n}, "warns_url": url}
