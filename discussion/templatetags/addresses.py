"""`{{ subject|page }}`: where the page of a subject is; `{{ words|quoted }}`: in quotation marks; both in the language in force."""

from __future__ import annotations

from django import template

from discussion.addresses import page_of
from discussion.words import quoted

register = template.Library()
register.filter("page", page_of)
register.filter("quoted", quoted)
