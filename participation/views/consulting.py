"""What an official does with a consultation: prepares it, writes its text, opens it, gives it more time, answers it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation import rules, table
from participation.actions import consultation as actions
from participation.actions import giving, papers, sections
from participation.actions import table as answering
from participation.forms import consultation as forms
from participation.models import Consultation, Paper, Section
from participation.unheard import warning
from participation.views.afterwards import acted_then
from participation.views.found import acts, organised
from participation.views.organise import done, over, page
from reports.views.acknowledged import acknowledge
from reports.views.said import typed

METHODS = ["GET", "HEAD", "POST"]


def _found(request: HttpRequest, ref: str) -> Consultation:
    return organised(request, ref, Consultation)


@never_cache
@login_required
@require_http_methods(METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """`?after=<number>`: a later phase of that consultation."""
    if not rules.consults(request.user):
        raise Http404
    earlier = _earlier(request)
    first = {"client_uuid": uuid.uuid4()} | (
        {"title": earlier.subject.title, "sector": earlier.subject.sector} if earlier else {}
    )
    form = forms.ConsultationForm(typed(request), user=request.user, earlier=earlier, initial=first)  # type: ignore[arg-type]
    made = done(
        request, form, lambda: actions.prepare(form.said(), by=request.user, client_uuid=form.cleaned_data["client_uuid"])  # type: ignore[arg-type]
    )  # fmt: skip
    if made is not None:
        acknowledge(request, _("The consultation is kept. Write its text and add its papers, then open it."))
        return redirect("consultation", made.subject.reference)
    say = _("Nobody else sees it before you open it.")
    return page(request, form, _("Prepare a consultation"), _("Keep it"), kind="consultation", say=say, draw=True)


def _earlier(request: HttpRequest) -> Consultation | None:
    ref = request.GET.get("after", "")[:20]
    rows = Consultation.objects.public().with_page_facts()
    return rows.filter(subject__reference=ref).first() if ref else None


@never_cache
@login_required
@require_http_methods(METHODS)
def change(request: HttpRequest, ref: str) -> HttpResponse:
    found = _found(request, ref)
    form = forms.ConsultationForm(
        typed(request), user=request.user, initial=forms.ConsultationForm.first(found), kept=found.within
    )  # type: ignore[arg-type]
    do = lambda: actions.change(found.pk, form.said(), by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]  # noqa: E731
    if answer := acted_then(request, found, form, do, _("Saved."), "consultation"):
        return answer
    return over(request, found, "change") or page(request, form, _("Change the terms"), _("Save"), event=found, draw=True)


def _writes(request: HttpRequest, found: Consultation) -> HttpResponse | None:
    """The page that says that the text cannot be written any more."""
    return None if "amend" in acts(request.user, found) else over(request, found, "change")


@never_cache
@login_required
@require_http_methods(METHODS)
def section_new(request: HttpRequest, ref: str) -> HttpResponse:
    found = _found(request, ref)
    form = forms.SectionForm(typed(request), public=found.status == "open", initial={"version": found.subject.version})
    do = lambda: sections.add_section(found.pk, by=request.user, **_written(form))  # type: ignore[arg-type]  # noqa: E731
    if answer := acted_then(request, found, form, do, _("The section is added."), "consultation"):
        return answer
    return _writes(request, found) or page(request, form, _("A new section"), _("Add"), event=found)


def _written(form: Form) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("title", "text", "why", "version")}


@never_cache
@login_required
@require_http_methods(METHODS)
def section(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Other words of one section; in public the former ones stay readable beside them."""
    found = _found(request, ref)
    one = Section.objects.filter(consultation=found, number=number).first()
    if one is None:
        raise Http404
    public, first = found.status == "open", {"title": one.title, "text": one.text, "version": found.subject.version}
    form = forms.SectionForm(typed(request), public=public, initial=first)
    do = lambda: sections.change_section(found.pk, number, by=request.user, **_written(form))  # type: ignore[arg-type]  # noqa: E731
    if answer := acted_then(request, found, form, do, _("Saved."), "consultation"):
        return answer
    say = _("Everyone has read these words: what they said stays readable, and followers hear of the change.") if public else ""
    return _writes(request, found) or page(request, form, _("Change the section"), _("Save"), event=found, say=say)


