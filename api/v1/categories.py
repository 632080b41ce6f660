"""What a report may be about."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import HttpResponseBase
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from api.v1 import category_shapes
from api.v1.access import Open, Resource
from api.v1.answers import only
from api.v1.paging import PAGING, SET_UP, listed, number, page_of
from geoportal.kernel.conditional import public
from reports.freshness import data_version
from reports.models import Category, Question
from reports.parameters import MOST

FIELDS = ("slug", "kind", "name", "hint", "icon", "photo", "public", "not_ours")


class CategoryList(Resource):
    permission_classes = [Open]

    @extend_schema(operation_id="categories_list", parameters=SET_UP, responses={200: category_shapes.Categories})
    @method_decorator(public(data_version))
    def get(self, request: Request) -> HttpResponseBase:
        """All categories in their order; `open` ones may be chosen by everyone."""
        only(request, PAGING)
        rows = Category.objects.annotate(
            sector_slug=F("sector__slug"), department_slug=F("department__slug"), department_texts=F("department__name")
        ).values("pk", "order", *FIELDS, "sector_slug", "department_slug", "department_texts", "open_to")
        found, following = page_of(request, rows, {"order": number, "pk": number}, usual=MOST)
        asked: dict[int, list[dict[str, Any]]] = {}
        for question in Question.objects.select_related("after"):
            asked.setdefault(question.category_id, []).append(_told(question))
        categories = [
            {
                **{name: row[name] for name in FIELDS},
                "sector": row["sector_slug"],
                "department": row["department_slug"],
                "department_name": row["department_texts"],
                "open": row["open_to"] == Category.OpenTo.ALL and not row["not_ours"],
                "questions": asked.get(row["pk"], []),
            }
            for row in found
        ]
        return listed("categories", categories, following)


def _told(question: Question) -> dict[str, Any]:
    """The fields of category_shapes.QuestionFacts."""
    return {
        **{name: getattr(question, name) for name in ("slug", "text", "note", "datatype", "variable", "required", "public")},
        "shown_if": {"question": question.after.slug, "choice": question.after_choice} if question.after else None,
        "choices": [{name: choice[name] for name in ("slug", "text", "advice", "stops")} for choice in question.choices],
    }
