"""`{% outbox_words %}`: once on a page that shows what waits on this phone."""

from __future__ import annotations

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

from reports.forms.phone_words import words

register = template.Library()


@register.simple_tag
def outbox_words() -> SafeString:
    """A data block `outbox-words` for js/app/waiting.js."""
    return json_script(words(), "outbox-words")
