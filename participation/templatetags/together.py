"""What pages of any subject and of organisations say of acting together.

`{% together subject user as here %}` for participation/_together.html, `{% pledges_of organisation user as promised %}`.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from discussion.models import Subject
from municipality.models import Organisation
from participation.models import Matter, Pledge
from participation.wording import pledge
from reports.querysets import today

register = template.Library()
MOST = 20


@register.simple_tag
def together(subject: Subject, user: Any = None) -> dict[str, Any]:
    """{subject, initiative: whether it is one, pledges: public ones, the latest first}, one query; {} where the subject is not public."""
    if not subject.is_public:
        return {}
    day = today()
    promised = Pledge.objects.public().filter(subject=subject.pk).with_page_facts().order_by("-pk")[:MOST]
    return {
        "subject": subject,
        "initiative": subject.kind == Subject.Kind.INITIATIVE,
        "pledges": [pledge(row, day, user) for row in promised],
    }


@register.simple_tag
def pledges_of(organisation: Organisation, user: Any = None) -> list[dict[str, Any]]:
    """What an organisation promised, the latest first; one query."""
    day = today()
    rows = Pledge.objects.public().filter(organisation=organisation).with_page_facts().order_by("-until", "-pk")[:MOST]
    return [pledge(row, day, user) for row in rows]


@register.filter
def located(matter: Matter) -> str | SafeString:
    """Where it is: words of whoever wrote it, marked up with their language, then the settlement in the reader's."""
    language, area = matter.subject.language, matter.subject.area.full_name
    if not matter.place or language == get_language():
        return matter.where
    more = "" if area.casefold() in matter.place.casefold() else f", {area}"
    return format_html('<span lang="{}">{}</span>{}', language, matter.place, more)
