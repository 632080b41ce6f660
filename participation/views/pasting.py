"""A whole draft pasted at once: looked at as sections, then made."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.actions import sections
from participation.draft_text import Part, divided
from participation.forms.consultation import DraftForm
from participation.models import Consultation
from participation.views.found import organised
from participation.views.organise import done, over, page
from reports.views.acknowledged import acknowledge
from reports.views.said import taking_out, typed

SHOWN = 160
"""Letters of a section that the look at it shows."""


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: HttpRequest, ref: str) -> HttpResponse:
    """The first time the sections are shown; sent again with the same words, they are made."""
    found = organised(request, ref, Consultation)
    form = DraftForm(typed(request), initial={"version": found.subject.version})
    if request.method != "POST" or taking_out(request) or not form.is_valid():
        return over(request, found, "change") or page(request, form, _("Paste the whole draft"), _("Look at it"), event=found)
    parts = divided(form.cleaned_data["text"])
    if form.cleaned_data["seen"] != form.mark:
        return _looked_at(request, found, form, parts)
    written = [(part.title, part.text) for part in parts]
    version = form.cleaned_data["version"]
    if done(request, form, lambda: sections.add_sections(found.pk, written, by=request.user, version=version)):  # type: ignore[arg-type]
        words = ngettext("%(n)d section is made.", "%(n)d sections are made.", len(parts)) % {"n": len(parts)}
        acknowledge(request, words)
        return redirect("consultation", found.subject.reference)
    return page(request, form, _("Paste the whole draft"), _("Look at it"), event=found)


def _looked_at(request: HttpRequest, found: Consultation, form: DraftForm, parts: list[Part]) -> HttpResponse:
    """The sections that would be made, above the same words."""
    data = request.POST.copy()
    data["seen"] = form.mark
    again = DraftForm(data)
    count = len(parts)
    context: dict[str, Any] = {
        "quoted": [_shown(part) for part in parts],
        "say": _("These sections would be made. Change the words below until they are right, then send them once more."),
    }
    button = ngettext("Make %(n)d section", "Make %(n)d sections", count) % {"n": count}
    return page(request, again, _("Paste the whole draft"), button, event=found, **context)


def _shown(part: Part) -> dict[str, str]:
    text = part.text if len(part.text) <= SHOWN else part.text[:SHOWN].rstrip() + "…"
    n = len(part.paragraphs)
    return {"words": f"{part.title}\n{text}", "who": ngettext("%(n)d paragraph", "%(n)d paragraphs", n) % {"n": n}}
