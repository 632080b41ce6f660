"""`/organisations/`: who takes part under an own name, and the page of each: who it is, its members, what it said and did."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import organisations as verbs
from accounts.models import Membership, Role
from discussion.models import Comment, Subject
from discussion.shown import Shown
from discussion.voices import kind_of
from geoportal.kernel import throttle
from geoportal.kernel.conditional import public
from municipality.models import Organisation
from reports import beside
from reports.forms.organisation import DescriptionForm, MemberForm
from reports.freshness import data_version
from reports.models import Endorsement, Report
from reports.views.acknowledged import acknowledge
from reports.views.visitor import refuse

SAID = 20
"""What an organisation said last, on its page."""


def found(slug: str) -> Organisation:
    organisation = Organisation.objects.filter(slug=slug, active=True).first()
    if organisation is None:
        raise Http404
    return organisation


@require_safe
@public(data_version)
def organisation_list(request: HttpRequest) -> HttpResponseBase:
    """Those outside the administration first, by name; then the departments and the bodies it works with."""
    said = Count("comments", filter=Q(comments__state=Comment.State.PUBLISHED, comments__subject__is_public=True))
    rows = [_entry(row) for row in Organisation.objects.filter(active=True).annotate(said=said)]
    departments = [row for row in rows if row["organisation"].kind == Organisation.Kind.DEPARTMENT]
    bodies = [row for row in rows if row["organisation"].kind == Organisation.Kind.BODY]
    others = [row for row in rows if row not in departments and row not in bodies]
    groups = [
        (_("Organisations that take part"), others), (_("Departments of the municipality"), departments),
        (_("Bodies that the municipality works with"), bodies),
    ]  # fmt: skip
    return render(request, "organisations/list.html", {"groups": [(name, rows) for name, rows in groups if rows]})


def _entry(row: Any) -> dict[str, Any]:
    said = ngettext("%(n)d comment", "%(n)d comments", row.said) % {"n": row.said} if row.said else ""
    return {"organisation": row, "kind": kind_of(row), "said": said}


@require_safe
@public(data_version)
def organisation_page(request: HttpRequest, slug: str) -> HttpResponseBase:
    organisation, user = found(slug), request.user
    manages = user.is_authenticated and verbs.may_manage(user, organisation)
    said = Comment.objects.published().filter(organisation=organisation, subject__is_public=True)
    rows = said.select_related("subject", "organisation").order_by("-pk")
    members = Membership.objects.filter(organisation=organisation, active=True, user__is_active=True)
    context = {
        "organisation": organisation, "kind": kind_of(organisation),
        "sectors": organisation.sectors.all(), "members": _counts(members), "manages": manages,
        "verifies": user.is_authenticated and user.has_role(Role.ADMINISTRATOR) and organisation.kind != "department",
        "said": [Shown(comment, False, False, False, False) for comment in rows[:SAID]], "said_count": said.count(),
        "did": _did(organisation), "behind": _behind(organisation),
        "cards": [card for source in beside.SOURCES for card in source.of_organisation(organisation)],
        "alert_url": _alert_url(organisation),
        "people": members.select_related("user").order_by("user__name", "pk") if manages else (),
    }  # fmt: skip
    return render(request, "organisations/page.html", context)


def _alert_url(organisation: Organisation) -> str:
    """Where one asks to hear of all that it does."""
    kinds = sorted(kind for kind in beside.kinds())
    return f"{reverse('notifications:alert_new')}?{urlencode({'by': organisation.slug, 'kind': ','.join(kinds)})}"


def _counts(members: Any) -> list[str]:
    """How many there are of each kind of role, in words; never who."""
    outside = {Role.REPRESENTATIVE: 0, Role.MEMBER: 0}
    works = 0
    for roles in members.values_list("roles", flat=True):
        held = next((role for role in outside if role in roles), None)
        if held is None:
            works += 1
        else:
            outside[held] += 1
    words = [
        (works, ngettext("%(n)d person works here", "%(n)d people work here", works)),
        (outside[Role.REPRESENTATIVE], ngettext("%(n)d representative", "%(n)d representatives", outside[Role.REPRESENTATIVE])),
        (outside[Role.MEMBER], ngettext("%(n)d member", "%(n)d members", outside[Role.MEMBER])),
    ]
    return [text % {"n": number} for number, text in words if number]


def _did(organisation: Organisation) -> dict[str, Any] | None:
    """Of a department: what is on its table and what it finished; of others nothing is kept but their words."""
    if organisation.kind != Organisation.Kind.DEPARTMENT:
        return None
    theirs = Report.objects.public().filter(department=organisation)
    return {"open": theirs.open().count(), "all": theirs.count()}


def _behind(organisation: Organisation) -> list[Subject]:
    """The ideas that it stands behind under its name, the latest first."""
    found = Endorsement.objects.filter(organisation=organisation, report__subject__is_public=True)
    return [row.report.subject for row in found.select_related("report__subject").order_by("-pk")[:SAID]]


def _small(
    request: HttpRequest, organisation: Organisation, form: Form, title: str, button: str, say: str = ""
) -> HttpResponse:
    context = {"organisation": organisation, "form": form, "title": title, "button": button, "say": say}
    return render(request, "organisations/small.html", context, status=422 if form.errors else 200)


def _managed(request: HttpRequest, slug: str) -> Organisation:
    organisation = found(slug)
    if not verbs.may_manage(request.user, organisation):  # type: ignore[arg-type]
        raise Http404
    return organisation


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """A representative invites somebody to speak for the organisation."""
    organisation = _managed(request, slug)
    form = MemberForm(request.POST if request.method == "POST" else None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            throttle.limit(request, "write", contact=given["email"])
            verbs.invite_member(given["email"], organisation.pk, given["role"], language=given["language"], by=request.user)  # type: ignore[arg-type]
        except (ValidationError, throttle.Throttled) as refused:
            refuse(form, refused)
        else:
            acknowledge(request, _("The invitation is on its way. Its link works once, for 14 days."))
            return redirect("organisation", slug)
    say = _("The letter has a link by which the person makes an account, or joins with the one that there is.")
    return _small(request, organisation, form, _("Invite a member"), _("Send the invitation"), say)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def describe(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _managed(request, slug)
    form = DescriptionForm(request.POST if request.method == "POST" else None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            verbs.describe(
                organisation.pk, about=form.about, website=given["website"], sectors=given["sectors"], by=request.user
            )  # type: ignore[arg-type]
        except ValidationError as refused:
            refuse(form, refused)
        else:
            acknowledge(request, _("Saved."))
            return redirect("organisation", slug)
    return _small(request, organisation, form, _("What everyone reads of it"), _("Save"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ends one membership: a representative's of others, everyone's their own."""
    organisation = found(slug)
    rows = Membership.objects.filter(organisation=organisation, pk=pk, active=True).select_related("user")
    held = rows.first()
    user: Any = request.user
    if held is None or not (held.user_id == user.pk or verbs.may_manage(user, organisation)):
        raise Http404
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.end_membership(held.pk, by=user)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            acknowledge(request, _("The membership has ended."))
            return redirect("organisation", slug)
    say = _("%(person)s will not speak for it any more. What was said stays.") % {"person": held.user}
    return _small(request, organisation, form, _("End the membership?"), pgettext("organisation", "End it"), say)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def verify(request: HttpRequest, slug: str) -> HttpResponse:
    """The administrator says that it is who it says, or takes that back."""
    organisation, user = found(slug), request.user
    if not user.has_role(Role.ADMINISTRATOR) or organisation.kind == Organisation.Kind.DEPARTMENT:  # type: ignore[union-attr]
        raise Http404
    there = organisation.verified_at is not None
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        verbs.verify(organisation.pk, verified="back" not in request.POST, by=user)  # type: ignore[arg-type]
        acknowledge(request, _("Saved."))
        return redirect("organisation", slug)
    title, button = (
        (_("Take the verification back?"), pgettext("withdraw", "Take it back"))
        if there
        else (_("Verify the organisation"), pgettext("organisation", "Verify"))
    )
    say = (
        _("Nobody speaks for it then; what was said stays.") if there
        else _("Make sure first that it exists and that its representative may speak for it.")
    )  # fmt: skip
    context = {"organisation": organisation, "form": form, "title": title, "button": button, "say": say, "back": there}
    return render(request, "organisations/small.html", context)
