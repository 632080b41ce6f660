"""GET: discovery, services, what a service asks for, requests."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from api.open311.answers import Resource, absolute, answer, bad
from api.open311.asked import LAST_ROW, Wanted, parameters, wanted
from api.open311.extended import extensions
from api.open311.requests import chosen, page, rows, told
from geoportal.kernel.conditional import public
from geoportal.kernel.multilingual import text_in
from geoportal.kernel.references import parse
from municipality.site import installation
from reports.freshness import data_version
from reports.models import Category, Question
from reports.querysets import CategoryQuerySet

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGED = "2026-11-28T00:00:00+02:00"
"""When what these addresses answer was changed last."""
same_for_everyone = method_decorator(public(data_version, everyone=True))


class Discovery(Resource):
    @same_for_everyone
    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """Where the service is, in which version and formats, and whom to ask for a key."""
        parameters(request, ())
        here = installation()
        contact = ", ".join(str(here.contact[name]) for name in ("email", "phone") if here.contact.get(name))
        tree = {
            "changeset": CHANGED,
            "contact": f"{text_in(here.name)}: {contact or absolute('/contact/')}",
            "key_service": _("Write to the contact above; what a key is and who gets one: %(url)s")
            % {"url": absolute("/contact/")},
            "endpoints": [
                {
                    "specification": SPECIFICATION,
                    "url": absolute("/open311/v2"),
                    "changeset": CHANGED,
                    "type": "test" if settings.DEMO else "production",
                    "formats": ["text/xml", "application/json"],
                }
            ],
        }
        return answer("discovery", tree, kind)


def offered() -> CategoryQuerySet:
    """Categories that everyone may choose for a new report and that are the municipality's."""
    return Category.objects.filter(open_to=Category.OpenTo.ALL, not_ours__isnull=True).select_related("sector")


def service_type(category: Category) -> str:
    """Reports wait for their author's confirmation or a moderator, so the number comes later; of private ones it never does."""
    return "batch" if category.public else "blackbox"


class Services(Resource):
    @same_for_everyone
    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """What can be reported."""
        parameters(request, ())
        asked = set(Question.objects.values_list("category_id", flat=True))
        tree = [
            {
                "service_code": category.slug,
                "service_name": str(category),
                "description": text_in(category.hint) or None,
                "metadata": category.pk in asked,
                "type": service_type(category),
                "keywords": ", ".join(category.keywords) or None,
                "group": str(category.sector),
            }
            for category in offered()
        ]
        return answer("services", tree, kind)


class Definition(Resource):
    @same_for_everyone
    def get(self, request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
        """What one service asks for."""
        parameters(request, ())
        category = offered().filter(slug=code.replace("\0", "")[:50]).first()
        if category is None:
            raise Http404
        tree = {"service_code": category.slug, "attributes": [_attribute(each, place) for place, each in _questions(category)]}
        return answer("service_definition", tree, kind)


def _questions(category: Category) -> Any:
    return enumerate(category.questions.select_related("after"), start=1)


def _attribute(question: Question, place: int) -> dict[str, Any]:
    return {
        "variable": question.variable,
        "code": question.slug,
        "datatype": question.datatype,
        "required": question.required and question.after_id is None,
        "datatype_description": _note(question),
        "order": place,
        "description": str(question),
        "values": [{"key": choice["slug"], "name": text_in(choice["text"])} for choice in question.choices],
    }


def _note(question: Question) -> str | None:
    """What helps to answer, and after which choice it is asked at all: the standard has no word for that."""
    before = question.after.choice(question.after_choice) if question.after else None
    when = _("If you chose “%(choice)s” above.") % {"choice": text_in(before["text"])} if before else ""
    return f"{when} {text_in(question.note)}".strip() or None


def listing(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The requests that are asked for; pages have links to each other and the number of all."""
    asked = wanted(request)
    found = chosen(asked)
    headers: dict[str, str] = {}
    if asked.paged:
        headers = pages(request, asked.given, asked.page, asked.size, found.count())
    first = (asked.page - 1) * asked.size
    return answer("service_requests", _trees(page(found, first, asked.size), asked.extended), kind, headers=headers)


def _trees(found: Any, extended: bool) -> list[dict[str, Any]]:
    shown = list(found)
    more = extensions(shown) if extended else {}
    return [{**told(row), **more.get(row.pk, {})} for row in shown]


def pages(request: HttpRequest, given: dict[str, str], page: int, size: int, total: int) -> dict[str, str]:
    """X-Total-Count, and the Link header of RFC 8288 with the pages beside this one."""
    last = min(max(1, -(-total // size)), LAST_ROW // size)
    there = {"first": 1, "prev": page - 1, "next": page + 1, "last": last}
    query = {name: value for name, value in given.items() if name != "api_key"}
    found = [
        f'<{absolute(request.path)}?{urlencode({**query, "page": number})}>; rel="{name}"'
        for name, number in there.items()
        if 1 <= number <= last
    ]
    return {"X-Total-Count": str(total), "Link": ", ".join(found)}


class OneRequest(Resource):
    @same_for_everyone
    def get(self, request: HttpRequest, ref: str, kind: str) -> HttpResponseBase:
        """One request, in a list of one. What is not public is as if it had never been."""
        given = parameters(request, ("extensions",))
        if given.get("extensions", "false") not in ("true", "false"):
            raise bad("extensions", _("Known: %(names)s.") % {"names": "true, false"})
        found = _trees(rows(chosen(Wanted(references=(parse(ref) or "",)))), given.get("extensions") == "true")
        if not found:
            raise Http404
        return answer("service_requests", found, kind)
