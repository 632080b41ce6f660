"""Where a subject's page is, in the language in force."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language

from discussion.models import Subject


def page_of(subject: Subject) -> str:
    """Path of its page with the language's prefix: /reports/1234567890/, /en/projects/1234567890/."""
    language = get_language() or settings.LANGUAGE_CODE
    return ("" if language == settings.LANGUAGE_CODE else f"/{language}") + subject.path
