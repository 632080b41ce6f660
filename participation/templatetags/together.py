"""`{% together subject user as here %}` for participation/_together.html: on the page of any subject, how to act together on it."""

from __future__ import annotations

from typing import Any

from django import template

from discussion.models import Subject

register = template.Library()


@register.simple_tag
def together(subject: Subject, user: Any = None) -> dict[str, Any]:
    """{subject}; {} where it is not public."""
    return {"subject": subject} if subject.is_public else {}
