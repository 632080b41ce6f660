"""`{% keeps_webhooks as keeps %}`: whether this person has webhooks to keep; nothing is asked of the database for it."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from notifications.webhooks.owners import keeps

register = template.Library()


@register.simple_tag(takes_context=True)
def keeps_webhooks(context: Context) -> bool:
    user: Any = context.get("user")
    return bool(user is not None and user.is_authenticated and keeps(user))