@never_cache
@login_required
@require_http_methods(METHODS)
def section_drop(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = _found(request, ref)
    if not Section.objects.filter(consultation=found, number=number).exists():
        raise Http404
    form = forms.SureForm(typed(request), initial={"version": found.subject.version})
    do = lambda: sections.drop_section(found.pk, number, by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]  # noqa: E731
    if answer := acted_then(request, found, form, do, _("The section is gone."), "consultation"):
        return answer
    return over(request, found, "change") or page(request, form, _("Take the section out?"), _("Take it out"), event=found)


@never_cache
@login_required
@require_http_methods(METHODS)
def paper_new(request: HttpRequest, ref: str) -> HttpResponse:
    found = _found(request, ref)
    sent = typed(request)
    form = forms.PaperForm(sent, request.FILES if sent is not None else None, initial={"version": found.subject.version})

    def do() -> Paper:
        data = form.cleaned_data
        file = data["file"]
        return papers.add_paper(
            found.pk, kind=data["kind"], title=data["title"], by=request.user, link=data["link"], file=file,  # type: ignore[arg-type]
            name=file.name if file else "", version=data["version"],
        )  # fmt: skip

    if answer := acted_then(request, found, form, do, _("The paper is added."), "consultation"):
        return answer
    return _writes(request, found) or page(request, form, _("Add a paper"), _("Add"), event=found)


@never_cache
@login_required
@require_http_methods(METHODS)
def paper_drop(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    found = _found(request, ref)
    if not found.papers.filter(pk=pk).exists():
        raise Http404
    form = forms.SureForm(typed(request), initial={"version": found.subject.version})
    do = lambda: papers.drop_paper(found.pk, pk, by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]  # noqa: E731
    if answer := acted_then(request, found, form, do, _("The paper is gone."), "consultation"):
        return answer
    return over(request, found, "change") or page(request, form, _("Take the paper out?"), _("Take it out"), event=found)


@never_cache
@login_required
@require_http_methods(METHODS)
def open_to_all(request: HttpRequest, ref: str) -> HttpResponse:
    """The clock begins: refused while a paper is missing or the time is too short."""
    found = _found(request, ref)
    form = forms.SureForm(typed(request), initial={"version": found.subject.version})
    do = lambda: actions.open_to_all(found.pk, by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]  # noqa: E731
    if answer := acted_then(request, found, form, do, _("The consultation is open."), "consultation"):
        return answer
    say = _(
        "Everyone reads it from now on and may write until %(day)s. Its terms cannot be changed any more, only the time made longer."
    )
    say %= {"day": f"{found.closes_on:%d.%m.%Y}"}
    return over(request, found, "open") or page(request, form, _("Open the consultation"), _("Open it"), event=found, say=say)


@never_cache
@login_required
@require_http_methods(METHODS)
def prolong(request: HttpRequest, ref: str) -> HttpResponse:
    found = _found(request, ref)
    form = forms.ProlongForm(typed(request), initial={"version": found.subject.version, "closes_on": found.closes_on})

    def do() -> None:
        data = form.cleaned_data
        actions.prolong(found.pk, data["closes_on"], text=data["text"], by=request.user, version=data["version"])  # type: ignore[arg-type]

    if answer := acted_then(request, found, form, do, _("It runs longer; followers hear so."), "consultation"):
        return answer
    return over(request, found, "prolong") or page(request, form, _("Give it more time"), _("Save"), event=found)


@never_cache
@login_required
@require_http_methods(METHODS)
def adopt(request: HttpRequest, ref: str) -> HttpResponse:
    """The act that was adopted; once it is linked, the same form corrects it, with the reason."""
    found = _found(request, ref)
    again = found.status == "adopted"
    first = {name: getattr(found, name) for name in ("adopted_title", "adopted_url", "adopted_on")}
    form = forms.AdoptForm(typed(request), again=again, initial={"version": found.subject.version, **first})

    def do() -> None:
        data = form.cleaned_data
        given = {"title": data["adopted_title"], "url": data["adopted_url"], "day": data["adopted_on"]}
        if again:
            actions.correct(found.pk, by=request.user, version=data["version"], text=data["text"], **given)  # type: ignore[arg-type]
        else:
            actions.adopt(found.pk, by=request.user, version=data["version"], **given)  # type: ignore[arg-type]

    if answer := acted_then(request, found, form, do, _("What was adopted is linked."), "consultation"):
        return answer
    title = _("Correct what was adopted") if again else _("Link what was adopted")
    return over(request, found, "correct" if again else "adopt") or page(request, form, title, _("Save"), event=found)


@never_cache
@login_required
@require_http_methods(METHODS)
def answers(request: HttpRequest, ref: str) -> HttpResponse:
    """The table while it is written: its rows, what stands in none, the button that collects."""
    found = _ended(request, ref)
    comments, ideas = answering.outside_table(found)
    form = forms.CollectForm(typed(request), comments=comments, initial={"version": found.subject.version})

    def do() -> None:
        data = form.cleaned_data
        answering.collect(found.pk, by=request.user, more=map(int, data["more"]), version=data["version"])  # type: ignore[arg-type]

    if answer := acted_then(request, found, form, do, _("The proposals are collected."), "consultation_answers"):
        return answer
    context = {
        "consultation": found, "subject": found.subject, "lines": table.lines(found), "form": form, "ideas": ideas,
        "must": [one for one in comments if one.kind in answering.ASKS], "totals": table.totals(found),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return over(request, found, "collect") or render(request, "participation/answers.html", context, status=status)


def _ended(request: HttpRequest, ref: str) -> Consultation:
    """One whose time may have run out a moment ago: the clock closes it first."""
    found = _found(request, ref)
    if actions.close_over(only=found.pk):
        return _found(request, ref)
    return found


@never_cache
@login_required
@require_http_methods(METHODS)
def row(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """The verdict on one row, with its reason; rows that say the same become one."""
    found = _ended(request, ref)
    lines = table.lines(found)
    line = next((one for one in lines if one.proposal.pk == pk), None)
    if line is None:
        raise Http404
    first = {name: getattr(line.proposal, name) for name in ("text", "verdict", "reason")} | {"version": found.subject.version}
    others = [(one.proposal, one.said) for one in lines if one is not line]
    form = forms.RowForm(typed(request), others=others, initial=first)

    def do() -> None:
        data = form.cleaned_data
        given = {name: data[name] for name in ("text", "verdict", "reason", "version")}
        answering.write_row(found.pk, pk, by=request.user, joined=map(int, data.get("joined", ())), **given)  # type: ignore[arg-type]

    if answer := acted_then(request, found, form, do, _("Saved."), "consultation_answers"):
        return answer
    quoted = line.sources
    title = _("Row %(n)d of the table") % {"n": line.number}
    return over(request, found, "collect") or page(request, form, title, _("Save"), event=found, quoted=quoted)


@never_cache
@login_required
@require_http_methods(METHODS)
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """The table is published, whole or not at all."""
    found = _ended(request, ref)
    form = forms.SureForm(typed(request), initial={"version": found.subject.version})
    do = lambda: answering.answer(found.pk, by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]  # noqa: E731
    if answered := acted_then(request, found, form, do, _("The table is public."), "consultation"):
        return answered
    say = _("Everyone reads each proposal, what was decided about it and why. Followers are told.")
    return over(request, found, "answer") or page(
        request,
        form,
        _("Publish the table"),
        _("Publish the table"),
        event=found,
        say=say,
        **warning(found.subject, request.user),
    )


@never_cache
@login_required
@require_http_methods(METHODS)
def give(request: HttpRequest, ref: str) -> HttpResponse:
    """Ideas that were there before it was asked."""
    found = _found(request, ref)
    form = forms.GiveForm(typed(request), initial={"version": found.subject.version})
    do = lambda: giving.give(found.pk, form.cleaned_data["ideas"], by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]  # noqa: E731
    if answer := acted_then(request, found, form, do, _("The ideas are given to it."), "consultation"):
        return answer
    return over(request, found, "give") or page(request, form, _("Add ideas that are here already"), _("Add"), event=found)


@never_cache
@login_required
@require_http_methods(METHODS)
def carry(request: HttpRequest, ref: str) -> HttpResponse:
    """Ideas of the phase before come along."""
    found = _found(request, ref)
    form = forms.SureForm(typed(request), initial={"version": found.subject.version})
    do = lambda: giving.carry(found.pk, by=request.user, version=form.cleaned_data["version"])  # type: ignore[arg-type]  # noqa: E731
    if answer := acted_then(request, found, form, do, _("The ideas of the phase before are here too."), "consultation"):
        return answer
    say = _("Those that its table did not accept stay behind, and those outside the border.")
    title = _("Take over the ideas of the phase before")
    return over(request, found, "carry") or page(request, form, title, _("Take them over"), event=found, say=say)
