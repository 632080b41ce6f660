"""What is said about words that are being typed: category, emergency, private data, the category's questions, similar reports."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from geoportal.kernel import throttle
from reports.forms.place import PlaceForm
from reports.forms.submit import WhatForm
from reports.private_data import LONGEST, private_data, without
from reports.suggesting import suggest
from reports.views.beside_draft import around_draft
from reports.views.draft_photos import of_draft
from reports.views.drafts import posted, uuid_of
from reports.workflow import Kind

WORDS = ("title", "text", "public_name")
"""Fields whose words everyone will read."""


@never_cache
@require_POST
def said(request: HttpRequest) -> HttpResponse:
    """`/reports/suggest/`: {said, questions, around}: fragments for the step "what" as it stands now. Nothing of it is kept."""
    throttle.limit(request, "search")
    form = WhatForm(posted(request), user=request.user)
    draft = uuid_of(request.POST.get("client_uuid", ""))
    photo = next((one.url("small") for one in of_draft(draft)), "") if draft else ""
    beside = {"around": around_draft(PlaceForm(request.POST), form, photo), "draft": draft}
    context = {**said_of(form, notices=True), **beside}
    parts = {"said": "reports/_said.html", "questions": "reports/_questions.html", "around": "reports/_around.html"}
    return JsonResponse({name: render_to_string(template, context, request) for name, template in parts.items()})


def said_of(form: Any, *, notices: bool) -> dict[str, Any]:
    """Context of reports/_said.html and _questions.html; with `notices` also what was noticed in the words."""
    chosen = form.chosen
    words = " ".join(str(form[name].value() or "") for name in ("title", "text"))[:LONGEST]
    suggested = [one for one in suggest(words, form.user) if not chosen or one.slug != chosen.slug]
    if form["given_to"].value() or form["inspired_by"].value():  # what is begun there is an idea
        suggested = [one for one in suggested if one.kind == Kind.IDEA]
    seen = set(form["noticed"].value() or [])
    return {
        "form": form, "suggested": suggested, "chosen": chosen, "questions": form.questions,
        "notices": [{"notice": one, "seen": one.seal in seen} for one in form.notices()] if notices else [],
    }  # fmt: skip


def without_private(data: QueryDict) -> QueryDict:
    """The form's data with „…“ in the words where private data stood."""
    data = data.copy()
    words = {name: str(data[name]) for name in WORDS if name in data}
    found = private_data(*words.values())
    for name, text in words.items():
        data[name] = without(text, found)
    return data


def typed(request: HttpRequest) -> QueryDict | None:
    """What was sent, if anything; without its private data when that was asked for."""
    if request.method != "POST":
        return None
    return without_private(request.POST) if taking_out(request) else request.POST


def taking_out(request: HttpRequest) -> bool:
    """Whether the words only come back with their private data taken out, to be looked at again."""
    return request.POST.get("go") == "remove_private"
