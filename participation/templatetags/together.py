"""What pages of any subject and of organisations say of acting together.

`{% together subject user as here %}` for participation/_together.html, `{% pledges_of organisation user as promised %}`.
"""

from __future__ import annotations

from typing import Any

from django import template

from discussion.models import Subject
from municipality.models import Organisation
from participation.models import Pledge
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
