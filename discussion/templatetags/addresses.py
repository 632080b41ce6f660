"""`{{ subject|page }}`: where the page of a subject is, in the language in force."""

from __future__ import annotations

from django import template

from discussion.addresses import page_of

register = template.Library()
register.filter("page", page_of)
